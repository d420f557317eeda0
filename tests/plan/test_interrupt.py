from __future__ import annotations

import os
import signal

import pytest

from manyworks.errors import SolverError
from manyworks.plan.design import design_network
from manyworks.plan.result import NetworkPlan
from manyworks.plan.rivals.solve_cases import solve_cases
from manyworks.plan.search.watch import Watch
from tests.plan.rich import rich_network

OPTIONS = {"gap": 1e-9, "time_limit": 60.0, "seed": 0}


def press_once(phase):
    """A display that presses Ctrl-C when it first hears of ``phase``."""
    pressed = []

    def display(progress):
        if progress.phase.startswith(phase) and not pressed:
            pressed.append(progress)
            os.kill(os.getpid(), signal.SIGINT)

    return display


def test_ctrl_c_keeps_the_plan_and_says_so():
    plan = design_network(rich_network(demand=3, freight=12), gap=1e-9, display=press_once("Settling"))
    assert plan.status == "interrupted"
    assert plan.bound >= plan.npv
    assert plan.check() == []


def test_ctrl_c_ends_a_comparison_with_what_it_has():
    network = rich_network(demand=3, freight=12)
    found = solve_cases(network, ("do_nothing", "best"), jobs=1, display=press_once("Settling"), **OPTIONS)
    assert isinstance(found["do_nothing"], NetworkPlan)
    assert isinstance(found["best"], SolverError)
    assert found["best"].status == "interrupted"


def test_one_key_press_that_arrives_twice_counts_once():
    watch = Watch(case="test", gap=0.01, time_limit=None, display=None)
    with watch.listening():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        assert watch.is_over
    assert watch.is_interrupted


def test_a_second_key_press_a_second_later_ends_the_program():
    watch = Watch(case="test", gap=0.01, time_limit=None, display=None)
    with watch.listening():
        os.kill(os.getpid(), signal.SIGINT)
        watch._stopped_at -= 2.0
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_after_listening_ctrl_c_is_what_it_was():
    before = signal.getsignal(signal.SIGINT)
    with Watch(case="test", gap=0.01, time_limit=None, display=None).listening():
        pass
    assert signal.getsignal(signal.SIGINT) is before
