"""Quadratic assignment against enumeration, and the promises of the search."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from manyworks.errors import UsageError
from manyworks.twin.layout.assignment import Assignment, solve_assignment
from manyworks.twin.layout.bound import assignment_bound
from manyworks.twin.layout.problem import AssignmentProblem
from manyworks.twin.layout.qaplib import read_qaplib, write_qaplib

KINDS = ("both ways alike", "flows differ", "all differ", "with linear costs", "fractions")


def made(kind: str, size: int = 7, seed: int = 0) -> AssignmentProblem:
    random = np.random.default_rng(seed)
    flow, distance, linear = (random.integers(0, 20, (size, size)).astype(float) for _ in range(3))
    if kind in ("both ways alike", "flows differ", "fractions"):
        distance = distance + distance.T
    if kind in ("both ways alike", "fractions"):
        flow = flow + flow.T
    if kind == "fractions":
        flow = flow / 7
    return AssignmentProblem(
        name=kind, flow=flow, distance=distance, linear=30 * linear if kind == "with linear costs" else None
    )


def least(problem: AssignmentProblem) -> float:
    return min(problem.cost(np.array(order)) for order in permutations(range(problem.size)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_cheapest_of_all_assignments_is_found(kind):
    problem = made(kind)
    found = solve_assignment(problem, steps=600, starts=2)
    assert found.cost == pytest.approx(least(problem), rel=1e-12)
    assert found.check() == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_assignment_is_below_the_bound(kind):
    for seed in range(5):
        problem = made(kind, size=6, seed=seed)
        assert assignment_bound(problem) <= least(problem) + 1e-9


def test_the_bound_proves_a_line_that_stands_in_its_order():
    flow = np.diag(np.ones(1), 1)  # one flow only: the shortest distance is the answer and the bound
    distance = np.array([[0.0, 3.0], [3.0, 0.0]])
    found = solve_assignment(flow, distance, steps=20)
    assert (found.gap, found.cost) == (0.0, 3.0)
    assert "proven optimal" in found.summary()


def test_the_same_seed_gives_the_same_assignment_on_any_number_of_threads():
    problem = made("fractions", size=30)
    one, two = (solve_assignment(problem, seed=5, steps=2000, threads=count) for count in (1, 2))
    assert one.place.tobytes() == two.place.tobytes()
    assert one.cost == two.cost


def test_a_time_limit_ends_the_search():
    found = solve_assignment(made("both ways alike", size=40), time_limit=0.3)
    assert found.status == "time_limit"
    assert found.seconds < 5
    assert found.check() == []


def test_one_facility_has_one_place():
    assert solve_assignment(np.array([[2.0]]), np.array([[3.0]])).cost == 6.0


def test_a_broken_assignment_is_caught():
    good = solve_assignment(made("flows differ"), steps=100)
    changes = ({"cost": good.cost - 1}, {"place": np.zeros(7, dtype=np.int64)}, {"bound": good.cost + 1})
    found = [Assignment(**(vars(good) | change)).check()[0].rule for change in changes]
    assert found == ["assignment.cost", "assignment.places", "assignment.bound"]


def test_wrong_tables_are_refused_with_every_fault_at_once():
    with pytest.raises(UsageError, match=r"flow\[0, 1\] must be finite.*distance must have shape \(2, 2\)"):
        solve_assignment(np.array([[0.0, np.nan], [1.0, 0.0]]), np.zeros((3, 3)))


def test_arguments_out_of_range_are_refused():
    with pytest.raises(UsageError, match="time_limit: must be > 0, found 0"):
        solve_assignment(made("all differ"), time_limit=0)


def test_an_instance_survives_its_file(tmp_path):
    problem = made("fractions")
    write_qaplib(problem, tmp_path / "made.dat")
    back = read_qaplib(tmp_path / "made.dat")
    assert (back.name, back.flow.tolist()) == ("made", problem.flow.tolist())
    assert back.distance.tolist() == problem.distance.tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2\n0 1\n1 0\n0 2\n2 x\n", r"bad.dat:5: must hold numbers only, found '2 x'"),
        ("2\n0 1\n1 0\n0 2\n2\n", "2 facilities need 8 numbers after the first, found 7"),
        ("", "must begin with the number of facilities"),
    ],
)
def test_a_file_that_is_no_instance_is_refused(tmp_path, text, words):
    (tmp_path / "bad.dat").write_text(text)
    with pytest.raises(UsageError, match=words):
        read_qaplib(tmp_path / "bad.dat")


def test_a_known_value_on_the_first_line_is_left_out(tmp_path):
    (tmp_path / "two.dat").write_text("2 6\n0 1\n1 0\n0 3\n3 0\n")
    assert solve_assignment(read_qaplib(tmp_path / "two.dat"), steps=20).cost == 6
