import json

import pytest
from jsonschema import Draft202012Validator

from manyworks.model.document import network_schema, save_network
from manyworks.model.document.document import load_network
from manyworks.model.document.writer import plain_data
from manyworks.model.network import collections


def test_fields_carry_description_unit_and_references():
    schema = network_schema()
    site = schema["$defs"]["Site"]["properties"]
    assert site["wage_per_h"]["unit"] == "currency/h"
    assert site["wage_per_h"]["description"] == "Loaded cost of one hour of direct labour."
    assert schema["$defs"]["BillItem"]["properties"]["product"]["references"] == ["products"]
    assert schema["$id"] == "urn:manyworks:network:1"


def test_every_collection_is_rows_or_a_file():
    properties = network_schema()["properties"]
    for name, record in collections().items():
        assert properties[name]["anyOf"][0]["items"]["$ref"] == f"#/$defs/{record.__name__}"
        assert properties[name]["anyOf"][1]["required"] == ["from"]


def test_a_saved_folder_tells_editors_its_schema(jam, tmp_path):
    save_network(load_network(jam), tmp_path)
    first = (tmp_path / "network.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=./network.schema.json"
    assert json.loads((tmp_path / "network.schema.json").read_text()) == network_schema()


def test_the_schema_is_stable():
    assert json.dumps(network_schema()) == json.dumps(network_schema())


@pytest.fixture(scope="module")
def judge():
    """The schema, as an editor applies it."""
    Draft202012Validator.check_schema(network_schema())
    return Draft202012Validator(network_schema())


def test_what_is_saved_is_valid_by_the_schema(jam, judge):
    assert [error.message for error in judge.iter_errors(plain_data(load_network(jam)))] == []


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [("products", "price", -1), ("products", "colour", "red"), ("sites", "status", "open"), ("sites", "id", "A B")],
)
def test_editors_see_the_faults_that_need_no_other_record(jam, judge, part, field, value):
    data = plain_data(load_network(jam))
    data[part][0][field] = value
    assert len(list(judge.iter_errors(data))) == 1
