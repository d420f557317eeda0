"""What a running plan tells the person who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One message of a running solve.

    ``case`` names the rival, ``phase`` says in plain words what is being done. ``npv`` is the best plan so far and
    ``bound`` the proven limit, both None until there is one. ``seconds`` run since the start of this case. ``done`` of
    ``total`` like steps are behind, both None where steps are not counted.
    """

    case: str
    phase: str
    seconds: float
    npv: float | None = None
    bound: float | None = None
    gap: float | None = None
    is_done: bool = False
    measure: Literal["NPV", "cost"] = "NPV"
    done: int | None = None
    total: int | None = None


Display = Callable[[Progress], None]
"""Receives each message; it must return at once. The same object serves one plan and a comparison of several."""
