"""Is a stored plan what it claims to be, and how good can any plan be? Computed anew, without the solver.

In: a ``NetworkPlan``, as it was stored. Out: a ``Verification``.
Read first: ``verification.py``, then ``bound.py`` and ``answer.py``.
Nothing of ``plan/search``, ``plan/highs`` or ``plan/linear`` is used: only the document, the physics of ``model``, what
each decision is worth (``plan/equations/values``), and the published prices, which may be any.
"""

from __future__ import annotations

from manyworks.plan.verify.verification import Verification, verify_plan, verify_plans

__all__ = ["Verification", "verify_plan", "verify_plans"]
