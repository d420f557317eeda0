"""Change one value of a document on disk, keep everything else, and be able to take it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manyworks.errors import DocumentError, UsageError
from manyworks.model.document.cells import ABSENT, read_cell, read_value, short, write_cell
from manyworks.model.document.csv_edit import set_csv_cell
from manyworks.model.document.document import Document, faults_of
from manyworks.model.document.fields import HEADS, FieldKind, field_kinds, header_kinds
from manyworks.model.document.paths import DocumentPath, matching_rows, parse_path
from manyworks.model.document.raw import LinePlaces, RawRow
from manyworks.model.document.reader import did_you_mean, read_raw
from manyworks.model.document.scalars import CellFault
from manyworks.model.document.store import write_atomically
from manyworks.model.document.validation import build_network
from manyworks.model.document.writer import yaml_value
from manyworks.model.document.yaml_edit import set_yaml_value
from manyworks.model.network import Network, collections

MOST_KNOWN = 40
"""Names that a message lists at most."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change that was made: ``old`` and ``new`` are values of the field, None where the default held or holds."""

    document: Path
    path: str
    old: Any
    new: Any
    file: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)

    def undo(self) -> Edit | None:
        """Take the change back: byte by byte when the file is as the change left it, else by value (an edit again)."""
        if self.file.read_bytes() != self.after:
            return edit_value(self.document, self.path, self.old)
        write_atomically(self.file, self.before)
        return None


def edit_value(path: Path | str, dotted_path: str, value: Any) -> Edit:
    """Set one field of the document at ``path`` and return how to take it back.

    ``dotted_path`` is ``sites.lyon.wage_per_h``, ``bill[3].quantity_per_unit`` (positions from 0), ``finance.tax_rate``
    or ``name``. ``value`` is of the field's kind, or its text as in a CSV cell; None takes the field back to its
    default. Only the characters of the value change: comments, order and layout stay. The document with the change is
    judged first, and written only when nothing is wrong with it.

    Raises
    ------
    UsageError
        The path names nothing, or the document is a workbook, JSON or of an older version.
    DocumentError
        The document with the change has faults; nothing was written.
    """
    document = Document(read_raw(path))
    network_before, _ = build_network(document.raw)
    _refuse_other_formats(document)
    parsed = parse_path(dotted_path, document.raw)
    kind, row, position = _target(dotted_path, parsed, document)
    new = _value(kind, dotted_path, value)
    file = _file_of(parsed, document)
    before = file.read_bytes()
    bom = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    text = before.decode("utf-8-sig")
    if row is not None and row.is_flat and isinstance(row.places, LinePlaces):
        text = set_csv_cell(text, row.places.line, kind.name, "" if new is None else write_cell(kind, new))
    else:
        text = set_yaml_value(text, _keys(parsed, position, kind), yaml_value(new))
    after = bom + text.encode()
    network_after = _judged(Path(path), file, after)
    if network_before is not None:
        _refuse_side_effects(network_before, network_after, parsed.part, position)
    old = None if row is None else _old_value(kind, row)
    write_atomically(file, after)
    return Edit(document=Path(path), path=dotted_path, old=old, new=new, file=file, before=before, after=after)


def _refuse_other_formats(document: Document) -> None:
    if document.format != "folder":
        raise UsageError(
            "only folders and YAML documents are edited in place",
            where="path",
            found=document.path.name,
            cure="Change it in the program that made it, or load it and save it as a folder.",
        )
    if document.issues:
        raise DocumentError(faults_of(document.issues), where=str(document.path))
    if document.raw.is_old:
        cure = "Load it and save it once: that writes the present version."
        raise UsageError("is of an older version", where="path", found=document.path.name, cure=cure)


def _target(text: str, path: DocumentPath, document: Document) -> tuple[FieldKind, RawRow | None, int]:
    """Kind of the field, its row as written (None for a part that is not written yet) and the row's position."""
    raw = document.raw
    if path.part in header_kinds():
        return header_kinds()[path.part], raw.header, 0
    if path.part in HEADS:
        return _kind(text, path, field_kinds(HEADS[path.part])), raw.heads.get(path.part), 0
    if path.part not in collections():
        cure = did_you_mean(path.part, [*collections(), *HEADS, *header_kinds()])
        raise UsageError("must begin with a part of the document", where=text, found=path.part or "nothing", cure=cure)
    kind = _kind(text, path, field_kinds(collections()[path.part]))
    rows = matching_rows(path, raw)
    if len(rows) == 1:
        return kind, rows[0][1], rows[0][0]
    if rows:
        cure = f"Write one of {', '.join(f'{path.part}[{position}].{kind.name}' for position, _ in rows)}."
        raise UsageError("must name one row", where=text, found=f"{len(rows)} rows", cure=cure)
    if path.row == "*":
        cure = "Name one row here. For a what-if on every row: --set of plan and compare."
        raise UsageError("must name one row", where=text, found="*", cure=cure)
    ids = [str(row.values.get("id", "")) for row in raw.tables[path.part].rows] if path.part in raw.tables else []
    raise UsageError("must name a row", where=text, found=path.row or "none", cure=_near(path.row, ids))


def _kind(text: str, path: DocumentPath, kinds: dict[str, FieldKind]) -> FieldKind:
    if path.field not in kinds:
        cure = _near(path.field, kinds)
        raise UsageError("must end with a field", where=text, found=path.field or "none", cure=cure)
    return kinds[path.field]


def _near(word: str, known: Iterable[str]) -> str:
    """The nearest known word, else all of them, as far as they fit on some lines."""
    names = list(known)
    more = f" and {len(names) - MOST_KNOWN} more" if len(names) > MOST_KNOWN else ""
    return did_you_mean(word, names) or (f"Known: {', '.join(names[:MOST_KNOWN])}{more}." if names else "")


def _value(kind: FieldKind, path: str, value: Any) -> Any:
    """The value as the field keeps it; ranges and references are judged with the whole document."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and kind.container != "one":
            found = read_cell(kind, value)
            return [] if found is ABSENT and kind.container == "list" else {} if found is ABSENT else found
        return read_value(kind, list(value) if isinstance(value, tuple) else value)
    except CellFault as fault:
        issue = fault.rule.issue(path, fault.message, found=short(value), cure=fault.cure)
        raise DocumentError([issue]) from None


def _file_of(path: DocumentPath, document: Document) -> Path:
    name = document.raw.files.get(path.part)
    return document.path.parent / name if name else document.path


def _keys(path: DocumentPath, position: int, kind: FieldKind) -> list[str | int]:
    if path.part in header_kinds():
        return [kind.name]
    return [path.part, kind.name] if path.part in HEADS else [path.part, position, kind.name]


def _old_value(kind: FieldKind, row: RawRow) -> Any:
    written = row.values.get(kind.name)
    try:
        found = read_cell(kind, written) if row.is_flat else read_value(kind, written)
    except CellFault:
        return written  # it was faulty, and the change cures it
    return None if found is ABSENT else found


def _judged(path: Path, file: Path, content: bytes) -> Network:
    """The network as it would be; raises when anything is wrong with it."""
    network, issues = Document(read_raw(path, instead={file: content})).validate()
    if network is None:
        raise DocumentError(faults_of(issues), where=str(path))
    return network


def _refuse_side_effects(before: Network, after: Network, part: str, position: int) -> None:
    """A value that several rows share by an alias cannot be changed in one of them."""
    for name in collections():
        pairs = enumerate(zip(getattr(before, name), getattr(after, name), strict=True))
        touched = {at for at, (old, new) in pairs if old != new}
        if touched - ({position} if name == part else set()):
            raise UsageError(
                "is shared with other rows by an alias",
                where=f"{part}[{position}]",
                cure="Write the value out in each of them first.",
            )
