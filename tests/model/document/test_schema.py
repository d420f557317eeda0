import json

from manyworks.model.document import network_schema, save_network
from manyworks.model.document.document import load_network
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
