"""How sure the answer is: gap, bound, checks, and what is needed to repeat it; then the words used."""

from __future__ import annotations

from manyworks.render.numbers import compact, number, percent
from manyworks.render.page import Block, Bullets, Grid, Section, Terms, Words
from manyworks.render.table import DataTable, text
from manyworks.render.table import count as numeric
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count, fine_money

STATUS = {
    "optimal": "solved to the end",
    "gap_reached": "solved to the gap asked for",
    "search_ended": "searched to the end, gap above the one asked for",
    "time_limit": "stopped by the time limit",
    "interrupted": "stopped by hand",
}
MOST_PROBLEMS = 10
WORDS = (
    ("Big plant, micro-factory", "A large factory that serves many markets from afar; a small one near its customers."),
    ("Bound, proven gap", "No plan of this model can be worth more than the bound. The gap is what might be missed."),
    ("Changeover", "What a line does between two products: cleaning, setting, first good unit."),
    ("Discounted", "Worth today: money next year counts less than money now."),
    ("Co-packer", "A company that makes our goods for a fee, under contract."),
    ("Duty", "Tax on goods that cross a border."),
    ("Internal rate of return", "The discount rate at which the plan would be worth nothing."),
    ("Landed cost", "Everything it costs until a unit is with the customer, capital included."),
    ("Line", "Machines that make one product at a time, bought and counted as a whole."),
    ("Market", "A place where customers are, here with all their demand together."),
    ("Net present value (NPV)", "All income less all spending, discounted: what the plan is worth today."),
    ("Payback, discounted", "When discounted income has paid back discounted spending for good."),
    ("Peak funding", "The most money that is out at any time before it comes back."),
    ("Ramp", "The first quarters of a new site, in which it makes less than later."),
    ("Safety, cycle, season stock", "Stock against surprises; between two deliveries; made early for the season."),
    ("Standing up", "From the decision to the first good product: permit, machines, people, approval."),
    ("Terminal value", "What the network earns after the last planned year, counted once and shown apart."),
    ("Upgrade", "A change that makes a line that stands better: quicker, with shorter changeovers, or longer."),
    ("Working capital", "Money bound in stock and unpaid bills."),
)
"""Words that the page uses and a newcomer may not know."""


def section(subject: Subject) -> Section:
    """Proof, provenance and glossary."""
    problems = subject.problems
    checked = (
        "The finished plan was checked without the solver: balances, capacities, people, rules and money agree."
        if not problems
        else f"The check of the finished plan found {count(len(problems), 'problem')}; do not use it yet:"
    )
    blocks: list[Block] = [
        Words(text="The gap says how much better another plan of the same model could be at most."),
        Grid(table=proof_table(subject)),
        Words(text=checked),
    ]
    if problems:
        rest = len(problems) - MOST_PROBLEMS
        more = [f"and {number(rest)} more"] if rest > 0 else []
        blocks.append(Bullets(items=[*problems[:MOST_PROBLEMS], *more]))
    blocks += [Grid(table=provenance_table(subject)), Words(text="The words of this page:"), Terms(items=WORDS)]
    return Section(id="proof", title="How sure this is, and the words used", blocks=blocks)


def proof_table(subject: Subject) -> DataTable:
    """Each rival with its bound, gap, status and time."""
    rows = [
        (plan.case.title, STATUS[plan.status], fine_money(plan.npv), fine_money(plan.bound), compact(plan.gap_money),
         percent(plan.gap, 2), f"{number(plan.seconds, 1)} s")
        for plan in subject.comparison.plans.values()
    ]  # fmt: skip
    money = subject.currency
    columns = [
        text("Rival"), text("Search"), *(numeric(title, money) for title in ("NPV", "Bound", "Gap")),
        numeric("Gap", "of costs"), numeric("Solved in", ""),
    ]  # fmt: skip
    return DataTable(columns=columns, rows=rows)


def provenance_table(subject: Subject) -> DataTable:
    """What must be the same for the same answer."""
    plan, finance = subject.plan, subject.network.finance
    rows = [
        ("Document", subject.network.name),
        ("Hash of the document", plan.input_hash),
        ("Version of manyworks", plan.version),
        ("Seed", str(plan.seed)),
        ("Planned periods", f"{plan.periods[0].name} to {plan.periods[-1].name}, {len(plan.periods)} steps"),
        ("Discount rate, tax rate", ", ".join(percent(rate) for rate in (finance.discount_rate, finance.tax_rate))),
    ]  # fmt: skip
    return DataTable(
        columns=[text("To repeat this"), text("")], rows=rows + [("Note", note) for note in plan.log[-1:] if note]
    )
