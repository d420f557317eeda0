"""Which rates a plan rests on: measured ones, with their interval and what was stated before, or nominal × OEE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.document.hashes import line_hash
from manyworks.model.line import Capability, Line
from manyworks.model.network import Network
from manyworks.model.rates import METHODS, effective_rates

METHOD_WORDS = {"twin": "as the twin measured", "measured": "as measured on the floor", "stated": "as stated"}


@dataclass(frozen=True, kw_only=True)
class RateSource:
    """Good units per open minute of one line, least and most over its products, and where they come from.

    ``method`` is the worst of the products' (see `METHODS`). ``measured`` of ``products`` have a capability; ``low,
    high`` are the ends of their 95 % intervals, None where none is stated. ``stated_least, stated_most`` are nominal ×
    OEE of the same products, ``change`` the mean rate over the mean stated one, less 1. ``is_stale``: measured before
    the line was changed.
    """

    line: str
    method: str
    least: float
    most: float
    low: float | None
    high: float | None
    stated_least: float
    stated_most: float
    change: float
    measured: int
    products: int
    is_stale: bool


def rate_sources(network: Network) -> list[RateSource]:
    """One for each line that a template or a site may have, in order of the document."""
    used = {line for template in network.templates for line in template.lines}
    used |= {row.line for row in network.installed_lines}
    found = [_source(network, line) for line in network.lines if line.id in used]
    return [source for source in found if source.products]


def _source(network: Network, line: Line) -> RateSource:
    rates = effective_rates(network, line.id)
    stated = effective_rates(network.model_copy(update={"capabilities": []}), line.id)
    made = {product.id for product, rate in zip(network.products, rates, strict=True) if rate > 0}
    rows = [row for row in network.capabilities if row.line == line.id and row.product in made]
    lows = [row.effective_low_per_min for row in rows if row.effective_low_per_min is not None]
    highs = [row.effective_high_per_min for row in rows if row.effective_high_per_min is not None]
    now = line_hash(network, line.id)
    return RateSource(
        line=line.id,
        method=min((_known(row) for row in rows), key=METHODS.index, default="stated"),
        least=_least(rates),
        most=float(rates.max(initial=0.0)),
        low=min(lows, default=None),
        high=max(highs, default=None),
        stated_least=_least(stated),
        stated_most=float(stated.max(initial=0.0)),
        change=float(rates.sum() / stated.sum() - 1) if stated.any() else 0.0,
        measured=len({row.product for row in rows}),
        products=len(made),
        is_stale=any(row.line_hash and row.line_hash != now for row in rows),
    )


def _known(row: Capability) -> str:
    return row.method if row.method in METHODS else "stated"


def _least(rates: NDArray[np.float64]) -> float:
    return float(rates[rates > 0].min(initial=np.inf)) if np.any(rates > 0) else 0.0


def rate_words(network: Network) -> list[str]:
    """``line_125: 96.4 units/min as the twin measured (95.9 to 96.9), 2.8 % above the 93.8 stated``, for each line."""
    return [_words(source) for source in rate_sources(network)]


def _words(source: RateSource) -> str:
    rate = _span(source.least, source.most)
    if source.measured == 0:
        return f"{source.line}: {rate} units/min, nominal × OEE as stated"
    sure = f" ({_number(source.low)} to {_number(source.high)})" if source.low and source.high else ""
    stated = _span(source.stated_least, source.stated_most)
    side = f"{abs(source.change):.1%} {'above' if source.change > 0 else 'below'} the {stated} of nominal × OEE"
    part = f" for {source.measured} of {source.products} products" if source.measured < source.products else ""
    stale = "; the line has changed since" if source.is_stale else ""
    return f"{source.line}: {rate} units/min {METHOD_WORDS[source.method]}{part}{sure}, {side}{stale}"


def _span(low: float, high: float) -> str:
    one, other = _number(low), _number(high)
    return one if one == other else f"{one} to {other}"


def _number(value: float) -> str:
    return f"{value:.4g}"
