"""The page of a bid says what the bid found, and the command prints the same."""

from __future__ import annotations

import json

import pytest

from manyworks.cli.main import run
from manyworks.examples import example_path
from manyworks.model.document import load_network
from manyworks.plan.bid.answer import bid_contract
from manyworks.plan.bid.terms import stated_contract
from manyworks.studies.bid_report import write_bid_report

TERMS = ("--market", "south", "--product", "jam", "--units", "150000", "--price", "0.95")


@pytest.fixture(scope="module")
def bid():
    network = load_network(example_path("first_network"))
    contract = stated_contract(network, market="south", product="jam", units_per_quarter=150_000, price=0.95)
    return bid_contract(network, contract, samples=20)


def test_the_page_shows_what_was_found(bid, tmp_path):
    html = write_bid_report(bid, tmp_path).read_text(encoding="utf-8")
    for words in (bid.recommendation, "0.5483", "1.0933", "30,000", "Assumed"):
        assert words in html
    assert "<script" not in html


def test_the_same_bid_gives_the_same_bytes(bid, tmp_path):
    pages = [write_bid_report(bid, tmp_path / name).read_bytes() for name in ("one", "two")]
    assert pages[0] == pages[1]


def test_the_command_prints_the_bid_as_data(capsys):
    path = str(example_path("first_network"))
    assert run(["bid", path, *TERMS, "--samples", "5", "--json", "-q"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["advice"] == "sign"
    assert data["cases"]["do_nothing"]["advice"] == "decline"
    assert data["cases"]["best"]["value"] == pytest.approx(241_000)
    assert data["chance"]["samples"] == 5


def test_a_contract_that_is_half_stated_names_what_is_missing(capsys):
    assert run(["bid", str(example_path("first_network")), "--market", "south", "-q"]) == 2
    assert "--product, --units, --price" in capsys.readouterr().err
