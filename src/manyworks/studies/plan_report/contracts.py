"""Contracts: take or leave, and what each adds."""

from __future__ import annotations

from manyworks.plan.money.contracts import contract_table
from manyworks.render.numbers import percent
from manyworks.render.page import Block, Grid, Section, Words
from manyworks.render.table import DataTable, amount, count, text
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count as counted
from manyworks.studies.plan_report.words import money_column


def section(subject: Subject) -> Section:
    """What becomes of every contract of the document under the recommended plan."""
    table = contract_table(subject.plan)
    left = int((table["answer"] == "left").sum())
    number = counted(len(table), "contract")
    verb = "is" if len(table) == 1 else "are"
    words = (
        f"{number} {verb} offered by the document: {len(table) - left} taken, {left} left. A "
        "contract is taken whole; what is signed and not delivered costs its penalty."
    )
    note = (
        "Adds: the plan with it less the plan without it, after tax, with sites, lines and what they run as planned. "
        "The command bid plans anew with and without one, and finds its lowest price, its earliest quarter and the "
        "chance that it is kept."
    )
    blocks: list[Block] = [Words(text=words), Grid(table=contracts_table(subject)), Words(text=note)]
    return Section(id="contracts", title="Contracts: take or leave, and what each adds", blocks=blocks)


def contracts_table(subject: Subject) -> DataTable:
    """One row for each contract; money as present values."""
    currency, rows = subject.currency, []
    found = list(contract_table(subject.plan).rows())
    money = [row[name] for row in found for name in ("revenue", "penalty", "one_off", "worth")]
    for row in found:
        share = percent(row["delivered"] / row["asked"], 0) if row["asked"] and row["answer"] != "left" else ""
        adds = None if row["worth"] != row["worth"] else row["worth"]
        costs = row["penalty"] + row["one_off"]
        window = f"{row['starts']} to {row['ends']}"
        rows.append(
            (row["name"], window, row["answer"], row["price"], row["asked"], share, row["revenue"], costs, adds)
        )
    columns = [
        text("Contract"),
        text("Window"),
        text("Answer", is_tight=True),
        amount("Price", f"{currency} a unit", decimals=4),
        count("Asked for", "units"),
        text("Delivered", is_tight=True),
        money_column("Revenue", money, currency),
        money_column("Penalty, one-off", money, currency),
        money_column("Adds", money, currency),
    ]
    return DataTable(columns=columns, rows=rows)
