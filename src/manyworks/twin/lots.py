"""What a line makes, one run after the other: as stated, or the best wheel of its products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from manyworks.errors import UsageError
from manyworks.model.network import Network
from manyworks.model.rates import effective_rates
from manyworks.model.wheels import best_wheel

Lots = tuple[tuple[str, float], ...]
"""Product ids with sellable units, in order of making."""
WITHOUT_END = float("inf")


def line_lots(
    network: Network,
    line: str,
    *,
    runs: Sequence[tuple[str, float]] | Mapping[str, float] | str | None,
    site: str | None,
    template: str | None,
    upgrades: Sequence[str],
) -> Lots:
    """Runs of a line, in units: stated ones, else those of the best wheel, else one product without end.

    ``runs`` is a product's id (that product without end), or products with units: pairs, a mapping, or words such as
    ``cola:5000,water:2000``.

    Raises
    ------
    UsageError
        A run is of no product that the line may make, or of no units; or no wheel of its products can turn.
    """
    rates = effective_rates(network, line, site=site, template=template, upgrades=upgrades)
    makes = [product.id for product, rate in zip(network.products, rates, strict=True) if rate > 0]
    if not makes:
        raise UsageError("must be able to make a product", where=f"lines.{line}", found="none")
    if runs is None:
        return ((makes[0], WITHOUT_END),) if len(makes) == 1 else _wheel(network, line, makes, site, template, upgrades)
    lots = _stated(runs)
    _require(lots, makes, line)
    return lots


def _stated(runs: Sequence[tuple[str, float]] | Mapping[str, float] | str) -> Lots:
    if isinstance(runs, Mapping):
        return tuple(runs.items())
    if not isinstance(runs, str):
        return tuple(runs)
    words = [word.strip().partition(":") for word in runs.split(",")]
    if len(words) == 1 and not words[0][2]:
        return ((words[0][0], WITHOUT_END),)
    return tuple((name, _units(units, name)) for name, _, units in words)


def _units(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        cure = "Write product:units,product:units, or one product alone."
        raise UsageError("must say how many units", where=f"run of {name}", found=repr(text), cure=cure) from None


def _require(lots: Lots, makes: Sequence[str], line: str) -> None:
    for name, units in lots:
        if name not in makes:
            raise UsageError(
                f"must be a product that {line} may make",
                where="runs",
                found=name,
                cure=f"It makes {', '.join(makes)}.",
            )
        if not units >= 1 or (units == WITHOUT_END and len(lots) > 1):
            raise UsageError("must be at least 1 unit, with an end", where=f"run of {name}", found=f"{units:g}")


def _wheel(
    network: Network, line: str, makes: Sequence[str], site: str | None, template: str | None, upgrades: Sequence[str]
) -> Lots:
    """Order and length of the best wheel; the line's hours are shared equally between the products."""
    wheel = best_wheel(network, line, makes, template=template, site=site, upgrades=upgrades)
    if wheel.changeover_share >= 1:
        found = f"{wheel.changeover_share:.0%} of the open time for changeovers"
        cure = "Name one product, or state the runs."
        raise UsageError("cannot make all its products in turn", where=f"lines.{line}", found=found, cure=cure)
    rates = effective_rates(network, line, site=site, template=template, upgrades=upgrades)
    at = {product.id: position for position, product in enumerate(network.products)}
    minutes = wheel.open_min_per_cycle * (1 - wheel.changeover_share) / len(wheel.order)
    return tuple((name, float(np.ceil(rates[at[name]] * minutes))) for name in wheel.order)
