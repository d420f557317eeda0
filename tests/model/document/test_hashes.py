import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from manyworks.model.document import input_hash, line_hash, load_network, save_network
from manyworks.model.equipment import Equipment
from manyworks.model.floor import Floor, Placement
from manyworks.model.line import Buffer, Capability, Station
from manyworks.model.operation import DemandOrder


def with_(network, **parts):
    return network.model_copy(update=parts)


@pytest.fixture
def network(jam):
    return load_network(jam)


@pytest.fixture
def filled(network):
    """The network with a line of two machines."""
    machines = [
        Equipment(id=name, name=name, kind=name, rated_rate_per_min=10) for name in ("filler", "capper", "other")
    ]
    stations = [Station(line="jar_line", id=name, equipment=name) for name in ("filler", "capper")]
    buffers = [Buffer(line="jar_line", id="belt", after="filler", before="capper", capacity_units=20)]
    return with_(network, equipment=machines, stations=stations, buffers=buffers)


def test_the_hash_does_not_depend_on_format_or_order_of_rows(network, tmp_path):
    expected = input_hash(network)
    for name in ("n.json", "n.xlsx", "folder"):
        save_network(network, tmp_path / name)
        assert input_hash(load_network(tmp_path / name)) == expected
    rows = list(network.sites)
    random.Random(1).shuffle(rows)
    assert input_hash(with_(network, sites=rows[::-1])) == expected


def test_defaults_written_out_and_whole_numbers_make_no_difference(jam, network):
    expected = input_hash(network)
    path = jam / "network.yaml"
    text = path.read_text().replace("mass_kg: 0.5", "mass_kg: 5.0e-1\n    scrap_share: 0.0\n    allergens: []")
    path.write_text(text.replace("quarters: 1}", "quarters: 1, life_years: 15.0}"))
    assert input_hash(load_network(jam)) == expected


def test_measured_capabilities_and_running_records_are_left_out(network):
    capability = Capability(line="jar_line", product="jam", nominal_rate_per_min=1, effective_rate_per_min=1)
    order = DemandOrder(id="o", customer="c", product="jam", quantity=1, due=datetime(2027, 1, 1, tzinfo=UTC))
    assert input_hash(with_(network, capabilities=[capability], demand_orders=[order])) == input_hash(network)


def test_a_layout_is_no_input_of_a_plan(network):
    floor = Floor(id="hall", name="Hall", width_m=20, depth_m=12)
    stands = Placement(floor="hall", line="jar_line", station="fill", x_m=1, y_m=1)
    assert input_hash(with_(network, floors=[floor], placements=[stands])) == input_hash(network)


def test_every_input_counts(network):
    dearer = [site.model_copy(update={"wage_per_h": site.wage_per_h + 1e-9}) for site in network.sites]
    assert input_hash(with_(network, sites=dearer)) != input_hash(network)
    assert input_hash(with_(network, sites=network.sites[:1])) != input_hash(network)
    finance = network.finance.model_copy(update={"tax_rate": 0.26})
    assert input_hash(with_(network, finance=finance)) != input_hash(network)


def test_a_hash_is_the_same_on_every_machine(network):
    assert input_hash(network) == "5dee2718c9c840b4"
    assert line_hash(network, "jar_line") == "0893ac5784283790"


def test_a_line_hash_covers_the_line_and_its_machines(filled):
    def faster(name):
        return [
            row.model_copy(update={"rated_rate_per_min": 11}) if row.id == name else row for row in filled.equipment
        ]

    expected = line_hash(filled, "jar_line")
    assert line_hash(with_(filled, equipment=faster("filler")), "jar_line") != expected
    assert line_hash(with_(filled, buffers=[]), "jar_line") != expected
    assert line_hash(with_(filled, equipment=faster("other")), "jar_line") == expected
    assert line_hash(with_(filled, stations=filled.stations[::-1]), "jar_line") == expected


def test_money_names_and_places_on_the_floor_do_not_change_a_line(filled):
    moved = [row.model_copy(update={"price": 9, "length_m": 3.0, "name": "x"}) for row in filled.equipment]
    lines = [row.model_copy(update={"capex": 1.0, "name": "x"}) for row in filled.lines]
    assert line_hash(with_(filled, equipment=moved, lines=lines), "jar_line") == line_hash(filled, "jar_line")


def test_an_unknown_line_has_no_hash(network):
    with pytest.raises(KeyError):
        line_hash(network, "nothing")


def test_the_zone_of_a_moment_makes_no_difference(network):
    """Moments occur in running records only, so the canonical form is looked at directly."""
    from manyworks.model.document.fields import field_kinds
    from manyworks.model.document.hashes import _canonical

    kind = field_kinds(DemandOrder)["due"]
    moment = datetime(2027, 1, 1, 12, tzinfo=UTC)
    assert _canonical(kind, moment) == _canonical(kind, moment.astimezone(timezone(timedelta(hours=5))))
