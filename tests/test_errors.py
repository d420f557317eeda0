import json
import pickle

import pytest

from manyworks import errors
from manyworks.errors import (
    CheckError,
    DocumentError,
    InfeasibleError,
    Issue,
    ManyworksError,
    ManyworksWarning,
    MissingLibraryError,
    SolverError,
    UsageError,
    VersionError,
)

NEGATIVE_WAGE = Issue(
    rule="wage-positive",
    severity="error",
    path="sites.lyon.wage_per_h",
    message="must be > 0 USD/h",
    found="-5",
    cure="Set the loaded wage of the region.",
    place="sites.csv:14",
)


def all_errors(base=ManyworksError):
    return [base, *(found for child in base.__subclasses__() for found in all_errors(child))]


def test_an_issue_says_place_path_rule_value_and_cure_on_one_line():
    assert str(NEGATIVE_WAGE) == (
        "sites.csv:14: sites.lyon.wage_per_h: must be > 0 USD/h, found -5. Set the loaded wage of the region. "
        "[wage-positive]"
    )


def test_an_issue_without_a_file_names_the_path_once():
    issue = Issue(rule="r", severity="error", path="sites.lyon", message="has no line", cure="Add a line.")
    assert str(issue) == "sites.lyon: has no line. Add a line. [r]"


def test_a_document_error_shows_every_issue_and_counts_only_faults():
    odd = Issue(rule="w", severity="warning", path="sites.oslo", message="is far from every market")
    error = DocumentError([NEGATIVE_WAGE, odd], where="network.yaml")
    assert "1 fault in the document" in str(error)
    assert str(NEGATIVE_WAGE) in str(error)
    assert str(odd) in str(error)


def test_an_infeasible_plan_lists_the_rules_that_conflict():
    error = InfeasibleError("no plan meets every rule", conflicts=["budget of 2020-Q1", "service of boston"])
    assert str(error).splitlines()[1:] == ["  - budget of 2020-Q1", "  - service of boston"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ManyworksError("x"), 1),
        (UsageError("x"), 2),
        (DocumentError([NEGATIVE_WAGE]), 1),
        (VersionError([NEGATIVE_WAGE]), 1),
        (InfeasibleError("x"), 3),
        (SolverError("x", status="Not Set"), 1),
        (MissingLibraryError("asyncua", extra="run"), 1),
    ],
)
def test_each_error_ends_the_program_with_its_own_code(error, code):
    assert error.exit_code == code


@pytest.mark.parametrize("error_class", all_errors(), ids=lambda cls: cls.__name__)
def test_every_error_class_stands_in_the_tree_at_the_top(error_class):
    line = next(line for line in errors.__doc__.splitlines() if f" {error_class.__name__} " in f" {line} ")
    assert f"exit {error_class.exit_code}" in line


def test_errors_become_json_with_all_their_data():
    data = json.loads(json.dumps(DocumentError([NEGATIVE_WAGE]).to_dict()))
    assert data["issues"][0]["rule"] == "wage-positive"
    assert data["issues"][0]["place"] == "sites.csv:14"


def test_a_warning_carries_its_issue():
    assert ManyworksWarning(NEGATIVE_WAGE).issue is NEGATIVE_WAGE


def test_errors_come_home_from_another_process_with_all_that_they_carry():
    for error in (
        SolverError("no plan was found", status="time_limit", cure="Allow more time."),
        InfeasibleError("no plan meets the rules", conflicts=("one", "two")),
        CheckError("the plan failed", failures=["balance"]),
    ):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.__dict__ == error.__dict__
