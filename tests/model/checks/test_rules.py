"""Every rule fires where it is broken, stays silent where it is kept, and never hides another one."""

from __future__ import annotations

import pytest

from manyworks.model.checks import RULES, check_network
from manyworks.model.checks.registry import load_rules, rule
from manyworks.model.network import Network
from tests.model.checks.breaks import BREAKS, Break
from tests.networks import tiny_data, tiny_network

CASES = [
    pytest.param(name, path, change, id=f"{name}-{number}")
    for name, cases in BREAKS.items()
    for number, (path, change) in enumerate(cases)
]


def test_a_sound_network_breaks_no_rule() -> None:
    assert check_network(tiny_network()) == []


@pytest.mark.parametrize(("name", "path", "change"), CASES)
def test_rule_fires_where_it_is_broken(name: str, path: str, change: Break) -> None:
    data = tiny_data()
    change(data)
    found = check_network(Network.model_validate(data))
    issues = [issue for issue in found if issue.rule == name]
    assert path in [issue.path for issue in issues], [str(issue) for issue in found]
    assert "rule-failed" not in {issue.rule for issue in found}
    for issue in issues:
        assert issue.message
        assert issue.cure
        assert issue.severity == RULES[name].severity


def test_every_rule_of_networks_has_a_break() -> None:
    load_rules()
    assert {name for name, known in RULES.items() if known.find is not None} == set(BREAKS)


def test_every_rule_says_what_why_and_how() -> None:
    load_rules()
    for known in RULES.values():
        assert known.title[0].isupper(), known.id
        assert not known.title.endswith("."), known.id
        assert known.explanation.endswith("."), known.id
        assert known.cure.endswith("."), known.id


def test_a_broken_rule_does_not_hide_the_findings_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    load_rules()
    monkeypatch.setattr("manyworks.model.checks.registry.RULES", dict(RULES))

    @rule("always-breaks", "warning", title="Breaks", explanation="It breaks.", cure="None.")
    def find(network: Network) -> list:
        raise ZeroDivisionError("nothing to divide")

    found = {issue.rule: issue for issue in check_network(tiny_network(changeovers=[]))}
    assert "changeovers-missing" in found
    assert found["rule-failed"].severity == "warning"
    assert "always-breaks" in found["rule-failed"].message


def test_an_id_is_declared_once() -> None:
    load_rules()
    with pytest.raises(ValueError, match="declared twice"):
        rule("unknown-reference", "warning", title="Another", explanation="Other.", cure="Other.")(lambda network: [])


def test_a_misspelt_id_is_guessed() -> None:
    data = tiny_data()
    data["sites"][1]["templates"] = ["micra"]
    [issue] = [issue for issue in check_network(Network.model_validate(data)) if issue.rule == "unknown-reference"]
    assert str(issue) == (
        "sites.reno.templates: must be an id of templates, found micra. Did you mean micro? [unknown-reference]"
    )
