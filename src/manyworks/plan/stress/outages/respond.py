"""One outage after another on one model: limits change, the solver starts from where it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import SolverError
from manyworks.plan.highs import Solver
from manyworks.plan.stress.outages.cover import Cover, make_cover
from manyworks.plan.stress.outages.operation import Operation
from manyworks.plan.stress.outages.strikes import Strike
from manyworks.units import DAYS_PER_WEEK, HOURS_PER_WEEK

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class OutageOptions:
    """How outages are modelled. ``response_h``: clock hours until other sites have taken notice and changed their
    plans. ``recovery_weeks``: time in which drawn stock must be rebuilt. ``pairs``: two neighbours out at once, too.
    ``spread``: durations spread by the class's ``duration_cv`` in the expected cost; False: its mean alone.
    ``is_survival_sought``: how long each site can be missed before a customer goes unserved.
    ``stages``: most periods in which the outages of each plan are priced; 1: the last one alone.
    """

    response_h: float = 24.0
    recovery_weeks: float = 13.0
    pairs: bool = False
    spread: bool = True
    is_survival_sought: bool = True
    stages: int = 3


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a strike does. ``lost`` (o, f): share of the making of a family that stops; ``hours_left`` (g,): share of
    the line hours that is left; ``ships`` (o,): whether goods leave; ``stock_left`` (o, f): share of the goods that
    may be used; ``is_recall``: goods on the way are lost as well."""

    sites: Bools
    lost: Floats
    hours_left: Floats
    ships: Bools
    stock_left: Floats
    is_recall: bool


def effect_of(operation: Operation, strike: Strike) -> Effect:
    """The effect of a strike on the sites of ``operation``."""
    op = operation
    hit = np.isin(np.array(op.names, dtype=object), strike.sites)
    shape = (len(op.names), len(op.families))
    lost, stock_left = np.zeros(shape), np.ones(shape)
    hours_left, ships = np.ones(len(op.place_o)), np.ones(shape[0], dtype=bool)
    at_place = hit[op.place_o]
    if strike.line:
        mine = at_place & (np.array(op.place_line, dtype=object) == strike.line)
        hours_left[mine] = 1 - 1 / op.lines[mine]
    elif strike.products:
        taken = _recalled(op, strike)
        lost[hit], stock_left[hit] = taken, 1 - taken
    elif strike.outage.stops == "outbound":
        lost[hit], stock_left[hit], ships[hit] = 1.0, 0.0, False
    else:
        lost[hit] = 1.0
        hours_left[at_place] = 0.0
    return Effect(
        sites=hit,
        lost=lost,
        hours_left=hours_left,
        ships=ships,
        stock_left=stock_left,
        is_recall=bool(strike.products),
    )


def _recalled(op: Operation, strike: Strike) -> Floats:
    """Share of the units of each family that a recall takes, (f,)."""
    instance, t = op.numbers.instance, op.period.index
    units = instance.demand[:, :, t].sum(axis=0)
    taken = np.isin([product.id for product in instance.products], strike.products)
    whole = np.bincount(instance.family_of, weights=units, minlength=len(op.families))
    part = np.bincount(instance.family_of, weights=units * taken, minlength=len(op.families))
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)


@dataclass(frozen=True, kw_only=True)
class Response:
    """What the network does in an outage of ``weeks``: ``columns`` block to its values, mean rates over the window.

    ``cost`` in money, before tax, for the whole event: value of the operation without the outage less with it, and
    ``written_off``, the materials in goods that a recall takes.
    """

    weeks: float
    cost: float
    written_off: float
    columns: Mapping[str, Floats]


def _settled(cover: Cover, columns: Mapping[str, Floats]) -> Operation:
    """The operation with the flows and wheels that are best for it as it stands, people and stock given.

    A plan's flows are that already, up to its gap; so no outage is charged for what could be gained without one.
    """
    op, base = cover.operation, columns["cover"].copy()
    base[cover.own_arc] += columns["kept"]
    more = np.bincount(cover.other_j, columns["switched"] * op.staffed[cover.other_j], len(op.wheel_g))
    return replace(
        op,
        base=np.where(base > 1e-9, base, 0.0),
        lane_stock=np.where(op.base > 0, op.lane_stock, 0.0),
        own=op.own + more * op.learn,
    )


@dataclass
class Responder:
    """An operation that is struck by one outage after another."""

    operation: Operation
    options: OutageOptions
    cover: Cover = field(init=False)
    usual: Response = field(init=False)
    solves: int = 0

    def __post_init__(self) -> None:
        self._server: Solver | None = None
        self._served_rows = np.zeros(0, dtype=np.intp)
        self._load(make_cover(self.operation))
        self.operation = _settled(self.cover, self._solve()[1])
        self._load(make_cover(self.operation))
        usual_high = self._high.copy()
        for name in ("cover", "switched"):  # Flows and wheels are all the operation's own now.
            usual_high[self.cover.linear.columns[name]] = 0.0
        self._set(usual_high, self._row_high)
        self._best, columns = self._solve()
        self.usual = Response(weeks=0.0, cost=0.0, written_off=0.0, columns=columns)

    def _load(self, cover: Cover) -> None:
        self.cover, linear = cover, cover.linear
        self._scale = max(float(np.abs(linear.value).max(initial=0.0)) / 100, 1e-9)
        self._solver = Solver(linear.with_value(linear.value / self._scale), whole=False, is_brief=True)
        self._low, self._high = linear.bounds
        self._row_low, self._row_high = linear.row_bounds

    def respond(self, effect: Effect, hours: float) -> Response:
        """The cheapest answer to an outage of so many clock hours."""
        weeks = hours / HOURS_PER_WEEK
        if weeks <= 0:
            return self.usual
        column_high, row_high = self._limits(effect, weeks)
        self._set(column_high, row_high)
        value, columns = self._solve()
        written_off = self._written_off(effect)
        return Response(
            weeks=weeks, cost=weeks * (self._best - value) + written_off, written_off=written_off, columns=columns
        )

    def least_unserved(self, effect: Effect, hours: float) -> float:
        """Fewest units that go unserved in an outage of so many clock hours, whatever it costs."""
        weeks = hours / HOURS_PER_WEEK
        if self._server is None:
            value = np.zeros(self.cover.linear.column_count)
            missed = self.cover.linear.columns["unmet"]
            value[missed] = -self.operation.units / max(float(self.operation.units.max(initial=0.0)), 1e-9)
            self._server = Solver(self.cover.linear.with_value(value), whole=False, is_brief=True)
        column_high, row_high = self._limits(effect, weeks)
        every = np.arange(len(column_high))
        self._server.set_bounds(every, self._low, column_high)
        changed = np.flatnonzero(row_high != self.cover.linear.row_bounds[1])
        changed = np.union1d(changed, self._served_rows)
        self._server.set_row_bounds(changed, self._row_low[changed], row_high[changed])
        self._served_rows = changed
        answer = self._server.solve()
        if answer.x is None:
            raise SolverError("the answer to an outage could not be found", status=answer.status)
        extra = answer.x[self.cover.linear.columns["unmet"]] - self.usual.columns["unmet"]
        return float(np.maximum(extra, 0.0) @ self.operation.units) * weeks

    def _written_off(self, effect: Effect) -> float:
        if not effect.is_recall:
            return 0.0
        op = self.operation
        return float(((1 - effect.stock_left) * op.stock * op.worth).sum())

    def _solve(self) -> tuple[float, dict[str, Floats]]:
        """Value a week in money, and the columns by block."""
        self.solves += 1
        answer = self._solver.solve()
        if answer.x is None:
            raise SolverError("the answer to an outage could not be found", status=answer.status)
        x = answer.x
        return answer.value * self._scale, {name: x[index] for name, index in self.cover.linear.columns.items()}

    def _set(self, column_high: Floats, row_high: Floats) -> None:
        columns = np.flatnonzero(column_high != self._high)
        self._solver.set_bounds(columns, self._low[columns], column_high[columns])
        rows = np.flatnonzero(row_high != self._row_high)
        self._solver.set_row_bounds(rows, self._row_low[rows], row_high[rows])
        self._high, self._row_high = column_high, row_high

    def _limits(self, effect: Effect, weeks: float) -> tuple[Floats, Floats]:
        """Upper limits of columns and rows in an outage of so many weeks."""
        column_high, row_high = self._high.copy(), self._row_high.copy()
        columns, rows = self.cover.linear.columns, self.cover.linear.rows
        for name, high in (self._column_limits(effect, weeks)).items():
            column_high[columns[name]] = high
        for name, high in (self._row_limits(effect, weeks)).items():
            row_high[rows[name]] = high
        return column_high, row_high

    def _column_limits(self, effect: Effect, weeks: float) -> dict[str, Floats]:
        op, own = self.operation, self.cover.own_arc
        lost = effect.lost[op.arc_o, op.family[op.arc_d]]
        usable = effect.stock_left[op.arc_o, op.family[op.arc_d]]
        ships = effect.ships[op.arc_o]
        delay = self.delays(effect)
        late = np.clip(1 - delay / weeks, 0.0, 1.0)
        struck = effect.sites[op.arc_o] & (lost > 0)
        respond = self._response(weeks)
        inf = np.inf
        changed = np.clip(1 - (self._response_weeks + op.switch) / weeks, 0.0, 1.0)
        cap = (op.regular + op.overtime) * effect.hours_left
        return {
            "kept": (op.base * (1 - lost) * ships)[own],
            "cover": late * ~struck * ships,
            "shelf": np.where((struck & ships & (usable > 0))[own], op.base[own], 0.0),
            "lane": np.minimum(op.lane_stock * np.where(effect.is_recall & struck, usable, 1.0) / weeks, op.base)[own],
            "run": np.full(len(self.cover.pair_j), inf),
            "switched": (cap[op.wheel_g] * changed)[self.cover.other_j],
            "over": self._grown(
                self.usual.columns["over"] * effect.hours_left, op.overtime * effect.hours_left, respond
            ),
            "drawn": np.where(effect.ships[:, None], inf, 0.0) * np.ones_like(op.stock),
            "piled": np.where(effect.ships[:, None], 0.0, inf) * np.ones_like(op.stock),
            "rerun": np.full(len(self.cover.pair_j), inf),
            "reover": np.maximum(op.overtime - self.usual.columns["over"], 0.0) * self._recovery / weeks,
            "short": np.full(op.stock.shape, inf),
        }

    def _row_limits(self, effect: Effect, weeks: float) -> dict[str, Floats]:
        op, respond = self.operation, self._response(weeks)
        used, crews, wheels = self.used()
        missing, first = self._gaps(effect)
        left = op.regular * effect.hours_left
        own = op.own[self.cover.limited]
        here = effect.hours_left[op.wheel_g[self.cover.limited]]
        later = self._recovery / weeks
        over = self.usual.columns["over"]
        stay = (used - over) * effect.hours_left  # The lines of a type share its work evenly until others take over.
        staying: Floats = np.bincount(op.place_o, op.crew * stay, len(op.names)).astype(np.float64)
        return {
            "late": np.clip(1 - first / weeks, 0.0, 1.0),
            "gap": 1 - missing * np.clip(first / weeks, 0.0, 1.0),
            "stock": op.stock * effect.stock_left / weeks,
            "hours": self._grown(stay, left, respond),
            "wheel": self._grown(wheels * here, own * here, respond),
            "crews": self._grown(staying, op.people, respond),
            "rehours": np.maximum(op.regular - used + over, 0.0) * later,
            "rewheel": np.maximum(own - wheels, 0.0) * later,
            "relieved": op.base[self.cover.own_arc] * later,
            "recrews": np.maximum(op.people - crews, 0.0) * later,
        }

    @staticmethod
    def _grown(used: Floats, most: Floats, respond: float) -> Floats:
        """What is used now goes on as far as it can; the rest may be used once the network has responded."""
        return np.minimum(used, most) + np.maximum(most - used, 0.0) * respond

    @property
    def _recovery(self) -> float:
        return self.options.recovery_weeks

    @property
    def _response_weeks(self) -> float:
        return self.options.response_h / HOURS_PER_WEEK

    def _response(self, weeks: float) -> float:
        return float(np.clip(1 - self._response_weeks / weeks, 0.0, 1.0))

    def used(self) -> tuple[Floats, Floats, Floats]:
        """Staffed line hours a week without an outage by place (g,), regular crew hours (o,), hours by limited
        wheel."""
        op, cover, usual = self.operation, self.cover, self.usual.columns
        run = usual["run"] * op.staffed[cover.pair_j]
        by_wheel = np.bincount(cover.pair_j, run, len(op.wheel_g))
        used: Floats = np.bincount(op.wheel_g[cover.pair_j], run, len(op.place_o)).astype(np.float64)
        crews: Floats = np.bincount(op.place_o, (used - usual["over"]) * op.crew, len(op.names)).astype(np.float64)
        return used, np.asarray(crews), np.asarray(by_wheel[cover.limited])

    def delays(self, effect: Effect) -> Floats:
        """Weeks (a,) by which goods of each arc come after those whose place they take: response and longer way.

        What was on the way when the outage struck still arrives, but after a recall.
        """
        op = self.operation
        way = op.days / DAYS_PER_WEEK
        return np.asarray(np.maximum(self._response_weeks + way - self._gone(effect)[op.arc_d], 0.0))

    def _gone(self, effect: Effect) -> Floats:
        """Weeks (d,) for which goods still arrive: the shortest way of those that stop, else of all of the plan."""
        op, own = self.operation, self.cover.own_arc
        way, d = op.days[own] / DAYS_PER_WEEK, op.arc_d[own]
        struck = effect.lost[op.arc_o[own], op.family[d]] > 0
        first, any_way = np.full(len(op.point), np.inf), np.full(len(op.point), np.inf)
        np.minimum.at(any_way, d, way)
        np.minimum.at(first, d[struck], 0.0 if effect.is_recall else way[struck])
        found = np.where(np.isfinite(first), first, any_way)
        return np.where(np.isfinite(found), found, 0.0)

    def _gaps(self, effect: Effect) -> tuple[Floats, Floats]:
        """Share of each demand that goes missing, and weeks until the first cover of it can arrive, (d,)."""
        op, own = self.operation, self.cover.own_arc
        d = op.arc_d[own]
        lost = np.where(effect.ships[op.arc_o[own]], effect.lost[op.arc_o[own], op.family[d]], 1.0)
        missing: Floats = np.bincount(d, op.base[own] * lost, len(op.point)).astype(np.float64)
        free = ~(effect.sites[op.arc_o] & (effect.lost[op.arc_o, op.family[op.arc_d]] > 0))
        first = np.full(len(op.point), np.inf)
        np.minimum.at(first, op.arc_d[free], self.delays(effect)[free])
        return missing, np.where(np.isfinite(first), first, 1e9)
