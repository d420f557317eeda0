"""Lines that the tests of design share."""

from manyworks.model.network import Network
from manyworks.model.times import exponential
from manyworks.twin.program import FailureMode, serial_line
from tests.twin.documents import bottle_data


def row(rates, rooms, *, stops=None, scale=1.0):
    """Exponential machines at these rates; ``stops``: mean time to failure and to repair, of all of them."""
    modes = None
    if stops is not None:
        mode = FailureMode(name="stop", to_failure=exponential(stops[0]), to_repair=exponential(stops[1]))
        modes = [[mode]] * len(rates)
    return serial_line([exponential(scale / rate) for rate in rates], rooms, failures=modes)


MACHINES = (
    ("filler", ("filler_a", 20, 15, 1, 90_000), ("filler_b", 26, 10, 1, 120_000), ("filler_c", 12, 16, 1, 50_000)),
    ("capper", ("capper_a", 22.0, 18, 0.6, 30_000), ("capper_b", 30.0, 15, 0.8, 55_000)),
    ("packer", ("packer_a", 21.0, 15, 1.5, 60_000), ("packer_b", 28.0, 14, 1, 100_000)),
)  # fmt: skip
"""Kind, then machines: name, rate, mean time to failure and to repair, price."""


def shop(**changes):
    """A document with a line of three kinds of machine and a catalogue of seven; ``changes`` by machine."""
    data = bottle_data()
    data["equipment"] = [
        {
            "id": name, "name": name, "kind": kind, "rated_rate_per_min": rate, "mtbf_min": mtbf, "mttr_min": mttr,
            "price": price, "crew": 0.5, "kw_execute": 5, "kw_suspended": 1,
        } | changes.get(name, {})
        for kind, *machines in MACHINES
        for name, rate, mtbf, mttr, price in machines
    ]  # fmt: skip
    for station in data["stations"]:
        station["equipment"] += "_a"
    data["buffers"] = [row | {"travel_min": 0} for row in data["buffers"]]
    return Network.model_validate(data)
