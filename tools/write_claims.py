"""Measure the claims on the examples and write the page about them.

    python tools/write_claims.py docs/explanation/claims.md examples/first_network examples/tariffs …
    python tools/write_claims.py --kept docs/explanation/claims.md examples/first_network …

Takes an hour for each large example. What is finished is kept in out/claims, so that a stopped run goes on there;
``--kept`` measures nothing more and writes the page of that. Of large documents the best mix is left out.
`make claims` runs it on all examples.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from manyworks import __version__
from manyworks.model.document import load_network
from manyworks.model.network import Network
from manyworks.plan.case import CASES
from manyworks.render.numbers import MINUS, number, signed
from manyworks.studies.claims.claim import CLAIMS
from manyworks.studies.claims.measure import NOTHING, ClaimsRun, Measured, measure_claims

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

Where a document has nothing to say about a claim it is not measured there, and the page says why. Large documents are
planned without the best mix.

The figures are those of the examples, with all their assumptions (each example's `evidence.csv`), and not of your
network: `manyworks claims PATH` measures yours.

Measured on {date} with manyworks {version}.
"""


LARGE = 2_000
"""Sites × markets × products from which the best mix is left out."""
KEPT = Path("out/claims")


def main(page: Path, folders: Sequence[Path], *, only_kept: bool) -> None:
    """Write the page."""
    runs = [measured(folder, only_kept=only_kept) for folder in folders]
    text = [HEAD.format(date=datetime.now(tz=UTC).date(), version=__version__, nothing=100 * NOTHING)]
    text += [leads(run) for run in runs]
    text.append("## Claim by claim\n")
    text += [chapter(name, runs) for name in CLAIMS]
    page.write_text("\n".join(text).rstrip() + "\n", encoding="utf-8")


def measured(folder: Path, *, only_kept: bool) -> ClaimsRun:
    """The claims on one document, said on the terminal as they are found."""
    network = load_network(folder)
    is_large = len(network.sites) * len(network.markets) * len(network.products) >= LARGE
    claims = kept_claims(network, KEPT / folder.name) if only_kept else None
    run = measure_claims(network, claims=claims, with_best=not is_large, folder=KEPT / folder.name)
    sys.stdout.write(f"{run.summary()}\n\n")
    return run


def kept_claims(network: Network, folder: Path) -> list[str]:
    """Claims that were finished, those about which the document is silent, and reliability, which needs no plan."""
    data = json.loads((folder / "leads.json").read_text(encoding="utf-8"))
    done = {"reliability", *data["leads"], *data["reasons"]}
    return [name for name, claim in CLAIMS.items() if name in done or claim.absent(network)]


def leads(run: ClaimsRun) -> str:
    """Who is ahead on this document, and the claims by their worth."""
    lead, network = run.lead, run.comparison.network
    has_best = all(isfinite(row.worth_best) for row in run.measured.values())
    range_ = f"proven: between {signed(lead.least)} and {signed(lead.most)}"
    ahead = f"Distributed is {signed(lead.distributed)} {network.finance.currency} against central ({range_})"
    words = [f"{ahead}{f', the best mix {signed(lead.best)}' if has_best else ''}."]
    if run.is_one_plan:
        words.append("Both forms are one plan here: no small plant pays, so no claim makes a difference between them.")
    if has_best:
        words.append(f"Recommended: {CASES[run.comparison.recommended].title.lower()}.")
    blocks = [f"## {network.name}\n", *words, "", table(run, has_best=has_best)]
    silent = {name: why for name, why in run.absent.items() if not why.startswith("stopped")}
    later = [CLAIMS[name].title.lower() for name in CLAIMS if name not in run.measured and name not in silent]
    if silent:
        told = "; ".join(f"{CLAIMS[name].title.lower()} ({reason})" for name, reason in silent.items())
        blocks += ["", f"Silent about: {told}."]
    if later:
        blocks += ["", f"Not measured for this page: {', '.join(later)}."]
    return "\n".join(blocks) + "\n"


def table(run: ClaimsRun, *, has_best: bool) -> str:
    """The claims of one document, the most valuable first."""
    names = ["claim", f"worth, {run.comparison.network.finance.currency}", "proven between", "verdict"]
    if has_best:
        names.insert(3, "worth for the best mix")
    lines = [names, [" --- " if name in ("claim", "verdict") else " ---: " for name in names]]
    for row in sorted(run.measured.values(), key=lambda row: -row.worth):
        best = [signed(row.worth_best)] if has_best else []
        lines.append([row.claim.title, signed(row.worth), between(row), *best, row.verdict])
    return "\n".join("|" + "|".join(f" {cell.strip()} " for cell in line) + "|" for line in lines)


def between(row: Measured) -> str:
    """The range that is proven."""
    is_proven = abs(row.least) != float("inf")
    return f"{signed(row.least)} and {signed(row.most)}" if is_proven else "not proven"


def chapter(name: str, runs: Sequence[ClaimsRun]) -> str:
    """One claim: what is said, and what each example says to it."""
    claim = CLAIMS[name]
    told = [(run.comparison.network.name, run.measured[name]) for run in runs if name in run.measured]
    apart = [(run.comparison.network.name, run.measured[name]) for run in runs if _speaks(run, name)]
    lines = [f"### {claim.title}", "", f"*{claim.statement}*", ""]
    lines += [f"* **{document}**: {row.verdict}, {worth(row)}." for document, row in apart]
    if apart:
        lines.append("")
    by = {word: [document for document, row in told if row.verdict.startswith(word)] for word in VERDICTS}
    said = [f"{VERDICTS[word]} {', '.join(documents)}." for word, documents in by.items() if documents]
    return "\n".join([*lines, " ".join(said) or "No example that was measured speaks about it.", ""])


VERDICTS = {"holds": "Holds in:", "works against": "Works against in:", "makes no difference": "No difference in:"}


def _speaks(run: ClaimsRun, name: str) -> bool:
    """Whether a document has two forms to compare and something to say about a claim."""
    return name in run.measured and not run.is_one_plan


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
    names = [name for name in sys.argv[1:] if name != "--kept"]
    main(Path(names[0]), [Path(name) for name in names[1:]], only_kept="--kept" in sys.argv)
