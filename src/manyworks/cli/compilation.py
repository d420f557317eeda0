"""Compile every kernel once, so that no first run waits for it: ``python -m manyworks.cli.compilation``.

Set-up runs this. Each job runs a kernel's public function on something tiny, so that exactly the machine code that
users need lies in the cache afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from manyworks.cli.output import say


def compile_all() -> None:
    """Run each job, with one line of progress for each."""
    for name, job in JOBS.items():
        started = time.perf_counter()
        job()
        say(f"  {name:34} {time.perf_counter() - started:5.1f} s")


def _draws() -> None:
    from manyworks.model.times import exponential
    from manyworks.twin.draws import draws, uniforms

    draws(exponential(1.0), seed=0, station=0, purpose="work", count=1)
    uniforms(seed=0, station=0, purpose="route", count=1)


def _line_engine() -> None:
    from manyworks.model.times import exponential
    from manyworks.twin.line_state import advance, start_line
    from manyworks.twin.program import serial_line

    advance(start_line(serial_line([exponential(1.0)], [])), 1.0)


def _recursion() -> None:
    from manyworks.model.times import exponential
    from manyworks.twin.program import serial_line
    from manyworks.twin.recursion import recursion

    recursion(serial_line([exponential(1.0)], []), units=1)


def _assignment() -> None:
    import numpy as np

    from manyworks.twin.layout.assignment import solve_assignment

    solve_assignment(np.ones((4, 4)), np.ones((4, 4)), steps=10, starts=1, threads=1)


def _location() -> None:
    import numpy as np

    from manyworks.plan.location.kernels import add_served, profits

    cost, some, whole = np.ones((1, 1)), np.ones(1), np.zeros(1, np.int64)
    profits(cost, some, some, 2 * some, np.ones(1, np.bool_), some.copy(), whole, some.copy())
    add_served(cost, some, some, 2 * some, some, some.copy(), whole, some.copy())


def _hours_of_sites() -> None:
    from manyworks.examples import example_path
    from manyworks.model.document import load_network
    from manyworks.plan.case import CASES
    from manyworks.plan.equations.instance import make_instance
    from manyworks.plan.equations.values import arc_values, site_values
    from manyworks.plan.search.by_parts import design_by_parts
    from manyworks.plan.search.watch import Watch

    instance = make_instance(load_network(example_path("first_network")), CASES["best"])
    watch = Watch(case="best", gap=0.1, time_limit=0.1, display=None)
    design_by_parts(instance, arc_values(instance), site_values(instance), watch, threads=1)


def _floor() -> None:
    from manyworks.examples import example_path
    from manyworks.model.document import load_network
    from manyworks.model.floor import Floor
    from manyworks.twin.layout.arrange import arrange_floor

    network = load_network(example_path("bottling_line"))
    floor = Floor(id="hall", name="Hall", width_m=80, depth_m=40)
    arrange_floor(network.model_copy(update={"floors": [floor]}), line="line_125", effort=0.01, time_limit=1.0)


JOBS: dict[str, Callable[[], None]] = {
    "luck of stations": _draws,
    "line engine": _line_engine,
    "line recursion": _recursion,
    "assignment of places": _assignment,
    "places on a floor": _floor,
    "location of sites": _location,
    "hours of sites": _hours_of_sites,
}

if __name__ == "__main__":
    compile_all()
