"""What the materials of one unit cost at a site: bought, hauled in, taxed at the border, or drawn on the spot.

Each site takes, per material and period, the offer that is cheapest delivered, and of alternatives the cheapest
material. What hauling costs: ``inbound``. Capacities and smallest orders of suppliers are limits, not prices: they are
not here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyworks.model.duties import duties
from manyworks.model.inbound import inbound_freight, inbound_goods
from manyworks.model.lanes import LaneTerms, lane_terms
from manyworks.model.network import Network
from manyworks.model.periods import Period
from manyworks.model.places import Located, positions
from manyworks.model.product import BillItem, Material
from manyworks.model.supply import SupplyOffer

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class _Haul:
    """What every material of one call shares; ``terms`` by mode, each (suppliers, sites)."""

    network: Network
    sites: Sequence[Located]
    periods: Sequence[Period]
    terms: Mapping[str | None, LaneTerms]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.sites), len(self.periods)


@dataclass(frozen=True, kw_only=True)
class MaterialCosts:
    """Money per good unit made, each line of shape (sites, products, periods); inf where a site cannot get a material.

    ``purchase`` ex works (or delivered, where no offer is stated), ``freight`` and ``duty`` inbound, ``local`` what is
    taken at the site: tariff, treatment and discharge.
    """

    purchase: Array
    freight: Array
    duty: Array
    local: Array

    @property
    def total(self) -> Array:
        """All four lines."""
        return self.purchase + self.freight + self.duty + self.local

    def __add__(self, other: MaterialCosts) -> MaterialCosts:
        return MaterialCosts(
            **{line.name: getattr(self, line.name) + getattr(other, line.name) for line in fields(self)}
        )

    def of(self, sites: slice) -> MaterialCosts:
        """Some of the sites."""
        return MaterialCosts(**{line.name: getattr(self, line.name)[sites] for line in fields(self)})

    def times(self, factor: float) -> MaterialCosts:
        """Every line times ``factor``."""
        return MaterialCosts(**{line.name: getattr(self, line.name) * factor for line in fields(self)})


def material_costs(
    network: Network,
    sites: Sequence[Located],
    periods: Sequence[Period],
    units_per_year: ArrayLike,
    *,
    without: Container[tuple[str, str]] = frozenset(),
) -> MaterialCosts:
    """Materials per unit at each of ``sites``, shape (sites, products, periods); ``without`` (product, material).

    ``units_per_year`` of shape (products,) or (sites, products) is a typical yearly make of one site: it says which
    quantity tier the site reaches. Quantity bought per good unit = quantity_per_unit / (1 − waste) / (1 − scrap).
    """
    made = np.broadcast_to(np.asarray(units_per_year, dtype=np.float64), (len(sites), len(network.products)))
    bought, haul = _bought(network, made), _haul(network, sites, periods)
    prices = {row.id: _delivered(haul, row, bought) for row in network.materials}
    products = []
    for product in network.products:
        items = [item for item in network.bill if item.product == product.id]
        total = _lines(haul.shape)
        for group in alternatives(items):
            if (product.id, group[0].material) not in without:
                total += _cheapest([prices[item.material].times(quantity_bought(network, item)) for item in group])
        products.append(total)
    return MaterialCosts(
        **{
            line.name: np.stack([getattr(product, line.name) for product in products], axis=1)
            if products
            else np.zeros((len(sites), 0, len(periods)))
            for line in fields(MaterialCosts)
        }
    )


def quantity_bought(network: Network, item: BillItem) -> float:
    """Units of the material bought per good unit of the product."""
    scrap: float = network.get("products", item.product).scrap_share
    return item.quantity_per_unit / max((1 - item.waste_share) * (1 - scrap), 1e-9)


def _bought(network: Network, made: Array) -> Array:
    """Units of each material that a site buys a year, (sites, materials); alternatives as if each were the one."""
    bought = np.zeros((len(made), len(network.materials)))
    at, product_at = positions(network.materials), positions(network.products)
    for item in network.bill:
        bought[:, at[item.material]] += made[:, product_at[item.product]] * quantity_bought(network, item)
    return bought


def alternatives(items: Iterable[BillItem]) -> list[list[BillItem]]:
    """Items in groups of which one is used: the same word, or an item alone."""
    groups: dict[str, list[BillItem]] = {}
    alone = []
    for item in items:
        if item.alternative:
            groups.setdefault(item.alternative, []).append(item)
        else:
            alone.append([item])
    return [*alone, *groups.values()]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One way to get a material: an offer from a yearly quantity on, or what is local or needs no offer (no supplier).

    ``costs`` are money per unit of the material, lines of shape (sites, periods). ``from_units`` and
    ``minimum_order`` in units of the material; the smallest tier starts at 0, whatever it states.
    """

    material: str
    supplier: str
    mode: str
    from_units: float
    minimum_order: float
    costs: MaterialCosts

    @property
    def seller(self) -> tuple[str, str, str]:
        """What its tiers have in common."""
        return self.material, self.supplier, self.mode


def material_sources(
    network: Network,
    sites: Sequence[Located],
    periods: Sequence[Period],
    units_per_year: ArrayLike,
    materials: Iterable[str],
) -> list[Source]:
    """Every source of ``materials``, tiers apart, small quantities first; ``units_per_year`` sizes the loads."""
    made = np.broadcast_to(np.asarray(units_per_year, dtype=np.float64), (len(sites), len(network.products)))
    bought, haul = _bought(network, made), _haul(network, sites, periods)
    wanted, found = set(materials), []
    for material in network.materials:
        if material.id not in wanted:
            continue
        sellers = _sellers(network, material) if not material.is_local else {}
        if not sellers:
            costs = _delivered(haul, material, bought)
            found.append(
                Source(material=material.id, supplier="", mode="", from_units=0.0, minimum_order=0.0, costs=costs)
            )
        for rows in sellers.values():
            tiers = sorted(rows, key=lambda row: row.from_units_per_year)
            least = max(row.minimum_order_units for row in tiers)
            for position, row in enumerate(tiers):
                found.append(
                    Source(
                        material=material.id,
                        supplier=row.supplier,
                        mode=row.mode or "",
                        from_units=row.from_units_per_year if position else 0.0,
                        minimum_order=least,
                        costs=_hauled(haul, material, tiers, bought, np.full(len(sites), row.price_per_unit)),
                    )
                )
    return found


def _sellers(network: Network, material: Material) -> dict[tuple[str, str | None], list[SupplyOffer]]:
    sellers: dict[tuple[str, str | None], list[SupplyOffer]] = {}
    for offer in network.offers:
        if offer.material == material.id:
            sellers.setdefault((offer.supplier, offer.mode), []).append(offer)
    return sellers


def _haul(network: Network, sites: Sequence[Located], periods: Sequence[Period]) -> _Haul:
    modes = {offer.mode for offer in network.offers}
    terms = {mode: lane_terms(network, network.suppliers, sites, mode=mode) for mode in modes}
    return _Haul(network=network, sites=sites, periods=periods, terms=terms)


def _delivered(haul: _Haul, material: Material, bought: Array) -> MaterialCosts:
    """One unit of a material, lines of shape (sites, periods); ``bought`` (sites, materials) units a year."""
    if material.is_local:
        return _local(material, haul)
    sellers = _sellers(haul.network, material)
    if not sellers:
        return _lines(haul.shape, purchase=material.price_per_unit)
    return _cheapest([_offered(haul, material, rows, bought) for rows in sellers.values()])


def _local(material: Material, haul: _Haul) -> MaterialCosts:
    factor = np.array([getattr(site, "water_price_factor", 1.0) for site in haul.sites])
    a_unit = material.price_per_unit * factor + material.treatment_per_unit + material.discharge_per_unit
    return _lines(haul.shape, local=a_unit[:, None])


def _offered(haul: _Haul, material: Material, tiers: Sequence[SupplyOffer], bought: Array) -> MaterialCosts:
    """One supplier's material, its tiers by what each site buys; ``bought`` (sites, materials)."""
    price = _tier_price(tiers, bought[:, positions(haul.network.materials)[material.id]])
    return _hauled(haul, material, tiers, bought, price)


def _hauled(
    haul: _Haul, material: Material, tiers: Sequence[SupplyOffer], bought: Array, prices: Array
) -> MaterialCosts:
    """One supplier's material at a price (sites,) ex works."""
    row, price = positions(haul.network.suppliers)[tiers[0].supplier], prices[:, None]
    terms = haul.terms[tiers[0].mode]
    table = duties(
        haul.network,
        [haul.network.suppliers[row]],
        haul.sites,
        haul.periods,
        classes=[material.duty_class] * 2,
        values=np.array([1.0, 0.0]),
        masses_kg=np.array([0.0, material.mass_kg_per_unit]),
    )
    share, per_unit = (table.all_pairs()[0, :, item] for item in (0, 1))
    freight = inbound_freight(haul.network, inbound_goods(haul.network, tiers[0], bought), terms, row)
    return _lines(haul.shape, purchase=price, freight=freight[:, None], duty=price * share + per_unit)


def _tier_price(tiers: Sequence[SupplyOffer], bought: Array) -> Array:
    """Price ex works at each site, (sites,): the highest tier that it reaches, the lowest one where it reaches none."""
    rows = sorted(tiers, key=lambda row: row.from_units_per_year)
    reached = np.searchsorted([row.from_units_per_year for row in rows], bought, side="right") - 1
    return np.array([row.price_per_unit for row in rows])[np.maximum(reached, 0)]


def _cheapest(options: Sequence[MaterialCosts]) -> MaterialCosts:
    """The cheapest of the options at each site and period; the first stated of equal ones."""
    best = np.argmin(np.stack([option.total for option in options]), axis=0)[None]
    return MaterialCosts(
        **{
            line.name: np.take_along_axis(np.stack([getattr(option, line.name) for option in options]), best, axis=0)[0]
            for line in fields(MaterialCosts)
        }
    )


def _lines(
    shape: tuple[int, int],
    *,
    purchase: ArrayLike = 0.0,
    freight: ArrayLike = 0.0,
    duty: ArrayLike = 0.0,
    local: ArrayLike = 0.0,
) -> MaterialCosts:
    spread = (np.broadcast_to(np.asarray(line, dtype=np.float64), shape) for line in (purchase, freight, duty, local))
    return MaterialCosts(**dict(zip(("purchase", "freight", "duty", "local"), spread, strict=True)))
