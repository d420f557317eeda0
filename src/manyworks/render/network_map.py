"""Sites, markets and what flows between them, on real geography."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from manyworks.render.figure import Chart, Columns, Figure, draw
from manyworks.render.geography import Projection, suitable_projection
from manyworks.render.labels import place_labels
from manyworks.render.table import DataTable
from manyworks.render.theme import GREY, INK, LAND, LIGHT_GREY, MUTED, PAPER, WIDTH_PX

LABEL_PX = 12
SITE_AREA = (40.0, 560.0)
"""Area in px² of the mark of a site of size 0 and of the largest one."""


def network_map(
    *, sites: Columns, markets: Columns, flows: Columns, kinds: Mapping[str, tuple[str, str]],
    title: str, description: str, table: DataTable | None = None, most_labels: int | None = None,
    size_title: str = "Lines",
) -> Figure:  # fmt: skip
    """Map with sites sized by ``size``, markets as dots and flows as lines whose width is the volume.

    Parameters
    ----------
    sites
        ``name, lat, lon, kind, size``; the largest are named first, as many as find room.
    markets
        ``lat, lon, size``: dots whose area is the volume.
    flows
        ``from_lat, from_lon, to_lat, to_lon, volume``; only relative volume matters.
    kinds
        Kind of site to its shape (a Vega symbol: square, circle, diamond …) and colour, in the order of the legend.
    """
    import altair as alt

    projection = _projection(sites, markets)
    present = {kind: look for kind, look in kinds.items() if kind in set(sites["kind"])}
    labels = _labels(projection, sites, most_labels)
    chart = alt.layer(_land(), _flows(), _markets(), _sites(sites, present, size_title), *_names(labels))
    data = {"land": _land_rows(projection), "flows": flows, "markets": markets, "sites": sites} | labels
    return draw(_on(projection, chart), data, title=title, description=description, table=table)


def service_map(
    *, markets: Columns, sites: Columns, classes: Sequence[str], colours: Sequence[str], class_title: str,
    title: str, description: str, table: DataTable | None = None,
) -> Figure:  # fmt: skip
    """Map of markets (``lat, lon, size, group``) coloured by class in order, and sites (``lat, lon``) as crosses."""
    import altair as alt

    projection = _projection(sites, markets)
    chart = alt.layer(_land(), _class_dots(classes, colours, class_title), _crosses())
    data = {"land": _land_rows(projection), "markets": markets, "sites": sites}
    return draw(_on(projection, chart), data, title=title, description=description, table=table)


def _projection(sites: Columns, markets: Columns) -> Projection:
    return suitable_projection([*sites["lon"], *markets["lon"]], [*sites["lat"], *markets["lat"]], width=WIDTH_PX)


def _land_rows(projection: Projection) -> Columns:
    features = projection.outlines
    return {key: [feature[key] for feature in features] for key in ("type", "geometry")}


def _land() -> Chart:
    import altair as alt

    return alt.Chart(alt.NamedData("land")).mark_geoshape(fill=LAND, stroke=PAPER, strokeWidth=0.8, clip=True)


def _flows() -> Chart:
    import altair as alt

    width = alt.StrokeWidth("volume:Q", scale=alt.Scale(domainMin=0, range=[0.35, 7]), legend=None)
    return (
        alt.Chart(alt.NamedData("flows"))
        .mark_rule(color=GREY, opacity=0.5, strokeCap="round", clip=True)
        .encode(
            longitude="from_lon:Q",
            latitude="from_lat:Q",
            longitude2="to_lon:Q",
            latitude2="to_lat:Q",
            strokeWidth=width,
        )
    )


def _markets() -> Chart:
    import altair as alt

    size = alt.Size("size:Q", scale=alt.Scale(domainMin=0, range=[5, 150]), legend=None)
    dots = alt.Chart(alt.NamedData("markets")).mark_circle(color=MUTED, opacity=0.5)
    return dots.encode(longitude="lon:Q", latitude="lat:Q", size=size)


def _sites(sites: Columns, kinds: Mapping[str, tuple[str, str]], size_title: str) -> Chart:
    import altair as alt

    domain, legend = list(kinds), alt.Legend(title=None, symbolSize=160)
    shapes = alt.Scale(domain=domain, range=[shape for shape, _ in kinds.values()])
    colours = alt.Scale(domain=domain, range=[colour for _, colour in kinds.values()])
    largest = max([1, *sites["size"]])
    steps = sorted({1, int(np.ceil(largest / 2)), int(largest)})
    key = alt.Legend(
        title=size_title,
        values=steps,
        format="d",
        direction="horizontal",
        symbolFillColor=LIGHT_GREY,
        symbolStrokeColor=PAPER,
    )
    return (
        alt.Chart(alt.NamedData("sites"))
        .mark_point(filled=True, opacity=0.95, stroke=PAPER, strokeWidth=1.2)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            shape=alt.Shape("kind:N", scale=shapes, legend=legend),
            color=alt.Color("kind:N", scale=colours, legend=legend),
            size=alt.Size("size:Q", scale=alt.Scale(domain=[0, largest], range=list(SITE_AREA)), legend=key),
        )
    )


def _class_dots(classes: Sequence[str], colours: Sequence[str], title: str) -> Chart:
    import altair as alt

    scale = alt.Scale(domain=list(classes), range=list(colours))
    return (
        alt.Chart(alt.NamedData("markets"))
        .mark_circle(opacity=0.95, stroke=GREY, strokeWidth=0.6)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("size:Q", scale=alt.Scale(domainMin=0, range=[22, 620]), legend=None),
            color=alt.Color("group:N", scale=scale, legend=alt.Legend(title=title)),
        )
    )


def _crosses() -> Chart:
    import altair as alt

    crosses = alt.Chart(alt.NamedData("sites")).mark_point(
        shape="cross", size=60, filled=True, opacity=1, color=INK, stroke=PAPER, strokeWidth=0.8
    )
    return crosses.encode(longitude="lon:Q", latitude="lat:Q")


def _labels(projection: Projection, sites: Columns, most: int | None) -> dict[str, Columns]:
    """Names that find room, the largest site first: for each alignment the texts and their pixels."""
    order = sorted(range(len(sites["name"])), key=lambda k: (-sites["size"][k], sites["name"][k]))
    names = [sites["name"][k] for k in order]
    x, y = projection.place([sites["lon"][k] for k in order], [sites["lat"][k] for k in order])
    largest, (least, most_area) = max([1, *sites["size"]]), SITE_AREA
    area = [least + (most_area - least) * sites["size"][k] / largest for k in order]
    placed = place_labels(
        x.tolist(), y.tolist(), [float(np.sqrt(a)) / 2 for a in area], names,
        size=LABEL_PX, width=projection.width, height=projection.height, most=most,
    )  # fmt: skip
    groups: dict[str, dict[str, list[Any]]] = {}
    for label in placed:
        group = groups.setdefault(f"names_{label.align}", {"text": [], "x": [], "y": []})
        group["text"].append(names[label.index])
        group["x"].append(round(float(x[label.index]) + label.dx, 1))
        group["y"].append(round(float(y[label.index]) + label.dy, 1))
    return dict(sorted(groups.items()))


def _names(labels: Mapping[str, Columns]) -> list[Chart]:
    """Each group of names twice: a light halo that parts it from the lines beneath, then the ink."""
    import altair as alt

    place = {"x": alt.X("x:Q", scale=None, axis=None), "y": alt.Y("y:Q", scale=None, axis=None), "text": "text:N"}
    layers = []
    for name in labels:
        base = alt.Chart(alt.NamedData(name))
        mark: dict[str, Any] = {"align": name.removeprefix("names_"), "baseline": "middle", "fontSize": LABEL_PX}
        layers.append(base.mark_text(stroke=PAPER, strokeWidth=3, strokeOpacity=0.85, **mark).encode(**place))
        layers.append(base.mark_text(color=INK, **mark).encode(**place))
    return layers


def _on(projection: Projection, chart: Chart) -> Chart:
    """``chart`` drawn with this very projection, so that names and marks fall where they were computed."""
    turn: dict[str, Any] = {} if projection.name == "albersUsa" else {"rotate": [-projection.centre_lon, 0, 0]}
    return (
        chart.project(type=projection.name, scale=projection.scale, translate=[projection.x, projection.y], **turn)
        .resolve_scale(size="independent", strokeWidth="independent", color="shared", shape="shared")
        .properties(width=projection.width, height=projection.height)
    )
