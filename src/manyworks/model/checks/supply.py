"""Materials, suppliers and their prices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from manyworks.model.checks.paths import at
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.model.supply import SupplyOffer


@rule(
    "material-without-price",
    "warning",
    title="A material should have a price",
    explanation="A material without a price of its own and without an offer costs nothing.",
    cure="State price_per_unit, or add an offer.",
)
def materials_without_price(network: Network) -> Iterator[Finding]:
    """Materials of a bill that cost nothing."""
    used = {row.material for row in network.bill}
    offered = {row.material for row in network.offers}
    for position, row in enumerate(network.materials):
        if row.id in used and row.price_per_unit == 0 and row.id not in offered:
            yield Finding(
                path=at("materials", position, row, "price_per_unit"),
                message="is 0 and no supplier offers it",
                found="0",
            )


@rule(
    "local-material-offered",
    "warning",
    title="A local material is not hauled",
    explanation="A local material, such as mains water, is taken at the site itself at its local price. Offers of "
    "suppliers for it are not used.",
    cure="Delete the offers, or set is_local to false.",
)
def offered_local_materials(network: Network) -> Iterator[Finding]:
    """Offers of local materials."""
    local = {row.id for row in network.materials if row.is_local}
    for position, row in enumerate(network.offers):
        if row.material in local:
            yield Finding(
                path=at("offers", position, row, "material"),
                message="is local, so no offer is used",
                found=row.material,
            )


@rule(
    "unused-material",
    "warning",
    title="A material should be used",
    explanation="A material that is in no bill has no effect; mostly its bill item is missing.",
    cure="Add it to a bill, or delete it.",
)
def unused_materials(network: Network) -> Iterator[Finding]:
    """Materials that no product consumes."""
    used = {row.material for row in network.bill} | {network.policy.water_material}
    for position, row in enumerate(network.materials):
        if row.id not in used:
            yield Finding(path=at("materials", position, row, "id"), message="is in no bill", found=row.id)


@rule(
    "supplier-without-offer",
    "warning",
    title="A supplier should offer something",
    explanation="A supplier without an offer sells nothing.",
    cure="Add an offer, or delete the supplier.",
)
def idle_suppliers(network: Network) -> Iterator[Finding]:
    """Suppliers without an offer."""
    offering = {row.supplier for row in network.offers}
    for position, row in enumerate(network.suppliers):
        if row.id not in offering:
            yield Finding(path=at("suppliers", position, row, "id"), message="offers nothing", found=row.id)


@rule(
    "tiers-rise",
    "warning",
    title="Larger quantities should cost less",
    explanation="The tiers of an offer are prices for buying at least a yearly quantity; they usually fall.",
    cure="Exchange the prices, or correct from_units_per_year.",
    is_local=True,
)
def rising_tiers(network: Network) -> Iterator[Finding]:
    """Tiers that are dearer than the one before."""
    for tiers in _tiers(network).values():
        for (_, small), (position, large) in pairwise(tiers):
            if large.price_per_unit > small.price_per_unit:
                yield Finding(
                    path=at("offers", position, large, "price_per_unit"),
                    message=f"is above the price of the smaller quantity ({small.price_per_unit:g})",
                    found=f"{large.price_per_unit:g}",
                )


@rule(
    "tiers-without-start",
    "warning",
    title="Tiers should start at 0",
    explanation="A site that buys less than the smallest tier of every offer has no price for the material, and takes "
    "that of the smallest tier.",
    cure="Add a tier with from_units_per_year 0.",
)
def tiers_without_start(network: Network) -> Iterator[Finding]:
    """Materials that small buyers cannot buy from a supplier."""
    for tiers in _tiers(network).values():
        position, first = tiers[0]
        if first.from_units_per_year > 0:
            yield Finding(
                path=at("offers", position, first, "from_units_per_year"),
                message="is the smallest tier and should be 0",
                found=f"{first.from_units_per_year:g}",
            )


def _tiers(network: Network) -> dict[tuple[str, str], list[tuple[int, SupplyOffer]]]:
    """Offers by supplier and material, small quantities first, with their positions."""
    tiers: dict[tuple[str, str], list[tuple[int, SupplyOffer]]] = {}
    for position, row in enumerate(network.offers):
        tiers.setdefault((row.supplier, row.material), []).append((position, row))
    return {key: sorted(rows, key=lambda entry: entry[1].from_units_per_year) for key, rows in tiers.items()}


@rule(
    "order-above-capacity",
    "error",
    title="A supplier can deliver its smallest order",
    explanation="The smallest quantity of one order is at most what can be bought in a year.",
    cure="Correct minimum_order_units or capacity_units_per_year.",
    is_local=True,
)
def orders_above_capacity(network: Network) -> Iterator[Finding]:
    """Offers whose smallest order, or whose tier, is more than the supplier sells a year."""
    for position, row in enumerate(network.offers):
        for field in ("minimum_order_units", "from_units_per_year"):
            if row.capacity_units_per_year is not None and getattr(row, field) > row.capacity_units_per_year:
                yield Finding(
                    path=at("offers", position, row, field),
                    message=f"must be at most the capacity of {row.capacity_units_per_year:g} units a year",
                    found=f"{getattr(row, field):g}",
                )


@rule(
    "alternative-alone",
    "warning",
    title="An alternative needs another one",
    explanation="Bill items of a product with the same word in ``alternative`` are choices, of which each site takes "
    "the cheapest. One alone is no choice; mostly the word of the other is spelled in another way.",
    cure="Write the same word at both items, or leave it empty.",
)
def lone_alternatives(network: Network) -> Iterator[Finding]:
    """Alternatives of which a product has only one."""
    groups: dict[tuple[str, str], list[int]] = {}
    for position, row in enumerate(network.bill):
        if row.alternative:
            groups.setdefault((row.product, row.alternative), []).append(position)
    for (product, word), positions in groups.items():
        if len(positions) == 1:
            yield Finding(
                path=at("bill", positions[0], network.bill[positions[0]], "alternative"),
                message=f"is the only item of {product} with this word",
                found=word,
            )


@rule(
    "co-packer-contract",
    "error",
    title="A co-packer can make what is paid for",
    explanation="Neither the smallest run nor the quantity that is paid in any case can exceed the capacity.",
    cure="Correct capacity_units_per_year, minimum_run_units or take_or_pay_units_per_year.",
    is_local=True,
)
def co_packer_contracts(network: Network) -> Iterator[Finding]:
    """Co-packers whose least quantities exceed their capacity."""
    for position, row in enumerate(network.co_packers):
        for field in ("minimum_run_units", "take_or_pay_units_per_year"):
            if row.capacity_units_per_year is not None and getattr(row, field) > row.capacity_units_per_year:
                yield Finding(
                    path=at("co_packers", position, row, field),
                    message=f"must be at most the capacity of {row.capacity_units_per_year:g} units a year",
                    found=f"{getattr(row, field):g}",
                )
