"""Rivals: what a plan is allowed to do, on one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CaseName = Literal["do_nothing", "central", "distributed", "best"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """The freedom that one rival has.

    ``new_scales`` are the scales of templates that may be built, ``must_close_big`` makes every closable existing big
    site close by the end of the planned quarters. ``may_add_lines`` to existing sites, ``may_upgrade`` them,
    ``may_use_warehouses`` and ``may_use_co_packers`` as far as the document offers them. Contracts may be taken in
    every case: that is a sale, not an investment.
    """

    name: CaseName
    title: str
    new_scales: frozenset[Literal["big", "micro"]]
    may_close: bool
    must_close_big: bool = False
    may_add_lines: bool = False
    may_upgrade: bool = False
    may_use_warehouses: bool = False
    may_use_co_packers: bool = False


CASES: dict[CaseName, Case] = {
    "do_nothing": Case(name="do_nothing", title="Do nothing", new_scales=frozenset(), may_close=False),
    "central": Case(
        name="central",
        title="Central",
        new_scales=frozenset({"big"}),
        may_close=True,
        may_add_lines=True,
        may_upgrade=True,
    ),
    "distributed": Case(
        name="distributed",
        title="Distributed",
        new_scales=frozenset({"micro"}),
        may_close=True,
        must_close_big=True,
        may_add_lines=True,
    ),
    "best": Case(
        name="best",
        title="Best of all",
        new_scales=frozenset({"big", "micro"}),
        may_close=True,
        may_add_lines=True,
        may_upgrade=True,
        may_use_warehouses=True,
        may_use_co_packers=True,
    ),
}
