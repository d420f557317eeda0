"""The screen in sentences: for the terminal and for the page alike."""

from __future__ import annotations

from manyworks.plan.case import CASES, CaseName
from manyworks.render.numbers import compact, money, percent, significant
from manyworks.studies.screen.assumptions import ASSUMPTIONS
from manyworks.studies.screen.factors import Factor
from manyworks.studies.screen.questions import BY_KEY
from manyworks.studies.screen.screening import Run, Screening, Turn
from manyworks.studies.screen.verdict import MEANING, WORDS, Verdict

SHOWN_RIVALS: tuple[CaseName, ...] = ("do_nothing", "central", "distributed", "best")
SHARES = ("growth", "duty_share", "micro_changeover_share")
THOUSANDS = 1e5
NO_RANGE = "A first answer without its range: leave out --quick to see how far it holds and what would flip it."


def summary(screening: Screening) -> str:
    """Verdict, range, what matters, what flips it, and what to do next."""
    lines = [headline(screening), "", gain_words(screening)]
    if not screening.runs:
        return "\n".join([*lines, NO_RANGE])
    lines += [range_words(screening), "", "What matters most:", *(f"  {words}" for words in effect_words(screening))]
    turns = [turn_words(turn, screening.network.finance.currency) for turn in screening.turns]
    return "\n".join([*lines, "", "What would flip it, moved alone:", *(f"  {words}" for words in turns)])


def headline(screening: Screening) -> str:
    """`Micro-factories pay: …`."""
    return f"{WORDS[screening.verdict]}: {MEANING[screening.verdict]}."


def gain_words(screening: Screening) -> str:
    """What it is worth, in the middle of the range."""
    currency = screening.network.finance.currency
    if screening.verdict == "not_for_you":
        alone = screening.plans["distributed"].npv - screening.plans["do_nothing"].npv
        return f"Going over to micro-factories altogether would change what you are worth by {money(alone, currency)}."
    best = screening.plans["central" if screening.verdict == "central" else "best"]
    gain = best.npv - screening.plans["do_nothing"].npv
    invested = -float(best.money.line("capex").sum())
    return f"Worth {money(gain, currency)} more than doing nothing (NPV), for {money(invested, currency)} invested."


def range_words(screening: Screening) -> str:
    """How often the verdict held, what else came out, and from where to where the gain goes."""
    runs, count = screening.runs, len(screening.runs)
    others = [f"{WORDS[name].lower()} in {n}" for name, n in tally(runs) if name != screening.verdict]
    words = f"Over the range it held in {screening.held} of {count} runs"
    words += f" (else: {', '.join(others)})" if others else ""
    gains = sorted(run.gain for run in runs)
    currency = screening.network.finance.currency
    ends = f"{money(gains[0], currency)} to {money(gains[-1], currency)}"
    return f"{words}. Micro-factories add {ends}; half of the runs stay below {money(gains[count // 2], currency)}."


def tally(runs: tuple[Run, ...]) -> list[tuple[Verdict, int]]:
    """Verdicts and how often they came out, the most frequent first."""
    found: dict[Verdict, int] = {}
    for run in runs:
        found[run.verdict] = found.get(run.verdict, 0) + 1
    return sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))


def effect_words(screening: Screening) -> list[str]:
    """`Freight, 0.05 to 0.12 …: USD 22 M for micro-factories`."""
    currency = screening.network.finance.currency
    return [
        f"{row.factor.words}, {bare(row.factor, row.factor.low)} to {figure(row.factor, row.factor.high, currency)}: "
        f"{money(abs(row.money), currency)} {'for' if row.money > 0 else 'against'} micro-factories"
        for row in screening.matters_most
    ]


def turn_words(turn: Turn, currency: str) -> str:
    """`Freight below about 0.04 … (now 0.08): stay central`."""
    now = figure(turn.factor, turn.factor.now, currency)
    if turn.value is None or turn.verdict is None:
        low, high = (figure(turn.factor, end, currency) for end in (turn.factor.least, turn.factor.most))
        return f"{turn.factor.words} (now {now}): nothing from {low} to {high} does."
    side = "above" if turn.value > turn.factor.now else "below"
    there = figure(turn.factor, turn.value, currency)
    return f"{turn.factor.words} {side} about {there} (now {now}): {WORDS[turn.verdict].lower()}."


def figure(factor: Factor, value: float, currency: str) -> str:
    """A value of a factor with its unit."""
    if factor.key in SHARES:
        return percent(value)
    return f"{bare(factor, value)} {factor.unit.replace('money', currency)}"


def bare(factor: Factor, value: float) -> str:
    """A value without its unit, to two digits: a screen knows no more."""
    if factor.key in SHARES:
        return percent(value)
    rounded = float(f"{value:.2g}")
    return compact(rounded, 2) if rounded >= THOUSANDS else significant(rounded, 2)


ASSUMED = "assumption"


def basis_rows(screening: Screening, ranges: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Every answer, then every assumption: words, value, range where there is one, and where it is from."""
    currency = screening.network.finance.currency
    rows = [
        (row.words, _answer(screening.answers[key], row.unit, currency), ranges.get(key, ""),
         "your answer" if screening.answers[key] != row.default else row.source or ASSUMED)
        for key, row in BY_KEY.items()
    ]  # fmt: skip
    return rows + [
        (row.words, _answer(row.value, row.unit, currency), ranges.get(row.key, ""), row.source or ASSUMED)
        for row in ASSUMPTIONS
    ]


def _answer(value: float | str, unit: str, currency: str) -> str:
    return value if isinstance(value, str) else f"{value:,.12g} {unit.replace('money', currency)}"


def rival_rows(screening: Screening) -> list[tuple[str, float, float, float, float]]:
    """Title, npv, gain over doing nothing, investment and proven gap of each rival."""
    base = screening.plans["do_nothing"].npv
    return [
        (CASES[name].title, plan.npv, plan.npv - base, -float(plan.money.line("capex").sum()), plan.gap)
        for name in SHOWN_RIVALS
        if (plan := screening.plans.get(name)) is not None
    ]
