import pytest

from manyworks.model.rates import crew_per_shift, effective_rates, kw_execute, line_capex, may_run, nominal_rate
from tests.networks import tiny_network

NUTS_ON_FAST = {"line": "fast_line", "product": "salted_nuts", "nominal_rate_per_min": 200}


def nuts_rate(capabilities, **where):
    return effective_rates(tiny_network(capabilities=capabilities), "fast_line", **where)[0]


def test_a_line_nobody_measured_runs_at_nominal_rate_times_oee():
    assert effective_rates(tiny_network(), "fast_line") == pytest.approx([130, 130])


def test_a_line_without_a_rate_is_as_fast_as_its_slowest_station():
    equipment = [
        {"id": "packer", "name": "Packer", "kind": "packer", "rated_rate_per_min": 130},
        {"id": "boxer", "name": "Boxer", "kind": "boxer", "rated_rate_per_min": 50},
    ]
    stations = [
        {"line": "small_line", "id": "pack", "equipment": "packer"},
        {"line": "small_line", "id": "box", "equipment": "boxer", "count": 2},
    ]
    network = tiny_network(equipment=equipment, stations=stations)
    assert nominal_rate(network, network.get("lines", "small_line")) == 100
    assert effective_rates(network, "small_line") == pytest.approx([70, 70])


def test_work_content_of_a_routing_slows_its_product_only():
    routings = [{"product": "oat_bar", "operation": "wrap", "equipment_kind": "packer", "minutes_per_unit": 0.02}]
    assert effective_rates(tiny_network(routings=routings), "small_line") == pytest.approx([91, 35])


def test_a_measured_capability_overrules_the_stated_oee():
    assert nuts_rate([NUTS_ON_FAST | {"effective_rate_per_min": 150}]) == 150


def test_the_capability_of_the_site_speaks_before_the_template_and_the_line():
    rows = [
        NUTS_ON_FAST | {"effective_rate_per_min": 1, "site": "albany"},
        NUTS_ON_FAST | {"effective_rate_per_min": 2, "template": "big"},
        NUTS_ON_FAST | {"effective_rate_per_min": 3},
    ]
    assert nuts_rate(rows, site="albany", template="big") == 1
    assert nuts_rate(rows, template="big") == 2
    assert nuts_rate(rows) == 3
    assert nuts_rate(rows[:2], site="reno", template="micro") == 130


def test_a_measured_rate_is_believed_before_a_simulated_and_a_stated_one():
    rows = [
        NUTS_ON_FAST | {"effective_rate_per_min": rate, "method": method}
        for rate, method in ((9, "measured"), (8, "twin"), (7, "stated"))
    ]
    assert nuts_rate(rows) == 9


def test_a_line_has_no_rate_for_a_product_it_may_not_run():
    network = tiny_network()
    only_bars = [network.lines[0].model_copy(update={"products": ["oat_bar"]}), network.lines[1]]
    assert effective_rates(tiny_network(lines=only_bars), "fast_line") == pytest.approx([0, 130])


def test_a_routing_ties_its_product_to_the_lines_it_names():
    routings = [{"product": "oat_bar", "operation": "wrap", "lines": ["small_line"]}]
    network = tiny_network(routings=routings)
    fast, bars = network.get("lines", "fast_line"), network.get("products", "oat_bar")
    assert not may_run(network, fast, bars)
    assert may_run(network, network.get("lines", "small_line"), bars)


def test_a_template_may_narrow_what_its_lines_run():
    network = tiny_network()
    big = network.templates[0].model_copy(update={"products": ["salted_nuts"]})
    network = tiny_network(templates=[big, network.templates[1]])
    assert effective_rates(network, "fast_line", template="big") == pytest.approx([130, 0])
    assert effective_rates(network, "fast_line") == pytest.approx([130, 130])


def test_crew_price_and_power_come_from_the_machines_when_the_line_is_silent():
    network = tiny_network(
        lines=[{"id": "small_line", "name": "Small line"}],
        equipment=[
            {
                "id": "packer",
                "name": "P",
                "kind": "packer",
                "rated_rate_per_min": 9,
                "crew": 1,
                "price": 5,
                "kw_execute": 2,
            }
        ],
        stations=[{"line": "small_line", "id": "pack", "equipment": "packer", "count": 3}],
    )
    line = network.lines[0]
    assert (crew_per_shift(network, line), line_capex(network, line), kw_execute(network, line)) == (3, 15, 6)
