"""Upgrades at a quarter: what is done, with what is left in its books, and what is under way."""

from __future__ import annotations

from manyworks.errors import UsageError
from manyworks.model.site import Upgrade
from manyworks.model.upgrades import WEEKS_PER_QUARTER, upgraded_lines
from manyworks.plan.adopt.moment import Moment
from manyworks.plan.money.capital import come_with_upgrades
from manyworks.plan.money.standing import Stand, StandingUpgrade

QUARTERS = 4


def upgrades_then(moment: Moment, closed: set[str]) -> tuple[list[Upgrade], list[str]]:
    """Upgrades of sites that stand: done, with less to wait, or as they were; and what is said of them."""
    chosen = {there.row.id: (stand, there) for stand in moment.standing for there in stand.upgrades}
    kept, notes = [], []
    for row in moment.network.upgrades:
        if row.site in closed:
            continue
        if row.is_done:
            kept.append(_aged(row, moment.k / QUARTERS))
        elif row.id not in chosen:
            kept.append(row)
        else:
            stand, there = chosen[row.id]
            if there.starts <= moment.k:
                kept.append(_done(moment, stand, there))
                notes.append(f"Upgrade {row.id} is done at {stand.site.name}.")
            elif there.starts - row.lead_quarters < moment.k:
                kept.append(_under_way(moment, there))
                notes.append(_under_way_note(there, kept[-1]))
            else:
                kept.append(row)
    return kept, notes


def refuse_mixed_lines(moment: Moment) -> None:
    """An upgrade that is done holds for all lines of its type at the site: there may be none that came without it.

    Raises
    ------
    UsageError
        The plan bought a line of an upgraded type as well.
    """
    for stand in moment.standing:
        done = [there for there in stand.upgrades if there.starts <= moment.k]
        for there in done:
            for line in upgraded_lines(moment.network, there.row):
                bought = stand.added.get(line, 0) - come_with_upgrades(moment.network, stand, line)
                if bought[: moment.k + 1].any():
                    raise UsageError(
                        "must come before lines of one type differ at a site: those upgraded and those bought later",
                        where="at",
                        found=f"{moment.period.name}, {line} at {stand.site.id} with and without {there.row.id}",
                        cure="Choose an earlier quarter, or give the new lines a type of their own and plan again.",
                    )


def _done(moment: Moment, stand: Stand, there: StandingUpgrade) -> Upgrade:
    age, years = (moment.k - there.starts) / QUARTERS, stand.template.depreciation_years
    return there.row.model_copy(
        update={
            "is_done": True,
            "book_value": max(1 - age / years, 0.0) * there.row.capex,
            "book_years": max(years - age, 1 / QUARTERS),
        }
    )


def _aged(row: Upgrade, age: float) -> Upgrade:
    left = max(1 - age / row.book_years, 0.0)
    years = max(row.book_years - age, 1 / QUARTERS)
    return row.model_copy(update={"book_value": row.book_value * left, "book_years": years})


def _under_way(moment: Moment, there: StandingUpgrade) -> Upgrade:
    """What is left to wait, to spend and to stand still for."""
    row, left = there.row, there.starts - moment.k
    update = {
        "lead_quarters": left,
        "capex": row.capex * left / row.lead_quarters,
        "downtime_weeks": min(row.downtime_weeks, float(WEEKS_PER_QUARTER * left)),
    }
    return row.model_copy(update=update)


def _under_way_note(there: StandingUpgrade, row: Upgrade) -> str:
    spent = there.row.capex - row.capex
    return (
        f"Upgrade {row.id} is under way: {row.lead_quarters} quarters and {row.capex:,.0f} are to go; {spent:,.0f} are "
        "spent and not in the books of the document."
    )
