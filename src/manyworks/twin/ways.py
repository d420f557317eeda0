"""Ways of parts through a line: hand-overs, buffers and conveyors by sequence and by flows, as places of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from manyworks.errors import DocumentError
from manyworks.model.checks.paths import at
from manyworks.model.checks.stations import broken_quantities
from manyworks.model.line import Buffer, Flow
from manyworks.model.network import Network
from manyworks.twin.machines import line_stations
from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP, Place

SUPPLY, GOOD = "supply", "good"


def line_places(network: Network, line: str, products: Sequence[str], *, units: int) -> tuple[Place, ...]:
    """All places of a line with stations, ``units`` to a part: supply, ways in order, rework, scrap, good.

    A station hands on to the next one by sequence unless its flows say otherwise. A way without a buffer couples two
    machines; a way of rework without one has room without end, as a table beside the line has.

    Raises
    ------
    DocumentError
        An assembly takes a fraction of a unit, or another station several.
    """
    names = [station.id for station, _ in line_stations(network, line)]
    rows = [row for row in network.flows if row.line == line and (row.product is None or row.product in products)]
    _require_whole(network, rows)
    ahead = [row for row in rows if row.target in names and not row.is_rework]
    ways = _joined(ahead) + [Flow(line=line, source=a, target=b) for a, b in _by_sequence(names, rows)]
    ways.sort(key=lambda row: (names.index(row.source), names.index(row.target)))
    back = [row for row in rows if row.is_rework and row.target in names]
    exits = [row for row in rows if row.target not in names]
    starts = [name for name in names if name not in {row.target for row in ways}]
    leaves = {row.source for row in ways} | {row.source for row in exits if row.target == "sink" and row.share is None}
    ends = [name for name in names if name not in leaves]
    inside = [_between(network, row, names, products, units) for row in [*ways, *back]]
    return (
        *(_supply(name, names) for name in starts),
        *inside,
        *(_exit(row, names, products) for row in exits),
        *(Place(id=_named(GOOD, name, ends), source=names.index(name), target=OUTSIDE) for name in ends),
    )


def _supply(name: str, names: Sequence[str]) -> Place:
    return Place(id=f"{SUPPLY}_{name}", source=OUTSIDE, target=names.index(name))


def _named(word: str, name: str, all_of_them: Sequence[str]) -> str:
    return word if len(all_of_them) == 1 else f"{word}_{name}"


def _by_sequence(names: Sequence[str], rows: Sequence[Flow]) -> list[tuple[str, str]]:
    """Neighbours that hand on without a flow that says so."""
    stated = {row.source for row in rows if row.target == "sink" or (row.target in names and not row.is_rework)}
    return [(here, after) for here, after in pairwise(names) if here not in stated]


def _joined(rows: Sequence[Flow]) -> list[Flow]:
    """Flows between the same two stations that differ only in the product as one: its products in a word."""
    kept: dict[tuple[object, ...], list[Flow]] = {}
    for row in rows:
        kept.setdefault((row.source, row.target, row.share, row.quantity), []).append(row)
    return [same[0] if len(same) == 1 else _with_products(same) for same in kept.values()]


def _with_products(same: Sequence[Flow]) -> Flow:
    words = [row.product for row in same if row.product is not None]
    return same[0].model_copy(update={"product": " ".join(words) if len(words) == len(same) else None})


def _positions(row: Flow, products: Sequence[str]) -> tuple[int, ...]:
    words = row.product.split() if row.product else []
    return tuple(position for position, product in enumerate(products) if product in words)


def _between(network: Network, row: Flow, names: Sequence[str], products: Sequence[str], units: int) -> Place:
    here = [b for b in network.buffers if (b.line, b.after, b.before) == (row.line, row.source, row.target)]
    room = sum(buffer.capacity_units for buffer in here) // units
    return Place(
        id=_place_id(here, row),
        source=names.index(row.source),
        target=names.index(row.target),
        capacity=ENDLESS if row.is_rework and not here else _capacity(room, here),
        travel_min=sum(buffer.travel_min for buffer in here),
        quantity=round(row.quantity),
        share=row.share,
        products=_positions(row, products),
        is_rework=row.is_rework,
    )


def _capacity(room: int, here: Sequence[Buffer]) -> int:
    """A conveyor holds the part that it carries, however short it is."""
    return max(room, 1) if any(buffer.travel_min > 0 or buffer.capacity_units > 0 for buffer in here) else room


def _place_id(here: Sequence[Buffer], row: Flow) -> str:
    return "_and_".join(buffer.id for buffer in here) if here else f"{row.source}_to_{row.target}"


def _exit(row: Flow, names: Sequence[str], products: Sequence[str]) -> Place:
    target = SCRAP if row.target == "scrap" else OUTSIDE
    return Place(
        id=f"{row.source}_to_{row.target}",
        source=names.index(row.source),
        target=target,
        share=row.share,
        products=_positions(row, products),
    )


def _require_whole(network: Network, rows: Sequence[Flow]) -> None:
    paths = {at("flows", network.flows.index(row), row, "quantity") for row in rows}
    faults = [issue for issue in broken_quantities.issues(network) if issue.path in paths]
    if faults:
        raise DocumentError(faults)
