"""The claims that are made for making things in many small places, and how each is switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.studies.claims import without
from manyworks.studies.claims.figures import FIGURES, Figure


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim. ``without`` gives the document in which it cannot hold; ``absent`` says why a document is silent about
    it, empty where it speaks; ``lines`` are the money lines in which it would show, ``figure`` what it is in days,
    units or hours."""

    id: str
    title: str
    statement: str
    without: without.Without
    absent: Callable[[Network], str]
    lines: tuple[str, ...]
    figure: Figure | None = None


def _needs(is_there: Callable[[Network], object], reason: str) -> Callable[[Network], str]:
    return lambda network: "" if is_there(network) else reason


def _claims(*claims: Claim) -> Mapping[str, Claim]:
    return {claim.id: claim for claim in claims}


CLAIMS: Mapping[str, Claim] = _claims(
    Claim(
        id="labour",
        title="Labour",
        statement="Small plants go where people are to be had at a fair wage.",
        without=without.labour_differences,
        absent=_needs(
            lambda n: len({(s.wage_per_h, s.labour_pool) for s in n.sites}) > 1, "every site pays the same wage"
        ),
        lines=("direct_labour", "overtime", "indirect_labour", "hiring_training"),
        figure=FIGURES["people"],
    ),
    Claim(
        id="shipping_in",
        title="Shipping in",
        statement="Materials need not travel to one far plant.",
        without=without.inbound_freight,
        absent=_needs(without.is_hauled_in, "no material is hauled"),
        lines=("inbound_freight",),
    ),
    Claim(
        id="shipping_out",
        title="Shipping out",
        statement="Goods are made near those who buy them.",
        without=without.outbound_freight,
        absent=_needs(lambda n: n.freight_modes or n.lanes, "no way costs anything"),
        lines=("outbound_freight",),
        figure=FIGURES["distance"],
    ),
    Claim(
        id="reconfiguration",
        title="Reconfiguration",
        statement="A small plant changes from product to product in minutes, a big one in a day.",
        without=without.changeovers,
        absent=_needs(lambda n: n.changeovers, "no changeover is stated"),
        lines=("changeover_labour", "changeover_cleaning", "startup_scrap"),
        figure=FIGURES["changeover"],
    ),
    Claim(
        id="storage",
        title="Storage",
        statement="Short runs near customers need less stock than long runs far away.",
        without=without.storage,
        absent=_needs(
            lambda n: n.policy.storage_fee_per_pallet_month or n.policy.stock_cost_share_per_year,
            "storage costs nothing",
        ),
        lines=("cycle_stock", "safety_stock", "season_stock", "in_transit_stock", "storage_fees", "spoilage"),
        figure=FIGURES["stock"],
    ),
    Claim(
        id="time_to_market",
        title="Investment and time to market",
        statement="A small plant stands in a quarter, a big one in three years.",
        without=without.fast_stand_up,
        absent=_needs(
            lambda n: {row.scale for row in n.templates} == {"big", "micro"}, "templates of both scales are needed"
        ),
        lines=("capex", "incentives", "salvage"),
        figure=FIGURES["first_product"],
    ),
    Claim(
        id="tariffs",
        title="Tariffs",
        statement="What is made inside a border pays no duty at it.",
        without=without.duties,
        absent=_needs(lambda n: n.duties, "no duty is stated"),
        lines=("inbound_duty", "outbound_duty"),
    ),
    Claim(
        id="freshness",
        title="Freshness and damage",
        statement="Short ways break less and arrive fresher.",
        without=without.spoiling,
        absent=_needs(
            lambda n: (
                any(row.shelf_life_days for row in n.products)
                or any(row.damage_share or row.damage_share_per_1000_km for row in n.freight_modes)
            ),
            "nothing spoils or breaks",
        ),
        lines=("spoilage", "transit_damage"),
        figure=FIGURES["age"],
    ),
    Claim(
        id="packaging",
        title="Packaging",
        statement="Short ways need less packaging.",
        without=without.packaging,
        absent=_needs(lambda n: n.packaging, "no packaging depends on distance"),
        lines=("packaging_distance",),
    ),
    Claim(
        id="limited_runs",
        title="Limited runs",
        statement="Small plants make the holiday pack in time and stop in time.",
        without=without.limited_runs,
        absent=_needs(
            lambda n: any(row.limited_from or row.limited_until for row in n.products), "no product is limited in time"
        ),
        lines=("spoilage", "unmet_penalty"),
        figure=FIGURES["unserved"],
    ),
    Claim(
        id="allergens",
        title="Allergens moved out",
        statement="Allergens get a line of their own, and the rest need not be cleaned of them.",
        without=without.allergens,
        absent=_needs(lambda n: any(row.allergens for row in n.products), "no product contains an allergen"),
        lines=("changeover_labour", "changeover_cleaning", "startup_scrap"),
        figure=FIGURES["changeover"],
    ),
    Claim(
        id="reliability",
        title="Reliability",
        statement="When one of many plants stops, the others go on.",
        without=without.outages,
        absent=_needs(lambda n: n.outage_classes, "no class of outages is stated"),
        lines=(),
    ),
    Claim(
        id="energy",
        title="Energy",
        statement="Small plants can stand where power is cheap.",
        without=without.energy,
        absent=_needs(lambda n: any(row.power_price_per_kwh for row in n.sites), "power costs nothing"),
        lines=("energy",),
    ),
    Claim(
        id="customers",
        title="Customer experience",
        statement="Customers near a plant wait less.",
        without=without.promises,
        absent=_needs(lambda n: n.markets, "there are no customers"),
        lines=("revenue", "unmet_penalty"),
        figure=FIGURES["days"],
    ),
)
"""Every claim, in the order of the page. The plans do not know outages, so reliability is not switched off but measured
by the expected cost of every outage at the plans found: ``measure.py``."""
