"""One design for many futures, and what knowing them is worth."""

from __future__ import annotations

from math import isfinite
from typing import Any

from manyworks.plan.stress.two_stage import METHOD_WORDS, TwoStage
from manyworks.render.figure import Figure
from manyworks.render.numbers import money, money_unit, percent, scale_of
from manyworks.render.page import Block, Fact, Facts, Grid, Picture, Section, Words
from manyworks.render.scatter import Panel, scatter_panels
from manyworks.render.table import DataTable, amount, share, text
from manyworks.render.theme import BLUE, GREY, TEAL
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.stress.words import amount_words, number_or_none, place_words
from manyworks.studies.plan_report.subject import Subject

RIVAL, FUTURE, ALL = "Plan of a rival", "Made for one future", "Made for all futures"


def section(subject: Subject, result: TwoStage) -> Section:
    """The figures, the frontier and the designs."""
    unit = subject.currency
    facts = [
        Fact(label="Best design for all futures", value=money(result.recourse, unit), note="expected worth, RP"),
        Fact(
            label="Value of planning for many futures",
            value=money(max(result.vss, 0.0), unit),
            note="VSS, against the design for the mean future",
        ),
        Fact(label="Most that knowing the future is worth", value=money(max(result.evpi, 0.0), unit), note="EVPI"),
        Fact(
            label=f"Worst {percent(result.tail, 0)} of futures",
            value=money(result.best.tail(result.tail), unit),
            note="mean worth there, CVaR",
        ),
    ]
    mean, low, high = result.best.interval
    blocks: list[Block] = [Words(text=_answer(subject, result), is_key=True), Facts(items=facts)]
    if isfinite(mean):
        blocks.append(
            Words(
                text=f"Tried on {len(result.best.fresh)} fresh samples of demand, that design is worth "
                f"{money(mean, unit)} on average; the 95 % interval of that mean is {money(low, unit)} to "
                f"{money(high, unit)}."
            )
        )
    blocks.append(
        Picture(
            figure=_picture(subject, result),
            caption="Every design tried: mean worth, and mean worth in the worst futures.",
        )
    )
    blocks.append(Grid(table=designs_table(subject, result)))
    blocks.append(Words(text=_how(result)))
    return Section(id="stress-two-stage", title="One plan for many futures", blocks=blocks)


def sheets(subject: Subject, result: TwoStage) -> list[Sheet]:
    """Figures, designs, frontier, and the worth of each design in each future."""
    unit, tables = subject.currency, result.tables()
    figures = DataTable(
        columns=[text("Figure"), amount("Value", unit), text("Meaning")],
        rows=[
            (figure_words(row["figure"]), number_or_none(row["value"]), row["meaning"])
            for row in tables["two_stage"].rows()
        ],
    )
    design_columns = [
        text("Design"),
        text("Opens"),
        amount("Mean", unit),
        amount("Worst futures", unit),
        amount("Least", unit),
        amount("Most", unit),
        amount("Fresh samples, mean", unit),
        amount("Fresh, 95 % from", unit),
        amount("Fresh, 95 % to", unit),
    ]
    design_keys = ("mean", "tail", "least", "most", "fresh_mean", "fresh_low", "fresh_high")
    design_rows = [
        tuple(
            place_words(subject.network, row[key]) if key == "opens" else number_or_none(row[key])
            for key in design_keys
        )
        for row in tables["designs"].rows()
    ]
    titles = {row.name: row.title for row in result.tried}
    frontier = DataTable(
        columns=[share("Weight on the worst", 0), text("Design"), amount("Mean", unit), amount("Worst futures", unit)],
        rows=[(row["weight"], titles[row["design"]], row["mean"], row["tail"]) for row in tables["frontier"].rows()],
    )
    names = [row.name for row in result.tried]
    futures = DataTable(
        columns=[
            text("Future"),
            text("World"),
            share("Probability", 2),
            share("Demand", 1),
            *(amount(titles[name], unit) for name in names),
        ],
        rows=[
            tuple(row[key] for key in ("future", "world", "probability", "level", *names))
            for row in tables["futures"].rows()
        ],
    )
    return [
        Sheet(name="Futures figures", title="What uncertainty is worth", table=figures, note=_how(result)),
        Sheet(name="Futures designs", title="Designs tried", table=DataTable(columns=design_columns, rows=design_rows)),
        Sheet(name="Futures frontier", title="Mean against the worst futures", table=frontier),
        Sheet(name="Futures", title="Worth of each design in each future", table=futures),
    ]


def figure_words(name: str) -> str:
    """A figure's name as a person writes it."""
    words = name.replace("_", " ")
    return words.upper() if len(words) <= 4 else words[0].upper() + words[1:]


def designs_table(subject: Subject, result: TwoStage) -> DataTable:
    """The designs on the frontier, the one for the mean future and the rivals' plans."""
    columns = [
        text("Design"),
        text("Opens"),
        text("Mean", is_tight=True),
        text("Worst futures", is_tight=True),
        text("Fresh samples, 95 %", is_tight=True),
    ]
    shown = {k for _, k in result.frontier} | {
        k for k, row in enumerate(result.tried) if not row.name.startswith(("future_", "all_futures"))
    }
    rows = []
    for k in sorted(shown, key=lambda k: -result.tried[k].mean):
        row = result.tried[k]
        mean, low, high = row.interval
        fresh = f"{amount_words(low)} to {amount_words(high)}" if isfinite(mean) else "–"
        opens = ", ".join(_names(subject, row.opens)) or "nothing new"
        rows.append((row.title, opens, amount_words(row.mean), amount_words(row.tail(result.tail)), fresh))
    return DataTable(columns=columns, rows=rows)


def _names(subject: Subject, ids: tuple[str, ...]) -> list[str]:
    names = {
        row.id: row.name for part in ("sites", "warehouses", "co_packers") for row in getattr(subject.network, part)
    }
    return [names.get(name, name) for name in ids]


def _answer(subject: Subject, result: TwoStage) -> str:
    opens = ", ".join(_names(subject, result.best.opens)) or "nothing new"
    words = f"Over {len(result.futures)} futures the best single design opens {opens}"
    careful = result.tried[result.frontier[-1][1]]
    if careful.opens == result.best.opens:
        return f"{words}; who looks at the worst futures only would open the same."
    other = ", ".join(_names(subject, careful.opens)) or "nothing new"
    return f"{words}; who looks at the worst futures only would open {other}."


def _how(result: TwoStage) -> str:
    limit = ""
    if isfinite(result.recourse_bound):
        limit = f" By proof no single design is worth more than {amount_words(result.recourse_bound)}."
    return (
        f"Demand of each market is off by a level that lasts: lognormal, mean 1, coefficient of variation "
        f"{result.demand_cv:.2f}, correlation {result.correlation:g} between markets; that the stated error of a week "
        f"lasts is an assumption. {result.samples} samples, seed {result.seed}, thinned to {len(result.futures)} "
        "futures by fast forward selection. Sites, lines and wheels are decided once, flows and people for each future "
        f"at the unit costs of the document's demand. The model was {METHOD_WORDS[result.method]}.{limit}"
    )


def _picture(subject: Subject, result: TwoStage) -> Figure:
    divisor, word = scale_of(*(row.mean for row in result.tried))
    best = {k for _, k in result.frontier}
    kinds = [
        ALL if row.name.startswith("all_futures") else FUTURE if row.name.startswith(("future_", "mean_")) else RIVAL
        for row in result.tried
    ]
    seen: set[tuple[str, ...]] = set()
    labels = []
    for k, row in enumerate(result.tried):
        is_new = k in best and row.opens not in seen
        labels.append((f"{len(row.opens)} new places" if len(row.opens) != 1 else "1 new place") if is_new else "")
        if is_new:
            seen.add(row.opens)
    unit = money_unit(subject.currency, word)
    points: dict[str, list[Any]] = {
        "x": [row.tail(result.tail) / divisor for row in result.tried],
        "y": [row.mean / divisor for row in result.tried],
        "kind": kinds,
        "label": labels,
    }
    panel = Panel(x_title=f"Worst {percent(result.tail, 0)} of futures, {unit}", y_title=f"Mean, {unit}", points=points)
    return scatter_panels(
        panels=[panel],
        colours={RIVAL: GREY, FUTURE: BLUE, ALL: TEAL},
        hollow=(FUTURE,),
        title="Mean and worst futures",
        description=f"{len(result.tried)} designs by mean worth and by worth in the worst futures.",
        side=380,
        table=designs_table(subject, result),
    )
