"""One page for who has to answer a customer: sign or not, from when, at what price, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from manyworks import __version__
from manyworks.model.document.hashes import input_hash
from manyworks.plan.bid.answer import Bid, CaseBid
from manyworks.plan.bid.words import built_words, chance_words, terms_words, unserved_words
from manyworks.plan.case import CASES
from manyworks.render.numbers import money, number, percent
from manyworks.render.page import Block, Bullets, Fact, Facts, Grid, Notice, Page, Section, Words, render_page
from manyworks.render.table import Column, DataTable, amount, count, text
from manyworks.studies.plan_report.words import money_column

ADVICE = {
    "sign": "sign as stated",
    "sign_later": "sign, from a later quarter",
    "decline": "do not sign at this price",
    "too_close": "too close to call",
    "cannot": "cannot be kept",
}


def write_bid_report(bid: Bid, folder: Path | str) -> Path:
    """Write ``bid.html`` into ``folder``, which is made when it is not there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "bid.html"
    page.write_text(render_page(bid_page(bid)), encoding="utf-8")
    return page


def bid_page(bid: Bid) -> Page:
    """The whole page."""
    finance = bid.network.finance
    return Page(
        title=f"Bid: {bid.contract.name}",
        subtitle=f"{bid.network.name}. {terms_words(bid)}. Money is {finance.currency} of {finance.price_year}, after "
        f"tax, inflation left out; future money is discounted at {finance.discount_rate:.1%} a year.",
        sections=[_answer(bid), _cases(bid), _delivery(bid), _effects(bid), _chance(bid), _basis(bid)],
        footer=f"manyworks {__version__} · document {input_hash(bid.network)} · seed {bid.seed}.",
    )


def _answer(bid: Bid) -> Section:
    blocks: list[Block] = [Words(text=bid.recommendation, is_key=True), Facts(items=_facts(bid)), *_warnings(bid)]
    return Section(id="answer", title="Sign or not", blocks=blocks)


def _facts(bid: Bid) -> list[Fact]:
    answer, currency = bid.answer, bid.network.finance.currency
    case = answer.without.case.title
    if answer.offer is None or answer.earliest is None:
        short = number(sum(answer.asked.short))
        return [Fact(label="Cannot be delivered", value=f"{short} units", note=f"{case}: even when served first")]
    least, most = (money(value, currency) for value in answer.value_range)
    facts = [
        Fact(label="Worth of signing (NPV)", value=money(answer.value, currency), note=f"proven: {least} to {most}"),
        _lowest_price(bid),
        Fact(
            label="First period in full",
            value=answer.earliest.name,
            note="as stated" if answer.is_on_time else f"stated: {bid.contract.starts}",
        ),
    ]
    if bid.chance is not None:
        low, high = percent(bid.chance.low, 0), percent(bid.chance.high, 0)
        note = f"95 % interval {low} to {high}, {bid.chance.samples} futures"
        facts.append(Fact(label="Chance that it is kept", value=percent(bid.chance.share, 0), note=note))
    return facts


def _lowest_price(bid: Bid) -> Fact:
    """The price from which on it pays, or from which on that is proven, where the gaps hide it."""
    answer, currency = bid.answer, bid.network.finance.currency
    cheap, dear = answer.lowest_price_range
    stated = f"stated: {bid.contract.price:,.4g}"
    if answer.lowest_price > 0 or dear <= 0:
        note = f"a unit; between {cheap:,.4f} and {dear:,.4f} by the proven gaps; {stated}"
        return Fact(label="Lowest price that pays", value=f"{currency} {answer.lowest_price:,.4f}", note=note)
    note = f"a unit; below, the gaps of the plans hide the lowest price; {stated}"
    return Fact(label="Price from which it surely pays", value=f"{currency} {dear:,.4f}", note=note)


def _warnings(bid: Bid) -> list[Notice]:
    notices = []
    answer = bid.answer
    if not answer.is_on_time and answer.offer is not None:
        short = sum(answer.asked.short)
        worth = money(answer.value_as_asked, bid.network.finance.currency)
        text_ = f"Signed as stated, {number(short)} units are short even when it is served first, and it adds {worth}."
        notices.append(Notice(word="Not from the start.", text=text_))
    if bid.network.finance.terminal_years and answer.asked.asked[-1] > 0:
        text_ = "It runs in the last planned year, which the terminal value repeats: as if renewed on the same terms."
        notices.append(Notice(word="Counted beyond the plan.", text=text_))
    if problems := [str(issue) for issue in bid.check()]:
        notices.append(Notice(word="Not a valid answer.", text="; ".join(problems)))
    return notices


def _cases(bid: Bid) -> Section:
    currency = bid.network.finance.currency
    values = [value for answer in bid.answers.values() for value in (answer.value, *answer.value_range)]
    columns = [
        text("What may be changed"),
        text("Answer"),
        text("In full from", is_tight=True),
        *(money_column(title, values, currency) for title in ("Adds", "at least", "at most")),
        amount("Lowest price", f"{currency} a unit", decimals=4),
        amount("Surely pays from", f"{currency} a unit", decimals=4),
    ]
    rows = [_case_row(answer) for answer in bid.answers.values()]
    blocks: list[Block] = [
        Words(
            text="Each case was solved with the contract and without it. Least and most count the proven gaps of both."
        ),
        Grid(table=DataTable(columns=columns, rows=rows)),
    ]
    if bid.absent:
        blocks.append(Bullets(items=[f"{CASES[name].title}: absent, {reason}." for name, reason in bid.absent.items()]))
    return Section(id="cases", title="What it is worth, and from what price on", blocks=blocks)


def _case_row(answer: CaseBid) -> tuple[object, ...]:
    title, advice = answer.without.case.title, ADVICE[answer.advice]
    if answer.offer is None or answer.earliest is None:
        return (title, advice, *(None,) * 6)
    # A price of 0 that the gaps hide is no price: the cell stays empty, the next one says what is proven.
    cheap, dear = answer.lowest_price, answer.lowest_price_range[1]
    price = cheap if cheap > 0 or dear <= 0 else None
    return (title, advice, answer.earliest.name, answer.value, *answer.value_range, price, dear)


def _delivery(bid: Bid) -> Section:
    asked = bid.answer.asked
    rows = [
        (period.name, units, units - short, short)
        for period, units, short in zip(asked.plan.periods, asked.asked, asked.short, strict=True)
        if units > 0
    ]
    columns = [
        text("Period", is_tight=True),
        count("Asked for", "units"),
        count("Can be delivered", "units"),
        count("Short", "units"),
    ]
    words = "The contract as it is stated, served before everybody else:"
    blocks: list[Block] = [Words(text=words), Grid(table=DataTable(columns=columns, rows=rows), is_dense=True)]
    return Section(id="delivery", title="What can be delivered", blocks=blocks)


def _effects(bid: Bid) -> Section:
    answer = bid.answer
    blocks: list[Block] = []
    if len(answer.built):
        columns = [text("Place"), text("What"), count("Number"), text("Period", is_tight=True)]
        rows = [(row["name"], row["what"], row["count"], row["period"]) for row in answer.built.rows()]
        blocks += [Words(text="Built, added, moved or closed because of it:"), _grid(columns, rows)]
    else:
        blocks.append(Words(text=_sentence(built_words(answer))))
    if len(answer.unserved):
        columns = [text("Market"), text("Product"), count("Units left", "in all periods")]
        lost = [(row["name"], row["product"], row["units"]) for row in answer.unserved.rows()]
        blocks += [Words(text="Served less because of it:"), _grid(columns, lost)]
    else:
        blocks.append(Words(text=_sentence(unserved_words(answer))))
    return Section(id="effects", title="What it takes, and from whom", blocks=blocks)


def _grid(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> Grid:
    return Grid(table=DataTable(columns=columns, rows=rows), most=20, is_dense=True)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _chance(bid: Bid) -> Section:
    title = "With what chance it is kept"
    if bid.chance is None:
        return Section(id="chance", title=title, blocks=[Words(text="No chance was asked for, or it cannot be kept.")])
    left = number(bid.chance.others_unserved)
    blocks: list[Block] = [
        Words(text=_sentence(chance_words(bid))),
        Words(text=f"In the mean {left} units of other customers are left beyond those that the plan leaves."),
        Bullets(items=bid.chance.assumptions),
    ]
    return Section(id="chance", title=title, blocks=blocks)


def _basis(bid: Bid) -> Section:
    plans = [plan for answer in bid.answers.values() for plan in (answer.without, answer.asked.plan)]
    names = [name for _ in bid.answers for name in ("without", "with, as stated")]
    shown = [
        (plan.case.title, name, plan.npv, plan.bound, percent(plan.gap, 3))
        for plan, name in zip(plans, names, strict=True)
    ]
    currency = bid.network.finance.currency
    values = [plan.npv for plan in plans]
    columns = [
        text("Case"),
        text("Contract"),
        money_column("NPV", values, currency),
        money_column("Bound", values, currency),
        text("Gap", is_tight=True),
    ]
    assumed = sum(row.basis == "assumption" for row in bid.network.evidence)
    words = (
        "Every plan was recomputed without the solver. The contract's goods are made in the period in which they are "
        f"delivered and travel with those of its market; {assumed} entries of the document are assumptions."
    )
    return Section(id="basis", title="How sure this is", blocks=[Words(text=words), _grid(columns, shown)])
