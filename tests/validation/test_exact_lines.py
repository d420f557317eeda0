"""Exact answers for lines and queues meet the values that others computed.

Lines: chains with exponential times solved by sparse elimination to a residual below 1e-15 by an independent program;
2/3, 22/39 and (b + 2) / (b + 3) are also closed forms (Hillier and Boling 1967, doi:10.1287/opre.15.2.286). Two-machine
line: Gershwin (1994), section 3.2, and simulation over 8e8 beats. Queues: Kleinrock (1975), Gross et al. (2008).
"""

from dataclasses import replace

import pytest

from manyworks.model.times import TimeLaw, exponential, time_law
from manyworks.twin.exact import chain
from manyworks.twin.exact.answer import CLASSES, exact_answer
from manyworks.twin.exact.networks import conwip, jackson
from manyworks.twin.exact.queues import machines_up, mg1, mm1, mmc, mmck
from manyworks.twin.exact.two_machines import buzacott_rate
from manyworks.twin.program import (
    ENDLESS,
    OUTSIDE,
    CrewProgram,
    FailureMode,
    LineProgram,
    Place,
    Run,
    StationProgram,
    serial_line,
)

ONE = exponential(1.0)


def failing(p: float, r: float) -> tuple[FailureMode, ...]:
    return (FailureMode(name="stop", to_failure=exponential(1 / p), to_repair=exponential(1 / r)),)


def exponential_line(rooms: list[int], rates: list[float] | None = None, stops: tuple[FailureMode, ...] = ()):
    rates = rates or [1.0] * (len(rooms) + 1)
    return serial_line([exponential(1 / rate) for rate in rates], rooms, failures=[stops] * len(rates))


def station(arrivals: TimeLaw | None, work: TimeLaw = ONE, room: int = ENDLESS, **fields) -> LineProgram:
    places = (
        Place(id="in", source=OUTSIDE, target=0, capacity=room),
        Place(id="out", source=0, target=OUTSIDE),
    )
    line = LineProgram(
        name="queue",
        products=("unit",),
        stations=(StationProgram(id="s1", work=(work,), **fields),),
        places=places,
        arrivals=arrivals,
    )
    return line


@pytest.mark.parametrize(
    ("rooms", "rate"),
    [
        ([0], 2 / 3),
        ([1], 3 / 4),
        ([5], 7 / 8),
        ([0] * 2, 22 / 39),
        ([1] * 2, 0.6704661583),
        ([2] * 2, 0.7340166722),
        ([0] * 3, 0.5147754893),
        ([1] * 3, 0.6311526854),
        ([2] * 3, 0.7007129023),
        ([0] * 4, 0.4857981216),
        ([1] * 4, 0.6075832861),
        ([0] * 5, 0.4667132630),
        ([1, 2, 2, 1], 0.6479574838),
    ],
)
def test_chain_meets_the_rates_of_lines_of_equal_stations(rooms, rate):
    assert exact_answer(exponential_line(rooms)).rate_per_min == pytest.approx(rate, abs=1e-10)


def test_chain_meets_the_rate_of_the_bowl():
    assert exact_answer(exponential_line([0, 0], [1, 1.2, 1])).rate_per_min == pytest.approx(0.6002223679, abs=1e-10)
    uneven = exponential_line([2, 2, 2], [1, 1.2, 0.9, 1.1])
    assert exact_answer(uneven).rate_per_min == pytest.approx(0.7165639761, abs=1e-10)


@pytest.mark.parametrize(
    ("rooms", "p", "r", "rate"),
    [([5], 0.01, 0.1, 0.7561965587), ([2, 2], 0.01, 0.1, 0.6142958223), ([1] * 3, 0.02, 0.1, 0.4404397413)],
)
def test_chain_meets_the_rates_of_lines_that_fail(rooms, p, r, rate):
    assert exact_answer(exponential_line(rooms, stops=failing(p, r))).rate_per_min == pytest.approx(rate, abs=1e-10)


@pytest.mark.parametrize(("room", "rate"), [(4, 23 / 64), (10, 35 / 88), (20, 55 / 128)])
def test_two_machines_meet_buzacott(room, rate):
    assert buzacott_rate(0.1, 0.1, 0.1, 0.1, room) == pytest.approx(rate, abs=1e-12)


def test_two_unequal_machines_meet_gershwin():
    assert buzacott_rate(0.01, 0.1, 0.01, 0.096, 4) == pytest.approx(0.8380273321, abs=1e-10)


def test_queues_meet_the_textbook():
    assert mm1(0.8, 1).wip == pytest.approx(4)
    assert mmck(2, 1, 2, 5).rate_per_min == pytest.approx(1.636364, abs=1e-6)
    assert mmc(2.4, 1, 3).flow_min == pytest.approx(1 + 1.078652, abs=1e-6)
    assert mg1(0.8, 1, 0.25).flow_min == pytest.approx(1 + 2.5)
    assert mg1(0.8, 1, 1).wip == pytest.approx(mm1(0.8, 1).wip)


def test_networks_meet_the_textbook():
    rework = jackson([0.6, 0], [[0, 1], [0.25, 0]], [1, 1.4], [1, 1], [0, 0.75])
    assert (rework.rate_per_min, rework.wip) == pytest.approx((0.6, 16 / 3))
    assert conwip([1] * 4, [1] * 4, 8).rate_per_min == pytest.approx(8 / 11)
    assert machines_up(4, 1, 0.02, 0.1) == pytest.approx(3.008286, abs=1e-6)


@pytest.mark.parametrize(
    ("line", "method", "rate", "wip"),
    [
        (station(exponential(1.25)), "M/M/1", 0.8, 4),
        (station(exponential(1.25), time_law("gamma(4, 0.25)")), "M/G/1 (Pollaczek-Khinchine)", 0.8, 0.8 * 3.5),
        (station(exponential(1 / 2.4), servers=3), "M/M/3", 2.4, 2.4 * 2.078652),
        (
            replace(station(exponential(0.5), room=3, servers=2), is_lossy=True),
            "Markov chain of the line",
            18 / 11,
            None,
        ),
        (replace(exponential_line([8, 8, 8]), wip_limit=8), "CONWIP (closed network)", 8 / 11, None),
        (
            replace(
                station(None, servers=4, failures=failing(0.02, 0.1), repair_crew=0),
                crews=(CrewProgram(id="fitters", people=1),),
            ),
            "machine repair",
            3.008286,
            4,
        ),
        (
            station(None, time_law("lognormal(2, 0.7)"), failures=failing(0.1, 0.2)),
            "one station, always at work",
            1 / 3,
            1,
        ),
    ],
)
def test_a_line_is_recognised(line, method, rate, wip):
    answer = exact_answer(line)
    assert answer.method == method
    assert answer.rate_per_min == pytest.approx(rate, rel=1e-6)
    assert wip is None or answer.wip == pytest.approx(wip, rel=1e-6)


@pytest.mark.parametrize(
    "line",
    [
        replace(exponential_line([8, 8]), wip_limit=5),
        replace(
            station(None, servers=3, failures=failing(0.05, 0.1), repair_crew=0),
            crews=(CrewProgram(id="fitters", people=1),),
        ),
        station(None, servers=2, failures=failing(0.05, 0.1), scrap_share=(0.1,)),
    ],
)
def test_formula_and_chain_agree_where_a_line_belongs_to_both(line):
    formula, solved = exact_answer(line), CLASSES[-1](line)
    assert solved.states is not None
    assert formula.method != solved.method
    assert (formula.rate_per_min, formula.wip) == pytest.approx((solved.rate_per_min, solved.wip), rel=1e-9)


def test_waiting_at_the_door_is_a_station_of_its_own():
    """A supply that waits at a full place is a machine before the line that is never starved."""
    door = replace(station(ONE, room=2), is_lossy=False)
    assert exact_answer(door).rate_per_min == pytest.approx(exact_answer(exponential_line([2])).rate_per_min)


def test_nothing_is_claimed_of_a_line_outside_the_classes():
    assert exact_answer(serial_line([ONE, time_law("gamma(4, 0.25)")], [3])) is None
    assert exact_answer(serial_line([ONE, ONE], [3], travel_min=[1.0])) is None
    assert exact_answer(replace(exponential_line([3]), closed=((60.0, 90.0),))) is None
    assert exact_answer(replace(exponential_line([3]), runs=(Run(product=0, units=50),))) is None
    assert exact_answer(station(exponential(0.9))) is None  # such a queue grows without end


def test_a_chain_beyond_its_size_is_refused_with_the_limit_named(monkeypatch):
    monkeypatch.setattr(chain, "LARGEST", 50)
    assert exact_answer(exponential_line([9, 9, 9])) is None
    with pytest.raises(chain.TooLargeError, match="more than 50 states"):
        chain.explore(
            chain.Row(stations=exponential_line([9] * 3).stations, rooms=(0, 9, 9, 9), product=0, people=(None,) * 4)
        )


def test_a_queue_that_cannot_keep_up_is_refused():
    with pytest.raises(ValueError, match="grows without end"):
        mmc(3.0, 1.0, 2)
