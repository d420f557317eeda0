"""What each uncertain number does to the worth of the plan: frozen, and planned anew."""

from __future__ import annotations

from math import isfinite
from typing import Any

from manyworks.plan.case import CASES
from manyworks.plan.stress.levers import LEVERS
from manyworks.plan.stress.tornado import Bar, End, Tornado, at_words
from manyworks.render.figure import Figure
from manyworks.render.numbers import compact, money_unit, scale_of
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.swings import swing_chart
from manyworks.render.table import DataTable, amount, share, text
from manyworks.render.theme import BLUE, LIGHT_BLUE
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.stress.words import amount_words, case_title, number_or_none, place_words
from manyworks.studies.plan_report.subject import Subject

EXPLANATION = (
    "Each number goes alone to the low and to the high end of its range. Light bars: sites and lines stay as decided, "
    "flows and people adapt. Dark bars: all rivals are planned anew and the best one is taken, so a dark bar never "
    "reaches further down than the light one. A diamond marks an end at which another rival wins."
)
RANGES = (
    "Ranges are those of the document's evidence; where it states none, ±20 % is assumed, and a stand-up that is two "
    "quarters late. Numbers move one at a time: what moves together is not in this picture."
)
CHOSEN = (
    "This network is too large to be planned anew at every end: there the best of the rivals' designs is chosen, with "
    "new flows. The dark bars are lower limits, and no bound is proven for them."
)
FROZEN, ANEW = "Design frozen", "Planned anew"


def section(subject: Subject, result: Tornado) -> Section:
    """The answer, the picture and the table."""
    blocks: list[Block] = [Words(text=_answer(result), is_key=True), Words(text=EXPLANATION)]
    if result.bars:
        blocks.append(Picture(figure=_picture(subject, result), caption=f"Net present value, {subject.currency}."))
        blocks.append(Grid(table=tornado_table(result), is_dense=True))
    blocks.append(Words(text=RANGES))
    if not result.is_whole and result.bars:
        blocks.append(Words(text=CHOSEN))
    return Section(id="stress-tornado", title="Which number matters most", blocks=blocks)


def sheets(subject: Subject, result: Tornado) -> list[Sheet]:
    """Every end of every range, and every rival there."""
    unit, tables = subject.currency, result.tables()
    columns = [
        text("Number"),
        text("End"),
        amount("At", "factor or quarters"),
        text("Range"),
        amount("Design frozen", unit),
        amount("Planned anew", unit),
        amount("Lead of the recommended rival, frozen", unit),
        amount("Lead of the recommended rival, anew", unit),
        text("Wins"),
        text("Turns"),
        text("Too close to call"),
        share("Widest gap", 3),
    ]
    keys = (
        "title",
        "end",
        "at",
        "range",
        "frozen_npv",
        "anew_npv",
        "frozen_lead",
        "anew_lead",
        "winner",
        "turns",
        "is_open",
        "gap",
    )
    rows = [
        tuple(case_title(row[key]) if key == "winner" else number_or_none(row[key]) for key in keys)
        for row in tables["tornado"].rows()
    ]
    rival_columns = [
        text("Number"),
        text("End"),
        amount("At", "factor or quarters"),
        text("Rival"),
        amount("Worth", unit),
        amount("At most, by proof", unit),
        text("Status"),
        amount("Time", "s"),
        text("Opens"),
    ]
    rivals = [
        (
            LEVERS[row["lever"]].title,
            row["end"],
            row["at"],
            case_title(row["rival"]),
            *(number_or_none(row[key]) for key in ("npv", "bound", "status", "seconds")),
            place_words(subject.network, row["opens"]),
        )
        for row in tables["tornado_rivals"].rows()
    ]
    return [
        Sheet(
            name="Tornado",
            title="Uncertain numbers, one at a time",
            note=RANGES,
            table=DataTable(columns=columns, rows=rows),
        ),
        Sheet(
            name="Tornado rivals", title="Every rival at both ends", table=DataTable(columns=rival_columns, rows=rivals)
        ),
    ]


def tornado_table(result: Tornado) -> DataTable:
    """One row for each number: both ends, frozen and anew, the lead, and who wins."""
    columns = [
        text("Number"),
        text("Range", is_tight=True),
        text("Frozen", is_tight=True),
        text("Anew", is_tight=True),
        text(f"Lead of {CASES[result.recommended].title.lower()}", is_tight=True),
        text("Wins"),
    ]
    return DataTable(columns=columns, rows=[_row(result, bar) for bar in result.bars])


def _row(result: Tornado, bar: Bar) -> tuple[str, ...]:
    ends = (bar.low, bar.high)
    winners = [_winner(end) for end in ends]
    reach = " to ".join(at_words(bar.lever, end.at) for end in ends) + (" (assumed)" if bar.span.is_assumed else "")
    return (
        bar.lever.title,
        reach,
        " to ".join(amount_words(end.frozen) for end in ends),
        " to ".join(amount_words(end.point.npv) for end in ends),
        " to ".join(_lead(result, end) for end in ends),
        winners[0] if winners[0] == winners[1] else " / ".join(winners),
    )


def _lead(result: Tornado, end: End) -> str:
    lead = end.point.lead(result.recommended)
    return "–" if lead is None else compact(lead)


def _winner(end: End) -> str:
    return case_title(end.point.winner) + (" (too close to call)" if end.point.is_open else "")


def _answer(result: Tornado) -> str:
    if not result.bars:
        return "No number was moved to both ends of its range."
    first = result.bars[0].lever.title.lower()
    if not result.turning:
        return f"Most depends on the {first}; at no end of any range does another rival win."
    where = "; ".join(
        f"{bar.lever.title.lower()} {at_words(bar.lever, end.at)} ({case_title(end.point.winner)})"
        for bar, end in result.turning
    )
    return f"Most depends on the {first}. Another rival wins at: {where}."


def _picture(subject: Subject, result: Tornado) -> Figure:
    divisor, word = scale_of(*(bar.high.point.npv for bar in result.bars), *(bar.low.point.npv for bar in result.bars))
    rows: dict[str, list[Any]] = {"row": [], "kind": [], "from": [], "until": [], "low_text": [], "high_text": []}
    for bar in result.bars:
        pairs = ((FROZEN, bar.low.frozen, bar.high.frozen), (ANEW, bar.low.point.npv, bar.high.point.npv))
        for kind, low, high in pairs:
            if isfinite(low) and isfinite(high):
                cells = (
                    bar.lever.title,
                    kind,
                    low / divisor,
                    high / divisor,
                    at_words(bar.lever, bar.low.at),
                    at_words(bar.lever, bar.high.at),
                )
                for name, cell in zip(rows, cells, strict=True):
                    rows[name].append(cell)
    marks: dict[str, list[Any]] = {
        "row": [bar.lever.title for bar, _ in result.turning],
        "at": [end.point.npv / divisor for _, end in result.turning],
        "text": [case_title(end.point.winner) for _, end in result.turning],
    }
    return swing_chart(
        rows=[bar.lever.title for bar in result.bars],
        bars=rows,
        colours={FROZEN: LIGHT_BLUE, ANEW: BLUE},
        base=result.npv / divisor,
        marks=marks,
        title="Uncertain numbers, one at a time",
        description=f"Net present value at both ends of the range of {len(result.bars)} numbers, the widest first.",
        unit=money_unit(subject.currency, word),
        table=tornado_table(result),
    )
