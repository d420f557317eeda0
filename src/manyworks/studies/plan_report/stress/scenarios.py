"""Other worlds: which rival wins in each, and what is regretted."""

from __future__ import annotations

from math import isnan

from manyworks.plan.case import CASES, CaseName
from manyworks.plan.stress.scenarios.result import BASE, ScenarioRun
from manyworks.render.bars import bar_chart
from manyworks.render.figure import Figure
from manyworks.render.numbers import compact
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.table import Column, DataTable, amount, count, share, text
from manyworks.render.theme import BLUE, LIGHT_GREY
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.subject import Subject

EXPLANATION = (
    "Each row is another world. Planned anew is what a rival is worth when it is decided knowing that world. Regret is "
    "what is missed there by having already built the rival's sites and lines for the document as it stands, while "
    "flows, people and stock adapt: the best net present value of that world less what the rival then is worth."
)
BUILT_IN = (
    "The document names no scenario. These are built in: assumptions that show in which direction the answer leans, "
    "and no forecasts."
)


def section(subject: Subject, result: ScenarioRun) -> Section:
    """The winners, the regrets, and the table."""
    blocks: list[Block] = [Words(text=_answer(result), is_key=True), Words(text=EXPLANATION)]
    if any(world.is_built_in for world in result.worlds):
        blocks.append(Words(text=BUILT_IN))
    blocks.append(Grid(table=winners_table(subject, result)))
    picture = _picture(subject, result)
    if picture is not None:
        blocks.append(Picture(figure=picture, caption=f"Largest regret over the scenarios, {subject.currency}."))
    return Section(id="stress-scenarios", title="Which rival wins in other worlds", blocks=blocks)


def sheets(subject: Subject, result: ScenarioRun) -> list[Sheet]:
    """Every rival in every world, and the regrets."""
    unit, tables = subject.currency, result.tables()
    columns = [
        text("Scenario"), text("Rival"), amount("As decided", unit), amount("Planned anew", unit),
        amount("At most, by proof", unit), share("Proven gap", 2), amount("Regret", unit),
        share("Unserved as decided", 2), text("Wins"), text("Why absent"),
    ]  # fmt: skip
    keys = ("title", "rival", "frozen_npv", "anew_npv", "bound", "gap", "regret", "unmet_share", "wins", "absent")
    rows = [tuple(_cell(key, row[key]) for key in keys) for row in tables["scenarios"].rows()]
    regret_columns = [
        text("Rival"), amount("Largest regret", unit), amount("Mean regret", unit), count("Wins"), count("Scenarios"),
    ]  # fmt: skip
    regrets = [tuple(_cell(key, value) for key, value in row.items()) for row in tables["regret"].rows()]
    return [
        Sheet(
            name="Scenarios",
            title="Rivals in other worlds",
            table=DataTable(columns=columns, rows=rows),
            note=EXPLANATION,
        ),
        Sheet(name="Regret", title="Regret by rival", table=DataTable(columns=regret_columns, rows=regrets)),
    ]


def winners_table(subject: Subject, result: ScenarioRun) -> DataTable:
    """One row for each world: who wins, worth what, and the regret of each rival."""
    unit = subject.currency
    columns: list[Column] = [text("World"), text("Wins"), text(f"Worth, {unit}", is_tight=True)]
    columns += [text(f"Regret: {CASES[name].title}", is_tight=True) for name in result.cases]
    rows = [_row(result, BASE, "As the document says")]
    rows += [_row(result, world.id, world.title) for world in result.done]
    return DataTable(columns=columns, rows=rows)


def _row(result: ScenarioRun, world: str, title: str) -> tuple[str, ...]:
    winner = result.winner(world)
    if winner is None:
        return (title, "no plan", "–", *("–" for _ in result.cases))
    words = CASES[winner].title + (", too close to call" if result.is_close(world) else "")
    regrets = [_regret(result, world, name) for name in result.cases]
    return (title, words, compact(result.worth[world][winner].anew), *regrets)


def _regret(result: ScenarioRun, world: str, name: CaseName) -> str:
    if name not in result.worth[world]:
        return "–"
    value = result.regret(world, name)
    return "cannot serve it" if isnan(value) else compact(value)


def _answer(result: ScenarioRun) -> str:
    done, mine = result.done, CASES[result.recommended].title.lower()
    same = sum(result.winner(world.id) in (result.recommended, "best") for world in done)
    if not done:
        return "No scenario was run."
    words = f"The recommended rival, {mine}, wins in {same} of {len(done)} other worlds"
    worst = max((result.regret(world.id, result.recommended), world.title) for world in done)
    if isnan(worst[0]):
        return f"{words}."
    return f"{words}; at most it misses {compact(worst[0])} there ({worst[1]})."


def _picture(subject: Subject, result: ScenarioRun) -> Figure | None:
    rows = [row for row in result.tables()["regret"].rows() if not isnan(row["largest_regret"])]
    if not rows or not result.done:
        return None
    titles = [CASES[row["rival"]].title for row in rows]
    texts = [compact(row["largest_regret"]) for row in rows]
    described = "; ".join(f"{title} {value}" for title, value in zip(titles, texts, strict=True))
    return bar_chart(
        names=titles, values=[row["largest_regret"] for row in rows], texts=texts, title="Largest regret",
        description=f"Largest regret, {subject.currency}: {described}.",
        colours=[BLUE if row["rival"] == result.recommended else LIGHT_GREY for row in rows],
    )  # fmt: skip


def _cell(key: str, value: object) -> object:
    if isinstance(value, float) and isnan(value):
        return None
    return CASES[value].title if key == "rival" and value in CASES else value
