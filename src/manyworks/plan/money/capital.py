"""Money that is invested: when it is spent, granted, written off and recovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.rates import line_capex
from manyworks.model.standup import stand_up_quarters
from manyworks.model.upgrades import added_lines
from manyworks.plan.conventions import end_factor, listed_done, spending, straight_line
from manyworks.plan.money.ledger import Ledger
from manyworks.plan.money.standing import Stand

Floats = NDArray[np.float64]


def enter_capital(ledger: Ledger, network: Network, periods: Sequence[Period], standing: Sequence[Stand]) -> Floats:
    """Enter capex, incentives and salvage; returns the depreciation, (places, periods), positive."""
    depreciation = np.zeros(ledger.amounts.shape[1:])
    firsts = first_copies(network, standing)
    for stand in standing:
        if stand.is_existing:
            _enter_existing(ledger, network, periods, stand)
            depreciation[stand.place] += _book_value(network, periods, stand)
        spent = spent_on(network, stand, is_first=firsts.get(stand.template.id) == stand.site.id)
        for part in spent:
            flow = spending(periods, part.ready, part.lead)
            if flow is None:  # too early: the plan's check says so, and its money is spent at once
                flow = np.eye(len(periods))[0]
            steps = np.arange(len(flow))
            ledger.enter("capex", stand.place, steps, -flow * (part.money + part.premium))
            ledger.enter("incentives", stand.place, steps, flow * part.money * stand.site.incentive_capex_share)
            shares = straight_line(periods, part.ready, stand.template.depreciation_years)
            depreciation[stand.place] += (part.money + part.premium) * shares
        _enter_end(ledger, network, stand, sum(part.money + part.premium for part in spent))
        if not stand.is_existing:
            ledger.enter("incentives", stand.place, stand.starts, stand.site.incentive_amount)
    return depreciation


def first_copies(network: Network, standing: Sequence[Stand]) -> dict[str, str]:
    """Template to the site that pays in full for the first copy; a template that stands already has none."""
    known = {site.template for site in network.sites if site.status == "existing"}
    new = [stand for stand in standing if not stand.is_existing and stand.template.id not in known]
    new.sort(key=lambda stand: (stand.starts, stand.site.id), reverse=True)
    return {stand.template.id: stand.site.id for stand in new}


@dataclass(frozen=True, kw_only=True)
class Spending:
    """Money paid evenly over ``lead`` quarters before period ``ready``; ``premium`` on top for the first copy."""

    ready: int
    lead: int
    money: float
    premium: float = 0.0


def spent_on(network: Network, stand: Stand, *, is_first: bool) -> list[Spending]:
    """What the site and its new lines cost."""
    template, found = stand.template, []
    saving = template.copy_saving_share
    if not stand.is_existing:
        first_line = line_capex(network, network.get("lines", template.lines[0]))
        premium = saving * (template.capex + template.minimum_lines * first_line) if is_first else 0.0
        lead, money = stand_up_quarters(network, template), (1 - saving) * template.capex
        found.append(Spending(ready=stand.starts, lead=lead, money=money, premium=premium))
    for line, added in stand.added.items():
        price = (1 - saving) * line_capex(network, network.get("lines", line))
        bought = added - come_with_upgrades(network, stand, line)
        found += [
            Spending(ready=int(t), lead=template.line_lead_quarters, money=price * float(bought[t]))
            for t in np.flatnonzero(bought)
        ]
    found += [
        Spending(ready=there.starts, lead=there.row.lead_quarters, money=there.row.capex) for there in stand.upgrades
    ]
    return found


def come_with_upgrades(network: Network, stand: Stand, line: str) -> Floats:
    """Lines (periods,) of a type that come with upgrades, whose price is that of the upgrade."""
    came = np.zeros(stand.steps)
    for there in stand.upgrades:
        came[there.starts] += added_lines(network, [there.row], line)
    return came


def _enter_end(ledger: Ledger, network: Network, stand: Stand, spent: float) -> None:
    """What the plan's own capital is worth when the network ends."""
    value = stand.template.salvage_share * spent * end_factor(network.finance)
    ledger.enter("salvage", stand.place, stand.steps - 1, value)


def _enter_existing(ledger: Ledger, network: Network, periods: Sequence[Period], stand: Stand) -> None:
    """Salvage of what stood before: when it closes, else at the end."""
    installed = sum(
        row.count * line_capex(network, network.get("lines", row.line))
        for row in network.installed_lines
        if row.site == stand.site.id
    )
    value = stand.template.salvage_share * (stand.template.capex + listed_done(network, stand.site.id) + installed)
    closes = stand.closes < len(periods)
    ledger.enter(
        "salvage",
        stand.place,
        stand.closes if closes else len(periods) - 1,
        value if closes else value * end_factor(network.finance),
    )


def _book_value(network: Network, periods: Sequence[Period], stand: Stand) -> Floats:
    total = np.zeros(len(periods))
    for row in network.installed_lines:
        if row.site == stand.site.id:
            total += row.book_value * straight_line(periods, 0, row.book_years)
    for done in network.upgrades:
        if done.is_done and done.site == stand.site.id:
            total += done.book_value * straight_line(periods, 0, done.book_years)
    return total
