"""Measure the claims on the examples and write the page about them.

    python tools/write_claims.py docs/explanation/claims.md examples/first_network examples/tariffs …

Takes half an hour for each large example. What is finished is kept in out/claims, so that a stopped run goes on there.
Of large documents the best mix is planned once, not for every claim. `make claims` runs it on all examples.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from manyworks import __version__
from manyworks.model.document import load_network
from manyworks.plan.case import CASES
from manyworks.render.numbers import MINUS, number, signed
from manyworks.studies.claims.claim import CLAIMS
from manyworks.studies.claims.measure import ClaimsRun, Measured, measure_claims

HEAD = """# What the claims for small plants are worth

<!-- Written by tools/write_claims.py from runs; `make claims` writes it again. -->

Thirteen things are said for making goods in many small places, and reliability. Each is measured on the examples: the
document is planned centrally, distributed and as the best mix, then the one fact behind the claim is taken out of the
document, and everything is planned again. **Worth** is the lead of the distributed network over the central one that
goes away with it, in present value of after-tax money; a negative worth says that the claim speaks for the central
plant there. Claims overlap, so their worths do not add up. *Proven* means that the gaps of all four plans together
cannot turn the sign; *holds* that the plans found say so. A worth below {nothing} % of the central plan's costs is no
difference. Outages are not part of a plan: reliability is the expected cost of all stated outages at the central plan
less that at the distributed one, with both plans as they are.

The figures are those of the examples, with all their assumptions (each example's `evidence.csv`), and not of your
network: `manyworks claims PATH` measures yours.

Measured on {date} with manyworks {version}.
"""


LARGE = 5_000
"""Sites × markets × products from which the best mix is planned once only."""
KEPT = Path("out/claims")


def main(page: Path, folders: Sequence[Path]) -> None:
    """Write the page."""
    runs = [measured(folder) for folder in folders]
    text = [HEAD.format(date=datetime.now(tz=UTC).date(), version=__version__, nothing=0.05), *map(leads, runs)]
    text.append("## Claim by claim\n")
    text += [chapter(name, runs) for name in CLAIMS]
    page.write_text("\n".join(text), encoding="utf-8")


def measured(folder: Path) -> ClaimsRun:
    """The claims on one document, said on the terminal as they are found."""
    network = load_network(folder)
    is_large = len(network.sites) * len(network.markets) * len(network.products) >= LARGE
    run = measure_claims(network, with_best=not is_large, folder=KEPT / folder.name)
    sys.stdout.write(f"{run.summary()}\n\n")
    return run


def leads(run: ClaimsRun) -> str:
    """Who is ahead on this document, and the claims by their worth."""
    lead, currency = run.lead, run.comparison.network.finance.currency
    rows = sorted(run.measured.values(), key=lambda row: -row.worth)
    table = "\n".join(
        f"| {row.claim.title} | {signed(row.worth)} | {between(row)} | {signed(row.worth_best)} | {row.verdict} |"
        for row in rows
    )
    silent = "; ".join(f"{CLAIMS[name].title.lower()} ({reason})" for name, reason in run.absent.items())
    return f"""## {run.comparison.network.name}

Distributed is {signed(lead.distributed)} {currency} against central (proven: between {signed(lead.least)} and
{signed(lead.most)}), the best mix {signed(lead.best)}. Recommended: {CASES[run.comparison.recommended].title.lower()}.

| claim | worth, {currency} | proven between | worth for the best mix | verdict |
| --- | ---: | ---: | ---: | --- |
{table}

{f"Silent about: {silent}." if silent else "Speaks about every claim."}
"""


def between(row: Measured) -> str:
    """The range that is proven."""
    is_proven = abs(row.least) != float("inf")
    return f"{signed(row.least)} and {signed(row.most)}" if is_proven else "not proven"


def chapter(name: str, runs: Sequence[ClaimsRun]) -> str:
    """One claim: what is said, and what each example says to it."""
    claim = CLAIMS[name]
    told = [(run.comparison.network.name, run.measured[name]) for run in runs if name in run.measured]
    lines = [f"### {claim.title}", "", f"*{claim.statement}*", ""]
    lines += [f"* **{document}**: {row.verdict}, {worth(row)}." for document, row in told]
    if not told:
        lines.append("No example speaks about it.")
    holds = [document for document, row in told if row.verdict.startswith("holds")]
    against = [document for document, row in told if row.verdict.startswith("works against")]
    lines += ["", f"Holds in: {', '.join(holds) or 'none'}. Works against in: {', '.join(against) or 'none'}.", ""]
    return "\n".join(lines)


def worth(row: Measured) -> str:
    """Money and figure of one claim on one document."""
    words = [f"worth {signed(row.worth)}", f"its cost lines differ by {signed(row.lines)} in the plans as they are"]
    figure = row.claim.figure
    if figure is not None:
        one, two = (amount(value) for value in (row.figure_central, row.figure_distributed))
        words.append(f"{figure.title}: {one} {figure.unit} central, {two} distributed")
    return "; ".join(words)


def amount(value: float) -> str:
    """A figure with three digits, a dash where there is none."""
    if value != value:  # nan
        return "–"
    return number(value, 0 if abs(value) >= 100 else 1).replace("-", MINUS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
