"""Outages: what they cost each rival, where they hurt, who covers, and whether they turn the answer."""

from __future__ import annotations

from math import isinf, isnan

from manyworks.model.table import Table
from manyworks.plan.case import CASES
from manyworks.plan.money.openings import place_name
from manyworks.plan.stress.outages.measure import LONGEST_WEEKS
from manyworks.plan.stress.outages.result import OutageRun, RivalOutages, Struck
from manyworks.render.bars import bar_chart
from manyworks.render.figure import Figure
from manyworks.render.network_map import network_map
from manyworks.render.numbers import compact
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.table import Column, DataTable, amount, count, text
from manyworks.render.theme import AMBER, BLUE, LIGHT_GREY
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.subject import Subject

MODEL = (
    "Sites and lines stay as planned. Stock is drawn first, at the site and at the customers' end; then other sites "
    "use their idle hours and overtime, from the time of response on, only with products that their lines may make, at "
    "the freight and duty of their lanes. Afterwards the stock is rebuilt within {weeks:.0f} weeks. What nobody can "
    "serve is lost. People are neither hired nor lent between sites."
)
MOST_ROWS = 12
HURTS, COVERED = "customers go unserved", "others cover it all"


def section(subject: Subject, result: OutageRun) -> Section:
    """The verdict, the rivals, the map and the outages that hurt most."""
    blocks: list[Block] = [
        Words(text=result.verdict, is_key=True),
        Words(text=MODEL.format(weeks=result.options.recovery_weeks)),
        Grid(table=rivals_table(subject, result)),
    ]
    mine = result.rivals.get(subject.comparison.recommended)
    if mine is None or not mine.struck:
        return Section(id="stress-outages", title=TITLE, blocks=blocks)
    map_words = "Expected cost of outages a year at each site of the recommended plan, by the size of its mark."
    blocks += [
        Picture(figure=_map(subject, mine), caption=map_words, is_tall=True),
        Picture(figure=_bars(subject, mine), caption=f"Expected cost a year by class of outage, {subject.currency}."),
        Words(text="The outages of the recommended plan that cost most when they come:"),
        Grid(table=worst_table(subject, mine), most=MOST_ROWS),
        Words(text=WORDS),
    ]
    return Section(id="stress-outages", title=TITLE, blocks=blocks)


TITLE = "When a site, a line or a region stands still"
WORDS = (
    "Survived alone: the longest outage that stock bridges when nobody covers. Survived with cover: the longest one in "
    f"which no customer goes unserved, {LONGEST_WEEKS:.0f} weeks at most. Recovered after: days from its end until the "
    "stock is back, with all spare hours; never means not within the recovery. Money is before tax."
)


def sheets(subject: Subject, result: OutageRun) -> list[Sheet]:
    """Rivals, every outage, and classes, in numbers to calculate with."""
    tables, unit = result.tables(), subject.currency
    return [
        Sheet(
            name="Outages by rival",
            title="Worth after expected outages",
            table=_numbers(subject, tables["rivals"], unit),
            note=result.verdict,
        ),
        Sheet(
            name="Outages",
            title="Every outage of every rival",
            table=_numbers(subject, tables["outages"], unit),
            note=MODEL.format(weeks=result.options.recovery_weeks),
        ),
        Sheet(name="Outage classes", title="Expected cost by class", table=_numbers(subject, tables["classes"], unit)),
    ]


def rivals_table(subject: Subject, result: OutageRun) -> DataTable:
    """Each rival with its npv, the present value of expected outages as a line of its own, and what is left."""
    unit = subject.currency
    columns = [
        text("Rival"), text(f"Net present value, {unit}", is_tight=True), text("Expected outages", is_tight=True),
        text("After outages", is_tight=True), text("Outages a year, at the end", is_tight=True),
        text("The outage that costs most"),
    ]  # fmt: skip
    rows = [
        (
            CASES[name].title + (" (best)" if name == result.winner else ""),
            compact(row.npv), compact(-row.present_value), compact(row.npv_after),
            compact(list(row.per_year.values())[-1] if row.per_year else 0.0), _worst(subject, row),
        )
        for name, row in result.rivals.items()
    ]  # fmt: skip
    return DataTable(columns=columns, rows=rows)


def worst_table(subject: Subject, rival: RivalOutages) -> DataTable:
    """One row for each outage, the dearest event first."""
    columns: list[Column] = [
        text("Outage"), text("Where"), text("Lasts", is_tight=True), text("A year", is_tight=True),
        text(f"Costs, {subject.currency}", is_tight=True), text("of it lost sales", is_tight=True),
        text("Unserved, units", is_tight=True), text("Survived alone", is_tight=True),
        text("with cover", is_tight=True), text("Recovered after", is_tight=True), text("Covered by"),
    ]  # fmt: skip
    ranked = sorted(rival.struck, key=lambda row: (-row.costs.total, row.strike.target, row.strike.outage.id))
    return DataTable(columns=columns, rows=[_row(subject, row) for row in ranked])


def _row(subject: Subject, row: Struck) -> tuple[str, ...]:
    names = [place_name(subject.network, name) for name in row.covered_by]
    others = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return (
        row.strike.outage.name,
        _where(subject, row),
        _length(row.strike.outage.duration_h / 24),
        f"{row.strike.frequency_per_year:.3g}",
        compact(row.costs.total),
        compact(row.costs.lost_sales + row.costs.penalty + row.costs.not_rebuilt),
        compact(row.unserved_units),
        _length(row.alone),
        _length(row.covered),
        _length(row.recover),
        "; ".join(names[:2]) + others if names else "nobody",
    )


def _where(subject: Subject, row: Struck) -> str:
    if row.strike.region:
        return row.strike.region
    names = " and ".join(place_name(subject.network, site) for site in row.strike.sites)
    return f"{names}, a line" if row.strike.line else names


def _length(days: float) -> str:
    if isnan(days):
        return "–"
    if isinf(days):
        return "never"
    if days >= LONGEST_WEEKS * 7:
        return f"over {LONGEST_WEEKS:.0f} weeks"
    return f"{days * 24:.0f} h" if days < 2 else f"{days:.0f} days"


def _worst(subject: Subject, rival: RivalOutages) -> str:
    worst = rival.worst
    if worst is None:
        return "–"
    return f"{worst.strike.outage.name}, {_where(subject, worst)}: {compact(worst.costs.total)}"


def _map(subject: Subject, rival: RivalOutages) -> Figure:
    yearly: dict[str, float] = {}
    hurts: dict[str, bool] = {}
    for row in rival.struck:
        for site in row.strike.sites:
            yearly[site] = yearly.get(site, 0.0) + row.expected_per_year / len(row.strike.sites)
            hurts[site] = hurts.get(site, False) or row.unserved_units > 0.5
    shown = sorted((row for row in subject.places if row.id in yearly), key=lambda row: yearly[row.id])
    network = subject.network
    described = "; ".join(f"{row.name} {compact(yearly[row.id])}" for row in reversed(shown[-5:]))
    return network_map(
        sites={
            "name": [row.name.split(",")[0] for row in shown],
            "lat": [row.lat for row in shown], "lon": [row.lon for row in shown],
            "kind": [HURTS if hurts[row.id] else COVERED for row in shown],
            "size": [yearly[row.id] / 1000 for row in shown],
        },
        markets={
            "lat": [row.lat for row in network.markets], "lon": [row.lon for row in network.markets],
            "size": subject.service.by_market["served"].tolist(),
        },
        flows={key: [] for key in ("from_lat", "from_lon", "to_lat", "to_lon", "volume")},
        kinds={HURTS: ("circle", AMBER), COVERED: ("circle", BLUE)},
        title="Map of expected outage cost",
        description=f"Expected cost of outages a year by site, the largest: {described}.",
        size_title=f"Thousand {subject.currency} a year",
    )  # fmt: skip


def _bars(subject: Subject, rival: RivalOutages) -> Figure:
    sums: dict[str, float] = {}
    for row in rival.struck:
        sums[row.strike.outage.name] = sums.get(row.strike.outage.name, 0.0) + row.expected_per_year
    ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    shown, rest = ranked[:MOST_BARS], ranked[MOST_BARS:]
    if rest:
        shown.append((f"{len(rest)} more classes", sum(value for _, value in rest)))
    texts = [compact(value) for _, value in shown]
    described = "; ".join(f"{name} {value}" for (name, _), value in zip(shown, texts, strict=True))
    return bar_chart(
        names=[name for name, _ in shown], values=[value for _, value in shown], texts=texts,
        title="Expected outage cost by class", description=f"Expected cost a year, {subject.currency}: {described}.",
        colours=[LIGHT_GREY if rest and k == len(shown) - 1 else BLUE for k in range(len(shown))],
    )  # fmt: skip


MOST_BARS = 8
MONEY = (
    *("npv", "outages", "npv_after_outages", "expected_per_year", "worst_cost", "cost", "expected_cost"),
    *("unserved_revenue", "cost_to_cover", "lost_sales", "penalty", "dearer_lanes", "running", "overtime"),
    *("not_rebuilt", "written_off", "largest_cost"),
)


def _numbers(subject: Subject, table: Table, unit: str) -> DataTable:
    columns = [_column(name, unit, table[name].dtype == object) for name in table.columns]
    rows = [tuple(_cell(subject, name, value) for name, value in row.items()) for row in table.rows()]
    return DataTable(columns=columns, rows=rows)


def _column(name: str, unit: str, is_words: bool) -> Column:
    title = name.replace("_", " ").capitalize()
    if is_words:
        return text(title)
    return amount(title, unit) if name in MONEY else count(title, decimals=3)


def _cell(subject: Subject, name: str, value: object) -> object:
    if isinstance(value, float):
        return None if isnan(value) or isinf(value) else value + 0.0
    if name == "rival" and value in CASES:
        return CASES[value].title
    if name in ("outage", "worst") and isinstance(value, str) and value:
        outage, _, target = value.partition(" at ")
        named = next((row.name for row in subject.network.outage_classes if row.id == outage), outage)
        return f"{named}, {place_name(subject.network, target)}" if target else named
    if name in ("sites", "covered_by", "target") and isinstance(value, str):
        return "; ".join(place_name(subject.network, site) for site in value.split(";") if site)
    return value
