"""A stress run on disk says what the run said, part by part."""

from __future__ import annotations

import json
from importlib import import_module

import numpy as np
import pytest

from manyworks import load_network, stress_plan
from manyworks.errors import UsageError
from manyworks.examples import example_path
from manyworks.model.site import OutageClass
from manyworks.plan.rivals.compare import compare_plans
from manyworks.plan.stress.break_even import BreakEvenOptions
from manyworks.plan.stress.pareto import ParetoOptions
from manyworks.plan.stress.part import PARTS
from manyworks.plan.stress.store import load_stress, save_stress
from manyworks.plan.stress.tornado import TornadoOptions
from manyworks.plan.stress.two_stage import TwoStageOptions
from manyworks.studies.plan_report.subject import Subject

FIRE = OutageClass(id="fire", name="Fire", frequency_per_year=0.1, duration_h=672, stops="site")
SMALL = {
    "tornado": TornadoOptions(levers=("demand", "stand_up_delay")),
    "break_even": BreakEvenOptions(maps=(("demand", "freight_price"),), scales=(0.5, 1.5), halvings=1),
    "two_stage": TwoStageOptions(fresh=4, weights=(0.0, 1.0)),
    "pareto": ParetoOptions(steps=(0.7,)),
}


@pytest.fixture(scope="module")
def run():
    network = load_network(example_path("first_network"))
    unsure = network.policy.model_copy(update={"default_demand_cv": 0.5})
    network = network.model_copy(update={"outage_classes": [FIRE], "policy": unsure})
    plans = compare_plans(network, cases=("do_nothing", "central", "distributed", "best"), gap=1e-6, jobs=1)
    return stress_plan(plans, gap=1e-6, jobs=1, options=SMALL)


def test_every_part_is_in_the_run(run):
    assert set(run.results) == set(PARTS)
    assert run.is_complete


def test_what_is_read_back_has_the_same_tables_and_says_the_same(run, tmp_path):
    found = load_stress(save_stress(run, tmp_path / "stress.json"), run.comparison)
    assert found.summary() == run.summary()
    for name, table in run.tables().items():
        again = found.tables()[name]
        assert list(again.columns) == list(table.columns), name
        for column, values in table.columns.items():
            np.testing.assert_array_equal(again[column], values, err_msg=f"{name}.{column}")


def test_the_file_is_plain_json_without_what_json_does_not_know(run, tmp_path):
    text = save_stress(run, tmp_path / "stress.json").read_text(encoding="utf-8")
    data = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert set(data["parts"]) == set(PARTS)


def test_the_same_run_is_stored_in_the_same_bytes_when_it_was_read_back(run, tmp_path):
    first = save_stress(run, tmp_path / "first.json")
    second = save_stress(load_stress(first, run.comparison), tmp_path / "second.json")
    assert first.read_bytes() == second.read_bytes()


def test_a_run_on_another_document_is_refused(run, tmp_path):
    path = save_stress(run, tmp_path / "stress.json")
    finance = run.comparison.network.finance.model_copy(update={"discount_rate": 0.5})
    other = run.comparison.network.model_copy(update={"finance": finance})
    plans = compare_plans(other, cases=("do_nothing",), jobs=1)
    with pytest.raises(UsageError, match="must belong to the plan beside it"):
        load_stress(path, plans)


def test_no_sheet_shows_an_id_where_a_person_expects_a_name(run):
    subject, shown = Subject(comparison=run.comparison, stress=run), []
    for name, result in run.results.items():
        section = import_module(f"manyworks.studies.plan_report.stress.{name}")
        for sheet in section.sheets(subject, result):
            shown += [cell for row in sheet.table.rows for cell in row if isinstance(cell, str)]
            shown += [column.title for column in sheet.table.columns]
    ids = {"hillside", "riverton", "stand_up_delay", "freight_price", "do_nothing", "mean_future", "fire"}
    assert not ids & {word.strip(",;") for cell in shown for word in cell.split()}
