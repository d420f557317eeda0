"""Spoil documents by the thousand and hold the reader to its promise: never a traceback, always place and cure.

    make prove-documents                      100,000 mutants on all cores
    python -m benchmarks.quality.mutated_documents --documents 2000 --seed 7

A mutant is read and judged as ``manyworks check`` does it. It fails the promise when reading raises anything, when a
refused document has no error, when an issue lacks file, rule, message or cure, when one of the rules broke, when an id
that names nothing is let pass, when a document that is accepted cannot be written down and read again, or when it takes
longer than five seconds. ``--number`` shows one mutant and its issues.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from benchmarks.quality.mutations import Mutant, make_mutant
from manyworks.errors import Issue
from manyworks.model.checks import RULES
from manyworks.model.checks.registry import RULE_FAILED
from manyworks.model.document import read_document
from manyworks.model.network import Network

SECONDS_AT_MOST = 5.0
BATCH = 250


@dataclass
class Tally:
    """What became of many mutants: counts by (kind, format, outcome), issues by rule, and the failures in words."""

    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    located: Counter[bool] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        """Count another tally in."""
        self.outcomes += other.outcomes
        self.rules += other.rules
        self.located += other.located
        self.failures += other.failures
        self.seconds += other.seconds


def judge(mutant: Mutant, folder: Path) -> tuple[str, list[Issue]]:
    """``refused``, ``warned`` or ``accepted`` and the issues; anything else says which promise was broken."""
    for old in folder.iterdir():
        old.unlink()
    start = time.process_time()
    try:
        network, issues = read_document(mutant.write(folder)).validate()
    except Exception:
        return f"raised {traceback.format_exc(limit=-4)}", []
    if time.process_time() - start > SECONDS_AT_MOST:
        return f"took {time.process_time() - start:.1f} s", issues
    broken = next((fault for issue in issues if (fault := _unhelpful(issue, mutant))), "")
    errors = sum(issue.severity == "error" for issue in issues)
    if broken:
        return broken, issues
    if (network is None) != (errors > 0):
        return f"gave {'no network' if network is None else 'a network'} with {errors} errors", issues
    if network is None:
        return "refused", issues
    if mutant.must_be_refused:
        return "let an id pass that names nothing", issues
    if Network.model_validate_json(network.model_dump_json()) != network:
        return "accepted what cannot be written and read again", issues
    return "warned" if issues else "accepted", issues


def _unhelpful(issue: Issue, mutant: Mutant) -> str:
    """What an issue lacks; empty when it helps."""
    if issue.rule == RULE_FAILED.id:
        return f"a rule broke: {issue}"
    if issue.rule not in RULES:
        return f"a rule that has no page: {issue}"
    file = issue.place.split(":")[0].split("!")[0]
    known = {*mutant.files, *(f"{name}.csv" for name in ("none",)), "network.yaml", f"network.{mutant.format}"}
    if not issue.place or (file not in known and issue.rule not in ("file-missing", "file-outside")):
        return f"an issue without its file: {issue}"
    missing = [name for name in ("message", "cure") if not getattr(issue, name)]
    return f"an issue without {' and '.join(missing)}: {issue}" if missing else ""


def try_batch(job: tuple[int, range]) -> Tally:
    """Judge the mutants of one range of numbers."""
    seed, numbers = job
    tally, start = Tally(), time.process_time()
    folder = Path(tempfile.mkdtemp(prefix="mutants-"))
    try:
        for number in numbers:
            mutant = make_mutant(seed, number)
            outcome, issues = judge(mutant, folder)
            if outcome not in ("refused", "warned", "accepted"):
                tally.failures.append(f"seed {seed}, number {number} ({mutant.kind}, {mutant.format}): {outcome}")
                outcome = "failed"
            tally.outcomes[mutant.kind, mutant.format, outcome] += 1
            tally.rules.update({issue.rule for issue in issues})
            tally.located.update(":" in issue.place or "!" in issue.place for issue in issues)
    finally:
        shutil.rmtree(folder)
    tally.seconds = time.process_time() - start
    return tally


def try_documents(count: int, seed: int, processes: int) -> Tally:
    """Judge the first ``count`` mutants of a seed."""
    jobs = [(seed, range(first, min(first + BATCH, count))) for first in range(0, count, BATCH)]
    whole = Tally()
    with get_context("spawn").Pool(processes) as pool:
        results: Iterable[Tally] = pool.imap_unordered(try_batch, jobs) if processes > 1 else map(try_batch, jobs)
        for done, tally in enumerate(results, 1):
            whole.add(tally)
            if done % 20 == 0:
                print(f"{min(done * BATCH, count):,} of {count:,}: {len(whole.failures)} failures", file=sys.stderr)
    whole.failures.sort()
    return whole


def print_table(tally: Tally) -> None:
    """Outcomes by kind and format, and what the whole took."""
    head = ("spoilt", "format", "documents", "refused", "warned", "accepted", "failed")
    print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for kind, form in sorted({(kind, form) for kind, form, _ in tally.outcomes}):
        counts = [tally.outcomes[kind, form, outcome] for outcome in ("refused", "warned", "accepted", "failed")]
        print(f"| {kind} | {form} | {sum(counts):,} | " + " | ".join(f"{count:,}" for count in counts) + " |")
    total = tally.outcomes.total()
    print(f"\n{total:,} documents, {len(tally.failures)} failures, {tally.seconds:.0f} CPU s ", end="")
    print(f"({1000 * tally.seconds / max(total, 1):.1f} ms each); {len(tally.rules)} rules fired; ", end="")
    print(f"{tally.located[True] / max(tally.located.total(), 1):.2%} of {tally.located.total():,} issues ", end="")
    print("name line or cell")


def show(seed: int, number: int) -> None:
    """Print one mutant's files and issues."""
    mutant = make_mutant(seed, number)
    folder = Path(tempfile.mkdtemp(prefix="mutant-"))
    outcome, issues = judge(mutant, folder)
    print(f"{mutant.kind}, {mutant.format}, in {folder}: {outcome}")
    for issue in issues:
        print(f"  {issue.severity}: {issue}")


def main() -> int:
    """Run the chore; exit code 1 when a mutant failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--number", type=int)
    options = parser.parse_args()
    if options.number is not None:
        show(options.seed, options.number)
        return 0
    tally = try_documents(options.documents, options.seed, options.processes)
    print_table(tally)
    for failure in tally.failures[:20]:
        print(f"\n{failure}")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
