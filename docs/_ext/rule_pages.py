"""The page of rules: one anchor for each id that a message of `manyworks check` ends with."""

from __future__ import annotations

import manyworks.model.document.rules  # noqa: F401 - declares the rules of the reader
from manyworks.model.checks.registry import RULES, Rule, load_rules

INTRODUCTION = """# Rules

`manyworks check` judges a document by these rules and lists every fault at once. Each message ends with the id of its
rule in brackets. An **error** keeps the document from being used; a **warning** is odd but legal.

The paths of messages name a place of the document: `sites.lyon.wage_per_h`, or `demand[14].units` for the row at
position 14, counted from 0, of a table without ids.
"""
READING = "document"
"""Noun of the rules that are applied while a file is read."""


def rules_page() -> str:
    """All rules by noun, those of reading first."""
    load_rules()
    nouns = sorted({rule.noun for rule in RULES.values()}, key=lambda noun: (noun != READING, noun))
    parts = [INTRODUCTION]
    for noun in nouns:
        rules = sorted((rule for rule in RULES.values() if rule.noun == noun), key=lambda rule: rule.id)
        title = "Reading files" if noun == READING else noun.capitalize()
        links = "\n".join(f"| [{rule.id}](#{rule.id}) | {rule.severity} | {_plain(rule.title)} |" for rule in rules)
        parts.append(f"## {title}\n\n| Rule | Severity | In a line |\n| --- | --- | --- |\n{links}\n")
        parts += [rule_entry(rule) for rule in rules]
    return "\n".join(parts)


def rule_entry(rule: Rule) -> str:
    """The entry of one rule, with its id as anchor."""
    return (
        f"### {rule.id}\n\n{rule.severity.capitalize()}. **{_plain(rule.title)}.** {_plain(rule.explanation)}\n\n"
        f"*Cure:* {_plain(rule.cure)}\n"
    )


def _plain(text: str) -> str:
    """Text of a rule as Markdown: a star outside of code is a star."""
    parts = text.replace("``", "`").replace("|", "\\|").split("`")
    return "`".join(part.replace("*", "\\*") if number % 2 == 0 else part for number, part in enumerate(parts))
