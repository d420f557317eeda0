"""What a line costs over its years: price, and, for the output asked for, people, power and floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyworks.model.equipment import Equipment
from manyworks.model.network import Network
from manyworks.model.site import Site
from manyworks.twin.design.bound import product_mix
from manyworks.twin.program import FailureMode, LineProgram, StationProgram

HOURS = 4_000.0
"""Open hours a year where no site says them: two shifts."""


@dataclass(frozen=True, kw_only=True)
class CostBasis:
    """Prices and times behind a cost; money in the document's currency, before tax, future money discounted.

    ``years`` that a line serves; ``rooms`` cost and floor of one unit of buffer. ``is_capex_only`` leaves out all that
    runs.
    """

    years: float
    discount_rate: float
    hours_per_year: float
    wage_per_h: float
    power_price_per_kwh: float
    rent_per_m2_year: float
    cost_per_room: float = 0.0
    floor_per_room_m2: float = 0.0
    is_capex_only: bool = False

    @property
    def annuity(self) -> float:
        """Present worth of one a year, paid at the ends of the years."""
        if self.is_capex_only:
            return 0.0
        rate = self.discount_rate
        return self.years if abs(rate) < 1e-12 else (1 - (1 + rate) ** -self.years) / rate

    @property
    def room(self) -> float:
        """Present cost of one unit of buffer: its price and its floor."""
        return self.cost_per_room + self.annuity * self.rent_per_m2_year * self.floor_per_room_m2


@dataclass(frozen=True, kw_only=True)
class LineCost:
    """Money for a line: ``capex`` once, the rest as present worth over the years."""

    machines: float
    buffers: float
    crew: float
    energy: float
    space: float

    @property
    def capex(self) -> float:
        """What is paid before the line runs."""
        return self.machines + self.buffers

    @property
    def total(self) -> float:
        """All of it."""
        return self.capex + self.crew + self.energy + self.space


def cost_basis(
    network: Network,
    *,
    site: str | None = None,
    hours_per_year: float | None = None,
    years: float | None = None,
    cost_per_room: float = 0.0,
    floor_per_room_m2: float = 0.0,
    is_capex_only: bool = False,
) -> CostBasis:
    """Prices of a site; without one, the means over all sites. Years and discount rate as the document plans."""
    rows: list[Site] = [network.get("sites", site)] if site is not None else list(network.sites)
    finance = network.finance

    def mean(field: str) -> float:
        return sum(getattr(row, field) for row in rows) / len(rows) if rows else 0.0

    return CostBasis(
        years=years if years is not None else finance.quarters / 4 + finance.years,
        discount_rate=finance.discount_rate,
        hours_per_year=hours_per_year if hours_per_year is not None else HOURS,
        wage_per_h=mean("wage_per_h"),
        power_price_per_kwh=mean("power_price_per_kwh"),
        rent_per_m2_year=mean("rent_per_m2_year"),
        cost_per_room=cost_per_room,
        floor_per_room_m2=floor_per_room_m2,
        is_capex_only=is_capex_only,
    )


def line_cost(
    basis: CostBasis, program: LineProgram, machines: Sequence[Equipment], rooms_units: float, rate_per_min: float
) -> LineCost:
    """Cost of a line that makes ``rate_per_min`` good units in all its open hours; one machine row a station.

    Each station works as long as that output takes, stands still for its own stops, and waits for the rest of the time.
    """
    counts = [station.servers for station in program.stations]
    each = list(zip(counts, machines, strict=True))
    kw = sum(
        mean_kw(station, program, starts)
        for station, starts in zip(program.stations, starts_per_min(program, rate_per_min), strict=True)
    )
    area = sum(count * machine.footprint_m2 for count, machine in each)
    return LineCost(
        machines=sum(count * machine.price for count, machine in each),
        buffers=basis.cost_per_room * rooms_units,
        crew=basis.annuity * basis.hours_per_year * basis.wage_per_h * sum(c * m.crew for c, m in each),
        energy=basis.annuity * basis.hours_per_year * basis.power_price_per_kwh * kw,
        space=basis.annuity * basis.rent_per_m2_year * (area + basis.floor_per_room_m2 * rooms_units),
    )


def starts_per_min(program: LineProgram, rate_per_min: float) -> list[float]:
    """Parts that each station of a row starts to give that many good units: what is spoiled behind it comes on top."""
    mix = product_mix(program)
    need, starts = rate_per_min / program.units_per_part, []
    for station in reversed(program.stations):
        scrap = float(np.dot(mix, station.scrap_share)) if station.scrap_share else 0.0
        need /= 1 - scrap
        starts.append(need)
    return starts[::-1]


def mean_kw(station: StationProgram, program: LineProgram, starts: float) -> float:
    """Mean power of all servers of a station that starts so many parts a minute, kW."""
    mix = product_mix(program)
    work = starts * sum(share * law.mean for share, law in zip(mix, station.work, strict=True))
    held = work * sum(_ratio(mode) for mode in station.failures if mode.is_minor)
    down = work * sum(_ratio(mode) for mode in station.failures if not mode.is_minor)
    rest = max(0.0, station.servers - work - held - down)
    shares = {"execute": work, "held": held, "aborted": down, "suspended": rest}
    return float(sum(station.kw.get(name, 0.0) * share for name, share in shares.items()))


def _ratio(mode: FailureMode) -> float:
    return mode.to_repair.mean / mode.to_failure.mean
