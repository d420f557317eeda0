"""The uncertain numbers of the world: what moves with each, and how far, by the document's own ranges where it has any.

A lever scales one kind of number wherever it is stated, or moves a date. Its range comes from the ``low`` and ``high``
of the document's evidence: those of a row that names numbers of one value, as a share of that value. Where several rows
speak, the lowest and the highest share count. Without a range it is ±20 %, an assumption that results say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.model.standup import stand_up_quarters
from manyworks.plan.stress.world import Fields, Number, scaled

ASSUMED_SHARE = 0.2
"""Spread of a number whose document states no range."""
LATE_QUARTERS = 2
"""Quarters by which standing up is taken to be late at worst, an assumption."""
WIDEST = (0.2, 3.0)
"""Ranges of the document are cut here: beyond, it is another business."""


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One uncertain number. ``apply(network, x)`` is the network at ``x``: a factor on today's value, 1 as it is, or
    for ``is_delay`` quarters more than today, 0 as it is. ``fields`` as in ``Number``, to look ranges up."""

    name: str
    title: str
    meaning: str
    fields: Fields
    apply: Callable[[Network, float], Network]
    is_delay: bool = False

    @property
    def neutral(self) -> float:
        """Where nothing changes."""
        return 0.0 if self.is_delay else 1.0

    def is_stated(self, network: Network) -> bool:
        """Whether moving it changes anything."""
        if self.is_delay:
            return any(site.status == "candidate" for site in network.sites)
        return Number(name=self.name, title=self.title, fields=_lists(self.fields)).is_stated(network) or any(
            getattr(getattr(network, head), field) for head, fields in _heads(self.fields).items() for field in fields
        )


@dataclass(frozen=True, kw_only=True)
class Span:
    """How far a lever moves: factors, or quarters of a delay. ``is_assumed``: the document states no range."""

    low: float
    high: float
    is_assumed: bool


def _lists(fields: Fields) -> Fields:
    return {name: names for name, names in fields.items() if name not in ("finance", "policy")}


def _heads(fields: Fields) -> Fields:
    return {name: names for name, names in fields.items() if name in ("finance", "policy")}


def _scaling(name: str, title: str, meaning: str, fields: Fields, *, most: float | None = None) -> Lever:
    number = Number(name=name, title=title, fields=_lists(fields))

    def apply(network: Network, factor: float) -> Network:
        moved = scaled(network, number, factor)
        heads = {
            head: getattr(moved, head).model_copy(
                update={field: getattr(getattr(moved, head), field) * factor for field in names}
            )
            for head, names in _heads(fields).items()
        }
        moved = moved.model_copy(update=heads) if heads else moved
        return moved if most is None else _capped(moved, fields, most)

    return Lever(name=name, title=title, meaning=meaning, fields=fields, apply=apply)


def _capped(network: Network, fields: Fields, most: float) -> Network:
    """Shares among ``fields`` at most ``most``; rates, which have no such limit, are left alone."""
    changed: dict[str, object] = {}
    for name, names in _lists(fields).items():
        if name != "capabilities":
            changed[name] = [
                row.model_copy(update={f: min(v, most) for f in names if (v := getattr(row, f)) is not None})
                for row in getattr(network, name)
            ]
    for name, names in _heads(fields).items():
        head = getattr(network, name)
        changed[name] = head.model_copy(update={field: min(getattr(head, field), most) for field in names})
    return network.model_copy(update=changed)


def _later(network: Network, quarters: float) -> Network:
    """Every new site starts ``quarters`` later after its decision; what stands already is not touched."""
    rows = [
        row.model_copy(update={"stand_up_quarters": max(stand_up_quarters(network, row) + round(quarters), 0)})
        for row in network.templates
    ]
    return network.model_copy(update={"templates": rows})


LEVERS: Mapping[str, Lever] = {
    lever.name: lever
    for lever in (
        _scaling("demand", "Demand", "units asked for in every market and period", {
            "demand_rules": ("units_per_head_year",), "demand": ("units",), "opportunities": ("units_per_quarter",)}),
        _scaling("price", "Selling price", "prices of products and contracts", {
            "products": ("price",), "opportunities": ("price",)}),
        _scaling("freight_price", "Freight price", "inbound and outbound freight, everywhere", {
            "freight_modes": ("cost_per_km", "minimum_cost", "stop_cost"),
            "freight_breaks": ("cost_per_tonne_km", "minimum_cost"), "lanes": ("cost_per_unit", "cost_per_tonne")}),
        _scaling("tariff", "Tariffs", "duty rates, inbound and outbound", {
            "duties": ("ad_valorem_share", "per_kg")}),
        _scaling("wage", "Wages", "wages of all people at all sites", {"sites": ("wage_per_h",)}),
        _scaling("power_price", "Power price", "energy and demand charge, everywhere", {
            "sites": ("power_price_per_kwh", "demand_charge_per_kw_month")}),
        _scaling("material_price", "Material prices", "purchase prices of all materials", {
            "materials": ("price_per_unit",), "offers": ("price_per_unit",)}),
        _scaling("capex", "Capital cost", "price of sites, lines, machines and upgrades", {
            "templates": ("capex",), "lines": ("capex",), "equipment": ("price",), "upgrades": ("capex",)}),
        _scaling("effective_rate", "Effective line rate", "good units per open minute; an OEE at most 1", {
            "lines": ("oee",), "policy": ("default_oee",), "capabilities": ("effective_rate_per_min",)}, most=1.0),
        _scaling("changeover_minutes", "Changeover minutes", "minutes of every changeover rule, and the hours that "
                 "they take from lines", {"changeovers": ("minutes",)}),
        _scaling("discount_rate", "Discount rate", "value of time and money tied up", {"finance": ("discount_rate",)}),
        Lever(name="stand_up_delay", title="Stand-up delay", meaning="quarters that every new site starts late",
              fields={}, apply=_later, is_delay=True),
    )
}  # fmt: skip
"""Every lever by name, in the order in which ties are listed."""


def span(network: Network, lever: Lever) -> Span:
    """The range of a lever: the document's own, else the stated assumption."""
    if lever.is_delay:
        return Span(low=0.0, high=float(LATE_QUARTERS), is_assumed=True)
    lows, highs = [], []
    for row in network.evidence:
        ratio = _ratios(network, lever, row.target, row.low, row.high)
        if ratio is not None:
            lows.append(ratio[0])
            highs.append(ratio[1])
    if not lows:
        return Span(low=1 - ASSUMED_SHARE, high=1 + ASSUMED_SHARE, is_assumed=True)
    return Span(low=max(min(*lows, 1.0), WIDEST[0]), high=min(max(*highs, 1.0), WIDEST[1]), is_assumed=False)


def _ratios(
    network: Network, lever: Lever, target: str, low: float | None, high: float | None
) -> tuple[float, float] | None:
    """Low and high of one row of evidence over the value that it speaks of; None where it has no such value."""
    parts = target.split(".")
    collection, field = parts[0], parts[-1]
    if low is None or high is None or field not in lever.fields.get(collection, ()):
        return None
    rows = [getattr(network, collection)] if len(parts) == 2 else [
        row for row in getattr(network, collection) if _is_named(str(getattr(row, "id", "")), parts[1])
    ]  # fmt: skip
    values = {getattr(row, field) for row in rows} - {None, 0.0}
    if len(values) != 1:  # A range over different values says nothing of how far each may move.
        return None
    value = float(values.pop())
    return (low / value, high / value) if low <= value <= high else None


def _is_named(name: str, wanted: str) -> bool:
    head, star, tail = wanted.partition("*")
    return name == wanted if not star else name.startswith(head) and name.endswith(tail)
