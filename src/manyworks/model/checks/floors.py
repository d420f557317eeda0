"""Floors: what stands on them, and what their zones say."""

from __future__ import annotations

from collections.abc import Iterator

from manyworks.model.checks.paths import at, did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.checks.stations import stations_of
from manyworks.model.network import Network

SLACK_M = 1e-6


@rule(
    "floor-part-outside",
    "error",
    title="What belongs to a floor lies on it",
    explanation="Zones and fixed places are rectangles of their floor, in metres from its corner.",
    cure="Correct x_m, y_m and the extents, or the floor's width_m and depth_m.",
)
def parts_outside(network: Network) -> Iterator[Finding]:
    """Zones and fixed places that reach over the edge of their floor."""
    floors = {floor.id: floor for floor in network.floors}
    for collection in ("zones", "fixed_places"):
        for position, row in enumerate(getattr(network, collection)):
            floor = floors.get(row.floor)
            if floor is None:
                continue
            for field, extent, size in (("x_m", "width_m", floor.width_m), ("y_m", "depth_m", floor.depth_m)):
                end = getattr(row, field) + getattr(row, extent)
                if end > size + SLACK_M:
                    yield Finding(
                        path=at(collection, position, row, extent),
                        message=f"must end within the floor's {size:g} m; {field} + {extent} is {end:g} m",
                        found=f"{getattr(row, extent):g}",
                    )


@rule(
    "unknown-floor-station",
    "error",
    title="Placements and wishes name stations of their line",
    explanation="A placement says where a machine of a station stands, and a wish what should stand near a station: "
    "another station of the line, or a fixed place.",
    cure="Write the id of a station of the line.",
)
def unknown_stations(network: Network) -> Iterator[Finding]:
    """Stations, numbers of machines and fixed places that do not exist."""
    counts = {line: {row.id: row.count for row in rows} for line, rows in stations_of(network).items()}
    fixed = [row.id for row in network.fixed_places]
    for collection in ("placements", "adjacency_wishes"):
        for position, row in enumerate(getattr(network, collection)):
            known = counts.get(row.line, {})
            if row.station not in known:
                yield Finding(
                    path=at(collection, position, row, "station"),
                    message=f"must be a station of {row.line}",
                    found=row.station,
                    cure=did_you_mean(row.station, known),
                )
            elif collection == "placements" and row.number > known[row.station]:
                yield Finding(
                    path=at(collection, position, row, "number"),
                    message=f"must be at most {known[row.station]}, the machines of {row.station}",
                    found=str(row.number),
                    cure="Raise the station's count, or delete the row.",
                )
            if collection == "adjacency_wishes" and row.other not in [*known, *fixed]:
                yield Finding(
                    path=at(collection, position, row, "other"),
                    message=f"must be a station of {row.line} or a fixed place",
                    found=row.other,
                    cure=did_you_mean(row.other, [*known, *fixed]),
                )


@rule(
    "zone-without-rule",
    "warning",
    title="A zone should say who belongs there",
    explanation="A hygiene zone without kinds of equipment, and an allergen zone without allergens that a product "
    "holds, change nothing.",
    cure="State equipment_kinds, or allergens as the products have them.",
)
def idle_zones(network: Network) -> Iterator[Finding]:
    """Hygiene zones without equipment in the catalogue, and allergen zones without allergens of a product."""
    held = {allergen for product in network.products for allergen in product.allergens}
    kinds = {machine.kind for machine in network.equipment}
    named = {"hygiene": ("equipment_kinds", kinds), "allergen": ("allergens", held)}
    for position, row in enumerate(network.zones):
        if row.kind in named:
            field, known = named[row.kind]
            words = getattr(row, field)
            strange = [word for word in words if word not in known]
            if strange or not words:
                yield Finding(
                    path=at("zones", position, row, field),
                    message="names nothing that the document has" if strange else "should not be empty",
                    found=listed(strange) if strange else "nothing",
                    cure=did_you_mean(strange[0], known) if strange else "",
                )


@rule(
    "floor-without-doors",
    "warning",
    title="A floor should have doors for goods",
    explanation="Without a receiving and a shipping door the ways of goods to the first and from the last station "
    "count for nothing, so the line may stand anywhere.",
    cure="Add a fixed place of kind receiving and one of kind shipping; one door may be stated twice, once as each.",
)
def floors_without_doors(network: Network) -> Iterator[Finding]:
    """Floors that lack a receiving or a shipping door."""
    for position, row in enumerate(network.floors):
        kinds = {place.kind for place in network.fixed_places if place.floor == row.id}
        missing = [kind for kind in ("receiving", "shipping") if kind not in kinds]
        if missing:
            yield Finding(
                path=at("floors", position, row, "id"), message=f"has no {' and no '.join(missing)} door", found=row.id
            )
