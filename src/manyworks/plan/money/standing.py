"""What stands where and when: the plan's openings and lines as arrays, with the templates behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.calendar import Calendar
from manyworks.model.hours import template_calendar
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.site import Site, SiteTemplate, Upgrade
from manyworks.plan.conventions import listed_upgrade
from manyworks.plan.money.ledger import Index
from manyworks.plan.result import PlanTables

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class StandingUpgrade:
    """One upgrade of a site: it works from period ``starts`` on; ``listed`` is its list price beside its lines."""

    row: Upgrade
    starts: int
    listed: float
    steps: int

    @property
    def works(self) -> Floats:
        """1 in periods in which it works, should its site be open, else 0."""
        return (np.arange(self.steps) >= self.starts).astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class Stand:
    """One site under one template: the row of ``openings`` that made it, as positions.

    ``starts`` is the first period in which it works, ``closes`` the first one in which it no longer does (the number of
    periods where it never closes); ``lines`` maps each line type to (periods,) lines ready; ``added`` likewise to those
    that are new. ``steps`` counts the periods.
    """

    place: int
    site: Site
    template: SiteTemplate
    calendar: Calendar
    starts: int
    closes: int
    lines: dict[str, Floats]
    added: dict[str, Floats]
    steps: int
    upgrades: tuple[StandingUpgrade, ...] = ()

    @property
    def is_existing(self) -> bool:
        """Whether it stood before the plan."""
        return self.site.status == "existing"

    @property
    def line_count(self) -> Floats:
        """Lines of all types that stand, (periods,)."""
        return np.asarray(sum(self.lines.values(), np.zeros_like(self.is_open)))

    @property
    def is_open(self) -> Floats:
        """1 in periods in which it works, else 0."""
        steps = np.arange(self.steps)
        return ((steps >= self.starts) & (steps < self.closes)).astype(np.float64)


def stands(network: Network, periods: Sequence[Period], tables: PlanTables, index: Index) -> list[Stand]:
    """Every site of ``tables.openings``, in its order."""
    upgrades = _upgrades(network, tables, index, len(periods))
    ready, added = (_counts(tables, index, column, len(periods)) for column in ("ready", "added"))
    found = []
    for row in tables.openings.rows():
        if row["kind"] != "site":
            continue
        site = network.get("sites", row["place"])
        template = network.get("templates", row["template"] or site.template)
        key = (row["place"], template.id)
        found.append(
            Stand(
                place=index.places[site.id],
                site=site,
                template=template,
                calendar=template_calendar(network, template),
                starts=index.periods[row["starts"]],
                closes=index.periods[row["closes"]] if row["closes"] else len(periods),
                lines=ready.get(key, {}),
                added=added.get(key, {}),
                steps=len(periods),
                upgrades=tuple(there for there in upgrades if there.row.site == site.id),
            )
        )
    return found


def _upgrades(network: Network, tables: PlanTables, index: Index, steps: int) -> list[StandingUpgrade]:
    return [
        StandingUpgrade(
            row=(upgrade := network.get("upgrades", row["place"])),
            starts=index.periods[row["starts"]],
            listed=listed_upgrade(network, upgrade),
            steps=steps,
        )
        for row in tables.openings.rows()
        if row["kind"] == "upgrade"
    ]


def _counts(tables: PlanTables, index: Index, column: str, steps: int) -> dict[tuple[str, str], dict[str, Floats]]:
    """(place, template) to line type to (periods,) lines."""
    counts: dict[tuple[str, str], dict[str, Floats]] = {}
    for row in tables.lines.rows():
        lines = counts.setdefault((row["place"], row["template"]), {})
        lines.setdefault(row["line"], np.zeros(steps))[index.periods[row["period"]]] += row[column]
    return counts
