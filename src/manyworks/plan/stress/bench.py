"""Many plans of nearly the same network: each one solved whole, beginning where the last one ended.

A stress asks the same question dozens of times with one number changed. The models have the same shape, so the basis
of one relaxation is a good beginning for the next, and often the relaxation is already whole. Plans of a wide rival
that a narrow one may have as well are taken over when the wide bound proves them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import SolverError
from manyworks.model.network import Network
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.equations.formulation import Model, all_arcs, formulate
from manyworks.plan.equations.instance import Instance, make_instance
from manyworks.plan.equations.values import ArcValues, SiteValues, arc_values, site_values
from manyworks.plan.highs import Answer, Solver
from manyworks.plan.search.by_parts import cost_size, open_arcs
from manyworks.plan.search.watch import Watch

Floats = NDArray[np.float64]
Levels = Mapping[str, Mapping[tuple[Any, ...], Floats]]
"""Whole decisions by block and key (option, line place or wheel by their ids), each over the periods."""

WHEEL_NODES = 20
"""Most branches for giving lines to wheels when no time limit is stated."""
WHOLE = 1e-6
"""Distance from a whole number that counts as none."""
QUICK = 3_000
"""Flows up to which a case is solved whole whatever a wider one says."""
LARGE = 25_000
"""Flows (arcs × periods) above which only places that some rival's plan uses are considered."""


@dataclass(frozen=True, kw_only=True)
class Solved:
    """One rival of one network, solved whole. Money as in the plan; ``bound`` holds for the places considered.

    ``status``: ``optimal`` or ``gap_reached`` when its gap was reached, ``time_limit``, ``interrupted``, or
    ``infeasible`` with nothing in it. ``size`` is the measure of gaps: half the present value of all revenue.
    ``opened`` are the new places that ever open, by id.
    """

    case: CaseName
    npv: float
    bound: float
    status: str
    seconds: float
    size: float
    opened: tuple[str, ...]
    levels: Levels = field(repr=False)
    x: Floats | None = field(default=None, repr=False)
    model: Model | None = field(default=None, repr=False)

    @property
    def gap(self) -> float:
        """Proven gap as a share of ``size``."""
        return max(self.bound - self.npv, 0.0) / self.size if self.size > 0 else 0.0

    @property
    def is_feasible(self) -> bool:
        """Whether there is a plan at all."""
        return self.x is not None or bool(np.isfinite(self.npv))

    def unproven(self) -> Solved:
        """The same plan without a bound."""
        return replace(self, bound=float("inf"), status="chosen")

    def light(self) -> Solved:
        """The same without the model, to keep or to send to another process."""
        return replace(self, x=None, model=None)


def is_stopped(watch: Watch) -> bool:
    """Whether Ctrl-C came; asked between solves."""
    return watch.is_interrupted


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """One case of one network as numbers: everything but the equations."""

    instance: Instance
    arcs: ArcValues
    sites: SiteValues

    @property
    def flows(self) -> int:
        """Flows that the whole model would have."""
        return int(np.count_nonzero(np.isfinite(self.arcs.value) & (self.arcs.hours > 0)))


def numbers(network: Network, case: CaseName) -> Numbers:
    """The numbers of one case."""
    instance = make_instance(network, CASES[case])
    return Numbers(instance=instance, arcs=arc_values(instance), sites=site_values(instance))


def scaled_demand(known: Numbers, factor: Floats) -> Numbers:
    """Demand of every market and period times ``factor`` (markets, periods), at the unit costs of the document.

    Shipments keep their size and stock its cover, so money, hours and pallets of an arc move with the demand. What a
    contract asks for is agreed and does not move.
    """
    contracts = len(known.instance.demand) - known.instance.own_markets
    factor = np.concatenate([factor, np.ones((contracts, factor.shape[1]))])
    wide = factor[:, None, :]
    arcs = known.arcs
    value = np.where(np.isfinite(arcs.value), arcs.value, 0.0) * wide[None]
    return replace(
        known,
        instance=replace(known.instance, demand=known.instance.demand * wide),
        arcs=replace(
            arcs,
            value=np.where(np.isfinite(arcs.value), value, -np.inf),
            hours=arcs.hours * wide[None],
            pallets=arcs.pallets * wide[None],
            penalty=arcs.penalty * wide,
            routes=None if arcs.routes is None else arcs.routes.scaled(factor),
        ),
    )


def option_keys(instance: Instance) -> list[tuple[Any, ...]]:
    """Site, template and whether it is new, of each option."""
    return [(instance.sites[o.site].id, o.template.id, not o.is_existing) for o in instance.options]


def block_keys(instance: Instance, block: str) -> list[tuple[Any, ...]] | None:
    """Names of the rows of a block of whole columns; None for a block that only its own model can read."""
    options = option_keys(instance)
    if block == "open":
        return options
    places = [(*options[p.option], p.line.id, p.upgrades) for p in instance.places]
    if block == "added":
        return places
    if block == "upgraded":
        return [(row.id,) for row in instance.upgrades]
    if block == "used":
        return [(*places[c.place], c.families) for c in instance.columns]
    return None


def build(known: Numbers, *, keep: frozenset[str] | None = None) -> Model:
    """The whole model with its strong links; ``keep`` are the ids of places that may open, None: all."""
    arcs = all_arcs(known.arcs)
    if keep is not None:
        allowed = np.array([key[0] in keep or not key[2] for key in option_keys(known.instance)], dtype=bool)
        chosen = allowed[arcs.option]
        arcs = arcs.only(chosen)
    model = formulate(known.instance, arcs, known.arcs, known.sites, tight=True)
    if keep is not None:
        shut = model.linear.columns["open"][~allowed]
        model.linear.fix(shut, np.zeros(shut.shape))
    return model


def _open_model(known: Numbers, levels: Levels) -> Model:
    """The model on the arcs of options that ``levels`` ever open; a closed one ships nothing, not even stock."""
    names = option_keys(known.instance)
    length = len(known.instance.periods)
    known_levels = [levels["open"].get(name, np.zeros(length)) for name in names]
    opened = np.nan_to_num(np.array(known_levels).reshape(-1, length), nan=1.0)
    model = formulate(known.instance, open_arcs(known.arcs, opened), known.arcs, known.sites, tight=False)
    shut = opened[model.arcs.option] == 0
    model.linear.fix(model.linear.columns["flow"][shut], np.zeros(int(shut.sum())))
    return model


def read_levels(model: Model, x: Floats) -> Levels:
    """Whole decisions of ``x`` by key."""
    whole = model.linear.is_whole
    found: dict[str, dict[tuple[Any, ...], Floats]] = {}
    seen = np.zeros(len(whole), dtype=bool)
    for block, index in model.linear.columns.items():
        mine = index[index >= 0]
        if not mine.size or not whole[mine].any() or seen[mine].all():  # Some blocks are views of others.
            continue
        seen[mine] = True
        keys = block_keys(model.instance, block)
        names = keys if keys is not None else [(k,) for k in range(len(index))]
        found[block] = {
            name: np.rint(x[row]) for name, row in zip(names, index, strict=True) if row.size and (row >= 0).all()
        }
    return found


def fixed_columns(model: Model, levels: Levels, *, blocks: Sequence[str] | None = None) -> tuple[Any, Floats]:
    """Columns and values that ``levels`` mean in ``model``, clipped to what it allows. Unknown keys stay at zero; nan
    leaves a row free."""
    low, high = model.linear.bounds
    columns, values = [], []
    for block, known in levels.items():
        index = model.linear.columns.get(block)
        if index is None or not index.size or (blocks is not None and block not in blocks):
            continue
        keys = block_keys(model.instance, block)
        names = keys if keys is not None else [(k,) for k in range(len(index))]
        for name, row in zip(names, index, strict=True):
            if row.size and (row >= 0).all():
                wanted = known.get(name, np.zeros(row.shape))
                if np.isnan(wanted).any():
                    continue
                columns.append(row.ravel())
                values.append(np.clip(wanted, low[row], high[row]).ravel())
    if not columns:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    return np.concatenate(columns), np.concatenate(values)


@dataclass
class Bench:
    """Solves cases one after the other; ``keep`` as in ``build``. ``gap`` is a share of half the revenue."""

    gap: float = 0.01
    time_limit: float | None = None
    seed: int = 0
    keep: frozenset[str] | None = None
    is_over: Callable[[], bool] = lambda: False
    _basis: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def solve(
        self,
        known: Numbers,
        *,
        rows: Callable[[Model], None] | None = None,
        start: Levels | None = None,
        wide: Solved | None = None,
    ) -> Solved:
        """The best plan of one case. ``rows`` adds equations to the model. ``start``: whole decisions to begin with.
        ``wide`` is the answer of a case that may do all that this one may, on the same network."""
        began, instance = time.monotonic(), known.instance
        model = build(known, keep=self.keep)
        if rows is not None:
            rows(model)
        size = cost_size(instance)
        target = self.gap * size
        if wide is not None and rows is None:
            taken = self._taken(model, wide, size, target, began)
            if taken is not None:
                return taken
        answer = self._answer(model, target / model.scale, start)
        return self._solved(model, answer, size, began)

    def hold(self, known: Numbers, levels: Levels, *, blocks: Sequence[str] | None = None) -> Solved:
        """The best flows with the whole decisions fixed; those of ``blocks`` alone where stated."""
        began = time.monotonic()
        model = _open_model(known, levels)
        columns, values = fixed_columns(model, levels, blocks=blocks)
        model.linear.fix(columns, values)
        free = np.setdiff1d(np.flatnonzero(model.linear.is_whole), columns)
        solver = Solver(model.linear, whole=bool(len(free)), threads=1, seed=self.seed)
        size = cost_size(known.instance)
        answer = solver.solve(
            gap=0.1 * self.gap * size / model.scale,
            time_limit=self.time_limit,
            node_limit=WHEEL_NODES if len(free) and self.time_limit is None else None,
        )
        return self._solved(model, answer, size, began)

    def _taken(self, model: Model, wide: Solved, size: float, target: float, began: float) -> Solved | None:
        """The plan of the wide case, where this one may have it as well and the wide bound proves it."""
        if not wide.is_feasible:
            return None
        columns, values = fixed_columns(model, wide.levels)
        solver = Solver(model.linear, whole=False, threads=1, seed=self.seed)
        solver.set_bounds(columns, values, values)
        answer = solver.solve()
        if answer.x is None:
            return None
        npv = answer.value * model.scale + model.linear.constant
        if wide.bound - npv > (target if len(model.arcs) * len(model.instance.periods) > QUICK else WHOLE * size):
            return None
        exact = Answer(
            status="optimal", x=answer.x, value=answer.value, bound=(wide.bound - model.linear.constant) / model.scale
        )
        return self._solved(model, exact, size, began)

    def _answer(self, model: Model, gap: float, start: Levels | None) -> Answer:
        """The relaxation from the last basis of this shape; branching only where it is not whole."""
        linear = model.linear
        shape = (model.instance.case.name, linear.column_count, linear.row_count)
        solver = Solver(linear, whole=False, threads=1, seed=self.seed)
        if shape in self._basis:
            solver.begin_at(self._basis[shape])
        answer = solver.solve(time_limit=self.time_limit, method="simplex")
        if answer.x is None or answer.status != "optimal":
            held = None if start is None or answer.status == "infeasible" else _held(model, start, self.seed)
            if held is None:
                return replace(answer, x=None, bound=np.inf if answer.status != "infeasible" else -np.inf)
            return replace(held, status=answer.status, bound=np.inf)
        self._basis[shape] = solver.basis
        whole = np.flatnonzero(linear.is_whole)
        if np.abs(answer.x[whole] - np.rint(answer.x[whole])).max(initial=0.0) <= WHOLE:
            return answer
        best = _rounded(model, answer.x, self.seed)
        if start is not None:
            other = _held(model, start, self.seed)
            best = other if best is None or (other is not None and other.value > best.value) else best
        if best is not None and best.x is not None and answer.value - best.value <= gap:
            return replace(best, status="gap_reached", bound=answer.value)
        branching = Solver(linear, whole=True, threads=1, seed=self.seed)
        if best is not None and best.x is not None:
            branching.start_from(best.x)
        found = branching.solve(gap=gap, time_limit=self.time_limit)
        return replace(found, bound=min(found.bound, answer.value))

    def _solved(self, model: Model, answer: Answer, size: float, began: float) -> Solved:
        npv = answer.value * model.scale + model.linear.constant if answer.x is not None else -np.inf
        bound = answer.bound * model.scale + model.linear.constant
        levels = {} if answer.x is None else read_levels(model, answer.x)
        return Solved(
            case=model.instance.case.name,
            npv=npv,
            bound=max(bound, npv),
            status=answer.status,
            seconds=time.monotonic() - began,
            size=size,
            opened=_opened(levels),
            levels=levels,
            x=answer.x,
            model=model,
        )


def _opened(levels: Levels) -> tuple[str, ...]:
    """New places that ever open: a key names the template of these only."""
    return tuple(sorted(key[0] for key, level in levels.get("open", {}).items() if level.any() and key[2]))


def _rounded(model: Model, x: Floats, seed: int) -> Answer | None:
    """A plan with the relaxation's decisions rounded up where they are large."""
    whole = np.flatnonzero(model.linear.is_whole)
    low, high = model.linear.bounds
    return _fixed(model, whole, np.clip(np.floor(x[whole] + 0.5), low[whole], high[whole]), seed)


def _held(model: Model, levels: Levels, seed: int) -> Answer | None:
    columns, values = fixed_columns(model, levels)
    return _fixed(model, columns, values, seed) if len(columns) else None


def _fixed(model: Model, columns: Any, values: Floats, seed: int) -> Answer | None:
    free = np.setdiff1d(np.flatnonzero(model.linear.is_whole), columns)
    if len(free):
        return None
    solver = Solver(model.linear, whole=False, threads=1, seed=seed)
    solver.set_bounds(columns, values, values)
    try:
        answer = solver.solve()
    except SolverError:
        return None
    return answer if answer.x is not None and answer.status == "optimal" else None
