"""What service, resilience and emissions cost: plans that no other plan beats in everything."""

from __future__ import annotations

from typing import Any

from manyworks.plan.stress.pareto import GOALS, TITLES, Choice, Pareto
from manyworks.render.figure import Figure
from manyworks.render.numbers import compact, money, money_unit, number, percent, scale_of
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.scatter import Panel, scatter_panels
from manyworks.render.table import DataTable, amount, count, share, text
from manyworks.render.theme import BLUE, GREY, TEAL
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.stress.words import number_or_none, place_words
from manyworks.studies.plan_report.subject import Subject

EXPLANATION = (
    "Each point is a whole plan: the rivals, and the best plan that keeps one figure below a limit. Days are the mean "
    "transit days over all units received. Dependence is the share of the last period's units that comes from the "
    "largest place: what its outage puts at risk before others cover. CO2 counts freight and the power of running "
    "lines. Every plan serves at least what the recommended one does. Rings: plans that another plan equals or beats "
    "in all four figures."
)
LARGE = "Only places that some rival's plan uses are considered here, so a better plan under a limit may exist."
RIVAL, LIMIT, DOMINATED = "A rival", "Best under a limit", "Beaten by another plan"


def section(subject: Subject, result: Pareto) -> Section:
    """The prices of the goals, the panels and the table."""
    blocks: list[Block] = [Words(text=_answer(subject, result), is_key=True), Words(text=EXPLANATION)]
    if result.choices:
        blocks.append(Picture(figure=_picture(subject, result), caption="Net present value against each other goal."))
        blocks.append(Grid(table=pareto_table(subject, result), is_dense=True))
    missing = [
        f"{TITLES[row.goal].lower()} at most {written(row.goal, row.limit)}: {row.reason}" for row in result.missing
    ]
    if missing:
        blocks.append(Words(text="No plan for: " + "; ".join(missing) + "."))
    if not result.is_whole:
        blocks.append(Words(text=LARGE))
    return Section(id="stress-pareto", title="What service, resilience and CO2 cost", blocks=blocks)


def sheets(subject: Subject, result: Pareto) -> list[Sheet]:
    """Every plan with its figures."""
    unit = subject.currency
    columns = [
        text("Plan"),
        text("Limit on"),
        count("Limit", "", 4),
        amount("Worth", unit),
        amount("At most, by proof", unit),
        count("Days", "days", 3),
        share("Dependence", 1),
        count("CO2", "kg per unit", 4),
        share("Served", 1),
        text("Beaten"),
        text("Status"),
        count("Time", "s", 1),
        text("Opens"),
    ]
    keys = (
        "title",
        "goal",
        "limit",
        "npv",
        "bound",
        "days",
        "dependence",
        "co2_kg_per_unit",
        "served",
        "dominated",
        "status",
        "seconds",
    )
    rows = [
        (*(number_or_none(row[key]) for key in keys), place_words(subject.network, row["opens"]))
        for row in result.tables()["pareto"].rows()
    ]
    return [
        Sheet(
            name="Pareto",
            title="Money, service, resilience and CO2",
            table=DataTable(columns=columns, rows=rows),
            note=EXPLANATION,
        )
    ]


def pareto_table(subject: Subject, result: Pareto) -> DataTable:
    """One row for each plan, the most valuable first."""
    columns = [
        text("Plan"),
        text(f"Worth, {subject.currency}", is_tight=True),
        text("Days", is_tight=True),
        text("Dependence", is_tight=True),
        text("CO2 a unit", is_tight=True),
        text("Gap", is_tight=True),
        text("Opens"),
        text(""),
    ]
    rows = [_row(subject, result, row) for row in sorted(result.choices, key=lambda row: -row.figures.npv)]
    return DataTable(columns=columns, rows=rows)


def _row(subject: Subject, result: Pareto, row: Choice) -> tuple[str, ...]:
    names = {site.id: site.name for site in subject.network.sites}
    gap = (row.bound - row.figures.npv) / result.size if result.size > 0 else 0.0
    return (
        row.title,
        compact(row.figures.npv),
        number(row.figures.days, 2),
        percent(row.figures.dependence, 0),
        f"{number(row.figures.co2, 4)} kg",
        percent(gap, 2) if gap < float("inf") else "–",
        ", ".join(names.get(name, name) for name in row.opens) or "nothing new",
        "beaten" if row.is_dominated else "",
    )


def written(goal: str, value: float) -> str:
    """A limit in words."""
    if goal == "dependence":
        return percent(value, 0)
    return f"{number(value, 2)} days" if goal == "days" else f"{number(value, 4)} kg"


def _answer(subject: Subject, result: Pareto) -> str:
    parts = []
    for goal in GOALS:
        priced = [(row, lost) for row, lost in result.price(goal) if not row.is_dominated]
        if priced:
            row, lost = priced[-1]
            reached = written(goal, row.figures.goal(goal))
            parts.append(f"{TITLES[goal].lower()} down to {reached} costs {money(lost, subject.currency)}")
    if not parts:
        return "No limit on service, resilience or CO2 gave a plan that is not beaten by a rival."
    words = "; ".join(parts)
    return words[0].upper() + words[1:] + "."


def _picture(subject: Subject, result: Pareto) -> Figure:
    divisor, word = scale_of(*(row.figures.npv for row in result.choices))
    titles = {"days": "Days to the customer", "dependence": "Share of the largest place, %", "co2": "CO2, kg a unit"}
    kinds = [DOMINATED if row.is_dominated else LIMIT if row.goal else RIVAL for row in result.choices]
    panels: list[Panel] = []
    goals = [goal for goal in GOALS if any(row.figures.goal(goal) > 0 for row in result.choices)]
    for goal in goals:
        times = 100 if goal == "dependence" else 1
        labels, seen = [], set()
        for row in result.choices:
            is_shown = not row.goal and round(row.figures.npv) not in seen
            labels.append(row.title if is_shown else "")
            seen.add(round(row.figures.npv))
        points: dict[str, list[Any]] = {
            "x": [times * row.figures.goal(goal) for row in result.choices],
            "y": [row.figures.npv / divisor for row in result.choices],
            "kind": kinds,
            "label": labels,
        }
        unit = money_unit(subject.currency, word)
        panels.append(Panel(x_title=titles[goal], y_title=f"NPV, {unit}" if not panels else "", points=points))
    return scatter_panels(
        panels=panels,
        colours={RIVAL: BLUE, LIMIT: TEAL, DOMINATED: GREY},
        hollow=(DOMINATED,),
        title="Money against service, resilience and CO2",
        description=f"{len(result.choices)} plans by net present value, days, dependence and CO2 a unit.",
        table=pareto_table(subject, result),
    )
