"""The same network without one of its facts: each function takes a document and gives another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manyworks.model.freight import Lane
from manyworks.model.lanes import lane_terms
from manyworks.model.network import Network
from manyworks.model.places import Located

Without = Callable[[Network], Network]


def labour_differences(network: Network) -> Network:
    """Everybody pays the mean wage, finds everybody at once, and nobody leaves."""
    wage = sum(site.wage_per_h for site in network.sites) / max(len(network.sites), 1)
    plain = {"labour_pool": None, "hires_per_quarter": None, "wage_rise_per_pool_share": 0.0, "turnover_per_year": 0.0}
    return _changed(network, "sites", wage_per_h=wage, **plain)


def inbound_freight(network: Network) -> Network:
    """Materials weigh and fill nothing on their way in."""
    return _changed(network, "materials", mass_kg_per_unit=0.0, volume_l_per_unit=0.0)


def outbound_freight(network: Network) -> Network:
    """Every way from a maker to a customer costs nothing and takes the days that it took."""
    makers: list[Located] = [*network.sites, *network.warehouses, *network.co_packers]
    terms = lane_terms(network, makers, network.markets)
    modes = network.freight_modes
    free = [
        Lane(
            origin=maker.id,
            destination=market.id,
            mode=modes[terms.mode[o, m]].id if terms.mode[o, m] >= 0 else None,
            km=float(terms.km[o, m]),
            days=float(terms.days[o, m]),
            replenishment_days=float(terms.interval_days[o, m]),
            cost_per_unit=0.0,
            is_allowed=bool(terms.is_allowed[o, m]),
        )
        for o, maker in enumerate(makers)
        for m, market in enumerate(network.markets)
    ]
    return network.model_copy(update={"lanes": [*network.lanes, *free]})


def changeovers(network: Network) -> Network:
    """Nothing has to be changed, cleaned or scrapped between products."""
    quiet = network.model_copy(update={"changeovers": []})
    return _changed(quiet, "lines", startup_scrap_units=0.0)


def storage(network: Network) -> Network:
    """Stock costs nothing but the capital in it."""
    policy = network.policy.model_copy(update={"storage_fee_per_pallet_month": 0.0, "stock_cost_share_per_year": 0.0})
    return network.model_copy(update={"policy": policy})


def fast_stand_up(network: Network) -> Network:
    """Small plants take as long to stand up, and to grow, as the slowest big one."""
    from manyworks.model.standup import stand_up_quarters

    big = [row for row in network.templates if row.scale == "big"]
    slowest = max(stand_up_quarters(network, row) for row in big)
    line = max(row.line_lead_quarters for row in big)
    templates = [
        row
        if row.scale == "big"
        else row.model_copy(
            update={"stand_up_quarters": slowest, "line_lead_quarters": max(line, row.line_lead_quarters)}
        )
        for row in network.templates
    ]
    return network.model_copy(update={"templates": templates})


def duties(network: Network) -> Network:
    """No border takes anything."""
    return network.model_copy(update={"duties": []})


def spoiling(network: Network) -> Network:
    """Nothing breaks on the way and nothing grows old."""
    kept = _changed(network, "freight_modes", damage_share=0.0, damage_share_per_1000_km=0.0)
    return _changed(kept, "products", shelf_life_days=None, minimum_remaining_life_days=0.0)


def packaging(network: Network) -> Network:
    """Long ways need no more packaging than short ones."""
    return network.model_copy(update={"packaging": []})


def limited_runs(network: Network) -> Network:
    """Nobody asks for products that are sold for some weeks only."""
    limited = {row.id for row in network.products if row.limited_from or row.limited_until}
    return network.model_copy(
        update={
            name: [row for row in getattr(network, name) if row.product not in limited]
            for name in ("demand_rules", "demand")
        }
    )


def allergens(network: Network) -> Network:
    """Nothing contains an allergen, so nothing has to be kept apart or cleaned off."""
    policy = network.policy.model_copy(update={"segregation": []})
    return _changed(network, "products", allergens=[]).model_copy(update={"policy": policy})


def outages(network: Network) -> Network:
    """Nothing ever stops."""
    return network.model_copy(update={"outage_classes": []})


def energy(network: Network) -> Network:
    """Power costs nothing anywhere."""
    return _changed(network, "sites", power_price_per_kwh=0.0, demand_charge_per_kw_month=0.0)


def promises(network: Network) -> Network:
    """No customer was promised any number of days."""
    return _changed(network, "markets", service_days=None)


def is_hauled_in(network: Network) -> bool:
    """Whether any material weighs or fills something on its way in."""
    return any(row.mass_kg_per_unit or row.volume_l_per_unit for row in network.materials)


def _changed(network: Network, collection: str, **fields: Any) -> Network:
    rows = [row.model_copy(update=fields) for row in getattr(network, collection)]
    return network.model_copy(update={collection: rows})
