"""Products: can they be made, shipped and sold at all?"""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.making import makeable, runnable, tied_lines
from manyworks.model.checks.paths import at, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.units import LITRES_PER_M3


@rule(
    "nothing-to-plan",
    "warning",
    title="A network has products, markets and places",
    explanation="Without products, markets or a place that can make or pack something there is nothing to decide.",
    cure="Add the missing rows.",
)
def nothing_to_plan(network: Network) -> Iterator[Finding]:
    """Documents in which a whole side of the question is missing."""
    for name, rows in (
        ("products", network.products),
        ("markets", network.markets),
        ("sites", [*network.sites, *network.co_packers]),
    ):
        if not rows:
            yield Finding(path=name, message="is empty", found="no row")


@rule(
    "limited-family",
    "error",
    title="A limited run has a family of its own",
    explanation="Products of a family are shipped together in the mix that a market asks for. A product that is sold "
    "on some days only would have to be shipped, or go to waste, with those that are sold all year.",
    cure="Give the products of the limited run a family of their own; lines may still run several families.",
)
def limited_families(network: Network) -> Iterator[Finding]:
    """Families whose products are not all sold on the same days."""
    days: dict[str, set[tuple[object, object]]] = {}
    for row in network.products:
        days.setdefault(row.family, set()).add((row.limited_from, row.limited_until))
    for position, row in enumerate(network.products):
        if len(days[row.family]) > 1 and (row.limited_from or row.limited_until):
            path = at("products", position, row, "family")
            yield Finding(path=path, message="is shared with products that are sold on other days", found=row.family)


@rule(
    "product-without-line",
    "error",
    title="Something must be able to make each product",
    explanation="A product is made on a line that a site has or may have, or by a co-packer. Lines list their "
    "products, templates and routings narrow the list.",
    cure="Add the product to a line, template or co-packer, or correct its routing.",
)
def products_without_line(network: Network) -> Iterator[Finding]:
    """Products that no site or co-packer can make, now or after building."""
    made = set().union(*makeable(network).values())
    for position, row in enumerate(network.products):
        if row.id not in made and (network.sites or network.co_packers):
            runs = [line.id for line in network.lines if row.id in runnable(network, line)]
            why = f"{listed(runs)} could, but may stand nowhere" if runs else "no line runs it"
            yield Finding(path=at("products", position, row, "id"), message=f"can be made nowhere: {why}", found=row.id)


@rule(
    "routing-line-mismatch",
    "error",
    title="A routing names lines that run the product",
    explanation="The lines of a routing step narrow those that list the product; a line that does not list it cannot "
    "run the step.",
    cure="Add the product to the line's products, or take the line out of the step.",
)
def routings_against_lines(network: Network) -> Iterator[Finding]:
    """Routing steps on lines that do not list the product."""
    listing = {row.id: row.products for row in network.lines}
    for position, row in enumerate(network.routings):
        for name in row.lines:
            if listing.get(name) and row.product not in listing[name]:
                yield Finding(
                    path=at("routings", position, row, "lines"), message=f"must run {row.product}", found=name
                )


@rule(
    "routing-with-gap",
    "warning",
    title="Stages of a routing count from 1",
    explanation="Stages are made in order; a number that is left out is mostly an operation that is missing.",
    cure="Number the stages 1, 2, 3 and so on.",
)
def routing_gaps(network: Network) -> Iterator[Finding]:
    """Products whose stages are not 1, 2, 3 …; one finding for each product."""
    stages: dict[str, dict[int, int]] = {}
    for position, row in enumerate(network.routings):
        stages.setdefault(row.product, {}).setdefault(row.stage, position)
    for product, numbers in stages.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            position = numbers[max(numbers)]
            yield Finding(
                path=at("routings", position, network.routings[position], "stage"),
                message=f"leaves a gap in the stages of {product}",
                found=", ".join(str(number) for number in sorted(numbers)),
            )


@rule(
    "life-too-short",
    "error",
    title="A product must outlive the life that customers ask for",
    explanation="Customers accept goods with at least ``minimum_remaining_life_days``; a product that lives no longer "
    "than that can be delivered to nobody.",
    cure="Correct shelf_life_days or minimum_remaining_life_days.",
    is_local=True,
)
def short_lives(network: Network) -> Iterator[Finding]:
    """Products whose customers ask for more life than they have."""
    for position, row in enumerate(network.products):
        if row.shelf_life_days is not None and row.minimum_remaining_life_days >= row.shelf_life_days:
            yield Finding(
                path=at("products", position, row, "minimum_remaining_life_days"),
                message=f"must be less than the shelf life of {row.shelf_life_days:g} days",
                found=f"{row.minimum_remaining_life_days:g}",
            )


@rule(
    "nothing-left",
    "error",
    title="Scrap and waste leave something",
    explanation="A share of 1 means that everything made or used is lost.",
    cure="Write a share below 1, for example 0.02 for 2 %.",
    is_local=True,
)
def nothing_left(network: Network) -> Iterator[Finding]:
    """Scrap and waste shares of one."""
    for collection, field in (("products", "scrap_share"), ("bill", "waste_share"), ("equipment", "scrap_share")):
        for position, row in enumerate(getattr(network, collection)):
            if getattr(row, field) >= 1:
                yield Finding(
                    path=at(collection, position, row, field),
                    message="must be less than 1",
                    found=f"{getattr(row, field):g}",
                )


@rule(
    "product-without-bill",
    "warning",
    title="A product should consume materials",
    explanation="Without a bill of materials a product costs no material, which hides what the purchase tiers of a big "
    "plant and local materials are worth.",
    cure="Add its materials to bill.",
)
def products_without_bill(network: Network) -> Iterator[Finding]:
    """Products without a material."""
    with_bill = {row.product for row in network.bill}
    for position, row in enumerate(network.products):
        if row.id not in with_bill:
            yield Finding(path=at("products", position, row, "id"), message="has no bill of materials", found=row.id)


@rule(
    "materials-above-price",
    "warning",
    title="Materials should cost less than the product sells for",
    explanation="A product whose materials alone cost more than its price is never worth making; mostly a unit of the "
    "bill or of a price is wrong.",
    cure="Check quantity_per_unit, the unit of the material and the prices.",
)
def materials_above_price(network: Network) -> Iterator[Finding]:
    """Products whose cheapest materials cost more than they sell for."""
    cheapest = {row.id: row.price_per_unit for row in network.materials}
    for offer in network.offers:
        cheapest[offer.material] = min(cheapest.get(offer.material) or offer.price_per_unit, offer.price_per_unit)
    items: dict[str, dict[str, float]] = {}
    for number, item in enumerate(network.bill):
        cost = item.quantity_per_unit * cheapest.get(item.material, 0.0)
        group, known = item.alternative or str(number), items.setdefault(item.product, {})
        known[group] = min(known.get(group, cost), cost)
    for position, row in enumerate(network.products):
        materials = sum(items.get(row.id, {}).values())
        if materials > row.price:
            yield Finding(
                path=at("products", position, row, "price"),
                message=f"is below the cost of its materials ({materials:.4g} a unit)",
                found=f"{row.price:g}",
            )


@rule(
    "unit-density",
    "warning",
    title="A unit's mass should go with its volume",
    explanation="Mass over volume of a packed unit lies between that of foam (0.01 kg/l) and that of steel (8 kg/l). "
    "Outside, kilograms and grams or litres and millilitres were mixed up, and freight is wrong by a factor.",
    cure="Write mass_kg in kilograms and volume_l in litres.",
    is_local=True,
)
def unit_density(network: Network) -> Iterator[Finding]:
    """Products that are lighter than foam or heavier than steel."""
    for position, row in enumerate(network.products):
        density = row.mass_kg / row.volume_l
        if not 0.01 <= density <= 8:
            yield Finding(
                path=at("products", position, row, "mass_kg"),
                message=f"with volume {row.volume_l:g} l gives {density:.3g} kg/l, usually 0.01 to 8",
                found=f"{row.mass_kg:g}",
            )


@rule(
    "pallet-odd",
    "warning",
    title="A pallet carries up to 2 tonnes and 4 cubic metres",
    explanation="Units on a pallet times mass and volume of a unit are the pallet. Outside the usual the number of "
    "units counts cases, or the mass is that of another unit.",
    cure="Write how many sellable units stand on one full pallet.",
    is_local=True,
)
def odd_pallets(network: Network) -> Iterator[Finding]:
    """Pallets that are too heavy or too large for a truck, or nearly empty."""
    for position, row in enumerate(network.products):
        mass, volume = row.units_per_pallet * row.mass_kg, row.units_per_pallet * row.volume_l / LITRES_PER_M3
        if mass > 2000 or volume > 4 or (mass < 20 and volume < 0.1):
            yield Finding(
                path=at("products", position, row, "units_per_pallet"),
                message=f"makes a pallet of {mass:,.3g} kg and {volume:.3g} m³",
                found=f"{row.units_per_pallet:g}",
            )


@rule(
    "unit-beyond-truck",
    "error",
    title="A unit must fit into its truck",
    explanation="One unit that is heavier or larger than the whole load of the default freight mode can go nowhere.",
    cure="Correct mass_kg and volume_l of the unit, or payload_kg and cube_m3 of the mode.",
)
def units_beyond_truck(network: Network) -> Iterator[Finding]:
    """Products of which one unit is too much for the default freight mode."""
    modes = [row for row in network.freight_modes if row.id == network.policy.default_mode] or network.freight_modes[:1]
    for position, row in enumerate(network.products) if modes else ():
        mode = modes[0]
        if row.mass_kg > mode.payload_kg or row.volume_l / LITRES_PER_M3 > mode.cube_m3:
            yield Finding(
                path=at("products", position, row, "mass_kg"),
                message=f"or its volume is more than {mode.id} carries ({mode.payload_kg:g} kg, {mode.cube_m3:g} m³)",
                found=f"{row.mass_kg:g} kg, {row.volume_l:g} l",
            )


@rule(
    "tied-to-nothing",
    "warning",
    title="Stages of one product should meet on the same lines",
    explanation="A plan makes a product on one line. When the steps of a routing are tied to lines that have none in "
    "common, each stage counts as made where any of them is.",
    cure="Model the stages as one line, or as two products with a bill of materials.",
)
def stages_apart(network: Network) -> Iterator[Finding]:
    """Products whose stages share no line."""
    tied = tied_lines(network)
    steps: dict[str, list[set[str]]] = {}
    for row in network.routings:
        if row.lines:
            steps.setdefault(row.product, []).append(set(row.lines))
    for position, product in enumerate(network.products):
        if product.id in tied and not set.intersection(*steps[product.id]):
            yield Finding(
                path=at("products", position, product, "id"),
                message="has stages on lines that have none in common",
                found=listed(sorted(tied[product.id])),
            )
