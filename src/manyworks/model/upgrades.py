"""What upgrades make of the lines that stand at a site: their changeovers, rate and products afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from manyworks.model.network import Network
from manyworks.model.site import Upgrade

SCOPES = ("station", "line", "hall", "site")
"""What a changeover stops, the narrowest first."""


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """A line with some upgrades over the same line without: factors multiply, the narrowest scope counts.

    ``changeover_factor`` and ``rate_factor`` of minutes and rate; ``scope`` empty: as the rules say; ``products`` that
    it may run, None: as before.
    """

    changeover_factor: float = 1.0
    rate_factor: float = 1.0
    scope: str = ""
    products: frozenset[str] | None = None


def improvement(network: Network, upgrades: Iterable[str]) -> Improvement:
    """What the upgrades of these ids do together."""
    rows: list[Upgrade] = [network.get("upgrades", name) for name in sorted(upgrades)]
    return reduce(_with, rows, Improvement())


def _with(before: Improvement, row: Upgrade) -> Improvement:
    scopes = [scope for scope in (before.scope, row.scope) if scope]
    products = before.products
    if row.dedicated_products:
        mine = frozenset(row.dedicated_products)
        products = mine if products is None else products & mine
    return Improvement(
        changeover_factor=before.changeover_factor * row.changeover_factor,
        rate_factor=before.rate_factor * row.rate_factor,
        scope=min(scopes, key=SCOPES.index) if scopes else "",
        products=products,
    )


def done_upgrades(network: Network, site: str, line: str) -> tuple[str, ...]:
    """Upgrades (ids) that were done before the start at a site, of a line type: all its lines there have them."""
    rows = (row for row in network.upgrades if row.is_done and row.site == site and row.line in (None, line))
    return tuple(sorted(row.id for row in rows))


def upgraded_lines(network: Network, row: Upgrade) -> dict[str, int]:
    """Line types that an upgrade changes, each with how many lines stand there at the start."""
    counts: dict[str, int] = {}
    for there in network.installed_lines:
        if there.site == row.site and row.line in (None, there.line):
            counts[there.line] = counts.get(there.line, 0) + there.count
    return dict(sorted(counts.items()))


def added_lines(network: Network, upgrades: Sequence[Upgrade], line: str) -> int:
    """Lines of a type that these upgrades add: those of an upgrade that names none are of the site's first type."""
    return sum(row.added_lines for row in upgrades if next(iter(upgraded_lines(network, row)), None) == line)


def lines_made_room_for(network: Network, site: str) -> int:
    """Lines that upgrades which are done added to a site; the room of its template is not for these."""
    return sum(row.added_lines for row in network.upgrades if row.is_done and row.site == site)


def lost_quarters(row: Upgrade, first_quarter: int) -> dict[int, float]:
    """Quarter to the share of its hours that the lines stand for the work, when it works from ``first_quarter`` on.

    The work ends when the upgrade starts to work; with no lead it is done in the first quarter itself.
    """
    weeks, quarter = row.downtime_weeks, first_quarter - (1 if row.lead_quarters else 0)
    lost: dict[int, float] = {}
    while weeks > 0 and quarter >= 0:
        lost[quarter] = min(weeks / WEEKS_PER_QUARTER, 1.0)
        weeks, quarter = weeks - WEEKS_PER_QUARTER, quarter - 1
    return lost


WEEKS_PER_QUARTER = 13
