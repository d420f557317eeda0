"""A few hundred of the mutants of `make prove-documents`, and proof that its judge can say no."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.quality.mutated_documents import judge, try_batch
from benchmarks.quality.mutations import FORMATS, KINDS, Mutant, base_files, make_mutant
from manyworks.model.checks import RULES, check_network
from manyworks.model.network import Network
from tests.model.document.networks import networks
from tests.networks import full_data


def sound(base: str, form: str, **more: bool) -> Mutant:
    return Mutant(number=0, kind="none", format=form, files=base_files(base, form), **more)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("base", ["tiny", "full"])
def test_sound_documents_are_accepted_without_a_word(base: str, form: str, tmp_path: Path) -> None:
    assert judge(sound(base, form), tmp_path) == ("accepted", [])


def test_the_full_network_has_a_row_in_every_collection() -> None:
    network = Network.model_validate(full_data())
    assert check_network(network) == []
    assert [name for name in type(network).model_fields if getattr(network, name) == []] == []


def test_no_mutant_breaks_the_reader_or_a_rule() -> None:
    tally = try_batch((0, range(400)))
    assert tally.failures == []
    assert {kind for kind, _, _ in tally.outcomes} == set(KINDS)
    assert {form for _, form, _ in tally.outcomes} == set(FORMATS)
    assert {"refused", "warned", "accepted"} == {outcome for _, _, outcome in tally.outcomes}


def test_a_mutant_is_named_by_seed_and_number() -> None:
    assert make_mutant(3, 14) == make_mutant(3, 14)
    assert make_mutant(3, 14) != make_mutant(4, 14)


def test_the_judge_notices_a_broken_rule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = type(RULES["unknown-reference"])(**vars(RULES["unknown-reference"]) | {"find": lambda _: 1 / 0})
    monkeypatch.setitem(RULES, "unknown-reference", broken)
    outcome, _ = judge(sound("tiny", "folder"), tmp_path)
    assert outcome.startswith("a rule broke")


def test_the_judge_notices_a_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("benchmarks.quality.mutated_documents.read_document", lambda _: {}["nothing"])
    outcome, _ = judge(sound("tiny", "json"), tmp_path)
    assert outcome.startswith("raised")
    assert "KeyError" in outcome


def test_the_judge_notices_an_id_that_is_let_pass(tmp_path: Path) -> None:
    outcome, _ = judge(sound("tiny", "folder", must_be_refused=True), tmp_path)
    assert outcome == "let an id pass that names nothing"


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(networks())
def test_rules_never_break_whatever_valid_records_say(network: Network) -> None:
    assert [str(issue) for issue in check_network(network) if issue.rule == "rule-failed"] == []
