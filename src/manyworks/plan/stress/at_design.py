"""A finished plan in a changed world: sites and lines stay as they are decided, everything else is planned anew."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import SolverError
from manyworks.model.network import Network
from manyworks.plan.design import finished_plan
from manyworks.plan.equations.conflict import raise_conflict
from manyworks.plan.equations.formulation import Model, formulate
from manyworks.plan.equations.instance import Instance, make_instance
from manyworks.plan.equations.values import ArcValues, SiteValues, arc_values, site_values
from manyworks.plan.highs import Solver
from manyworks.plan.progress import Display
from manyworks.plan.result import NetworkPlan
from manyworks.plan.search.by_parts import cost_size, open_arcs
from manyworks.plan.search.find import finish
from manyworks.plan.search.watch import Watch

Floats = NDArray[np.float64]
WHEEL_NODES = 60
"""Most branches for giving lines to wheels when no time limit is stated."""


def plan_at_design(
    plan: NetworkPlan,
    network: Network,
    *,
    gap: float = 0.01,
    time_limit: float | None = None,
    seed: int = 0,
    threads: int | None = None,
    display: Display | None = None,
) -> NetworkPlan:
    """The best plan of ``network`` with the sites and lines of ``plan``, period by period.

    Flows, wheels, overtime, people, stock and what goes to co-packers are chosen anew. Its ``bound`` holds for plans
    of this design only.

    Raises
    ------
    InfeasibleError
        This design cannot meet the rules of the changed document.
    SolverError
        The solver stopped without a usable answer.
    """
    cpu = time.process_time()
    watch = Watch(case=plan.case.title, gap=gap, time_limit=time_limit, display=display)
    watch.say("Keeping sites and lines, planning the rest")
    instance = make_instance(network, plan.case)
    arcs, values = arc_values(instance), site_values(instance)
    model = model_at_design(instance, arcs, values, plan)
    low, high = model.linear.bounds
    has_choice = bool((model.linear.is_whole & (low < high)).any())
    with watch.listening():
        solver = Solver(model.linear, whole=has_choice, threads=threads, seed=seed)
        answer = solver.solve(
            gap=0.1 * gap * cost_size(instance) / model.scale,
            time_limit=watch.seconds_left,
            node_limit=WHEEL_NODES if has_choice and time_limit is None else None,
        )
        watch.is_interrupted |= answer.status == "interrupted"
        if answer.status == "infeasible":
            raise_conflict(model, threads=threads)
        if answer.x is None:
            raise SolverError("no plan was found in the time allowed", status=answer.status)
        found = finish(model, answer, watch, threads=threads, seed=seed)
    return finished_plan(network, instance, found, watch, seed=seed, cpu_since=cpu)


def model_at_design(instance: Instance, arcs: ArcValues, values: SiteValues, plan: NetworkPlan) -> Model:
    """The exact model of ``instance`` on the arcs of the sites that ``plan`` has, with its sites and lines fixed."""
    design = design_of(instance, plan)
    free = np.array([option.packer is not None for option in instance.options], dtype=bool)
    opened = np.where(free[:, None], 1.0, design.opened)
    model = formulate(instance, open_arcs(arcs, opened), arcs, values, tight=False)
    columns, own = model.linear.columns, ~free[instance.option_of]
    model.linear.fix(columns["open"][~free], design.opened[~free])
    model.linear.fix(columns["added"][own], design.added[own])
    model.linear.fix(columns["upgraded"], design.upgraded)
    if "house" in columns:
        model.linear.fix(columns["house"], houses_of(instance, plan))
    shut = opened[model.arcs.option] == 0  # A closed site ships nothing, not even stock.
    model.linear.fix(columns["flow"][shut], np.zeros(int(shut.sum())))
    return model


def houses_of(instance: Instance, plan: NetworkPlan) -> Floats:
    """Warehouses that ``plan`` uses, (w, t)."""
    at = {period.name: period.index for period in plan.periods}
    row_of = {house.id: w for w, house in enumerate(instance.warehouses)}
    used = np.zeros((len(instance.warehouses), len(instance.periods)))
    for row in plan.tables.openings.rows():
        if row["kind"] == "warehouse" and row["place"] in row_of:
            used[row_of[row["place"]], at[row["starts"]] : at[row["closes"]] if row["closes"] else None] = 1.0
    return used


@dataclass(frozen=True, kw_only=True)
class FixedDesign:
    """What is decided about sites: ``opened`` options (o, t), lines ``added`` (g, t), ``upgraded`` (u, t)."""

    opened: Floats
    added: Floats
    upgraded: Floats


def design_of(instance: Instance, plan: NetworkPlan) -> FixedDesign:
    """The design of ``plan`` in the order of ``instance``."""
    t_count = len(instance.periods)
    at = {period.name: period.index for period in plan.periods}
    option = {(instance.sites[row.site].id, row.template.id): o for o, row in enumerate(instance.options)}
    upgrade = {row.id: u for u, row in enumerate(instance.upgrades)}
    opened, upgraded = np.zeros((len(instance.options), t_count)), np.zeros((len(upgrade), t_count))
    for row in plan.tables.openings.rows():
        stretch = slice(at[row["starts"]], at[row["closes"]] if row["closes"] else t_count)
        if row["kind"] == "site" and (row["place"], row["template"]) in option:
            opened[option[row["place"], row["template"]], stretch] = 1.0
        elif row["kind"] == "upgrade" and row["place"] in upgrade:
            upgraded[upgrade[row["place"]], at[row["starts"]] :] = 1.0
    return FixedDesign(opened=opened, added=_added(instance, plan, option, opened), upgraded=upgraded)


def _added(instance: Instance, plan: NetworkPlan, option: dict[tuple[str, str], int], opened: Floats) -> Floats:
    """Lines beyond those of the start, (g, t); those of the start may have moved to a place with upgrades."""
    at = {period.name: period.index for period in plan.periods}
    place = {(p.option, p.line.id): g for g, p in enumerate(instance.places) if not p.upgrades}
    ready, moved = np.zeros((len(instance.places), len(at))), np.zeros((len(instance.places), len(at)))
    for row in plan.tables.lines.rows():
        g = place.get((option.get((row["place"], row["template"]), -1), row["line"]))
        if g is not None:
            into = moved if row.get("upgrades") else ready
            into[g, at[row["period"]]] += row["ready"]
    before = np.array([0 if p.upgrades else p.standing for p in instance.places], dtype=np.float64).reshape(-1, 1)
    stays = opened[instance.option_of] * (moved == 0)
    return np.asarray(np.maximum(ready - before * stays, 0.0))
