"""The places of a plan: what stands there, since when, how large, and how much it makes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from manyworks.plan.points import via_of
from manyworks.plan.result import NetworkPlan

COLLECTIONS = {"site": "sites", "warehouse": "warehouses", "co_packer": "co_packers"}
KINDS = {
    ("existing", "big"): "Existing big plant",
    ("existing", "micro"): "Existing micro-factory",
    ("new", "big"): "New big plant",
    ("new", "micro"): "New micro-factory",
}


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """One place. ``lines`` and ``units_per_year`` (shipped) are those of the last planned period.

    ``kind`` is a word for people; ``decided`` is empty where it stood before, ``closes`` where it stays.
    """

    id: str
    name: str
    kind: str
    lat: float
    lon: float
    template: str
    decided: str
    starts: str
    closes: str
    first_lines: int
    lines: int
    units_per_year: float
    has_lines: bool
    """False for a warehouse and a co-packer: what works there is not ours."""
    line_use: float | None
    """Worked hours of the lines over their open hours in the last period; None where no line stands."""


def place_rows(plan: NetworkPlan) -> list[PlaceRow]:
    """Sites, warehouses and co-packers of the plan, the largest volume first."""
    lines = _by_period(plan, "ready")
    units = _shipped(plan)
    last, first = plan.periods[-1], plan.periods[0]
    rows = []
    for row in plan.tables.openings.rows():
        if row["kind"] not in COLLECTIONS:
            continue
        place = plan.network.get(COLLECTIONS[row["kind"]], row["place"])
        counts = lines.get((row["place"], row["template"]), {})
        rows.append(
            PlaceRow(
                id=place.id, name=place.name, kind=_kind(plan, row), lat=place.lat, lon=place.lon,
                template=_template_name(plan, row["template"]), decided=row["decided"], starts=row["starts"],
                closes=row["closes"], first_lines=round(counts.get(row["starts"], counts.get(first.name, 0))),
                lines=0 if row["closes"] else round(counts.get(last.name, 0)),
                units_per_year=0.0 if row["closes"] else units.get(place.id, 0.0),
                has_lines=row["kind"] == "site", line_use=_line_use(plan, row["place"]),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (-row.units_per_year, row.name))


def lines_over_time(plan: NetworkPlan) -> dict[str, list[int]]:
    """Id of a place to its ready lines of all types, period by period."""
    table, steps = plan.tables.lines, {period.name: period.index for period in plan.periods}
    counts: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(steps))
    for row in table.rows():
        counts[row["place"]][steps[row["period"]]] += row["ready"]
    return {place: [round(value) for value in values] for place, values in counts.items()}


def _kind(plan: NetworkPlan, row: dict[str, Any]) -> str:
    if row["kind"] == "warehouse":
        return "Warehouse"
    if row["kind"] == "co_packer":
        return "Co-packer"
    if row["closes"]:
        return "Closed by the plan"
    site = plan.network.get("sites", row["place"])
    scale = plan.network.get("templates", row["template"] or site.template).scale
    return KINDS["new" if row["decided"] else "existing", scale]


def _template_name(plan: NetworkPlan, template: str) -> str:
    return str(plan.network.get("templates", template).name) if template else ""


def _by_period(plan: NetworkPlan, column: str) -> dict[tuple[str, str], dict[str, float]]:
    """(place, template) to period to lines of all types."""
    counts: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in plan.tables.lines.rows():
        counts[row["place"], row["template"]][row["period"]] += row[column]
    return counts


def _shipped(plan: NetworkPlan) -> dict[str, float]:
    """Place to units a year that leave it in the last period; those that pass a warehouse count there as well."""
    table, last = plan.tables.shipments, plan.periods[-1]
    chosen = table.where(table["period"] == last.name)
    units: dict[str, float] = chosen.total("units", "origin")
    for via, passing in zip(via_of(chosen).tolist(), chosen["units"].tolist(), strict=True):
        if via:
            units[via] = units.get(via, 0.0) + passing
    return {place: amount / last.years for place, amount in units.items()}


def _line_use(plan: NetworkPlan, place: str) -> float | None:
    from manyworks.model.hours import open_hours, template_calendar

    table, last = plan.tables.production, plan.periods[-1]
    made = table.where((table["period"] == last.name) & (table["place"] == place))
    ready = plan.tables.lines.where((plan.tables.lines["period"] == last.name) & (plan.tables.lines["place"] == place))
    if not len(ready):
        return None
    hours = 0.0
    for row in ready.rows():
        template = plan.network.get("templates", row["template"])
        hours += row["ready"] * open_hours(template_calendar(plan.network, template), last.quarters)
    return float((made["run_h"] + made["changeover_h"]).sum() / hours) if hours else None
