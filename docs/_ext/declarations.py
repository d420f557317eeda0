"""Write the reference pages that come from declarations: the document's records, its rules and the command line.

Sphinx calls `setup`; the pages go to docs/reference/document, docs/reference/rules.md and
docs/reference/command_line.md, are ignored by git, and are written anew on every build.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from rule_pages import rules_page
from sphinx.application import Sphinx
from typer.testing import CliRunner

from manyworks.cli.main import app
from manyworks.model.network import Network, collections
from manyworks.model.record import Ref

DOCUMENT_INTRODUCTION = """# The document

A Network is a folder (`network.yaml` with CSV tables beside it), one `.xlsx` workbook or one JSON file, with the same
names everywhere. Any collection may stand inline or in a table of its own (`from: sites.csv`). A field carries its unit
at the end of its name; `none` means not stated, which is not zero.
"""
COMMAND_LINE_INTRODUCTION = """# Command line

Data goes to standard output, progress and messages to standard error. Exit codes: 0 success, 1 failure, 2 a request
that cannot be met, 3 no plan exists.
"""
EVERYWHERE = {
    "id": "What other rows call it: a lower-case word of letters, digits and `_`, at most 41 long.",
    "name": "What people call it.",
    "lat": "Latitude in degrees north.",
    "lon": "Longitude in degrees east.",
    "country": "ISO 3166 code of two letters.",
}
"""Fields that mean the same in every record."""


def setup(sphinx: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    sphinx.connect("builder-inited", lambda built: write_pages(Path(built.srcdir) / "reference"))
    return {"parallel_read_safe": True}


def write_pages(folder: Path) -> None:
    """Write all generated pages into `folder`, and remove those of collections that are gone."""
    pages = {"document/index.md": document_page(), "command_line.md": command_line_page(), "rules.md": rules_page()}
    pages |= {f"document/{name}.md": record_page(name, kind) for name, kind in collections().items()}
    for old in (folder / "document").glob("*.md"):
        if f"document/{old.name}" not in pages:
            old.unlink()
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


# ---- the document ----


def document_page() -> str:
    """The page of the whole document: its single values, and its collections with a link to each."""
    singles = {name: field for name, field in Network.model_fields.items() if name not in collections()}
    rows = [f"| [{name}]({name}.md) | {first_sentence(kind)} |" for name, kind in collections().items()]
    parts = [
        DOCUMENT_INTRODUCTION,
        "## Single values\n\n" + field_table(Network, singles),
        *(f"### {name}\n\n{field_table(kind, kind.model_fields)}" for name, kind in single_records().items()),
        "## Collections\n\n| Collection | What a row is |\n| --- | --- |\n" + "\n".join(rows) + "\n",
        "```{toctree}\n:hidden:\n:maxdepth: 1\n\n" + "\n".join(collections()) + "\n```\n",
    ]
    return "\n".join(parts)


def single_records() -> dict[str, type[BaseModel]]:
    """The records that the document holds once, by name."""
    kinds = {name: field.annotation for name, field in Network.model_fields.items()}
    return {name: kind for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, BaseModel)}


def record_page(name: str, kind: type[BaseModel]) -> str:
    """The page of one collection."""
    return f"# {name}\n\n{paragraphs(kind)}\n\n{field_table(kind, kind.model_fields)}"


def field_table(kind: type[BaseModel], fields: dict[str, FieldInfo]) -> str:
    """A table of fields: name, what it may hold, its default and its meaning."""
    schema = kind.model_json_schema()
    rows = ["| Field | Holds | Default | Meaning |", "| --- | --- | --- | --- |"]
    for name, field in fields.items():
        property_schema = schema["properties"][name]
        holds = links_of(field) or holds_in_words(property_schema, schema.get("$defs", {}))
        rows.append(
            f"| `{name}` | {holds} | {default_of(field)} | {cell(field.description or EVERYWHERE.get(name, ''))} |"
        )
    return "\n".join(rows) + "\n"


def links_of(field: FieldInfo) -> str:
    """Where an id field points to, as links; empty for other fields."""
    found = [ref for ref in [*field.metadata, *nested_metadata(field.annotation)] if isinstance(ref, Ref)]
    names = [name for ref in found for name in ref.collections]
    links = " or ".join(f"[{name}]({name}.md)" if name in collections() else f"`{name}`" for name in names)
    is_list = getattr(field.annotation, "__origin__", None) is list
    return f"{'ids' if is_list else 'id'} in {links}" if links else ""


def nested_metadata(annotation: Any) -> list[Any]:
    """What the arguments of an annotation carry: `list[Annotated[str, Ref(...)]]` gives the Ref."""
    found = list(getattr(annotation, "__metadata__", ()))
    for argument in get_args(annotation):
        found += nested_metadata(argument)
    return found


def holds_in_words(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A JSON Schema type in words: `number > 0`, `one of big, micro`, `list of text`."""
    if "$ref" in schema:
        return f"record, see {schema['$ref'].rpartition('/')[2].lower()}"
    if "anyOf" in schema:
        kinds = [holds_in_words(part, definitions) for part in schema["anyOf"] if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{word}`" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {holds_in_words(schema.get('items', {}), definitions)}"
    return simple_type_in_words(schema)


def simple_type_in_words(schema: dict[str, Any]) -> str:
    """A scalar type with its range."""
    names = {"number": "number", "integer": "whole number", "boolean": "true or false", "object": "mapping"}
    word = schema.get("format") or names.get(schema.get("type", ""), "text")
    limits = [("exclusiveMinimum", ">"), ("minimum", "≥"), ("exclusiveMaximum", "<"), ("maximum", "≤")]
    bounds = [f"{sign} {schema[key]:g}" for key, sign in limits if key in schema]
    return " ".join([word, ", ".join(bounds)]).strip()


def default_of(field: FieldInfo) -> str:
    """The default as written in a document; `required` where there is none."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value == "":
        return "none"
    if isinstance(value, BaseModel):
        return "see below"
    return f"`{value}`" if value not in ([], {}) else "empty"


# ---- the command line ----


def command_line_page() -> str:
    """Every command with the help that it prints itself."""
    runner = CliRunner()
    parts = [COMMAND_LINE_INTRODUCTION]
    for words in _commands(typer.main.get_command(app)):
        text = runner.invoke(
            app, [*words, "--help"], prog_name="manyworks", env={"COLUMNS": "100", "NO_COLOR": "1"}
        ).output
        parts.append(f"## {' '.join(['manyworks', *words])}\n\n```text\n{text.strip()}\n```\n")
    return "\n".join(parts)


def _commands(command: Any, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The words of a command and of all below it, a group before its members."""
    below = sorted(getattr(command, "commands", {}).items())
    return [words, *(found for name, member in below for found in _commands(member, (*words, name)))]


# ---- words ----


def paragraphs(kind: type[BaseModel]) -> str:
    """The docstring of a record as Markdown."""
    lines = (kind.__doc__ or "").strip().splitlines()
    return "\n".join(line.strip() for line in lines).replace("``", "`")


def first_sentence(kind: type[BaseModel]) -> str:
    """The first paragraph of a record's docstring, on one line."""
    return cell(paragraphs(kind).split("\n\n")[0].replace("\n", " "))


def cell(text: str) -> str:
    """Text that may stand in a cell of a table."""
    return text.replace("|", "\\|").replace("``", "`").replace("\n", " ")
