"""What it takes to go from one product to the next, and to stay clean."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from manyworks.model.record import Id, LineId, NonNegative, Positive, ProductId, Record, SiteId, TemplateId

Scope = Literal["station", "line", "hall", "site"]


class ChangeoverRule(Record):
    """Minutes, money and units that a change of one attribute costs.

    A change from one product to another triggers every rule that matches; rules with ``combine: max`` run side by side,
    rules with ``add`` one after the other. An explicit pair of products overrides everything else.
    """

    id: Id
    attribute: Literal["product", "allergen_removed", "allergen_added", "format", "label", "family"] = Field(
        description="What must change for the rule to apply; product: any change of product."
    )
    from_value: str = Field("", description="Only from this value (product id, allergen, format, label or family).")
    to_value: str = Field("", description="Only to this value.")
    minutes: NonNegative = Field(description="Minutes during which the scope stands still.")
    cost: NonNegative = Field(0, description="Materials, cleaning agents and swabs, per changeover.")
    scrap_units: NonNegative = Field(0, description="Units spoiled at the restart.")
    hold_min: NonNegative = Field(
        0,
        description="Minutes to wait for a swab result before release, line free to run on. Plans do not price the "
        "stock that waits meanwhile.",
    )
    crew: NonNegative = Field(0, description="People beside the line's own crew.")
    scope: Scope = Field("line", description="What stands still: a station, the line, its hall, or the whole site.")
    stations: list[Id] = Field(
        [], description="Stations that change, where the scope is a station; empty: all of the line, side by side."
    )
    combine: Literal["max", "add"] = Field("max", description="Whether it runs beside or after other matching rules.")
    lines: list[LineId] = Field([], description="Lines to which it applies; empty: all.")
    templates: list[TemplateId] = Field([], description="Templates to which it applies; empty: all.")
    sites: list[SiteId] = Field([], description="Sites to which it applies; empty: all.")


class Sanitation(Record):
    """A clean that falls due by running time whatever is made."""

    id: Id
    every_h: Positive = Field(description="At least once in this many running hours.")
    minutes: NonNegative = Field(description="Minutes that it takes.")
    cost: NonNegative = Field(0, description="Cost of one clean.")
    scope: Scope = Field("line", description="What stands still meanwhile.")
    lines: list[LineId] = Field([], description="Lines to which it applies; empty: all.")
    products: list[ProductId] = Field([], description="Only counts running these products; empty: all.")
