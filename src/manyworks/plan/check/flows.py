"""Rules of goods: nothing appears, nothing vanishes, and nothing travels where or when it may not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.errors import Issue
from manyworks.plan.check.facts import Facts, Rule, excesses, slack, violation, worst
from manyworks.plan.money.ways import ways_of
from manyworks.units import DAYS_PER_QUARTER, QUARTERS_PER_YEAR


def amounts_are_numbers(facts: Facts) -> Iterator[Issue]:
    """No figure of any table is negative, infinite or absent."""
    for name, table in facts.plan.tables.items().items():
        for column, values in table.columns.items():
            if values.dtype != object:
                bad = ~np.isfinite(values) | (values < -slack(values))
                if bad.any():
                    row = int(np.flatnonzero(bad)[0])
                    message = "must be a number of 0 or more"
                    yield violation("amounts_are_numbers", f"{name}[{row}].{column}", message, f"{values[row]}")


def place_balance(facts: Facts) -> Iterator[Issue]:
    """Made up to any time ≥ shipped + waste up to then; over the horizon all that is made is shipped or waste."""
    stored = np.cumsum(facts.made - facts.sent - facts.spoiled, axis=2)
    limit = slack(facts.made, facts.sent) * stored.shape[2]
    yield from excesses(
        facts, "place_balance", "place", -stored, limit, lambda product: f"ships more {product} than it has made"
    )
    left = np.zeros_like(stored)
    left[:, :, -1] = stored[:, :, -1]
    yield from excesses(
        facts,
        "place_balance",
        "place",
        left,
        limit,
        lambda product: f"makes {product} that is neither shipped nor waste",
    )


def market_balance(facts: Facts) -> Iterator[Issue]:
    """Received + unmet = demand, for each market, product and period, contracts apart."""
    off = np.abs(facts.received + facts.unmet - facts.demand)
    yield from excesses(
        facts,
        "market_balance",
        "market",
        off,
        slack(facts.demand),
        lambda product: f"received and unmet {product} must add up to the demand",
    )


def unmet_is_allowed(facts: Facts) -> Iterator[Issue]:
    """Demand is served in full unless ``policy.is_demand_optional``."""
    if not facts.network.policy.is_demand_optional:
        yield from excesses(
            facts,
            "unmet_is_allowed",
            "market",
            facts.unmet,
            slack(facts.demand),
            lambda product: f"all demand for {product} must be served",
        )


def transit_loss(facts: Facts) -> Iterator[Issue]:
    """Received = shipped × (1 − damage share of each lane on the way)."""
    table = facts.plan.tables.shipments
    ways = ways_of(facts.prices, facts.index, table)
    off = np.abs(ways.received - table["received"])
    yield from worst(
        (
            float(off[row]),
            violation(
                "transit_loss",
                f"shipments[{row}]",
                "received must be what is shipped less the damage of the lane",
                f"off by {off[row]:,.3f} units",
            ),
        )
        for row in np.flatnonzero(off > slack(table["units"])).tolist()
    )


def lane_is_allowed(facts: Facts) -> Iterator[Issue]:
    """Goods go only where a lane allows it, fresh enough, and in the promised days where these bind."""
    table = facts.plan.tables.shipments
    market, product = (facts.index.of(table, name) for name in ("market", "product"))
    ways = ways_of(facts.prices, facts.index, table)
    spare = np.array(
        [
            np.inf if row.shelf_life_days is None else row.shelf_life_days - row.minimum_remaining_life_days
            for row in facts.network.products
        ]
    )
    promised = np.array([np.inf if m.service_days is None else m.service_days for m in facts.network.markets])
    used = table["units"] > slack(table["units"])
    faults = {
        "the lane is closed": ~ways.is_allowed,
        "goods arrive with less life than customers ask for": ways.days > spare[product],
    }
    if facts.network.policy.is_service_binding:
        faults["goods arrive later than promised"] = ways.promised_days > promised[market] + 1e-9
    for words, mask in faults.items():
        yield from worst(
            (
                float(table["units"][row]),
                violation(
                    "lane_is_allowed",
                    f"{table['origin'][row]}.{table['market'][row]}.{table['product'][row]}",
                    f"nothing may go this way: {words}",
                    f"{table['units'][row]:,.1f} units in {table['period'][row]}",
                ),
            )
            for row in np.flatnonzero(mask & used).tolist()
        )


def season_stock_keeps(facts: Facts) -> Iterator[Issue]:
    """Goods wait from quarter to quarter only where they keep so long, and never for another year."""
    stored = np.cumsum(facts.made - facts.sent - facts.spoiled, axis=2)
    limit = slack(facts.made, facts.sent) * stored.shape[2]
    spare = [
        np.inf if row.shelf_life_days is None else row.shelf_life_days - row.minimum_remaining_life_days
        for row in facts.network.products
    ]
    perishable = np.array([days < DAYS_PER_QUARTER for days in spare])
    yearly = np.array([period.quarters > 1 for period in facts.plan.periods])
    kept = np.where(perishable[None, :, None] | yearly[None, None, :], stored, 0.0)
    kept[:, :, -1] = 0.0  # place_balance speaks for the end
    yield from excesses(
        facts,
        "season_stock_keeps",
        "place",
        kept,
        limit,
        lambda product: f"{product} cannot be kept for the next period",
    )


def season_stock_repeats(facts: Facts) -> Iterator[Issue]:
    """Nothing waits from before the last four quarters into them where the terminal value repeats those: it would be
    laid in once and sold in every year after the horizon."""
    finance = facts.network.finance
    into = len(facts.plan.periods) - QUARTERS_PER_YEAR
    if finance.years or not finance.terminal_years or into <= 0:
        return
    stored = np.cumsum(facts.made - facts.sent - facts.spoiled, axis=2)
    carried = np.zeros_like(stored)
    carried[:, :, into - 1] = stored[:, :, into - 1]
    yield from excesses(
        facts,
        "season_stock_repeats",
        "place",
        carried,
        slack(facts.made, facts.sent) * stored.shape[2],
        lambda product: f"{product} is laid in once and sold in every year that repeats",
    )


RULES: tuple[Rule, ...] = (
    amounts_are_numbers,
    place_balance,
    market_balance,
    unmet_is_allowed,
    transit_loss,
    lane_is_allowed,
    season_stock_keeps,
    season_stock_repeats,
)
