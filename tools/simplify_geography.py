"""Make the outlines of `src/manyworks/render/geo` from GeoJSON files of states and of countries.

    python tools/simplify_geography.py us_states.geojson ne_110m_admin_0_countries.geojson

The states are the US Census Bureau's cartographic boundaries, the countries Natural Earth 1:110m. Coordinates are
rounded to 0.01 degree (1 km); Antarctica and islands too small to see are dropped; rings are turned so that the land
lies to their right, because the map renderer takes the other side for the land otherwise.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "src" / "manyworks" / "render" / "geo"
SMALLEST = {"us_states": 0.02, "world_countries": 0.05}
"""Least area of an island in square degrees, unless it is the largest part of its country."""
Ring = list[list[float]]


def main(states: Path, countries: Path) -> None:
    """Write both outline files."""
    for name, source in (("us_states", states), ("world_countries", countries)):
        features = json.loads(source.read_text(encoding="utf-8"))["features"]
        kept = [simplified(f, SMALLEST[name]) for f in features if name_of(f) != "Antarctica"]
        text = json.dumps({"type": "FeatureCollection", "features": kept}, separators=(",", ":"), ensure_ascii=False)
        (TARGET / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def name_of(feature: dict[str, Any]) -> str:
    """Name of the state or country."""
    properties = feature["properties"]
    return str(properties.get("name") or properties["NAME"])


def simplified(feature: dict[str, Any], smallest: float) -> dict[str, Any]:
    """The feature as a rounded multi-polygon of outer rings without specks."""
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [ring for ring in (rounded(polygon[0]) for polygon in polygons) if len(ring) >= 4]
    large = [ring for ring in rings if abs(area(ring)) >= smallest] or [max(rings, key=lambda ring: abs(area(ring)))]
    turned = [[ring if area(ring) < 0 else ring[::-1]] for ring in large]
    return {
        "type": "Feature",
        "properties": {"name": name_of(feature)},
        "geometry": {"type": "MultiPolygon", "coordinates": turned},
    }


def rounded(ring: Ring) -> Ring:
    """Corners rounded to 0.01 degree, repeated ones dropped."""
    corners = [[round(lon, 2), round(lat, 2)] for lon, lat in ring]
    return [corner for k, corner in enumerate(corners) if k == 0 or corner != corners[k - 1]]


def area(ring: Ring) -> float:
    """Area in square degrees; negative where the land lies to the right of the ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
