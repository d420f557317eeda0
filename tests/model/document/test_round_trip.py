import tempfile
from pathlib import Path

from hypothesis import given, settings

from manyworks.model.document import read_document, save_network, write_workbook_template
from manyworks.model.document.validation import build_network
from tests.model.document.networks import networks


def read_back(path):
    network, issues = build_network(read_document(path).raw)
    assert [str(issue) for issue in issues] == []
    return network


@settings(max_examples=40)
@given(networks())
def test_a_folder_reads_back_equal(network):
    with tempfile.TemporaryDirectory() as folder:
        save_network(network, Path(folder) / "n")
        assert read_back(Path(folder) / "n") == network


@settings(max_examples=40)
@given(networks())
def test_json_reads_back_equal(network):
    with tempfile.TemporaryDirectory() as folder:
        save_network(network, Path(folder) / "n.json")
        assert read_back(Path(folder) / "n.json") == network


@settings(max_examples=40)
@given(networks())
def test_a_workbook_reads_back_equal(network):
    with tempfile.TemporaryDirectory() as folder:
        save_network(network, Path(folder) / "n.xlsx")
        assert read_back(Path(folder) / "n.xlsx") == network


@settings(max_examples=10)
@given(networks())
def test_a_template_reads_back_equal(network):
    with tempfile.TemporaryDirectory() as folder:
        write_workbook_template(Path(folder) / "n.xlsx", network)
        assert read_back(Path(folder) / "n.xlsx") == network
