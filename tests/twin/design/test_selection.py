"""Ranking and selection keeps the probability that it states, on normal systems whose means are known."""

from functools import partial

import numpy as np
import pytest

from manyworks.errors import UsageError
from manyworks.twin.design import selection
from manyworks.twin.design.selection import first_to_reach, screen, select_best

MANY = 200


def systems(seed, means, *, spread=1.0, correlation=0.0, sizes=()):
    """Normal systems of known means; common luck makes all pairs correlated."""
    scale = np.asarray(sizes) if len(sizes) else np.full(len(means), spread)

    luck = np.random.default_rng(seed).standard_normal((1000, len(means) + 1))
    mixed = np.sqrt(correlation) * luck[:, -1:] + np.sqrt(1 - correlation) * luck[:, :-1]
    values = np.asarray(means, dtype=float) + scale * mixed

    def sample(candidate, replications):
        return values[replications.start : replications.stop, candidate]

    return sample


def share_right(means, *, runs=MANY, **options):
    """How often the best of all is chosen."""
    chosen = []
    for seed in range(runs):
        sample = systems(seed, means, **options)
        chosen.append(select_best(sample, len(means), indifference=0.5, confidence=0.9, first=10).best)
    return np.mean(np.array(chosen) == np.argmax(means))


def least_share(promise, runs):
    """A share that a procedure which keeps its promise undercuts once in 2000 tests."""
    return promise - 3.3 * np.sqrt(promise * (1 - promise) / runs)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_the_best_of_five_is_chosen_as_often_as_promised_when_all_others_lie_just_outside_the_zone(correlation):
    assert share_right([0, 0, 0, 0, 0.5], correlation=correlation) >= least_share(0.9, MANY)


def test_the_promise_holds_where_the_best_is_the_noisiest():
    assert share_right([0, 0, 0.5], sizes=[0.5, 1, 2], runs=150) >= least_share(0.9, 150)


def test_a_continuation_region_that_is_too_narrow_breaks_the_promise(monkeypatch):
    monkeypatch.setattr(selection, "spread", lambda error, comparisons, first: 1.5)
    assert share_right([0, 0, 0, 0, 0.5]) < least_share(0.9, MANY)


def test_common_luck_saves_replications():
    alone, together = (
        select_best(systems(1, [0, 0, 0.5], correlation=rho), 3, indifference=0.1).spent for rho in (0.0, 0.95)
    )
    assert together < alone / 2


def test_poor_candidates_leave_early():
    found = select_best(systems(3, [0, 2.9, 3.0]), 3, indifference=0.1)
    assert found.replications[0] < found.replications[1] / 3


def test_a_budget_widens_the_zone_and_says_so():
    found = select_best(systems(5, [0, 0.01]), 2, indifference=0.01, most=60)
    assert found.replications.max() <= 61
    assert found.indifference > 0.1
    assert not found.is_as_asked


def test_the_promise_holds_for_a_zone_that_the_budget_widened():
    right = []
    for seed in range(MANY):
        found = select_best(systems(seed, [0, 0, 2.0]), 3, indifference=0.01, confidence=0.9, first=10, most=30)
        if found.indifference <= 2.0:
            right.append(found.best == 2)
    assert len(right) > MANY / 2
    assert np.mean(right) >= least_share(0.9, len(right))


def test_equal_candidates_still_end_and_one_is_named():
    same = systems(7, [1.0])
    found = select_best(lambda _, replications: same(0, replications), 3, indifference=0.1)
    assert found.best in found.alive


@pytest.mark.parametrize("means", [[0.0, 0.25, 0.0], [-0.3, -0.3, 0.25, 0.9]])
def test_the_first_to_reach_a_limit_is_found_as_often_as_promised(means):
    right = 0
    for seed in range(200):
        sample = systems(seed, means)
        found = first_to_reach(sample, len(means), 0.0, tolerance=0.25, confidence=0.9, first=10)
        right += found.chosen == means.index(0.25)
    assert right / 200 >= least_share(0.9, 200)


def test_none_is_chosen_where_none_reaches_the_limit():
    found = first_to_reach(systems(2, [0, 0.1]), 2, 1.0, tolerance=0.2)
    assert found.chosen is None
    assert found.reaches == (False, False)


def test_screening_keeps_the_best_as_often_as_promised_and_drops_the_poor():
    kept = []
    for seed in range(200):
        sample = systems(seed, [0, 0, 0, 0.2, -3])
        kept.append(screen(np.stack([sample(i, range(12)) for i in range(5)]), confidence=0.9))
    assert np.mean([3 in names for names in kept]) >= least_share(0.9, 200)
    assert np.mean([4 in names for names in kept]) < 0.05


def test_every_wrong_number_is_named_at_once():
    wrong = partial(select_best, systems(0, [0]), 0, indifference=-1, confidence=1.0, first=1)
    with pytest.raises(UsageError, match=r"candidates.*indifference.*confidence.*first"):
        wrong()
