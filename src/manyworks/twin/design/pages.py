"""Pages of design: the line chosen, lines compared, buffers, and what each figure does to the rate."""

from __future__ import annotations

from collections.abc import Sequence

from manyworks import __version__
from manyworks.render.figure import Columns, Figure
from manyworks.render.interval_points import interval_points
from manyworks.render.numbers import money
from manyworks.render.page import Block, Fact, Facts, Grid, Page, Picture, Section, Words
from manyworks.render.swings import swing_chart
from manyworks.render.table import DataTable, amount, count, share, text
from manyworks.render.theme import AMBER, BLUE, LIGHT_BLUE, LIGHT_GREY, TEAL
from manyworks.twin.design.buffers import BufferAllocation
from manyworks.twin.design.compare import LineComparison
from manyworks.twin.design.design_words import answer_words, promise_words
from manyworks.twin.design.line_design import LineDesign
from manyworks.twin.design.sensitivity import Effect, Sensitivity
from manyworks.twin.design.sensitivity_words import change_words, strongest_words
from manyworks.twin.design.words import rate_words, sure_words
from manyworks.twin.intervals import Interval

RATE = "good units a minute"
COLOURS = {"chosen": BLUE, "reaches": TEAL, "misses": AMBER, "searched": LIGHT_GREY}
"""Verdict on a line that was tried."""
SHOWN = 14
"""Effects in the tornado; the rest stands in the table."""


def design_page(design: LineDesign) -> Page:
    """What to buy, what it costs, how sure it is, what was tried."""
    return Page(
        title=f"Line for {design.target_per_min:,.6g} units a minute",
        subtitle=f"{design.network.name}, line {design.line}, making {design.product}. Rates are good units per open "
        f"minute; money is {design.currency} of {design.network.finance.price_year}.",
        sections=[_answer(design), _machines(design), _cost(design), _tried(design)],
        footer=_footer(design.seed),
    )


def _answer(design: LineDesign) -> Section:
    cost, rate = design.chosen.cost, design.rate
    facts = [
        Fact(label="It makes", value=f"{rate_words(rate)} /min", note=f"target {design.target_per_min:,.6g}"),
        Fact(label="Paid at the start", value=money(cost.capex, design.currency), note="machines and buffers"),
        Fact(
            label="Chance that it reaches the target", value=f"≥ {design.confidence:.0%}", note="by the selection below"
        ),
        Fact(label="Lines simulated", value=f"{design.looked_at:,}", note=f"of {design.sets:,} machine sets"),
    ]
    if not design.basis.is_capex_only:
        years = f"over {design.basis.years:g} years, present worth"
        facts.insert(2, Fact(label="With its running", value=money(cost.total, design.currency), note=years))
    blocks: list[Block] = [
        Words(text=answer_words(design), is_key=True), Facts(items=facts), Words(text=promise_words(design))
    ]  # fmt: skip
    return Section(id="answer", title="What to buy", blocks=blocks)


def _machines(design: LineDesign) -> Section:
    rows = [
        [
            option.station, option.machine.name, option.count, option.rate_per_min,
            option.rate_per_min / design.target_per_min - 1, option.machine.price * option.count,
            option.machine.crew * option.count, option.machine.lead_time_weeks,
        ]
        for option in design.chosen.machines
    ]  # fmt: skip
    table = DataTable(
        columns=[
            text("Station"), text("Machine"), count("Machines"), count("Alone", "units/min", 1),
            share("Above the target"), amount("Price", design.currency, decimals=0), count("Crew", "people", 1),
            count("Lead time", "weeks"),
        ],
        rows=rows,
    )  # fmt: skip
    blocks: list[Block] = [Grid(table=table), *_gaps(design)]
    return Section(id="machines", title="Machines and buffers", blocks=blocks)


def _gaps(design: LineDesign) -> list[Block]:
    rows = [
        [after, before, rooms, rooms / design.target_per_min]
        for (after, before), rooms in zip(design.chosen.gaps, design.chosen.rooms, strict=True)
    ]
    columns = [text("After"), text("Before"), count("Holds", "units"), count("That is", "minutes at the target", 1)]
    return [Grid(table=DataTable(columns=columns, rows=rows))] if rows else []


def _cost(design: LineDesign) -> Section:
    cost, basis = design.chosen.cost, design.basis
    rows = [["Machines", cost.machines], ["Buffers", cost.buffers]]
    if not basis.is_capex_only:
        rows += [["Crew", cost.crew], ["Energy", cost.energy], ["Floor", cost.space]]
    table = DataTable(
        columns=[text("What"), amount("Cost", design.currency, decimals=0)],
        rows=[*rows, ["Total", cost.total]],
        total_rows=1,
    )
    note = (
        f"Present worth at {basis.discount_rate:.1%} a year over {basis.years:g} years of {basis.hours_per_year:,.0f} "
        f"open hours at the target rate, before tax: people at {basis.wage_per_h:,.4g} an hour, power at "
        f"{basis.power_price_per_kwh:,.4g} a kWh, floor at {basis.rent_per_m2_year:,.4g} a m2 and year. Materials, "
        "which are the same for all lines but for scrap, are not counted."
        if not basis.is_capex_only
        else "Only what is paid at the start is counted."
    )
    return Section(id="cost", title="What it costs", blocks=[Grid(table=table), Words(text=note)])


def _tried(design: LineDesign) -> Section:
    rows = [
        [row.candidate.name, row.candidate.cost.total, *_ends(row.rate), row.candidate.bound, row.verdict]
        for row in design.tried
    ]
    table = DataTable(
        columns=[
            text("Line"), amount("Cost", design.currency, decimals=0), count("Makes", "units/min", 2),
            count("from", "", 2), count("to", "", 2), count("At most", "units/min", 1), text("Verdict", is_tight=True),
        ],
        rows=rows,
    )  # fmt: skip
    blocks: list[Block] = [Picture(figure=cost_against_rate(design, table)), Grid(table=table, is_dense=True)]
    return Section(id="tried", title="What was tried", blocks=blocks)


def cost_against_rate(design: LineDesign, table: DataTable | None = None) -> Figure:
    """Every line tried: its cost, its rate with the interval, and the target."""
    rows = design.tried
    points: Columns = {
        "x": [row.candidate.cost.total for row in rows],
        "y": [row.rate.mean for row in rows],
        "low": [row.rate.low for row in rows],
        "high": [row.rate.high for row in rows],
        "kind": [row.verdict for row in rows],
        "label": ["chosen" if row.is_chosen else "" for row in rows],
    }
    used = {kind: colour for kind, colour in COLOURS.items() if kind in points["kind"]}
    return interval_points(
        points=points, colours=used, x_title=f"cost, {design.currency}", y_title=RATE, limit=design.target_per_min,
        limit_text="target", title="Cost against rate",
        description=f"{len(rows)} lines; the cheapest that reaches {design.target_per_min:,.6g} is chosen.",
        table=table, width=640,
    )  # fmt: skip


def comparison_page(comparison: LineComparison, name: str) -> Page:
    """Lines side by side."""
    base = comparison.lines[comparison.base].name
    rows = [
        [
            row.name, *_ends(row.rate), *(_ends(row.difference) if row.difference is not None else [None] * 3),
            row.bound.rate_per_min, row.verdict,
        ]
        for row in comparison.lines
    ]  # fmt: skip
    table = DataTable(
        columns=[
            text("Line"), count("Makes", "units/min", 2), count("from", "", 2), count("to", "", 2),
            count(f"Against {base}", "units/min", 2), count("from", "", 2), count("to", "", 2),
            count("At most", "units/min", 1), text("Verdict", is_tight=True),
        ],
        rows=rows,
    )  # fmt: skip
    answer, *_, note = comparison.summary().splitlines()
    section = Section(
        id="answer",
        title="Which line is the best",
        blocks=[Words(text=answer, is_key=True), Picture(figure=_line_rates(comparison)), Grid(table=table),
                Words(text=note)],
    )  # fmt: skip
    return Page(
        title="Lines compared", subtitle=f"{name}. Good units per open minute.", sections=[section],
        footer=_footer(comparison.seed),
    )  # fmt: skip


def _line_rates(comparison: LineComparison) -> Figure:
    """Differences to the base with intervals that hold together."""
    rows = [row for row in comparison.lines if row.difference is not None]
    bars: Columns = {
        "row": [row.name for row in rows], "kind": ["difference"] * len(rows),
        "from": [row.difference.low for row in rows if row.difference],
        "until": [row.difference.high for row in rows if row.difference],
        "low_text": [f"{row.difference.low:+.3g}" for row in rows if row.difference],
        "high_text": [f"{row.difference.high:+.3g}" for row in rows if row.difference],
    }  # fmt: skip
    marks: Columns = {
        "row": [row.name for row in rows], "at": [row.difference.mean for row in rows if row.difference],
        "text": [""] * len(rows),
    }  # fmt: skip
    base = comparison.lines[comparison.base].name
    return swing_chart(
        rows=[row.name for row in rows], bars=bars, colours={"difference": BLUE}, base=0.0, marks=marks,
        unit=f"{RATE} against {base}",
        title=f"Difference to {base}",
        description=f"Intervals of all differences hold together with {comparison.confidence:.0%}.",
    )  # fmt: skip


def buffers_page(found: BufferAllocation, name: str, units: int = 1) -> Page:
    """Where rooms go, and what more of them bring; ``units`` that one room holds."""
    room = f" A room holds {units} units." if units > 1 else ""
    answer, bound, *_ = found.summary().splitlines()
    gaps = DataTable(
        columns=[text("Place"), count("Rooms")],
        rows=[[p, r] for p, r in zip(found.places, found.best.rooms, strict=True)],
    )
    curve = DataTable(
        columns=[
            count("Rooms"), text("By place"), count("Makes", "units/min", 3), count("from", "", 3), count("to", "", 3),
            count("Cost"), count("Floor", "m2"),
        ],
        rows=[
            [
                point.total, ", ".join(map(str, point.rooms)), *_ends(point.rate), found.cost_per_room * point.total,
                found.floor_per_room_m2 * point.total,
            ]
            for point in found.curve
        ],
    )  # fmt: skip
    blocks: list[Block] = [Words(text=answer, is_key=True), Words(text=bound), Grid(table=gaps)]
    sections = [Section(id="answer", title="Where the rooms go", blocks=blocks)]
    if len(found.curve) > 1:
        picture = Picture(figure=_curve(found, curve))
        sections.append(Section(id="curve", title="What more rooms bring", blocks=[picture, Grid(table=curve)]))
    return Page(
        title="Buffers", subtitle=f"{name}. Good units per open minute; {sure_words(found)}.{room}",
        sections=sections, footer=_footer(found.seed),
    )  # fmt: skip


def _curve(found: BufferAllocation, table: DataTable) -> Figure:
    points: Columns = {
        "x": [point.total for point in found.curve], "y": [point.rate.mean for point in found.curve],
        "low": [point.rate.low for point in found.curve], "high": [point.rate.high for point in found.curve],
        "kind": ["best allocation"] * len(found.curve),
        "label": ["chosen" if point.rooms == found.best.rooms else "" for point in found.curve],
    }  # fmt: skip
    return interval_points(
        points=points, colours={"best allocation": BLUE}, x_title="rooms altogether", y_title=RATE, limit=found.bound,
        limit_text="what the machines allow", is_joined=True, title="Rate against rooms", table=table, width=640,
        description="The best allocation of each number of rooms, and the rate that no buffers can lift.",
    )  # fmt: skip


def sensitivity_page(found: Sensitivity) -> Page:
    """The tornado and its table."""
    is_foretold = any(row.critical is not None for row in found.effects)
    rows = [
        [
            row.lever.where, row.lever.what, row.lever.now, row.lever.better_words, _change(row.better),
            *([row.critical] if is_foretold else []), row.lever.worse_words, _change(row.worse),
        ]
        for row in found.effects
    ]  # fmt: skip
    table = DataTable(
        columns=[
            text("Where"), text("What"), text("Now", is_tight=True), text("Better", is_tight=True),
            text("Changes the rate by", is_tight=True),
            *([count("Critical path", "units/min", 2)] if is_foretold else []),
            text("Worse", is_tight=True),
            text("Changes the rate by", is_tight=True),
        ],
        rows=rows,
    )  # fmt: skip
    note = f"{found.runs} replications each under common luck; all intervals hold together with {found.confidence:.0%}."
    if is_foretold:
        note += (
            " The critical path of one run foretells what a small change does; where it differs by more than the "
            "interval, the change moves the bottleneck."
        )
    blocks: list[Block] = [
        Words(text=f"{found.name} makes {rate_words(found.rate)} {RATE}. {strongest_words(found)}", is_key=True),
        Picture(figure=_tornado(found.effects[:SHOWN], found)), Grid(table=table, is_dense=True), Words(text=note),
    ]  # fmt: skip
    section = Section(id="effects", title="What moves the rate", blocks=blocks)
    return Page(
        title="What each machine does to the line", subtitle=f"{found.name}. Good units per open minute.",
        sections=[section], footer=_footer(found.seed),
    )  # fmt: skip


def _tornado(effects: Sequence[Effect], found: Sensitivity) -> Figure:
    bars: dict[str, list[object]] = {key: [] for key in ("row", "kind", "from", "until", "low_text", "high_text")}
    for row in effects:
        ends = {"better": row.better, "worse": row.worse}
        for kind, change in ends.items():
            words = row.lever.better_words if kind == "better" else row.lever.worse_words
            size = change.mean if change is not None else 0.0
            texts = ("", f"{words}: {size:+.3g}")
            for key, value in zip(bars, (_row(row), kind, 0.0, size, *texts), strict=True):
                bars[key].append(value)
    return swing_chart(
        rows=[_row(row) for row in effects], bars=bars, colours={"worse": LIGHT_BLUE, "better": BLUE}, base=0.0,
        marks={"row": [], "at": [], "text": []}, unit=f"change of {RATE}", title="What moves the rate",
        description=f"Each figure changed by {found.share:.0%}, better and worse, one at a time.",
    )  # fmt: skip


def _row(effect: Effect) -> str:
    return f"{effect.lever.where} {effect.lever.what}"


def _change(change: Interval | None) -> str | None:
    return None if change is None else change_words(change)


def _ends(interval: Interval) -> list[float]:
    return [interval.mean, interval.low, interval.high]


def _footer(seed: int) -> str:
    return f"manyworks {__version__} · seed {seed}."
