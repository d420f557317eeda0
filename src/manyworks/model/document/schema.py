"""The JSON Schema of the document, for editors and for programs that write documents."""

from __future__ import annotations

from typing import Any

from manyworks.model.document.fields import HEADS, field_kinds, header_kinds
from manyworks.model.document.units import unit_of
from manyworks.model.network import DOCUMENT_VERSION, Network, collections
from manyworks.model.record import Record

SCHEMA_ID = f"urn:manyworks:network:{DOCUMENT_VERSION}"


def network_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``network.yaml`` and of the JSON form.

    Every record is under ``$defs`` by its name; fields carry their description, ``unit`` where they have one, and
    ``references`` where they are ids of other records. A collection is a list of records or ``{from: FILE.csv}``.
    """
    schema = Network.model_json_schema()
    for record in {*collections().values(), *HEADS.values()}:
        _annotate(schema["$defs"][record.__name__], record)
    properties = schema["properties"]
    for name, record in collections().items():
        properties[name] = _collection(record)
    for name in header_kinds():
        properties[name].pop("title", None)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, "title": "manyworks network"}
    return {**head, **{key: value for key, value in schema.items() if key != "title"}}


def _annotate(definition: dict[str, Any], record: type[Record]) -> None:
    for name, kind in field_kinds(record).items():
        entry = definition["properties"][name]
        entry.pop("title", None)
        if unit := unit_of(name) if kind.base in (int, float) else "":
            entry["unit"] = unit
        if kind.refs:
            entry["references"] = list(kind.refs)
        else:
            _allow_as_written(entry)


def _allow_as_written(entry: dict[str, Any]) -> None:
    """Adjust to what the reader takes: times without zone, and texts without quotes that look like numbers."""
    if entry.get("format") == "time":
        entry["pattern"] = r"^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"
        del entry["format"]
    elif entry.get("type") == "string" and not {"enum", "const", "format", "pattern"} & entry.keys():
        entry["type"] = ["string", "number", "boolean"]


def _collection(record: type[Record]) -> dict[str, Any]:
    rows = {"type": "array", "items": {"$ref": f"#/$defs/{record.__name__}"}}
    source = {
        "type": "object",
        "properties": {"from": {"type": "string", "description": "CSV file beside this one.", "pattern": r"\.csv$"}},
        "required": ["from"],
        "additionalProperties": False,
    }
    return {"description": (record.__doc__ or "").strip().partition("\n")[0], "anyOf": [rows, source, {"type": "null"}]}
