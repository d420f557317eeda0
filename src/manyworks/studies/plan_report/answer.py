"""What to do: the recommendation, why, and the four numbers that matter."""

from __future__ import annotations

from manyworks.render.numbers import money, percent
from manyworks.render.page import Block, Bullets, Fact, Facts, Notice, Section, Words
from manyworks.studies.plan_report.first_steps import headline
from manyworks.studies.plan_report.flips import change_words
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count, days, duration, listed

LEFT = 0.005
"""Share of demand not received that is worth a warning; less is damage on the way."""


CUT = {
    "search_ended": "This is the best plan that was found",
    "time_limit": "This is the best plan found before time ran out",
    "interrupted": "This is the best plan found before the search was stopped",
}
"""States of a plan whose gap is not the one asked for, and what to say of it."""


def section(subject: Subject) -> Section:
    """The first thing that the reader sees."""
    comparison = subject.comparison
    blocks: list[Block] = [
        Words(text=comparison.recommendation, is_key=True),
        Words(text=comparison.why),
        Facts(items=[_worth(subject), _investment(subject), _payback(subject), _service(subject)]),
        Bullets(items=[_first_step(subject), *_nearest_flip(subject)]),
        *_warnings(subject),
    ]
    return Section(id="answer", title="What to do", blocks=blocks)


def _first_step(subject: Subject) -> str:
    steps = subject.comparison.first_steps
    words = headline(subject) if steps.actions else f"{steps.headline[0].upper()}{steps.headline[1:]}."
    return f"First step: {words[0].lower() if steps.actions else words[0]}{words[1:]}"


def _nearest_flip(subject: Subject) -> list[str]:
    """The two changes that would turn the answer soonest."""
    near = [flip for flip in subject.comparison.flips if flip.change is not None and abs(flip.change) <= 1][:2]
    if not near:
        return []
    words = [f"{flip.title.lower()} {change_words(flip.change or 0.0)}" for flip in near]
    return [
        f"The answer would turn soonest with {' or with '.join(words)}; “What would change the answer” lists the rest."
    ]


def _worth(subject: Subject) -> Fact:
    more = subject.incremental
    if more is None:
        label = "Worth of doing nothing (NPV)" if not subject.is_change else "Worth of the plan (NPV)"
        return Fact(label=label, value=money(subject.plan.npv, subject.currency), note=_terminal_note(subject, False))
    return Fact(
        label="Worth more than doing nothing (NPV)",
        value=money(more.npv, subject.currency),
        note=_terminal_note(subject, True),
    )


def _terminal_note(subject: Subject, is_difference: bool) -> str:
    more = subject.incremental
    value = more.terminal_value if is_difference and more is not None else subject.plan.money.terminal_value
    if not value:
        return "nothing is counted after the last planned year"
    return f"of which {money(value, subject.currency)} after the last planned year"


def _investment(subject: Subject) -> Fact:
    capex = -float(subject.plan.money.line("capex").sum())
    more = subject.incremental
    peak = (subject.plan.money if more is None else more).peak_funding
    if not peak.amount:
        return Fact(label="Investment", value=money(capex, subject.currency), note="never more spent than earned back")
    note = f"peak funding {money(peak.amount, subject.currency)}, {duration(peak.years)} after the start"
    return Fact(label="Investment", value=money(capex, subject.currency), note=note)


def _payback(subject: Subject) -> Fact:
    more = subject.incremental
    if more is None and not subject.is_change:
        return Fact(label="Payback", value="–", note="nothing is invested beyond today's network")
    source = subject.plan.money if more is None else more
    rate = source.internal_rate
    note = f"internal rate of return {percent(rate.value)} a year" if rate.value is not None else rate.note
    if source.payback_years is None:
        return Fact(label="Payback, discounted", value=f"not by the end of {subject.last_year}", note=note)
    return Fact(
        label="Payback, discounted", value=duration(source.payback_years), note=f"from the start of the plan; {note}"
    )


def _service(subject: Subject) -> Fact:
    service, before = subject.service, subject.base_service
    parts = [] if before is None else [f"today's network: {days(before.days)}"]
    if subject.has_promises:
        parts.append(f"{percent(service.share_in_time, 0)} of demand met within the promised days")
    return Fact(label="Days to the customer, mean", value=days(service.days), note="; ".join(parts))


def _warnings(subject: Subject) -> list[Notice]:
    """What would mislead if it stood only further down."""
    notices = []
    verdict, finance = subject.comparison.verdict, subject.network.finance
    if subject.problems:
        text = "The check of the finished plan failed: do not use it before “How sure this is” is understood."
        notices.append(Notice(word="Not a valid plan.", text=text))
    if verdict.action == "too_close":
        notices.append(Notice(word="Too close to call.", text="The proven gaps of the two best answers overlap."))
    unmet = 1 - subject.service.share_served
    if unmet > LEFT:
        text = f"{percent(unmet)} of the demand of {subject.last.name} is left, because serving it does not pay or fit."
        notices.append(Notice(word="Not all demand is served.", text=text))
    if subject.plan.status in CUT:
        text = f"{CUT[subject.plan.status]}; its proven gap is {percent(subject.plan.gap, 2)} of the costs."
        notices.append(Notice(word="A better plan may exist.", text=text))
    cut = [plan.case.title for plan in subject.comparison.plans.values() if plan.status in CUT]
    if cut and subject.plan.case.title not in cut:
        text = f"{listed(cut)} ended before the gap asked for; “The rivals side by side” says what may be missed."
        notices.append(Notice(word="Not every rival was solved to the end.", text=text))
    assumed = sum(row.basis == "assumption" for row in subject.network.evidence)
    if assumed:
        text = f"{count(assumed, 'entry', 'entries')} of the document are assumptions; “What this rests on” lists them."
        notices.append(Notice(word="Rests on assumptions.", text=text))
    if finance.terminal_years is None or not finance.terminal_years:
        return notices
    more = subject.incremental
    if more is not None and more.npv > 0 > more.npv - more.terminal_value:
        text = "Without the value after the last planned year it would not be worth doing."
        notices.append(Notice(word="Pays only in the long run.", text=text))
    return notices
