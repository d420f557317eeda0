"""How does a network get in and out of files?

In: a folder of YAML and CSV, a workbook or JSON. Out: a ``Network``, or every fault with its place; and back.
Read first: ``document.py``, then ``reader.py`` → ``validation.py``; ``cells.py`` says what one cell may hold.
Standards: YAML 1.2 core schema, RFC 4180 (CSV), RFC 8259 (JSON), ISO 8601, JSON Schema 2020-12.
"""

from manyworks.model.document.document import Document, load_network, read_document, sorted_issues
from manyworks.model.document.edit import Edit, edit_value
from manyworks.model.document.hashes import input_hash, line_hash
from manyworks.model.document.save import save_network
from manyworks.model.document.schema import network_schema
from manyworks.model.document.tables import TableChange, import_rows
from manyworks.model.document.units import unit_of
from manyworks.model.document.workbook_writer import write_workbook_template

__all__ = [
    "Document",
    "Edit",
    "TableChange",
    "edit_value",
    "import_rows",
    "input_hash",
    "line_hash",
    "load_network",
    "network_schema",
    "read_document",
    "save_network",
    "sorted_issues",
    "unit_of",
    "write_workbook_template",
]
