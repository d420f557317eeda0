import time

import pytest

from manyworks.model.document.yaml_text import MAX_DEPTH, read_yaml


def read(text):
    issues = []
    return read_yaml(text, "n.yaml", issues), [f"{issue.rule} {issue.place}" for issue in issues]


@pytest.mark.parametrize("word", ["NO", "on", "1e5", "14:30", "007", "0x1F", "1_000", "2027-01-01", ".inf", "Yes", "="])
def test_unquoted_words_stay_what_they_are(word):
    assert read(f"a: {word}\nb: '{word}'") == ({"a": word, "b": word}, [])


def test_only_unquoted_null_is_absent():
    assert read("a:\nb: ~\nc: null\nd: 'null'\ne: ''")[0] == {"a": None, "b": None, "c": None, "d": "null", "e": ""}


def test_every_key_keeps_its_line():
    tree, _ = read("# remark\na: 1\n\nb:\n  - c: |\n      x\n      y\n    d: 1\n")
    assert tree.lines == {"a": 2, "b": 4}
    assert tree["b"][0].line == 5
    assert tree["b"][0].lines == {"c": 5, "d": 8}


def test_a_duplicate_key_is_a_fault_and_the_first_one_stands():
    assert read("a: 1\nb: 2\na: {c: 3}\n") == ({"a": "1", "b": "2"}, ["yaml-duplicate-key n.yaml:3"])


def test_aliases_repeat_values():
    assert read("a: &x [1, 2]\nb: *x\n") == ({"a": ["1", "2"], "b": ["1", "2"]}, [])


def test_a_billion_laughs_are_refused_quickly():
    rows = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    start = time.process_time()
    assert read("a0: &a0 ha\n" + "\n".join(rows)) == (None, ["yaml-size n.yaml:6"])
    assert time.process_time() - start < 1


@pytest.mark.parametrize("text", ["[" * 200_000, "{a: " * 50_000, "- " * 50_000 + "x", "? " * 50_000])
def test_deep_nesting_is_refused_cleanly(text):
    tree, issues = read(text)
    assert tree is None
    assert issues[0] in ("yaml-size n.yaml:1", "yaml-syntax n.yaml:1")


def test_nesting_to_the_limit_is_read():
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == []


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("a: [1\nb: 2\n", "yaml-syntax n.yaml:2"),
        ("a: 'x\n", "yaml-syntax n.yaml:2"),
        ("a:\n\tb: 1\n", "yaml-syntax n.yaml:2"),
        ("a: *nobody\n", "yaml-syntax n.yaml:1"),
        ("&a [*a]", "yaml-syntax n.yaml:1"),
        ("a: 1\n---\nb: 2\n", "yaml-syntax n.yaml:2"),
        ("a: !!python/object:os.system x\n", "yaml-tag n.yaml:1"),
        ("a: !include x.yaml\n", "yaml-tag n.yaml:1"),
        ("? [a]\n: 1\n", "yaml-syntax n.yaml:1"),
        ("a: \x07\n", "value-text n.yaml:1"),
    ],
)
def test_malformed_yaml_names_its_line(text, issue):
    assert read(text)[1] == [issue]


def test_tabs_get_a_cure():
    issues = []
    read_yaml("a:\n\tb: 1\n", "n.yaml", issues)
    assert issues[0].cure == "Indent with spaces, not tabs."
