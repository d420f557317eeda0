"""Large networks over many quarters: the gap that is proven, in how many CPU seconds and megabytes, and what binds.

    PYTHONPATH=src:. python -m benchmarks.quality.networks [KIND SITES MARKETS PRODUCTS SEED...] [--highs SECONDS]

Without a size: both kinds of ``benchmarks/large_networks.py`` at 60 sites, 150 markets, 8 products, 12 quarters, seeds
0 and 1. The number to reach there: 1 % in 120 CPU s. ``--highs`` gives the same network, whole and with its strong
links, to HiGHS alone for so many wall seconds. One line an instance: how many sites are open, at how many of them a new
big plant was chosen, and at how many the people of the pool or the hires of a quarter bind.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import cast, get_args

import numpy as np

from benchmarks.large_networks import Family, large_network
from manyworks.model.network import Network
from manyworks.plan.case import CASES
from manyworks.plan.design import design_network
from manyworks.plan.equations.formulation import all_arcs, formulate
from manyworks.plan.equations.instance import make_instance
from manyworks.plan.equations.values import arc_values, site_values
from manyworks.plan.highs import Solver
from manyworks.plan.result import NetworkPlan

GAP = 0.005


def main(arguments: list[str]) -> None:
    """Print one line an instance."""
    seconds = 0.0
    if "--highs" in arguments:
        at = arguments.index("--highs")
        seconds = float(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
    if arguments:
        kind, (sites, markets, products, *seeds) = arguments[0], [int(word) for word in arguments[1:]]
        cases = [(kind, sites, markets, products, seed) for seed in seeds or [0]]
    else:
        cases = [(kind, 60, 150, 8, seed) for kind in get_args(Family) for seed in (0, 1)]
    for kind, sites, markets, products, seed in cases:
        network = large_network(sites, markets, products, seed=seed, kind=cast(Family, kind))
        plan = design_network(network, gap=GAP)
        print(f"{network.name}: {_found(plan)}", flush=True)
        if seconds:
            print(f"{network.name}, HiGHS alone: {_alone(network, seconds)}", flush=True)


def _found(plan: NetworkPlan) -> str:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    made = plan.tables.production
    opened = {(row["place"], row["template"]) for row in made.rows() if row["units"] > 0}
    new = {row.id for row in plan.network.sites if row.status == "candidate"}
    big = {row.id for row in plan.network.templates if row.scale == "big"}
    crews = {row["place"] for row in plan.binding.rows() if row["limit"] in ("labour_pool", "hires_per_quarter")}
    return (
        f"gap {plan.gap:.2%} ({plan.npv / 1e6:,.1f} of {plan.bound / 1e6:,.1f} million), {plan.cpu_seconds:.0f} CPU s, "
        f"{memory:.0f} MB; {len(opened)} sites open, new big plants at "
        f"{sum(site in new and template in big for site, template in opened)}, people bind at {len(crews)}"
    )


def _alone(network: Network, seconds: float) -> str:
    """The same model, whole, by branch and bound; its gap as a share of half the revenue, as plans of the search."""
    began = time.process_time()
    instance = make_instance(network, CASES["best"])
    arcs = arc_values(instance)
    model = formulate(instance, all_arcs(arcs), arcs, site_values(instance), tight=True)
    answer = Solver(model.linear, whole=True).solve(time_limit=seconds)
    bound = answer.bound * model.scale + model.linear.constant
    value = answer.value * model.scale + model.linear.constant if answer.x is not None else -np.inf
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return f"{value / 1e6:,.1f} of {bound / 1e6:,.1f} million, {time.process_time() - began:.0f} CPU s, {memory:.0f} MB"


if __name__ == "__main__":
    main(sys.argv[1:])
