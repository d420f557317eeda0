import pytest

from manyworks.model.document.json_text import read_json


def read(text):
    issues = []
    return read_json(text, "n.json", issues), [f"{issue.rule} {issue.place}" for issue in issues]


def test_values_keep_their_lines():
    tree, issues = read('{"a": [1, 2.50, true, null],\n "b": {"c": "\\ud83d\\ude00\\/"}}')
    assert (tree, issues) == ({"a": ["1", "2.50", True, None], "b": {"c": "😀/"}}, [])
    assert tree.lines == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("", "json-syntax n.json:1"),
        ("{", "json-syntax n.json:1"),
        ('{"a": 1,\n}', "json-syntax n.json:2"),
        ('{"a" 1}', "json-syntax n.json:1"),
        ('{"a": 1 "b": 2}', "json-syntax n.json:1"),
        ('{"a": tru}', "json-syntax n.json:1"),
        ('{"a": NaN}', "json-syntax n.json:1"),
        ('{"a": 01}', "json-syntax n.json:1"),
        ('{"a": "x\n"}', "json-syntax n.json:1"),
        ("{} {}", "json-syntax n.json:1"),
        ('{"a": 1,\n"a": 2}', "yaml-duplicate-key n.json:2"),
        ("[" * 100_000, "yaml-size n.json:1"),
    ],
)
def test_malformed_json_names_its_line(text, issue):
    assert read(text)[1] == [issue]
