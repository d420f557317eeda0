"""Can goods get from some place that makes them to each market, in time?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray

from manyworks.model.checks.making import makeable
from manyworks.model.checks.paths import at, listed, plural
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.lanes import lane_terms
from manyworks.model.market import Market
from manyworks.model.network import Network
from manyworks.model.product import Product
from manyworks.model.site import CoPacker, Site

BLOCK = 200_000
"""Pairs of places that are looked at together, so that a large document stays small in memory."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Days (markets,) from the nearest place that makes ``products``; inf where none may or can ship."""

    products: tuple[Product, ...]
    days: NDArray[np.float64]


_last: tuple[ReferenceType[Network], list[Reach]] | None = None
"""What was found for the network that was asked for last: three rules ask for the same."""


def reaches(network: Network) -> list[Reach]:
    """How the markets are reached with the products that the same places make."""
    global _last  # noqa: PLW0603 - a memory of one entry that keeps no network alive
    if _last is None or _last[0]() is not network:
        _last = ref(network), _reaches(network)
    return _last[1]


def _reaches(network: Network) -> list[Reach]:
    markets, groups = network.markets, _makers(network)
    if not markets or not groups:
        return []
    origins: list[Site | CoPacker] = [*network.sites, *network.co_packers]
    best = {makers: np.full(len(markets), np.inf) for makers in groups}
    step = max(BLOCK // len(markets), 1)
    for start in range(0, len(origins), step):
        block = origins[start : start + step]
        terms = lane_terms(network, block, markets)
        days = np.where(terms.is_allowed, terms.days, np.inf)
        for makers, shortest in best.items():
            rows = [row for row, place in enumerate(block) if place.id in makers]
            if rows:
                np.minimum(shortest, days[rows].min(axis=0), out=shortest)
    return [Reach(products=tuple(products), days=best[makers]) for makers, products in groups.items()]


def _makers(network: Network) -> dict[frozenset[str], list[Product]]:
    """Products by the set of places that can make them; products that nobody makes have a rule of their own."""
    makes = makeable(network)
    groups: dict[frozenset[str], list[Product]] = {}
    for product in network.products:
        makers = frozenset(place for place, products in makes.items() if product.id in products)
        if makers:
            groups.setdefault(makers, []).append(product)
    return groups


@rule(
    "market-unreachable",
    "error",
    title="Each market must be reachable",
    explanation="Goods reach a market from a site or co-packer that can make them, along lanes that are allowed and "
    "have a freight mode or a price. A market that no such place can ship to is never served.",
    cure="Allow a lane, add a freight mode, or delete the market.",
    is_deep=True,
)
def unreachable_markets(network: Network) -> Iterator[Finding]:
    """Markets to which no maker of some products can ship; one finding for products with the same makers."""
    for reach in reaches(network):
        cut_off = np.flatnonzero(np.isinf(reach.days)).tolist()
        if cut_off:
            yield Finding(
                path=at("markets", cut_off[0], network.markets[cut_off[0]], "id"),
                message=f"no place that makes {listed(row.id for row in reach.products)} may ship to "
                f"{plural(len(cut_off), 'market')}",
                found=listed(network.markets[m].id for m in cut_off),
            )


def _late(network: Network) -> Iterator[tuple[int, Market, float]]:
    """Markets whose promise nobody can keep, with the days that the nearest maker takes."""
    best = np.zeros(len(network.markets))
    for reach in reaches(network):
        best = np.maximum(best, np.where(np.isinf(reach.days), 0.0, reach.days))
    for m, (row, days) in enumerate(zip(network.markets, best.tolist(), strict=True)):
        if row.service_days is not None and days > row.service_days + 1e-9:
            yield m, row, days


@rule(
    "promise-out-of-reach",
    "warning",
    title="A promise should be one that some place can keep",
    explanation="``service_days`` were promised to a market, and even from the nearest place that could make the goods "
    "they travel longer.",
    cure="Add a candidate site nearby, a faster mode, or a promise that can be kept.",
    is_deep=True,
)
def late_markets(network: Network) -> Iterator[Finding]:
    """Markets whose promise no site that stands or could stand can keep, where promises do not bind."""
    if not network.policy.is_service_binding:
        for m, row, days in _late(network):
            yield _too_late(m, row, days)


@rule(
    "binding-promise-out-of-reach",
    "error",
    title="A binding promise must be one that some place can keep",
    explanation="``policy.is_service_binding`` forbids deliveries that take longer than promised. A market whose "
    "promise nobody can keep can then not be served.",
    cure="Add a candidate site nearby, a faster mode, or a promise that can be kept.",
    is_deep=True,
)
def late_binding_markets(network: Network) -> Iterator[Finding]:
    """Markets whose promise no site that stands or could stand can keep, where promises bind."""
    if network.policy.is_service_binding:
        for m, row, days in _late(network):
            yield _too_late(m, row, days)


def _too_late(position: int, row: Market, days: float) -> Finding:
    return Finding(
        path=at("markets", position, row, "service_days"),
        message=f"is less than the {days:.2g} days from the nearest place that could make the goods",
        found=f"{row.service_days:g}",
    )


@rule(
    "spoiled-on-arrival",
    "warning",
    title="Goods should arrive with the life that customers ask for",
    explanation="Even from the nearest place that could make it the product travels longer than its shelf life less "
    "the minimum remaining life, so the market is not served with it.",
    cure="Add a candidate site nearby or a faster mode, or correct the days of life.",
    is_deep=True,
)
def spoiled_markets(network: Network) -> Iterator[Finding]:
    """Products that reach some markets too old; one finding for each product."""
    mortal = [row for row in network.products if row.shelf_life_days is not None]
    for reach in reaches(network) if mortal else ():
        for product in reach.products:
            if product.shelf_life_days is None:
                continue
            spare = product.shelf_life_days - product.minimum_remaining_life_days
            late = np.flatnonzero(np.isfinite(reach.days) & (reach.days > spare)).tolist()
            if late:
                yield Finding(
                    path=at("products", network.products.index(product), product, "shelf_life_days"),
                    message=f"leaves {spare:g} days to travel, too few for {plural(len(late), 'market')}",
                    found=listed(network.markets[m].id for m in late),
                )


@rule(
    "warehouse-to-nowhere",
    "warning",
    title="A warehouse should be able to ship to a market",
    explanation="Goods leave a warehouse along lanes that are allowed and have a freight mode, as they leave sites. A "
    "warehouse without such a lane to any market is never used.",
    cure="Allow a lane from it, or name a mode in the lane or in policy.default_mode.",
)
def warehouses_to_nowhere(network: Network) -> Iterator[Finding]:
    """Warehouses from which no market can be reached."""
    if not network.warehouses or not network.markets:
        return
    allowed = lane_terms(network, network.warehouses, network.markets).is_allowed
    for position, row in enumerate(network.warehouses):
        if not allowed[position].any():
            yield Finding(path=at("warehouses", position, row, "id"), message="may ship to no market", found=row.id)
