"""The network that is recommended: where it makes, whom it serves."""

from __future__ import annotations

from collections import Counter

from manyworks.plan.points import via_of
from manyworks.render.figure import Figure
from manyworks.render.network_map import network_map
from manyworks.render.numbers import compact
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.table import DataTable, count, share, text
from manyworks.render.theme import AMBER, BLUE, GREY, MUTED, TEAL
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count as counted
from manyworks.studies.plan_report.words import listed

LOOKS = {
    "Existing big plant": ("square", GREY),
    "Existing micro-factory": ("triangle-up", GREY),
    "New big plant": ("diamond", AMBER),
    "New micro-factory": ("circle", BLUE),
    "Warehouse": ("triangle-right", TEAL),
    "Co-packer": ("triangle-down", TEAL),
    "Closed by the plan": ("cross", MUTED),
}
"""Kind of place to its shape and colour on the map."""
SHOWN_ROWS = 25
FULL = 1.005
"""A use of the line hours that shows as more than 100 %."""
FEWEST_MILLION = 1e6
"""Largest volume of a place, units a year, below which volumes are shown in thousands."""
FEWEST_UNITS = 1e-4
"""Flows below this share of the largest one are left off the map."""


def section(subject: Subject) -> Section:
    """Map and table of places."""
    blocks: list[Block] = [
        Words(text=_sentence(subject)),
        Picture(figure=network_figure(subject), caption=_caption(subject)),
    ]
    blocks.append(Grid(table=places_table(subject), most=SHOWN_ROWS))
    if any(row.line_use is not None and row.line_use > FULL for row in subject.places):
        blocks.append(Words(text="Lines that are used more than 100 % work overtime."))
    if any(row.kind == "Warehouse" for row in subject.places):
        words = "What goes over a warehouse is counted at the place that makes it and once more at the warehouse."
        blocks.append(Words(text=words))
    if upgrades := _upgrades(subject):
        blocks.append(Words(text=f"Upgrades of what stands: {listed(upgrades, 6)}."))
    return Section(id="network", title="The network that we recommend", blocks=blocks, starts_page=True)


def _upgrades(subject: Subject) -> list[str]:
    """Each upgrade that is taken, with its site and the period from which it works."""
    network, found = subject.network, []
    for row in subject.plan.tables.openings.rows():
        if row["kind"] == "upgrade":
            chosen = network.get("upgrades", row["place"])
            found.append(f"{chosen.name} at {network.get('sites', chosen.site).name} from {row['starts']}")
    return found


def places_table(subject: Subject) -> DataTable:
    """One row for each place of the recommended plan."""
    total = sum(row.units_per_year for row in subject.places if row.kind != "Warehouse") or 1.0
    largest = max((row.units_per_year for row in subject.places), default=0.0)
    scale, word = (1e3, "thousand") if largest < FEWEST_MILLION else (1e6, "million")
    rows: list[tuple[object, ...]] = [
        (row.name, row.kind, row.starts if row.decided else "stands", row.closes,
         row.lines if row.has_lines else None, row.line_use,
         row.units_per_year / scale, row.units_per_year / total)
        for row in subject.places
    ]  # fmt: skip
    columns = [text("Place"), *(text(title, is_tight=True) for title in ("Kind", "Works from", "Closes"))]
    columns += [
        count("Lines", f"in {subject.last.name}"),
        share("Line hours used", 0),
        count("Ships", f"{word} units a year", 1),
        share("Share of volume"),
    ]
    if not any(row.closes for row in subject.places):
        rows = [row[:3] + row[4:] for row in rows]
        del columns[3]
    return DataTable(columns=columns, rows=rows)


def _sentence(subject: Subject) -> str:
    kinds = Counter(row.kind for row in subject.places if not row.closes)
    words = [counted(number, *_plural(kind)) for kind, number in kinds.items()]
    lines, units = sum(row.lines for row in subject.places), subject.units_per_year
    served = int((subject.service.by_market["served"] > 0).sum())
    return (
        f"In {subject.last.name} the network is {listed(words)}, with {counted(lines, 'line')} in all. It delivers "
        f"{compact(units)} units a year to {counted(served, 'market')}."
    )


def _plural(kind: str) -> tuple[str, str]:
    word = kind[0].lower() + kind[1:]
    return word, word[:-1] + "ies" if word.endswith("y") else word + "s"


def _caption(subject: Subject) -> str:
    return (
        f"Deliveries in {subject.last.name}. The wider a line, the more goods; dots are markets, by volume. "
        "Places are named where there is room, the largest first."
    )


def network_figure(subject: Subject) -> Figure:
    """The map of the recommended network in the last planned period."""
    network, places = subject.network, subject.places
    shown = sorted(places, key=lambda row: row.units_per_year)
    description = _sentence(subject) + " The table beneath lists every place."
    return network_map(
        sites={
            "name": [town(row.name) for row in shown],
            "lat": [row.lat for row in shown], "lon": [row.lon for row in shown],
            "kind": [row.kind for row in shown], "size": [row.lines or row.first_lines or 1 for row in shown],
        },
        markets={
            "lat": [row.lat for row in network.markets], "lon": [row.lon for row in network.markets],
            "size": subject.service.by_market["served"].tolist(),
        },
        flows=_flows(subject), kinds=LOOKS, title="Map of sites and flows", description=description,
    )  # fmt: skip


def _flows(subject: Subject) -> dict[str, list[float]]:
    """Both legs of every way, all products together, the widest last so that it is drawn on top."""
    table, last = subject.plan.tables.shipments, subject.last
    chosen = table.where(table["period"] == last.name)
    volume: dict[tuple[str, str], float] = {}
    for origin, via, market, units in zip(
        chosen["origin"], via_of(chosen), chosen["market"], chosen["received"].tolist(), strict=True
    ):
        for leg in ((origin, via), (via, market)) if via else ((origin, market),):
            volume[leg] = volume.get(leg, 0.0) + units
    at = {row.id: row for row in subject.places}
    markets = {row.id: row for row in subject.network.markets} | {
        row.id: row for row in subject.places if row.kind == "Warehouse"
    }
    least = FEWEST_UNITS * max(volume.values(), default=0.0)
    arcs = sorted((units, origin, market) for (origin, market), units in volume.items() if units > least)
    return {
        "from_lat": [at[origin].lat for _, origin, _ in arcs], "from_lon": [at[origin].lon for _, origin, _ in arcs],
        "to_lat": [markets[market].lat for _, _, market in arcs],
        "to_lon": [markets[market].lon for _, _, market in arcs], "volume": [units for units, _, _ in arcs],
    }  # fmt: skip


def town(name: str) -> str:
    """What a map writes: the town of `Existing plant, Fort Smith, AR`, `Reno` of `Reno, NV`."""
    parts = [part for part in name.split(", ") if not (len(part) <= 3 and part.isupper())] or [name]
    is_description = any(word.islower() for word in parts[0].split())
    return parts[-1] if is_description else parts[0]
