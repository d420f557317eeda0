"""The rules of a document: what each one is called, means and asks for, and how all of them run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

import numpy as np

from manyworks.errors import Issue
from manyworks.model.checks.paths import reference_fields
from manyworks.model.finance import Finance, Policy
from manyworks.model.network import Network, collections
from manyworks.model.record import Record

Severity = Literal["error", "warning"]

RULE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""Ids of rules are words joined by hyphens, so that each one is an anchor of the rules page."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found at one place; the rule adds its id, its severity and, where none is given, its cure."""

    path: str
    message: str
    found: str = ""
    cure: str = ""


Finder = Callable[[Network], Iterable[Finding]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the document.

    ``title`` says the rule in one line, ``explanation`` why it is there, ``cure`` what to do when it is broken.
    ``find`` judges a whole network; None for rules that the reader applies while it reads. ``is_deep`` marks a rule
    that computes with the document and so runs only when no error was found before. ``is_local`` marks a rule that
    judges rows by themselves or against rows that are there, so that it holds also while other rows cannot be read.
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    cure: str
    noun: str
    find: Finder | None = None
    is_deep: bool = False
    is_local: bool = False

    def issue(self, path: str, message: str, *, found: object = "", cure: str = "", place: str = "") -> Issue:
        """An issue of this rule at ``path``; without ``cure`` it takes the rule's own.

        ``path`` says where in the document: ``sites.lyon.wage_per_h``, or ``demand[14].units`` for the row at position
        14, counted from 0, of a collection without ids.
        """
        return Issue(
            rule=self.id,
            severity=self.severity,
            path=path,
            message=message,
            found=str(found),
            cure=cure or self.cure,
            place=place,
        )

    def issues(self, network: Network) -> Iterator[Issue]:
        """Every place at which ``network`` breaks this rule."""
        for finding in self.find(network) if self.find else ():
            yield self.issue(finding.path, finding.message, found=finding.found, cure=finding.cure)


RULES: dict[str, Rule] = {}
"""Every rule that was declared so far, by id. ``load_rules()`` declares all of this package."""


def declare_rule(
    id: str,
    severity: Severity,
    *,
    title: str,
    explanation: str,
    cure: str,
    noun: str = "document",
    find: Finder | None = None,
    is_deep: bool = False,
    is_local: bool = False,
) -> Rule:
    """Declare a rule and return it, to raise its issues with ``Rule.issue``.

    ``noun`` is the heading under which the rules page lists it. Declaring the same rule twice (a module that is
    reloaded) is harmless; another rule with the id of an old one is refused.

    Raises
    ------
    ValueError
        The id is malformed, or another rule has it.
    """
    if not RULE_ID.fullmatch(id):
        raise ValueError(f"rule id must be words joined by hyphens, found {id!r}")
    new = Rule(
        id=id,
        severity=severity,
        title=title,
        explanation=explanation,
        cure=cure,
        noun=noun,
        find=find,
        is_deep=is_deep,
        is_local=is_local,
    )
    old = RULES.get(id)
    if old is not None and (old.severity, old.title) != (severity, title):
        raise ValueError(f"rule {id!r} is declared twice with different words")
    RULES[id] = new
    return new


def rule(
    id: str,
    severity: Severity,
    *,
    title: str,
    explanation: str,
    cure: str,
    is_deep: bool = False,
    is_local: bool = False,
) -> Callable[[Finder], Rule]:
    """Turn a function from network to findings into the rule with this id; its file's name is its noun."""

    def declare(find: Finder) -> Rule:
        noun = find.__module__.rpartition(".")[2].replace("_", " ")
        return declare_rule(
            id,
            severity,
            title=title,
            explanation=explanation,
            cure=cure,
            noun=noun,
            find=find,
            is_deep=is_deep,
            is_local=is_local,
        )

    return declare


RULE_FAILED = declare_rule(
    "rule-failed",
    "error",
    title="A rule itself could not be evaluated",
    explanation="One of manyworks' own rules stopped with a program fault on this document. All other rules were "
    "still applied. The finding has the severity of the rule that failed: a document is not called sound while a rule "
    "that could refuse it was not applied.",
    cure="This is a fault of manyworks: please report it with the part of the document that the message names.",
    noun="checks",
)


def check_network(network: Network) -> list[Issue]:
    """Every fault and oddity of ``network``, rule by rule; empty when nothing is wrong.

    A rule whose code breaks is reported as an issue of its own and never hides the findings of the others. Rules that
    compute with the document (``is_deep``) are left out while errors of the plain rules stand.
    """
    load_rules()
    plain = [rule for rule in RULES.values() if rule.find is not None and not rule.is_deep]
    issues = _apply(plain, network)
    if not any(issue.severity == "error" for issue in issues):
        issues += _apply([rule for rule in RULES.values() if rule.find is not None and rule.is_deep], network)
    return issues


def check_rows(network: Network, unread: Mapping[str, frozenset[str] | None]) -> list[Issue]:
    """What the rules say about the rows of a document of which other rows could not be read.

    ``unread`` names the collections with such rows, each with their ids, None where an id could not be read either.
    Only rules that such rows cannot mislead are applied, and nothing is said that an unread row might refute.
    """
    load_rules()
    local = [rule for rule in RULES.values() if rule.find is not None and rule.is_local]
    return [issue for issue in _apply(local, network) if _is_certain(issue, unread)]


def _is_certain(issue: Issue, unread: Mapping[str, frozenset[str] | None]) -> bool:
    """Whether an issue stands whatever the unread rows say."""
    collection, field = re.split(r"\W", issue.path)[0], issue.path.rpartition(".")[2]
    if issue.rule in ("duplicate-id", "duplicate-row"):
        return collection not in unread  # Their messages count rows.
    if issue.rule != "unknown-reference":
        return True
    kinds: dict[str, type[Record]] = {**collections(), "finance": Finance, "policy": Policy}
    targets = dict(reference_fields(kinds[collection]))[field]
    return not any(name in unread and _may_hold(unread[name], issue.found) for name in targets)


def _may_hold(ids: frozenset[str] | None, word: str) -> bool:
    return ids is None or word in ids


def _apply(rules: Iterable[Rule], network: Network) -> list[Issue]:
    issues: list[Issue] = []
    for rule in rules:
        try:
            # A number too large for arithmetic is a finding of the ranges, not a warning of numpy.
            with np.errstate(all="ignore"):
                issues.extend(rule.issues(network))
        except Exception as fault:
            issues.append(_failure(rule, fault))
    return issues


def _failure(rule: Rule, fault: Exception) -> Issue:
    return Issue(
        rule=RULE_FAILED.id,
        severity=rule.severity,
        path=network_path(),
        message=f"the rule {rule.id} could not be evaluated",
        found=f"{type(fault).__name__}: {fault}",
        cure=RULE_FAILED.cure,
    )


def network_path() -> str:
    """The path of an issue that concerns the document as a whole."""
    return "network"


@cache
def load_rules() -> None:
    """Import every file of this package, so that all its rules are in ``RULES``; files in order of their names."""
    package = import_module("manyworks.model.checks")
    for module in sorted(iter_modules(package.__path__), key=lambda module: module.name):
        import_module(f"{package.__name__}.{module.name}")
