"""What two plans of one case do differently: what is built, and who is served less."""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.model.table import Table
from manyworks.plan.money.openings import place_name
from manyworks.plan.points import contract_of
from manyworks.plan.result import NetworkPlan

SERVED = 1e-6
"""Share of all that is unserved, or of a unit, below which a difference is rounding."""


def built_for(before: NetworkPlan, after: NetworkPlan) -> Table:
    """``place, name, what, count, period``: what ``after`` opens, adds or closes beyond ``before``, lines by the most
    that ever stand.

    ``count`` is negative where it has less of it.
    """
    rows = [*_openings(before, after), *_lines(before, after)]
    kinds: dict[str, Any] = {"count": np.int64}
    names = ("place", "name", "what", "count", "period")
    return Table({name: np.array([row[name] for row in rows], dtype=kinds.get(name, object)) for name in names})


def _openings(before: NetworkPlan, after: NetworkPlan) -> list[dict[str, Any]]:
    """Sites and other places that only one of the two has, and other starts and ends of those that both have."""
    seen, rows = _works(before), []
    network = after.network
    for key, (starts, closes) in sorted(_works(after).items()):
        place, kind, template = key
        if kind == "opportunity":
            continue
        what = template or kind.replace("_", "-")
        row = {"place": place, "name": place_name(network, place), "what": what}
        old = seen.get(key)
        if old is None:
            rows.append(row | {"count": 1, "period": starts})
        elif old[1] != closes:
            rows.append(
                row | {"what": f"{what} kept" if not closes else f"{what} closed", "count": 1, "period": closes}
            )
        elif old[0] != starts:
            rows.append(row | {"what": f"{what}, not {old[0]}", "count": 0, "period": starts})
    for place, kind, template in sorted(set(seen) - set(_works(after))):
        if kind != "opportunity":
            row = {"place": place, "name": place_name(network, place), "what": template or kind}
            rows.append(row | {"count": -1, "period": seen[place, kind, template][0]})
    return rows


def _works(plan: NetworkPlan) -> dict[tuple[str, str, str], tuple[str, str]]:
    return {
        (row["place"], row["kind"], row["template"]): (row["starts"], row["closes"])
        for row in plan.tables.openings.rows()
    }


def _lines(before: NetworkPlan, after: NetworkPlan) -> list[dict[str, Any]]:
    """Lines of each type at each place, the most that ever stand, and when the difference begins."""
    one, two = _standing(before), _standing(after)
    rows: list[dict[str, Any]] = []
    names = [period.name for period in after.periods]
    nothing = np.zeros(len(names))
    for key in sorted({*one, *two}):
        more = two.get(key, nothing) - one.get(key, nothing)
        most = round(two.get(key, nothing).max() - one.get(key, nothing).max())
        if most:
            first = int(np.flatnonzero(np.sign(more) == np.sign(most))[0])
            place, line = key
            words = after.network.get("lines", line).name
            rows.append(
                {
                    "place": place,
                    "name": place_name(after.network, place),
                    "what": words,
                    "count": most,
                    "period": names[first],
                }
            )
    return rows


def _standing(plan: NetworkPlan) -> dict[tuple[str, str], Any]:
    at = {period.name: period.index for period in plan.periods}
    found: dict[tuple[str, str], Any] = {}
    for row in plan.tables.lines.rows():
        lines = found.setdefault((row["place"], row["line"]), np.zeros(len(at)))
        lines[at[row["period"]]] += row["ready"]
    return found


def left_unserved(before: NetworkPlan, after: NetworkPlan) -> Table:
    """``market, name, product, units``: what ``after`` leaves unserved beyond ``before``, the most first."""
    one, two = _unserved(before), _unserved(after)
    more = {key: two.get(key, 0.0) - one.get(key, 0.0) for key in {*one, *two}}
    limit = SERVED * max([*two.values(), 1.0])
    found = sorted(((units, key) for key, units in more.items() if units > limit), key=lambda row: (-row[0], row[1]))
    names = [place_name_of_market(after, market) for _, (market, _) in found]
    return Table(
        {
            "market": np.array([market for _, (market, _) in found], dtype=object),
            "name": np.array(names, dtype=object),
            "product": np.array([product for _, (_, product) in found], dtype=object),
            "units": np.array([units for units, _ in found], dtype=np.float64),
        }
    )


def place_name_of_market(plan: NetworkPlan, market: str) -> str:
    """Name of a market."""
    return str(plan.network.get("markets", market).name)


def _unserved(plan: NetworkPlan) -> dict[tuple[str, str], float]:
    """Units of own demand that are not served, by market and product."""
    table = plan.tables.unmet
    own = table.where(contract_of(table) == "")
    found: dict[tuple[str, str], float] = {}
    for row in own.rows():
        key = (row["market"], row["product"])
        found[key] = found.get(key, 0.0) + row["units"]
    return found
