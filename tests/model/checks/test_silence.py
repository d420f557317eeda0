"""Odd-looking but right documents are let pass without a word."""

from __future__ import annotations

from typing import Any

import pytest

from manyworks.model.checks import check_network
from manyworks.model.network import Network
from tests.networks import tiny_data

NIGHT = {"calendar": "two_shifts", "id": "night", "days": ["sun"], "starts": "22:00", "ends": "06:00"}
STATIONS = [
    {"line": "small_line", "id": name, "equipment": "packer", "sequence": number}
    for number, name in enumerate(("fill", "check", "pack"))
]


def flow(source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"line": "small_line", "source": source, "target": target, **more}


RIGHT: dict[str, dict[str, Any]] = {
    "a night shift that ends when the early one starts": {"shifts": [*tiny_data()["shifts"], NIGHT]},
    "a little scrap, the rest going on": {"stations": STATIONS, "flows": [flow("check", "scrap", share=0.01)]},
    "rework that leads back": {"stations": STATIONS, "flows": [flow("check", "fill", share=0.02, is_rework=True)]},
    "a branch whose last share is the rest": {
        "stations": STATIONS,
        "flows": [flow("fill", "check", share=0.4), flow("fill", "pack")],
    },
    "lanes by country and to anywhere": {
        "lanes": [
            {"origin": "US", "destination": "*", "days": 3},
            {"origin": "albany", "destination": "US", "is_allowed": False},
        ]
    },
    "no discount at all": {"finance": {"discount_rate": 0}},
    "two rates of a duty, one after the other": {
        "duties": [
            {"origin_zone": "*", "destination_zone": "US", "ad_valorem_share": 0},
            {"origin_zone": "*", "destination_zone": "US", "ad_valorem_share": 0.1, "starts": "2027-04-01"},
        ],
        "evidence": [*tiny_data()["evidence"], {"target": "duties.*.ad_valorem_share", "basis": "assumption"}],
    },
    "a line that only a scenario uses": {
        "lines": [*tiny_data()["lines"], tiny_data()["lines"][1] | {"id": "new_line", "nominal_rate_per_min": 90}],
        "changes": [
            {"scenario": "wages_up", "path": "templates.micro.lines", "operation": "set", "value": "new_line"},
        ],
    },
    "a secret that is named": {
        "endpoints": [
            {
                "equipment_path": "reno/small_line/pack/1",
                "driver": "opcua",
                "url": "opc.tcp://10.0.0.5:4840/line?session=2",
                "secret": "reno/packer-01",
            },
            {"equipment_path": "reno/small_line/pack", "secret": "RenoSmallLinePacker2027"},
        ]
    },
    "money of another magnitude": {"finance": {"currency": "ISK"}},
}


@pytest.mark.parametrize("changes", RIGHT.values(), ids=RIGHT.keys())
def test_is_let_pass(changes: dict[str, Any]) -> None:
    assert [str(issue) for issue in check_network(Network.model_validate(tiny_data(**changes)))] == []
