"""Bring tables into a document: rows are added or overwritten, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from manyworks.errors import DocumentError, UsageError
from manyworks.model.checks.paths import natural_key
from manyworks.model.document.document import Document, sorted_issues
from manyworks.model.document.fields import field_kinds
from manyworks.model.document.raw import RawDocument, RawRow, RawTable
from manyworks.model.document.reader import did_you_mean, read_raw
from manyworks.model.document.save import save_network
from manyworks.model.document.store import write_together
from manyworks.model.document.text_file import read_text
from manyworks.model.document.writer import csv_table, flat_cell
from manyworks.model.document.yaml_edit import set_yaml_value
from manyworks.model.network import Network, collections
from manyworks.model.record import Record

Mode = Literal["upsert", "replace"]


@dataclass(frozen=True, kw_only=True)
class TableChange:
    """What an import does to one collection, in rows."""

    collection: str
    added: int
    changed: int
    removed: int
    unchanged: int

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return asdict(self)


def import_rows(
    path: Path | str, tables: Iterable[Path | str], *, mode: Mode = "upsert", dry_run: bool = False
) -> list[TableChange]:
    """Bring CSV files (named after a collection) or sheets of a workbook into the document at ``path``.

    ``upsert`` adds rows and overwrites the stated cells of rows of the same key: the id, or for collections without ids
    the fields that name a row, such as market, product and period of ``demand``. An empty cell leaves the old value.
    ``replace`` makes the table the whole collection. In a folder only the CSV files of the touched collections are
    written; a collection that stood inline moves to a CSV file of its name. ``dry_run`` writes nothing.

    Raises
    ------
    DocumentError
        The document or the document with the new rows has faults; nothing was written.
    UsageError
        A table is of no known collection or cannot be read as one.
    """
    document = Document(read_raw(path))
    network = _required(document)
    incoming: dict[str, RawTable] = {}
    for table in tables:
        incoming.update(_tables_of(Path(table)))
    changes = [_merge(document.raw, network, name, table, mode) for name, table in incoming.items()]
    merged = _required(document)
    if not dry_run:
        _write(document, merged, list(incoming))
    return changes


def _required(document: Document) -> Network:
    network, issues = document.validate()
    if network is None:
        raise DocumentError(sorted_issues(issues), where=str(document.path))
    return network


def _tables_of(path: Path) -> dict[str, RawTable]:
    """Collection to rows of one file."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        raw = read_raw(path)
        faults = [issue for issue in raw.issues if issue.severity == "error"]
        if faults:
            raise DocumentError(sorted_issues(faults), where=str(path))
        return raw.tables
    if suffix != ".csv":
        raise UsageError(
            "must end in .csv or .xlsx", where="table", found=path.name, cure="Save it as CSV or workbook."
        )
    if path.exists() and path.stem not in collections():
        cure = f"Name the file after its collection. {did_you_mean(path.stem, collections())}".rstrip()
        raise UsageError("must be named after a collection", where="table", found=path.name, cure=cure)
    return {path.stem: _csv_table(path)}


def _csv_table(path: Path) -> RawTable:
    from manyworks.model.document.csv_text import read_csv

    issues: list[Any] = []
    text = read_text(path, path.name, issues)
    table = None if text is None else read_csv(text, path.name, path.stem, issues)
    if issues or table is None:
        raise DocumentError(issues, where=str(path))
    return table


def _merge(raw: RawDocument, network: Network, name: str, table: RawTable, mode: Mode) -> TableChange:
    """Put the rows of ``table`` into ``raw`` and count what that changes."""
    key = natural_key(name)
    old: list[Record] = getattr(network, name)
    position = {tuple(_named(getattr(row, field)) for field in key): at for at, row in enumerate(old)} if key else {}
    rows = list(raw.tables[name].rows) if name in raw.tables and mode == "upsert" else []
    added = changed = unchanged = 0
    kept = set()
    for row in table.rows:
        at = position.get(tuple(_named(row.values.get(field)) for field in key)) if key else None
        if at is None:
            rows.append(row)
            added += 1
            continue
        kept.add(at)
        whole = _overlaid(old[at], row) if mode == "upsert" else row
        is_same = _says(whole, old[at])
        unchanged, changed = unchanged + is_same, changed + (not is_same)
        if mode == "upsert":
            rows[at] = whole
        else:
            rows.append(whole)
    raw.tables[name] = RawTable(rows=rows, place=table.place)
    removed = len(old) - len(kept) if mode == "replace" else 0
    untouched = 0 if mode == "replace" else len(old) - len(kept)
    return TableChange(collection=name, added=added, changed=changed, removed=removed, unchanged=unchanged + untouched)


def _named(value: Any) -> str:
    """A part of a row's key as a cell says it; nothing stated is the empty cell."""
    return "" if value is None else str(value)


def _overlaid(old: Record, new: RawRow) -> RawRow:
    """The old record with the cells that the new row states."""
    stated = {name: value for name, value in new.values.items() if value not in (None, "")}
    return RawRow(values=_cells(old) | stated, places=new.places, is_flat=True)


def _cells(record: Record) -> dict[str, Any]:
    return {kind.name: flat_cell(kind, getattr(record, kind.name)) for kind in field_kinds(type(record)).values()}


def _says(row: RawRow, record: Record) -> bool:
    """Whether a row says what the record says already."""
    from manyworks.model.document.cells import read_cell
    from manyworks.model.document.scalars import CellFault

    kinds = field_kinds(type(record))
    for name, kind in kinds.items():
        written = row.values.get(name)
        old = flat_cell(kind, getattr(record, name))
        if written in (None, "") or str(written) == old:
            if written in (None, "") and old != "":
                return False
            continue
        try:
            if read_cell(kind, written) != getattr(record, name):
                return False
        except CellFault:
            return False
    return True


def _write(document: Document, network: Network, touched: list[str]) -> None:
    if document.format != "folder":
        save_network(network, document.path)
        return
    folder, main = document.path.parent, document.path
    text = main.read_text(encoding="utf-8-sig")
    files: dict[str, bytes] = {}
    for name in touched:
        file = document.raw.files.get(name)
        if file is None:
            file = f"{name}.csv"
            text = set_yaml_value(text, [name], f"{{from: {file}}}")
        files[file] = csv_table(collections()[name], getattr(network, name)).encode()
    if text != main.read_text(encoding="utf-8-sig"):
        files[main.name] = text.encode()
    write_together(folder, files)
