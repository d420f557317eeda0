"""Rivals: what a plan is allowed to do, on one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CaseName = Literal["do_nothing", "improve", "second_line", "warehouses", "co_packer", "central", "distributed", "best"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """The freedom that one rival has; ``meaning`` says it in the words of a report.

    ``new_scales`` are the scales of templates that may be built, ``must_close_big`` makes every closable existing big
    site close by the end of the planned quarters. ``may_add_lines`` to existing sites, ``may_upgrade`` them,
    ``may_use_warehouses`` and ``may_use_co_packers`` as far as the document offers them. Contracts may be taken in
    every case: that is a sale, not an investment.
    """

    name: CaseName
    title: str
    meaning: str
    new_scales: frozenset[Literal["big", "micro"]]
    may_close: bool
    must_close_big: bool = False
    may_add_lines: bool = False
    may_upgrade: bool = False
    may_use_warehouses: bool = False
    may_use_co_packers: bool = False


CASES: dict[CaseName, Case] = {
    "do_nothing": Case(
        name="do_nothing",
        title="Do nothing",
        meaning="keep what stands, build nothing",
        new_scales=frozenset(),
        may_close=False,
    ),
    "improve": Case(
        name="improve",
        title="Improve what stands",
        meaning="keep what stands and choose among its upgrades",
        new_scales=frozenset(),
        may_close=False,
        may_upgrade=True,
    ),
    "second_line": Case(
        name="second_line",
        title="Second line",
        meaning="keep what stands and add lines where there is room",
        new_scales=frozenset(),
        may_close=False,
        may_add_lines=True,
    ),
    "warehouses": Case(
        name="warehouses",
        title="Forward warehouses",
        meaning="keep what stands and put warehouses between it and the customers",
        new_scales=frozenset(),
        may_close=False,
        may_use_warehouses=True,
    ),
    "co_packer": Case(
        name="co_packer",
        title="Co-packer",
        meaning="keep what stands and let others make for a fee",
        new_scales=frozenset(),
        may_close=False,
        may_use_co_packers=True,
    ),
    "central": Case(
        name="central",
        title="Central",
        meaning="only big plants, old or new",
        new_scales=frozenset({"big"}),
        may_close=True,
        may_add_lines=True,
        may_upgrade=True,
    ),
    "distributed": Case(
        name="distributed",
        title="Distributed",
        meaning="only micro-factories are built; big plants close where the document lets them",
        new_scales=frozenset({"micro"}),
        may_close=True,
        must_close_big=True,
        may_add_lines=True,
    ),
    "best": Case(
        name="best",
        title="Best of all",
        meaning="any mix of all that the document offers",
        new_scales=frozenset({"big", "micro"}),
        may_close=True,
        may_add_lines=True,
        may_upgrade=True,
        may_use_warehouses=True,
        may_use_co_packers=True,
    ),
}
"""Every rival, the one with the least freedom first: of equal ones the earlier is recommended."""
