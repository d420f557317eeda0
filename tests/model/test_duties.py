from datetime import date

import pytest

from manyworks.model.duties import product_duties
from manyworks.model.periods import planning_periods
from tests.networks import tiny_network

INTO_US = {"origin_zone": "*", "destination_zone": "US"}


def duties(rows, *, origin="MX", classes=("2008", "1904"), **changes):
    """Duty from one site abroad into Atlanta, (products, periods); prices 3.0 and 1.2, half of it dutiable."""
    data = tiny_network().model_dump(mode="json")
    products = [product | {"duty_class": word} for product, word in zip(data["products"], classes, strict=True)]
    sites = [data["sites"][0] | {"country": origin} | changes, data["sites"][1]]
    network = tiny_network(products=products, sites=sites, duties=rows)
    return product_duties(network, network.sites, network.markets, planning_periods(network.finance)).between(0, 0)


def test_duty_is_taken_on_the_customs_value_and_on_the_mass():
    found = duties([INTO_US | {"ad_valorem_share": 0.1, "per_kg": 2.0}])
    assert found[:, 0] == pytest.approx([0.1 * 1.5 + 2.0 * 0.25, 0.1 * 0.6 + 2.0 * 0.05])


def test_nothing_is_due_without_a_border():
    assert not duties([INTO_US | {"ad_valorem_share": 0.1}], origin="US").any()


def test_no_border_is_charged_between_zones_of_one_country():
    assert not duties([INTO_US | {"ad_valorem_share": 0.1}], origin="US", tariff_zone="south").any()


def test_the_latest_rate_that_has_started_applies():
    rows = [
        INTO_US | {"ad_valorem_share": 0.3, "starts": date(2027, 7, 1)},
        INTO_US | {"ad_valorem_share": 0.1},
        INTO_US | {"ad_valorem_share": 0.2, "starts": date(2027, 4, 1)},
    ]
    assert duties(rows)[0] / 1.5 == pytest.approx([0.1, 0.2, 0.3, 0.3, 0.3, 0.3])


def test_a_rate_that_changes_inside_a_period_counts_by_days():
    found = duties([INTO_US | {"ad_valorem_share": 0.365, "starts": date(2029, 12, 22)}])
    assert found[0] / 1.5 == pytest.approx([0, 0, 0, 0, 0, 0.01])  # The last 10 of 365 days.


def test_the_class_of_a_product_is_closer_than_all_classes():
    rows = [INTO_US | {"ad_valorem_share": 0.1, "duty_class": "2008"}, INTO_US | {"ad_valorem_share": 0.2}]
    assert duties(rows)[:, 0] == pytest.approx([0.1 * 1.5, 0.2 * 0.6])


def test_an_agreement_with_one_country_is_closer_than_the_rate_for_all():
    rows = [
        INTO_US | {"origin_zone": "MX", "ad_valorem_share": 0.0},
        INTO_US | {"ad_valorem_share": 0.2, "starts": date(2027, 1, 1)},
    ]
    assert not duties(rows).any()
    assert duties(rows, origin="CN")[0, 0] == pytest.approx(0.2 * 1.5)


def test_a_document_without_duties_is_free():
    network = tiny_network()
    assert product_duties(network, network.sites, network.markets, planning_periods(network.finance)).is_free


def test_all_pairs_say_what_each_pair_says():
    data = tiny_network().model_dump(mode="json")
    sites = [data["sites"][0] | {"country": "MX"}, data["sites"][1]]
    network = tiny_network(sites=sites, duties=[INTO_US | {"ad_valorem_share": 0.1}])
    table = product_duties(network, network.sites, network.markets, planning_periods(network.finance))
    pairs = table.all_pairs()
    assert pairs.shape == (2, 3, 2, 6)
    assert all((pairs[o, d] == table.between(o, d)).all() for o in range(2) for d in range(3))
