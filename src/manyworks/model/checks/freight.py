"""Lanes, freight modes and duties."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from manyworks.model.checks.paths import at, did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.units import haversine_km

ORIGINS = ("sites", "warehouses", "co_packers", "suppliers")
DESTINATIONS = ("markets", "sites", "warehouses", "co_packers")


def _names(network: Network, places: tuple[str, ...]) -> dict[str, None]:
    """What a lane may call these places: ids, tariff zones, countries and ``*``."""
    rows = [row for name in places for row in getattr(network, name)]
    words = [word for row in rows for word in (row.id, row.tariff_zone, row.country) if word]
    return dict.fromkeys(["*", *words])


@rule(
    "lane-matches-nothing",
    "error",
    title="A lane joins places of the document",
    explanation="The ends of a lane are ids of places, tariff zones, countries, or ``*``. Goods leave sites, "
    "warehouses, co-packers and suppliers, and arrive at markets, sites, warehouses and co-packers. A lane that "
    "matches no pair is never used, and the pair it was meant for is priced by distance.",
    cure="Write the id of a place, its zone or country, or *.",
)
def unmatched_lanes(network: Network) -> Iterator[Finding]:
    """Lanes whose origin or destination matches no place."""
    if not network.lanes:
        return
    origins, destinations = _names(network, ORIGINS), _names(network, DESTINATIONS)
    for position, row in enumerate(network.lanes):
        for field, known in (("origin", origins), ("destination", destinations)):
            name = getattr(row, field)
            if name not in known:
                yield Finding(
                    path=at("lanes", position, row, field),
                    message=f"must be a place, a zone or * as {field}",
                    found=name,
                    cure=did_you_mean(name, known),
                )


@rule(
    "lane-priced-twice",
    "warning",
    title="A lane has one price",
    explanation="Where a lane states freight per unit and per tonne, the price per unit counts.",
    cure="Leave cost_per_tonne or cost_per_unit empty.",
    is_local=True,
)
def twice_priced_lanes(network: Network) -> Iterator[Finding]:
    """Lanes with a price per unit and one per tonne."""
    for position, row in enumerate(network.lanes):
        if row.cost_per_unit is not None and row.cost_per_tonne is not None:
            yield Finding(
                path=at("lanes", position, row, "cost_per_tonne"),
                message="has no effect beside cost_per_unit",
                found=f"{row.cost_per_tonne:g}",
            )


@rule(
    "lane-shorter-than-air",
    "warning",
    title="A lane is at least as long as the great circle",
    explanation="Travelled distance between two places is at least the great-circle distance, and seldom more than "
    "four times as long. Outside, miles and kilometres were mixed up or a place has wrong coordinates.",
    cure="Write travelled kilometres, or correct lat and lon of the two places.",
)
def odd_lane_lengths(network: Network) -> Iterator[Finding]:
    """Lanes between two places that are shorter than the great circle, or absurdly longer."""
    origins, destinations = (
        {row.id: row for name in reversed(places) for row in getattr(network, name)}
        for places in (ORIGINS, DESTINATIONS)
    )
    for position, row in enumerate(network.lanes):
        if row.km is not None and row.origin in origins and row.destination in destinations:
            air = _air_km(origins[row.origin], destinations[row.destination])
            if row.km < air * 0.98 - 5 or row.km > air * 4 + 100:
                yield Finding(
                    path=at("lanes", position, row, "km"),
                    message=f"does not go with a great-circle distance of {air:.0f} km",
                    found=f"{row.km:g}",
                )


def _air_km(start: Any, end: Any) -> float:
    return float(haversine_km(start.lat, start.lon, end.lat, end.lon))


@rule(
    "no-freight-mode",
    "warning",
    title="Goods need a way to travel",
    explanation="Pairs of places without a lane of their own take the policy's default mode, else the first of the "
    "document. Without any mode only lanes with a stated cost can be used.",
    cure="Add a freight mode and name it in policy.default_mode.",
)
def no_freight_mode(network: Network) -> Iterator[Finding]:
    """Documents without a freight mode, or with several of which none is the default."""
    modes = [row.id for row in network.freight_modes]
    is_open = len(modes) > 1 or not (modes or network.lanes)
    if network.policy.default_mode is None and network.markets and is_open:
        what = f"is not stated, so lanes take {modes[0]}" if modes else "is not stated and there is no freight mode"
        yield Finding(path="policy.default_mode", message=what, found=listed(modes) if modes else "no mode")


@rule(
    "freight-breaks",
    "warning",
    title="Heavier part loads cost less per tonne",
    explanation="Price breaks start at a mass within the payload, and the price per tonne falls from break to break.",
    cure="Correct from_kg and cost_per_tonne_km.",
)
def odd_breaks(network: Network) -> Iterator[Finding]:
    """Breaks beyond the payload of their mode, or dearer than the break before."""
    payload = {row.id: row.payload_kg for row in network.freight_modes}
    by_mode: dict[str, list[tuple[int, Any]]] = {}
    for position, row in enumerate(network.freight_breaks):
        by_mode.setdefault(row.mode, []).append((position, row))
        if row.from_kg > payload.get(row.mode, row.from_kg):
            yield Finding(
                path=at("freight_breaks", position, row, "from_kg"),
                message=f"is above the payload of {row.mode} ({payload[row.mode]:g} kg)",
                found=f"{row.from_kg:g}",
            )
    for rows in by_mode.values():
        for (_, light), (position, heavy) in pairwise(sorted(rows, key=lambda entry: entry[1].from_kg)):
            if heavy.cost_per_tonne_km > light.cost_per_tonne_km:
                yield Finding(
                    path=at("freight_breaks", position, heavy, "cost_per_tonne_km"),
                    message=f"is above that of the lighter load ({light.cost_per_tonne_km:g})",
                    found=f"{heavy.cost_per_tonne_km:g}",
                )


@rule(
    "duty-of-unknown-zone",
    "warning",
    title="A duty joins zones of the document",
    explanation="Duties are between tariff zones or countries in which the document has a place; ``*`` stands for any. "
    "A duty of another zone has no effect.",
    cure="Write the tariff_zone or country of a place, or *.",
)
def unknown_zones(network: Network) -> Iterator[Finding]:
    """Duties from or into zones where no place is; one finding for each zone."""
    rows = [row for name in (*ORIGINS, "markets") for row in getattr(network, name)]
    known = dict.fromkeys(["*", *(word for row in rows for word in (row.tariff_zone, row.country) if word)])
    seen: set[str] = set()
    for position, row in enumerate(network.duties):
        for field in ("origin_zone", "destination_zone"):
            zone = getattr(row, field)
            if zone not in known and zone not in seen:
                seen.add(zone)
                yield Finding(
                    path=at("duties", position, row, field),
                    message="is the zone or country of no place",
                    found=zone,
                    cure=did_you_mean(zone, known),
                )


@rule(
    "duty-of-unknown-class",
    "warning",
    title="A duty is on a class that goods have",
    explanation="A duty on a class that neither a product nor a material has is never due.",
    cure="Write the duty_class of a product or material, or leave it empty for all.",
)
def unknown_duty_classes(network: Network) -> Iterator[Finding]:
    """Duties on classes that no product or material has; one finding for each class."""
    known = {row.duty_class for row in network.products} | {row.duty_class for row in network.materials}
    seen: set[str] = set()
    for position, row in enumerate(network.duties):
        if row.duty_class and row.duty_class not in known and row.duty_class not in seen:
            seen.add(row.duty_class)
            yield Finding(
                path=at("duties", position, row, "duty_class"),
                message="is the class of no product or material",
                found=row.duty_class,
                cure=did_you_mean(row.duty_class, known - {""}),
            )


@rule(
    "duty-in-percent",
    "warning",
    title="Duties are shares, not percent",
    explanation="0.25 is a duty of 25 %. Duties of more than three times the value hardly exist.",
    cure="Divide by 100.",
    is_local=True,
)
def duties_in_percent(network: Network) -> Iterator[Finding]:
    """Ad valorem duties of more than 300 %."""
    for position, row in enumerate(network.duties):
        if row.ad_valorem_share > 3:
            yield Finding(
                path=at("duties", position, row, "ad_valorem_share"),
                message=f"is a duty of {row.ad_valorem_share:.0%}",
                found=f"{row.ad_valorem_share:g}",
            )
