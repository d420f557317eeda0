"""Real outlines of states and countries, and the projection that suits a set of places.

Outlines are public domain: the states from the US Census Bureau, the countries from Natural Earth 1:110m.
Formulas: J. P. Snyder, *Map Projections, A Working Manual*, USGS Professional Paper 1395, 1987 (Albers: chapter 14;
Mercator: chapter 7); T. Patterson's Natural Earth polynomial, doi:10.3138/carto.46.3.1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ProjectionName = Literal["albersUsa", "mercator", "naturalEarth1"]

ALBERS_PARALLELS, ALBERS_CENTRE = (29.5, 45.5), (-96.6, 38.7)
"""Standard parallels and centre of the lower 48 states, as map makers of the US government use them."""


@dataclass(frozen=True, kw_only=True)
class Projection:
    """A map projection with its scale (pixels per radian at the centre) and where the centre falls (pixels)."""

    name: ProjectionName
    scale: float
    x: float
    y: float
    centre_lon: float = 0.0
    width: float
    height: float

    def place(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Pixels of places; Alaska and Hawaii, which the US map shows apart, fall where they are on the globe."""
        x, y = _plane(self.name, np.asarray(lon, float) - self.centre_lon, np.asarray(lat, float))
        return self.x + self.scale * x, self.y - self.scale * y

    @property
    def outlines(self) -> list[dict[str, Any]]:
        """Land to draw underneath."""
        return _features("us_states" if self.name == "albersUsa" else "world_countries")


def suitable_projection(lon: Sequence[float], lat: Sequence[float], *, width: float) -> Projection:
    """Albers for places in the United States, Mercator for a region, Natural Earth for the world.

    ``width`` is the width of the map in pixels; its height follows from the places.
    """
    if _is_united_states(lon, lat):
        return Projection(
            name="albersUsa", scale=1.31 * width, x=width / 2, y=0.29 * width, width=width, height=0.6 * width
        )
    west, east, south, north = _frame(lon, lat)
    name: ProjectionName = "naturalEarth1" if east - west > 90 or north - south > 60 else "mercator"
    centre = (west + east) / 2 if name == "mercator" else 0.0
    if name == "naturalEarth1":
        west, east = -180.0, 180.0
    edge_lon, edge_lat = (
        np.array([west, east, centre, centre]) - centre,
        np.array([(south + north) / 2] * 2 + [south, north]),
    )
    x, y = _plane(name, edge_lon, edge_lat)
    scale = width / (x.max() - x.min())
    height = float(np.clip(scale * (y.max() - y.min()), 0.35 * width, 0.62 * width))
    if scale * (y.max() - y.min()) > height:
        scale = height / (y.max() - y.min())
    return Projection(
        name=name, scale=float(scale), x=width / 2, y=height / 2 + float(scale * (y.max() + y.min()) / 2),
        centre_lon=centre, width=width, height=height,
    )  # fmt: skip


def _plane(name: ProjectionName, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Coordinates for a globe of radius 1; ``lon`` is counted from the central meridian (Albers: from Greenwich)."""
    if name == "albersUsa":
        return _albers(lon, lat)
    if name == "mercator":
        return np.radians(lon), np.log(np.tan(np.pi / 4 + np.radians(np.clip(lat, -85, 85)) / 2))
    return _natural_earth(np.radians(lon), np.radians(lat))


def _albers(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    first, second = np.sin(np.radians(ALBERS_PARALLELS))
    n = (first + second) / 2
    c = 1 - first**2 + 2 * n * first
    radius = np.sqrt(c - 2 * n * np.sin(np.radians(lat))) / n
    radius_centre = np.sqrt(c - 2 * n * np.sin(np.radians(ALBERS_CENTRE[1]))) / n
    angle = n * np.radians(lon - ALBERS_CENTRE[0])
    return radius * np.sin(angle), radius_centre - radius * np.cos(angle)


def _natural_earth(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    square = lat**2
    fourth = square**2
    x = lon * (0.8707 - 0.131979 * square + fourth * (-0.013791 + fourth * (0.003971 * square - 0.001529 * fourth)))
    y = lat * (1.007226 + square * (0.015085 + fourth * (-0.044475 + 0.028874 * square - 0.005916 * fourth)))
    return x, y


def _is_united_states(lon: Sequence[float], lat: Sequence[float]) -> bool:
    """Whether all places lie in the lower 48 states, or in Alaska or Hawaii."""
    return all(
        (-125 <= x <= -66.5 and 24.3 <= y <= 49.5) or (-170 <= x <= -130 and 51 <= y <= 72)
        or (-161 <= x <= -154 and 18 <= y <= 23) for x, y in zip(lon, lat, strict=True)
    )  # fmt: skip


def _frame(lon: Sequence[float], lat: Sequence[float]) -> tuple[float, float, float, float]:
    """West, east, south, north with a margin of an eighth, at least 2 degrees."""
    margin_lon = max(2.0, (max(lon) - min(lon)) / 8)
    margin_lat = max(2.0, (max(lat) - min(lat)) / 8)
    return min(lon) - margin_lon, max(lon) + margin_lon, min(lat) - margin_lat, max(lat) + margin_lat


@cache
def _features(name: str) -> list[dict[str, Any]]:
    text = resources.files("manyworks.render").joinpath("geo", f"{name}.json").read_text(encoding="utf-8")
    features: list[dict[str, Any]] = json.loads(text)["features"]
    return features
