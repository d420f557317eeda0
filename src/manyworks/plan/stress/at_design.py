"""A finished plan in a changed world: sites and lines stay as they are decided, everything else is planned anew."""

from __future__ import annotations

import time

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

    Flows, wheels, overtime, people and stock are chosen anew. Its ``bound`` holds for plans of this design only.

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
    has_choice = bool((model.linear.columns["used"] >= 0).any()) or "holds" in model.linear.columns
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
    opened, added = design_of(instance, plan)
    model = formulate(instance, open_arcs(arcs, opened), arcs, values, tight=False)
    columns = model.linear.columns
    model.linear.fix(columns["open"], opened)
    model.linear.fix(columns["added"], added)
    shut = opened[model.arcs.option] == 0  # A closed site ships nothing, not even stock.
    model.linear.fix(columns["flow"][shut], np.zeros(int(shut.sum())))
    return model


def design_of(instance: Instance, plan: NetworkPlan) -> tuple[Floats, Floats]:
    """Options open (o, t) and lines added (g, t) of ``plan``, in the order of ``instance``."""
    t_count = len(instance.periods)
    at = {period.name: period.index for period in plan.periods}
    option = {(instance.sites[row.site].id, row.template.id): o for o, row in enumerate(instance.options)}
    opened = np.zeros((len(instance.options), t_count))
    for row in plan.tables.openings.rows():
        o = option.get((row["place"], row["template"]))
        if o is not None:
            opened[o, at[row["starts"]] : at[row["closes"]] if row["closes"] else t_count] = 1.0
    place = {(p.option, p.line.id): g for g, p in enumerate(instance.places)}
    standing = np.zeros((len(instance.places), t_count))
    for row in plan.tables.lines.rows():
        g = place.get((option.get((row["place"], row["template"]), -1), row["line"]))
        if g is not None:
            standing[g, at[row["period"]]] += row["ready"]
    before = np.array([p.standing for p in instance.places], dtype=np.float64).reshape(-1, 1)
    return opened, np.maximum(standing - before * opened[instance.option_of], 0.0)
