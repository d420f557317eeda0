import pytest

from manyworks.model.document import read_document
from manyworks.model.document.csv_text import read_csv


def read(text):
    issues = []
    table = read_csv(text, "sites.csv", "sites", issues)
    rows = [(row.places.at("id"), row.values) for row in table.rows]
    return rows, [f"{issue.rule} {issue.place}" for issue in issues]


def test_lines_are_counted_through_quoted_newlines_blank_lines_and_remarks():
    text = 'id,name\r\n"a","x\r\ny"\r\n\r\n# remark, with, commas\r\nb,"z"\r\n'
    assert read(text)[0] == [("sites.csv:2", {"id": "a", "name": "x\r\ny"}), ("sites.csv:6", {"id": "b", "name": "z"})]


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("id,name\na,b,c\nd\ne,f\n", ["csv-ragged sites.csv:2", "csv-ragged sites.csv:3"]),
        ("id,name,id\na,b,c\n", ["csv-header sites.csv:1"]),
        ("id,,x\na,b,c\n", ["csv-header sites.csv:1"]),
        ("id;name\na;b\n", ["csv-delimiter sites.csv:1"]),
        ("id\tname\na\tb\n", ["csv-delimiter sites.csv:1"]),
        ("", ["csv-header sites.csv:1"]),
        ('id,name\na,"b\nc,d\n', ["csv-syntax sites.csv:2"]),
        ('id,name\na,"b"c\n', ["csv-syntax sites.csv:2"]),
        (f"id,name\na,{'x' * 200_000}\n", ["csv-syntax sites.csv:2"]),
    ],
)
def test_malformed_csv_names_its_line(text, issues):
    assert read(text)[1] == issues


def test_a_byte_order_mark_is_no_part_of_the_header(jam):
    path = jam / "sites.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_document(jam).validate()[0] is not None


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("id,name\nz\xfcri,Z\xfcrich\n".encode("latin-1"), "sites.csv:2"),
        ("id\nö\n".encode("utf-16"), "sites.csv"),
        (b"id\na\nb\x00\n", "sites.csv:3"),
    ],
)
def test_other_encodings_are_faults_with_their_line(jam, data, place):
    (jam / "sites.csv").write_bytes(data)
    issues = read_document(jam).issues
    assert [(issue.rule, issue.place) for issue in issues] == [("file-encoding", place)]


def test_an_unknown_column_is_told_once(faults):
    found = faults.issues(sites=("region", "regoin"))
    assert [(issue.rule, issue.place, issue.cure) for issue in found] == [
        ("field-unknown", "sites.csv:1", "Did you mean region?")
    ]
