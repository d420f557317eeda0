"""Is this document sound: does it say what its author means, and can it be planned?

In: a validated ``Network``. Out: every ``Issue`` at once, errors and warnings, each with its rule and its cure.
Read first: ``registry.py``; then one file of rules per noun (``references.py``, ``dates.py``, ``sites.py`` …).
Each rule is one function, and has an entry on the rules page of the reference, which is written from it.
"""

from manyworks.model.checks.registry import RULES, Finding, Rule, check_network, check_rows, declare_rule, rule

__all__ = ["RULES", "Finding", "Rule", "check_network", "check_rows", "declare_rule", "rule"]
