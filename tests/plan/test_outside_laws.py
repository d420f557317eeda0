"""Laws that warehouses and co-packers keep: scale, order of the document, and what equal offers are worth."""

from __future__ import annotations

import pytest

from manyworks.model.network import Network
from manyworks.plan.design import design_network
from tests.networks import tiny_data
from tests.plan.outside import HOUSE, PACKER

GAP = 1e-5


def both(**packer):
    data = tiny_data(policy={"storage_fee_per_pallet_month": 12.0})
    data["freight_modes"] = [row | {"part_load_premium": 1.5, "replenishment_days": 3} for row in data["freight_modes"]]
    data["warehouses"] = [HOUSE]
    data["co_packers"] = [PACKER | {"minimum_run_units": 50_000, "take_or_pay_units_per_year": 100_000} | packer]
    return data


def solved(data):
    return design_network(Network.model_validate(data), case="best", gap=GAP)


def test_the_order_of_the_document_does_not_matter():
    data = both()
    plan = solved(data)
    turned = solved(data | {name: data[name][::-1] for name in ("sites", "markets", "products", "freight_modes")})
    assert turned.npv == pytest.approx(plan.npv, rel=1e-6)


def test_new_names_do_not_change_the_worth():
    data = both()
    renamed = data | {
        "warehouses": [HOUSE | {"id": "aaa_house"}],
        "co_packers": [data["co_packers"][0] | {"id": "zzz_packer"}],
    }
    assert solved(renamed).npv == pytest.approx(solved(data).npv, rel=1e-6)


def test_a_co_packer_that_takes_nothing_is_worth_a_factory_that_costs_nothing():
    """With the same hours, rate and place a free contract and a free factory are one and the same."""
    data = tiny_data()
    free = dict.fromkeys(("toll_fee_per_unit", "lead_quarters"), 0)
    data["co_packers"] = [PACKER | free | {"term_quarters": 1, "capacity_units_per_year": 2_000_000}]
    contract = design_network(Network.model_validate(data), case="co_packer", gap=GAP)

    data = tiny_data()
    hours = 16 * 5 * 50
    line = {"id": "free_line", "name": "Free line", "crew_per_shift": 0, "capex": 0, "oee": 1}
    data["lines"] = [*data["lines"], line | {"nominal_rate_per_min": 2_000_000 / hours / 60}]
    data["calendars"] = [row | {"overtime_share": 0} for row in data["calendars"]]
    template = {"id": "free_site", "name": "Free site", "scale": "micro", "lines": ["free_line"], "maximum_lines": 1}
    data["templates"] = [*data["templates"], template | {"capex": 0, "stand_up_quarters": 0, "line_lead_quarters": 0}]
    place = {name: PACKER[name] for name in ("id", "name", "lat", "lon")}
    data["sites"] = [row | {"is_closable": False} for row in data["sites"] if row.get("status") == "existing"]
    data["sites"] += [place | {"templates": ["free_site"], "wage_per_h": 1}]
    data["changeovers"] = [row | {"templates": ["big", "micro"]} for row in data["changeovers"]]
    factory = design_network(Network.model_validate(data), case="distributed", gap=GAP)
    assert contract.npv == pytest.approx(factory.npv, rel=2e-3)
