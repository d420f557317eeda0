"""Location with a given table of costs: proven optima, honest bounds, and files that cannot be read."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from manyworks.cli.main import run
from manyworks.errors import CheckError, UsageError
from manyworks.plan.location import locate as locating
from manyworks.plan.location.locate import locate_sites
from manyworks.plan.location.orlib import read_orlib, write_orlib
from manyworks.plan.location.problem import LocationProblem
from manyworks.plan.location.result import priced_bound


def chance(seed: int, sites: int = 6, customers: int = 9, ratio: float = 2.5) -> LocationProblem:
    luck = np.random.default_rng(seed)
    demand = luck.uniform(5, 35, customers)
    capacity = luck.uniform(10, 160, sites)
    return LocationProblem(
        name=f"chance_{seed}",
        fixed_cost=luck.uniform(50, 400, sites),
        capacity=capacity * ratio * demand.sum() / capacity.sum(),
        demand=demand,
        cost=luck.uniform(0, 10, (sites, customers)) * demand,
    )


def by_trying_all(problem: LocationProblem) -> float:
    """The optimum by a linear programme for every set of sites, with scipy."""
    from scipy.optimize import linprog

    sites, customers = problem.size
    served = np.tile(np.eye(customers), sites)
    held = np.kron(np.eye(sites), problem.demand)
    best = np.inf
    for choice in product((0, 1), repeat=sites):
        opened = np.array(choice)
        if opened @ problem.capacity >= problem.demand.sum():
            flows = linprog(
                problem.cost.ravel(), A_ub=held, b_ub=opened * problem.capacity, A_eq=served, b_eq=np.ones(customers)
            )
            best = min(best, flows.fun + opened @ problem.fixed_cost)
    return float(best)


@pytest.mark.parametrize("seed", range(5))
def test_the_optimum_is_that_of_trying_all_sets_of_sites(seed):
    problem = chance(seed)
    found = locate_sites(problem)
    assert found.status == "optimal"
    assert found.cost == pytest.approx(by_trying_all(problem), rel=1e-6)
    assert found.check() == []


def test_published_prices_prove_their_bound_to_anybody():
    problem = chance(3, sites=20, customers=60)
    found = locate_sites(problem)
    assert priced_bound(problem, found.prices) == pytest.approx(found.priced_bound)
    assert found.priced_bound <= found.cost * (1 + 1e-9)


def test_any_prices_give_a_bound_and_never_more_than_the_optimum():
    problem = chance(1)
    best = by_trying_all(problem)
    luck = np.random.default_rng(0)
    for scale in (0.0, 0.5, 1.0, 2.0, 10.0):
        assert priced_bound(problem, luck.uniform(0, 60, 9) * scale) <= best + 1e-6


def test_the_same_seed_gives_the_same_plan():
    one, two = (locate_sites(chance(4, sites=15, customers=40)) for _ in range(2))
    assert one.cost == two.cost
    assert one.share.tobytes() == two.share.tobytes()
    assert one.prices.tobytes() == two.prices.tobytes()


def test_money_in_another_currency_gives_the_same_plan():
    problem = chance(2, sites=10, customers=30)
    dear = replace(problem, fixed_cost=problem.fixed_cost * 1000, cost=problem.cost * 1000)
    one, two = locate_sites(problem), locate_sites(dear)
    assert (one.opened == two.opened).all()
    assert two.cost == pytest.approx(1000 * one.cost)


def test_a_site_that_costs_nothing_is_never_a_loss():
    problem = chance(5)
    free = replace(problem, fixed_cost=np.where(np.arange(6) == 2, 0.0, problem.fixed_cost))
    assert locate_sites(free).cost <= locate_sites(problem).cost + 1e-9


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda r: {"share": r.share * 0.9}, "served"),
        (lambda r: {"share": np.roll(r.share, 1, axis=0)}, "capacity"),
        (lambda r: {"cost": r.cost * 0.99}, "cost"),
        (lambda r: {"priced_bound": r.priced_bound * 1.01}, "priced_bound"),
        (lambda r: {"bound": r.cost * 1.01}, "bound"),
        (lambda r: {"share": r.share - np.where(np.arange(len(r.share))[:, None] == 0, 1, 0)}, "share"),
    ],
)
def test_a_spoiled_answer_is_caught(spoil, rule):
    found = locate_sites(chance(0))
    broken = replace(found, **spoil(found))
    assert f"location.{rule}" in {issue.rule for issue in broken.check()}


def test_an_answer_that_fails_its_check_is_never_handed_out(monkeypatch):
    monkeypatch.setattr(locating, "_shares", lambda search, design: np.zeros(search.problem.size))
    with pytest.raises(CheckError, match="served"):
        locate_sites(chance(0))


def test_every_fault_of_an_instance_is_named_at_once():
    with pytest.raises(UsageError) as caught:
        LocationProblem(
            fixed_cost=np.array([-1.0, 2.0]), capacity=np.ones(2), demand=np.array([5.0, np.nan]), cost=np.ones((2, 3))
        )
    for words in ("fixed_cost[0]", "demand[1]", "cost must have shape (2, 2)"):
        assert words in str(caught.value)


def test_too_little_room_is_said():
    with pytest.raises(UsageError, match="hold 2, less than the demand of 5"):
        LocationProblem(fixed_cost=np.ones(2), capacity=np.ones(2), demand=np.array([5.0]), cost=np.ones((2, 1)))


def test_files_come_back_without_loss(tmp_path):
    problem = chance(7)
    write_orlib(problem, tmp_path / "chance_7.txt")
    back = read_orlib(tmp_path / "chance_7.txt")
    for name in ("fixed_cost", "capacity", "demand", "cost"):
        assert (getattr(back, name) == getattr(problem, name)).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must begin with"),
        ("2 1\n10 5\n10 six\n", "bad.txt:3: must hold numbers only, found 'six'"),
        ("2 1\n10 5\n10 5\n4 1\n", "need 9 numbers, found 8"),
        ("1 1\ncapacity 5\n4\n1\n", "bad.txt:2: leaves the capacity open"),
    ],
)
def test_a_file_that_is_no_instance_says_where(tmp_path, text, words):
    (tmp_path / "bad.txt").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_orlib(tmp_path / "bad.txt")
    assert words in str(caught.value)


def test_the_command_prints_the_plan_and_its_proof(tmp_path, capsys):
    write_orlib(chance(7), tmp_path / "chance_7.txt")
    assert run(["locate", str(tmp_path / "chance_7.txt"), "--quiet", "--out", str(tmp_path / "flows.csv")]) == 0
    out = capsys.readouterr().out
    assert "proven optimal" in out
    assert (tmp_path / "flows.csv").read_text().startswith("site,customer,share,units,cost\n")
