"""Colours, letters and the common look of every picture: light grey, calm, colour only where it means something."""

from __future__ import annotations

from typing import Any

INK = "#22272b"
MUTED = "#5b646c"
HAIRLINE = "#d5d9dd"
PANEL = "#f3f4f5"
LAND = "#e3e6e8"
PAPER = "#ffffff"

BLUE = "#1f5f99"
LIGHT_BLUE = "#9cc0e0"
AMBER = "#c77700"
GREY = "#6f7880"
LIGHT_GREY = "#b9c0c6"
RED = "#b3261e"
TEAL = "#1b7f79"
PURPLE = "#7a5aa6"

STEPS = ("#d6e4f0", "#9cc0e0", "#5b93c4", "#1f5f99", "#123a5e")
"""Light to dark, for ordered classes; neighbours differ in brightness, so print and colour-blind eyes tell them."""

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
TEXT_PX = 13
WIDTH_PX = 900


def chart_config() -> dict[str, Any]:
    """Vega-Lite configuration that every picture shares."""
    axis = {
        "labelColor": MUTED, "titleColor": MUTED, "labelFontSize": TEXT_PX, "titleFontSize": TEXT_PX,
        "titleFontWeight": "normal", "domain": False, "ticks": False, "gridColor": HAIRLINE, "labelPadding": 6,
    }  # fmt: skip
    return {
        "font": FONT,
        "aria": False,  # the figure says it once, in a sentence, instead of once for every mark
        "background": "transparent",
        "view": {"stroke": None},
        "axis": axis,
        "legend": {
            "labelColor": INK, "titleColor": MUTED, "labelFontSize": TEXT_PX, "titleFontSize": TEXT_PX,
            "titleFontWeight": "normal", "titleOrient": "left", "orient": "top", "symbolSize": 110, "labelLimit": 400,
        },
        "text": {"fontSize": TEXT_PX, "color": INK},
        "bar": {"color": BLUE},
    }  # fmt: skip
