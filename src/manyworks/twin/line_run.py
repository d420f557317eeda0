"""What the simulation of a line found: every figure with its interval, and how it was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks.errors import Issue
from manyworks.model.table import Table
from manyworks.twin.bottleneck import Bottleneck, state_shares
from manyworks.twin.conservation import run_issues
from manyworks.twin.intervals import Interval, ratio_interval, t_interval
from manyworks.twin.losses import OeeWaterfall, oee_waterfall
from manyworks.twin.program import LineProgram
from manyworks.twin.sample import Sample
from manyworks.twin.states import PACKML, Doing

if TYPE_CHECKING:
    from manyworks.twin.exact.record import ExactAnswer


@dataclass(frozen=True, kw_only=True)
class LineCosts:
    """Money of a staffed hour: ``people`` and ``machines`` (capital, maintenance); ``per_kwh`` of energy."""

    currency: str
    people_per_h: float
    machines_per_h: float
    per_kwh: float


@dataclass(frozen=True, kw_only=True)
class LineRun:
    """Result of ``simulate_line`` and ``simulate_program``.

    Rates are sellable units per open minute, changeovers counted in; times are open minutes, because everything stands
    still while the line is closed. ``asked`` is the relative half-width that was wanted; ``nominal_per_min`` by
    product; ``closed`` planned stops by reason, minutes in the closed period of ``program``; ``exact`` the true answer
    where one is known; ``notes`` what a reader must know; ``seconds`` it took.
    """

    program: LineProgram
    line: str
    place: str
    sample: Sample
    bottleneck: Bottleneck
    nominal_per_min: tuple[float, ...]
    closed: tuple[tuple[str, float], ...]
    exact: ExactAnswer | None
    costs: LineCosts | None
    notes: tuple[str, ...]
    asked: float
    confidence: float
    seed: int
    seconds: float
    version: str

    # ---- rates ----

    @cached_property
    def rate(self) -> Interval:
        """Good units per open minute, all products."""
        return t_interval(self.sample.good.sum(axis=1) / self.sample.minutes, self.confidence)

    @cached_property
    def rates(self) -> dict[str, Interval]:
        """Good units per open minute by product."""
        good = self.sample.good / self.sample.minutes
        return {name: t_interval(good[:, p], self.confidence) for p, name in enumerate(self.program.products)}

    @cached_property
    def running_rate(self) -> Interval:
        """Good units per open minute without the changeovers of the pacing station: a capability's effective rate."""
        s = [station.id for station in self.program.stations].index(self.waterfall.pacing)
        away = self.sample.state_min[:, s, Doing.CHANGEOVER] / self.program.stations[s].servers
        return ratio_interval(self.sample.good.sum(axis=1), self.sample.minutes - away, self.confidence)

    @property
    def is_precise(self) -> bool:
        """Whether the interval of the rate is as narrow as was asked for."""
        return self.rate.relative <= self.asked

    # ---- where the time goes ----

    @cached_property
    def waterfall(self) -> OeeWaterfall:
        """From calendar time to good units."""
        return oee_waterfall(self.program, self.sample, self.nominal_per_min, self.closed)

    @cached_property
    def oee(self) -> Interval:
        """Good units over what the line would make at nominal speed in all open time."""
        ideal = (self.sample.good / np.array(self.nominal_per_min)).sum(axis=1)
        return t_interval(ideal / self.sample.minutes, self.confidence)

    @cached_property
    def states(self) -> Table:
        """Share of open time of each station by what it does and its PackML state, mean of its machines."""
        shares = state_shares(self.program, self.sample)
        rows = [
            (station.id, doing.name.lower(), PACKML[doing], float(shares[s, doing]))
            for s, station in enumerate(self.program.stations)
            for doing in Doing
        ]
        names = ("station", "doing", "state", "share")
        columns: dict[str, Any] = {
            name: np.array([row[k] for row in rows], dtype=object) for k, name in enumerate(names[:3])
        }
        return Table({**columns, "share": np.array([row[3] for row in rows])})

    # ---- what it takes ----

    @cached_property
    def kwh_per_unit(self) -> Interval:
        """Energy per good unit, closed time of the machines included."""
        return ratio_interval(
            self.sample.kwh.sum(axis=1) + self._closed_kwh, self.sample.good.sum(axis=1), self.confidence
        )

    @property
    def _closed_kwh(self) -> float:
        """Energy that stopped machines take in the closed time that belongs to the measured open time."""
        length, period = sum(end - start for start, end in self.program.closed), self.program.closed_period_min
        if not length or period is None:
            return 0.0
        kw = sum(station.servers * station.kw.get("stopped", 0.0) for station in self.program.stations)
        return kw * self.sample.minutes * length / (period - length) / 60

    @cached_property
    def cost_per_unit(self) -> dict[str, float] | None:
        """Money per good unit by kind: people, machines, energy; None where no wage or price is known."""
        if self.costs is None or not self.rate.mean:
            return None
        hour = 60 * self.rate.mean
        return {
            "people": self.costs.people_per_h / hour,
            "machines": self.costs.machines_per_h / hour,
            "energy": self.kwh_per_unit.mean * self.costs.per_kwh,
        }

    @cached_property
    def work_in_process(self) -> Interval:
        """Units inside the line, mean over time."""
        return t_interval(self.sample.inside_min / self.sample.minutes, self.confidence)

    @cached_property
    def flow_min(self) -> Interval:
        """Open minutes from entering to leaving of a good unit."""
        return ratio_interval(self.sample.flow_min, self.sample.good.sum(axis=1), self.confidence)

    @cached_property
    def buffers(self) -> dict[str, Interval]:
        """Units in each buffer and conveyor between stations, mean over time."""
        levels = self.sample.place_min / self.sample.minutes
        return {
            place.id: t_interval(levels[:, position], self.confidence)
            for position, place in enumerate(self.program.places)
            if place.source >= 0 and place.target >= 0 and place.capacity > 0
        }

    @cached_property
    def scrap_share(self) -> float:
        """Scrapped units over good and scrapped ones."""
        scrap, good = float(self.sample.scrap.sum()), float(self.sample.good.sum())
        return scrap / (scrap + good) if scrap + good else 0.0

    # ---- for the reader ----

    def check(self) -> list[Issue]:
        """What does not add up: units, state times, energy, intervals; empty when all does."""
        return run_issues(self)

    def summary(self) -> str:
        """The answer in a few lines."""
        from manyworks.twin.run_words import run_words

        return run_words(self)

    def to_frame(self) -> Any:
        """One row for each station: shares of its time, failures, energy, and whether it is the bottleneck."""
        return self.stations.to_frame()

    @cached_property
    def stations(self) -> Table:
        """The table of `to_frame` as plain columns."""
        shares = state_shares(self.program, self.sample)
        minutes = self.sample.minutes
        columns: dict[str, Any] = {
            "station": np.array([station.id for station in self.program.stations], dtype=object),
            **{doing.name.lower(): shares[:, doing] for doing in Doing},
            "finished_per_min": self.sample.finished.mean(axis=0) / minutes,
            "failures_per_h": self.sample.failures.mean(axis=0) / minutes * 60,
            "kwh_per_h": self.sample.kwh.mean(axis=0) / minutes * 60,
            "is_bottleneck": np.array([s.id == self.bottleneck.station for s in self.program.stations], dtype=object),
        }
        return Table(columns)

    def to_dict(self) -> dict[str, Any]:
        """Every figure as plain data, with its provenance."""
        waterfall, cost = self.waterfall, self.cost_per_unit
        return {
            "line": self.line,
            "name": self.program.name,
            "place": self.place,
            "rate_per_min": self.rate.to_dict(),
            "rates_per_min": {name: rate.to_dict() for name, rate in self.rates.items()},
            "running_rate_per_min": self.running_rate.to_dict(),
            "nominal_per_min": dict(zip(self.program.products, self.nominal_per_min, strict=True)),
            "oee": self.oee.to_dict(),
            "availability": waterfall.figures.availability,
            "effectiveness": waterfall.figures.effectiveness,
            "quality_ratio": waterfall.figures.quality_ratio,
            "waterfall": {
                "pacing_station": waterfall.pacing,
                "calendar": waterfall.calendar,
                "losses": [asdict(loss) for loss in waterfall.losses],
                "good": waterfall.good,
            },
            "stations": list(self.stations.rows()),
            "bottleneck": asdict(self.bottleneck),
            "kwh_per_unit": self.kwh_per_unit.to_dict(),
            "cost_per_unit": cost,
            "currency": None if self.costs is None else self.costs.currency,
            "work_in_process": self.work_in_process.to_dict(),
            "flow_min": self.flow_min.to_dict(),
            "buffers": {name: level.to_dict() for name, level in self.buffers.items()},
            "scrap_share": self.scrap_share,
            "exact": None if self.exact is None else asdict(self.exact) | {"units_per_min": self.exact_rate},
            "notes": list(self.notes),
            "provenance": self.provenance,
        }

    @property
    def exact_rate(self) -> float | None:
        """The exact answer in units a minute."""
        return None if self.exact is None else self.exact.rate_per_min * self.program.units_per_part

    @property
    def provenance(self) -> dict[str, Any]:
        """What made these figures."""
        return {
            "version": self.version, "seed": self.seed, "line_hash": self.program.line_hash,
            "replications": self.sample.replications, "warm_up_min": self.sample.warm_up_min,
            "measured_min": self.sample.minutes, "units_per_part": self.program.units_per_part,
            "asked_half_width": self.asked, "reached_half_width": self.rate.relative, "seconds": self.seconds,
        }  # fmt: skip
