"""Building in steps as demand shows, against committing now."""

from __future__ import annotations

from manyworks.plan.stress.staging import Lead, Staging
from manyworks.render.numbers import money, percent
from manyworks.render.page import Block, Grid, Section, Words
from manyworks.render.table import DataTable, amount, count, text
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.stress.words import amount_words, number_or_none, place_words
from manyworks.studies.plan_report.subject import Subject


def section(subject: Subject, result: Staging) -> Section:
    """The answer, the table, and what is assumed."""
    blocks: list[Block] = [Words(text=_answer(subject, result), is_key=True)]
    if result.leads:
        blocks.append(Grid(table=staging_table(result)))
    blocks.append(Words(text=_how(result)))
    return Section(id="stress-staging", title="What a fast stand-up is worth when demand is uncertain", blocks=blocks)


def sheets(subject: Subject, result: Staging) -> list[Sheet]:
    """One row for each stand-up time, with bounds."""
    unit = subject.currency
    columns = [
        count("Stand-up", "quarters"),
        amount("Commit now", unit),
        amount("Commit now, at most", unit),
        amount("In steps", unit),
        amount("In steps, at most", unit),
        amount("Option value", unit),
        amount("Option value, at least", unit),
        amount("Option value, at most", unit),
        amount("If demand were certain", unit),
        amount("Certain, at most", unit),
        text("Commit opens"),
        text("Steps open"),
    ]
    rows = [
        tuple(place_words(subject.network, cell) if isinstance(cell, str) else number_or_none(cell) for cell in values)
        for values in (row.values() for row in result.tables()["staging"].rows())
    ]
    return [
        Sheet(
            name="Staging",
            title="Decide in steps or commit now",
            table=DataTable(columns=columns, rows=rows),
            note=_how(result),
        )
    ]


def staging_table(result: Staging) -> DataTable:
    """One row for each stand-up time."""
    columns = [
        text("Stand-up"),
        text("Demand certain", is_tight=True),
        text("Commit now", is_tight=True),
        text("Decide in steps", is_tight=True),
        text("Option value", is_tight=True),
        text("Proven between", is_tight=True),
    ]
    return DataTable(columns=columns, rows=[_row(row) for row in result.leads])


def _row(row: Lead) -> tuple[str, ...]:
    low, high = row.interval
    return (
        f"{row.quarters} quarter{'' if row.quarters == 1 else 's'}",
        amount_words(row.certain.npv),
        amount_words(row.commit.npv),
        amount_words(row.steps.npv),
        amount_words(max(row.option_value, 0.0)),
        f"{amount_words(low)} and {amount_words(high)}",
    )


def _answer(subject: Subject, result: Staging) -> str:
    if not result.leads:
        return "No stand-up time was solved to its end."
    words = [
        f"with a stand-up of {row.quarters} quarter{'' if row.quarters == 1 else 's'} it is worth "
        f"{money(max(row.option_value, 0.0), subject.currency)} to build in steps as demand shows"
        for row in result.leads
    ]
    text_ = "; ".join(words)
    text_ = text_[0].upper() + text_[1:] + "."
    if result.speed is not None:
        certain, steps = (money(value, subject.currency) for value in result.speed)
        fast, slow = result.leads[0].quarters, result.leads[-1].quarters
        text_ += f" Standing up in {fast} instead of {slow} quarters is worth {steps}; were demand certain, {certain}."
    return text_


def _how(result: Staging) -> str:
    looks = " and ".join(f"after quarter {quarter}" for quarter in result.looks)
    source = "an assumption" if result.is_spread_assumed else "from the document's uncertainty and correlation"
    places = (
        ""
        if result.is_whole
        else " Only places that some rival's plan uses are considered; values and proofs speak of these."
    )
    return (
        f"Demand turns out low, middle or high (1/4, 1/2, 1/4) {looks} and stays so; by the last look its standard "
        f"deviation is {percent(result.spread, 0)} of its mean, {source}. Committing now fixes all sites and lines of "
        "all quarters at the start; in steps, a site that starts in a quarter may be decided its stand-up time before, "
        "a line its lead time before, with what is known then. Every new site stands up equally fast. The tree "
        f"is solved as one model; the interval follows from the proven bounds of both solves.{places}"
    )
