"""Promises of the examples' answers: each has one input whose change makes another answer right.

The large examples are cut down to some of their places, so that the tests stay quick; prices, freight and duties are
those of the full documents.
"""

from __future__ import annotations

from functools import cache

import pytest

from manyworks.examples import example_path
from manyworks.model.document import load_network
from manyworks.model.finance import Change
from manyworks.model.network import Network
from manyworks.model.scenario import apply_changes, apply_scenario
from manyworks.plan.design import design_network
from manyworks.plan.result import NetworkPlan


@cache
def example(name: str, *candidates: str) -> Network:
    """An example with only these candidate sites; none: all."""
    network = load_network(example_path(name))
    if not candidates:
        return network
    kept = [site for site in network.sites if site.status == "existing" or site.id in candidates]
    return network.model_copy(update={"sites": kept})


def shortened(network: Network, years: int) -> Network:
    """The same network with fewer years after its quarters."""
    return network.model_copy(update={"finance": network.finance.model_copy(update={"years": years})})


def sold_in_the_largest(network: Network, count: int) -> Network:
    """The same demand in the ``count`` largest markets."""
    kept = sorted(network.markets, key=lambda row: -(row.population or 0.0))[:count]
    more = sum(row.population or 0.0 for row in network.markets) / sum(row.population or 0.0 for row in kept)
    markets = [row.model_copy(update={"population": (row.population or 0.0) * more}) for row in kept]
    return network.model_copy(update={"markets": markets})


FREIGHT = [
    *(f"freight_modes.*.{field}" for field in ("cost_per_km", "stop_cost", "minimum_cost")),
    *(f"freight_breaks.*.{field}" for field in ("cost_per_tonne_km", "minimum_cost")),
]


def with_freight(network: Network, factor: float) -> Network:
    """The same network with every price of road freight times ``factor``."""
    changes = [Change(scenario="test", path=path, operation="scale", value=str(factor)) for path in FREIGHT]
    return apply_changes(network, changes)


def plan(network: Network, scenario: str | None = None, case: str = "best", gap: float = 1e-4) -> NetworkPlan:
    changed = network if scenario is None else apply_scenario(network, scenario)
    found = design_network(changed, case=case, gap=gap)  # type: ignore[arg-type]
    assert found.check() == []
    return found


def built(found: NetworkPlan) -> set[str]:
    """Places that the plan opens."""
    return {row["place"] for row in found.tables.openings.rows() if row["decided"]}


def test_first_network_is_worth_what_the_tutorial_computes_by_hand():
    network = example("first_network")

    assert plan(network, case="do_nothing", gap=0).npv == pytest.approx(864_000, abs=0.01)
    best = plan(network, gap=0)
    assert best.npv == pytest.approx(895_000, abs=0.01)
    assert built(best) == {"hillside"}
    assert best.status == "optimal"


def test_first_network_builds_nothing_when_freight_is_cheap():
    cheap = plan(example("first_network"), "cheap_freight", gap=0)

    assert built(cheap) == set()
    assert cheap.npv == pytest.approx(996_000, abs=0.01)


def test_tariffs_packs_at_origin_under_the_duties_of_2024_and_near_customers_under_those_of_2025():
    network = example("tariffs", "harrisburg_pa", "phoenix_az", "monterrey_mx")

    before, after = plan(network, "duties_of_2024"), plan(network)

    assert built(before) == set()
    assert {"harrisburg_pa", "phoenix_az"} <= built(after)
    closed = {row["place"] for row in after.tables.openings.rows() if row["closes"]}
    assert "plant_vietnam" in closed


def test_soda_us_builds_far_from_its_plant_until_freight_costs_a_tenth():
    network = shortened(example("soda_us", "fresno_ca"), years=3)

    assert built(plan(network)) == {"fresno_ca"}
    assert built(plan(with_freight(network, 0.1))) == set()


def test_nuts_builds_beside_its_plant_unless_the_plant_itself_changes_over_fast():
    # Without the upgrades of the plant, which have their own tests and make every solve four times as long.
    network = sold_in_the_largest(shortened(example("nuts", "dallas_tx"), years=4), 30)
    network = network.model_copy(update={"upgrades": []})
    nothing = plan(network, case="do_nothing")

    slow, fast = plan(network, gap=0.01), plan(network, "faster_plant", gap=0.002)

    assert built(slow) == {"dallas_tx"}
    assert slow.npv > nothing.npv
    assert built(fast) == set()
