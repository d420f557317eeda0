"""One page: the verdict, its range, what moves it, what flips it, and what it rests on."""

from __future__ import annotations

from manyworks import __version__
from manyworks.model.document.hashes import input_hash
from manyworks.render.bars import bar_chart
from manyworks.render.figure import Figure
from manyworks.render.numbers import money, percent, signed
from manyworks.render.page import Block, Bullets, Fact, Facts, Grid, Page, Picture, Section, Words
from manyworks.render.table import DataTable, amount, share, text
from manyworks.render.theme import BLUE, LIGHT_GREY
from manyworks.studies.plan_report.words import money_column
from manyworks.studies.screen import words
from manyworks.studies.screen.assumptions import ASSUMPTIONS
from manyworks.studies.screen.factors import Factor, uncertain_factors
from manyworks.studies.screen.questions import QUESTIONS
from manyworks.studies.screen.screening import Screening
from manyworks.studies.screen.verdict import WORDS


def screen_page(screening: Screening) -> Page:
    """The whole page."""
    finance = screening.network.finance
    return Page(
        title=screening.network.name,
        subtitle=f"A first answer from fifteen answers, to decide whether a closer look is worth it. Money is "
        f"{finance.currency}, after tax, inflation left out; future money is discounted at "
        f"{percent(finance.discount_rate)} a year.",
        sections=[part(screening) for part in (PARTS if screening.runs else (_answer, _basis))],
        footer=f"manyworks {__version__} · document {input_hash(screening.network)} · seed {screening.seed}.",
    )


def _answer(screening: Screening) -> Section:
    currency = screening.network.finance.currency
    rows = words.rival_rows(screening)
    columns = [
        text("Rival"), money_column("Net present value", [row[1] for row in rows], currency),
        money_column("Against doing nothing", [row[2] for row in rows], currency),
        money_column("Investment", [row[3] for row in rows], currency), share("Proven gap", 2),
    ]  # fmt: skip
    facts = [
        Fact(label="Verdict", value=WORDS[screening.verdict], note=_held(screening)),
        Fact(label="Best plan against doing nothing", value=money(screening.gain, currency), note="net present value"),
    ]
    if screening.effects:
        factor = screening.effects[0].factor
        facts.append(Fact(label="Matters most", value=factor.words, note=factor.unit.replace("money", currency)))
    blocks: list[Block] = [
        Words(text=words.headline(screening), is_key=True),
        Facts(items=facts),
        Words(text=words.gain_words(screening)),
        Grid(table=DataTable(columns=columns, rows=rows)),
    ]
    return Section(id="answer", title="Is this for you?", blocks=blocks)


def _held(screening: Screening) -> str:
    count = len(screening.runs)
    return f"held in {screening.held} of {count} runs" if count else "without its range"


def _range(screening: Screening) -> Section:
    return Section(
        id="range",
        title="How sure is that?",
        blocks=[
            Words(text=words.range_words(screening)),
            Words(
                text="Each run solves the network again with every uncertain input at its low or its high end; which "
                "ends meet is dealt so that no input's effect is mistaken for another's or for that of two together."
            ),
            Picture(figure=_effects(screening), caption=_caption(screening)),
        ],
    )


def _caption(screening: Screening) -> str:
    return f"What micro-factories gain, {screening.network.finance.currency}, when an input goes from low to high."


def _effects(screening: Screening) -> Figure:
    currency = screening.network.finance.currency
    rows = [row for row in screening.effects if row.money]
    named = [f"{row.factor.words} ({_ends(row.factor)})" for row in rows]
    texts = [signed(row.money) for row in rows]
    table = DataTable(
        columns=[text("Input"), amount("Effect on micro-factories", currency, decimals=0)],
        rows=[(name, row.money) for name, row in zip(named, rows, strict=True)],
    )
    shown = len(screening.matters_most)
    return bar_chart(
        names=named,
        values=[row.money for row in rows],
        texts=texts,
        colours=[BLUE if k < shown else LIGHT_GREY for k in range(len(rows))],
        title="Effect of each uncertain input",
        description="; ".join(f"{name}: {value}" for name, value in zip(named, texts, strict=True)),
        table=table,
        width=440,
    )


def _ends(factor: Factor) -> str:
    """`0.048 to 0.12`."""
    return f"{words.bare(factor, factor.low)} to {words.bare(factor, factor.high)}"


def _flips(screening: Screening) -> Section:
    currency = screening.network.finance.currency
    return Section(
        id="flips",
        title="What would flip it?",
        blocks=[
            Words(text="The three inputs that matter most, each moved alone until the best plan is another one:"),
            Bullets(items=[words.turn_words(turn, currency) for turn in screening.turns]),
        ],
    )


def _basis(screening: Screening) -> Section:
    ranges = {factor.key: _ends(factor) for factor in uncertain_factors(screening.answers)}
    rows = words.basis_rows(screening, ranges)
    columns = [text("Input"), text("Value"), text("Looked at from, to"), text("Where from")]
    unsourced = sum(row[3] == words.ASSUMED for row in rows)
    return Section(
        id="basis",
        title="What it rests on",
        blocks=[
            Words(
                text=f"All {len(rows)} numbers: {len(QUESTIONS)} answers and {len(ASSUMPTIONS)} beside them. "
                f"{unsourced} are assumptions without a source, to be replaced; an input without a range was not moved."
            ),
            Grid(table=DataTable(columns=columns, rows=rows), is_dense=True),
            Words(
                text=f"Customers are gathered in {len(screening.network.markets)} places, by people: US metropolitan "
                "areas (Census Bureau, July 2023) or countries at their capitals (GeoNames). Every place pays the same "
                "wage, and materials cost the same everywhere; what is not named here is as documents have it when "
                "they say nothing. A closer look replaces each of these. Save the document (--save), put your numbers "
                "in, and plan it."
            ),
        ],
    )


PARTS = (_answer, _range, _flips, _basis)
"""In the order in which somebody who decides would ask."""
