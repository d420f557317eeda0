"""What is opened, closed, signed and upgraded, and when each was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.contracts import end_period, signing_period
from manyworks.model.market import Opportunity
from manyworks.model.periods import Period
from manyworks.model.standup import stand_up_quarters
from manyworks.model.table import Table
from manyworks.plan.equations.decode.choice import DUST, Choice
from manyworks.plan.equations.decode.rows import columns_of, period_names, typed_table
from manyworks.plan.equations.formulation import Model
from manyworks.plan.equations.instance import Instance
from manyworks.plan.equations.options import Option

Floats = NDArray[np.float64]


def openings_table(model: Model, choice: Choice, made: Floats) -> Table:
    """One row for everything that stands at the start, is opened, signed or upgraded."""
    instance, names = model.instance, period_names(model)
    begins = np.array([period.first_quarter for period in instance.periods])
    rows: list[dict[str, Any]] = []
    for o, option in enumerate(instance.options):
        row = {"place": instance.sites[option.site].id, "kind": "site", "template": option.template.id}
        on = np.flatnonzero(choice.open[o] > 0)
        if option.packer is not None:
            rows += _packer_openings(instance, option, choice.open[o], made[o].sum(axis=0) > DUST, names)
        elif option.is_existing:
            closed = np.flatnonzero(choice.open[o] == 0)
            rows.append(row | {"decided": "", "starts": names[0], "closes": names[closed[0]] if len(closed) else ""})
        elif len(on):
            quarter = begins[on[0]] - stand_up_quarters(instance.network, option.template)
            decided = names[np.searchsorted(begins, quarter, side="right") - 1]
            rows.append(row | {"decided": decided, "starts": names[on[0]], "closes": ""})
    rows += _upgrades(model, choice)
    rows += [contract_opening(instance.contracts[k], instance.periods) for k in np.flatnonzero(choice.taken)]
    rows += _house_openings(model, choice, names)
    return typed_table(columns_of(rows, ("place", "kind", "template", "decided", "starts", "closes")))


def _house_openings(model: Model, choice: Choice, names: NDArray[Any]) -> list[dict[str, Any]]:
    """Warehouses that are used, and those that stood and are given up or not."""
    instance = model.instance
    begins = np.array([period.first_quarter for period in instance.periods])
    rows: list[dict[str, Any]] = []
    for w, house in enumerate(instance.warehouses):
        row = {"place": house.id, "kind": "warehouse", "template": ""}
        on = np.flatnonzero(choice.house[w] > 0)
        if house.status == "existing":
            closes = names[len(on)] if len(on) < len(names) else ""
            rows.append(row | {"decided": "", "starts": names[0], "closes": closes})
        elif len(on):
            decided = names[np.searchsorted(begins, begins[on[0]] - house.lead_quarters, side="right") - 1]
            rows.append(row | {"decided": decided, "starts": names[on[0]], "closes": ""})
    return rows


def contract_opening(contract: Opportunity, periods: Sequence[Period]) -> dict[str, Any]:
    """Row of ``openings`` for a contract that is taken: signed in the period of its first delivery, if not before."""
    first, after = signing_period(contract, periods), end_period(contract, periods)
    starts = periods[first or 0].name
    return {
        "place": contract.id,
        "kind": "opportunity",
        "template": "",
        "decided": "" if contract.is_signed else starts,
        "starts": starts,
        "closes": "" if after is None else periods[after].name,
    }


def _packer_openings(
    instance: Instance, option: Option, contracted: NDArray[np.int64], is_used: NDArray[np.bool_], names: NDArray[Any]
) -> list[Any]:
    """One opening for each stretch of periods under contract.

    A contract without take-or-pay costs nothing while it is not used: it begins with its first use, or not at all.
    """
    packer = option.packer
    assert packer is not None
    begins = np.array([period.first_quarter for period in instance.periods])
    rows, change = [], np.diff(contracted, prepend=0, append=0)
    for t, until in zip(np.flatnonzero(change > 0).tolist(), np.flatnonzero(change < 0).tolist(), strict=True):
        starts = t
        if packer.take_or_pay_units_per_year == 0:
            starts = next((s for s in range(t, until) if is_used[s]), until)
            if starts == until:
                continue
            while until < len(begins) and begins[until] - begins[starts] < packer.term_quarters:
                starts -= 1
        decided = np.searchsorted(begins, begins[starts] - packer.lead_quarters, side="right") - 1
        row = {"place": packer.id, "kind": "co_packer", "template": "", "decided": names[decided]}
        rows.append(row | {"starts": names[starts], "closes": names[until] if until < len(begins) else ""})
    return rows


def _upgrades(model: Model, choice: Choice) -> list[dict[str, Any]]:
    """Upgrades that are chosen; they end with their site."""
    instance, names = model.instance, period_names(model)
    begins = np.array([period.first_quarter for period in instance.periods])
    options = {instance.sites[option.site].id: o for o, option in enumerate(instance.options) if option.is_existing}
    rows = []
    for u, upgrade in enumerate(instance.upgrades):
        on = np.flatnonzero(choice.upgraded[u] > 0)
        if len(on):
            shut = np.flatnonzero(choice.open[options[upgrade.site]] == 0)
            quarter = begins[on[0]] - upgrade.lead_quarters
            rows.append(
                {
                    "place": upgrade.id,
                    "kind": "upgrade",
                    "template": "",
                    "decided": names[np.searchsorted(begins, quarter, side="right") - 1],
                    "starts": names[on[0]],
                    "closes": names[shut[0]] if len(shut) else "",
                }
            )
    return rows
