"""Splitting stock loses pooling: the root law, and what correlation makes of it, in finished plans."""

from __future__ import annotations

import numpy as np
import pytest

from manyworks.model.network import Network
from manyworks.plan.design import design_network
from manyworks.plan.pooling import SafetyLaw, outward_line, safety_stock, tangent
from manyworks.plan.rivals.pooling_loss import pooling_loss
from tests.networks import tiny_data

MARKETS = 4


def twin_network(sites: int, correlation: float) -> Network:
    """Four equal markets, all at one place with ``sites`` equal plants, of which each must serve an equal share.

    Every plant reaches only its own markets, so that the network is split whether that pays or not.
    """
    data = tiny_data(policy={"demand_correlation": correlation, "is_demand_optional": False, "segregation": []})
    data["products"] = [row for row in data["products"] if row["id"] == "oat_bar"]
    for name in ("bill", "demand_rules"):
        data[name] = [row for row in data[name] if row["product"] == "oat_bar"]
    data["demand"], data["changeovers"], data["offers"], data["suppliers"] = [], [], [], []
    data["materials"] = [row for row in data["materials"] if row["id"] == "oats"]
    data["freight_modes"] = [row | {"days_cv": 0.0} for row in data["freight_modes"]]  # Days that vary do not pool.
    plant = data["sites"][0]
    data["sites"] = [plant | {"id": f"plant_{k}", "name": f"Plant {k}"} for k in range(sites)]
    data["installed_lines"] = [
        row | {"id": f"line_{k}", "site": f"plant_{k}"} for k in range(sites) for row in data["installed_lines"]
    ]
    market = data["markets"][0] | {"lat": plant["lat"], "lon": plant["lon"]}
    data["markets"] = [market | {"id": f"market_{m}", "name": f"Market {m}"} for m in range(MARKETS)]
    data["lanes"] = [
        {"origin": f"plant_{k}", "destination": f"market_{m}", "is_allowed": m % sites == k, "days": 2}
        for k in range(sites)
        for m in range(MARKETS)
    ]
    return Network.model_validate(data)


def safety(sites: int, correlation: float) -> float:
    plan = design_network(twin_network(sites, correlation), case="do_nothing", gap=1e-6)
    assert len(set(plan.tables.shipments["origin"].tolist())) == sites
    last = plan.tables.stock["period"] == plan.periods[-1].name
    return float(plan.tables.stock["safety"][last].sum())


def test_safety_stock_of_a_plan_rises_as_the_root_of_the_number_of_equal_sites():
    assert safety(4, 0.0) == pytest.approx(2 * safety(1, 0.0))
    assert safety(2, 0.0) == pytest.approx(np.sqrt(2) * safety(1, 0.0))


def test_the_report_says_what_splitting_costs_in_pooling():
    plan = design_network(twin_network(4, 0.0), case="do_nothing", gap=1e-6)
    loss = pooling_loss(plan.network, plan.periods, plan.tables)
    assert loss.held == pytest.approx(2 * loss.pooled)
    assert loss.share == pytest.approx(0.5)


def test_safety_stock_does_not_rise_with_sites_where_all_errors_come_together():
    assert safety(4, 1.0) == pytest.approx(safety(1, 1.0))


def some_law(random, correlation):
    return SafetyLaw(
        factor=2.05,
        correlation=correlation,
        cv=random.uniform(0.1, 0.6, 6),
        weeks=random.uniform(1.0, 3.0, (1, 6)),
        spread=random.uniform(0.0, 0.5, (1, 6)),
    )


@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0, -0.2])
def test_outward_lines_never_lie_above_the_law(correlation):
    random = np.random.default_rng(1)
    for _ in range(50):
        law = some_law(random, correlation)
        drawn, other = (random.uniform(0, 100, (6, 1)) * (random.random((6, 1)) < 0.7) for _ in range(2))
        line = outward_line(law, 0, drawn, np.ones(6, dtype=bool))
        assert float((line * other).sum()) <= safety_stock(law, 0, other)[0] + 1e-9
        assert float((line * drawn).sum()) <= safety_stock(law, 0, drawn)[0] + 1e-9


@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0])
def test_slopes_touch_the_law_at_their_own_flows(correlation):
    random = np.random.default_rng(2)
    law, flows = some_law(random, correlation), random.uniform(1, 100, (6, 1))
    slope = tangent(law, 0, flows)
    assert float((slope * flows).sum()) == pytest.approx(safety_stock(law, 0, flows)[0])
    step = random.uniform(0, 1e-4, (6, 1))
    rise = safety_stock(law, 0, flows + step)[0] - safety_stock(law, 0, flows)[0]
    assert rise == pytest.approx(float((slope * step).sum()), rel=1e-3)
