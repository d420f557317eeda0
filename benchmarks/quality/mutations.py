"""Ways to spoil a sound document, as people, programs and transfers do; every mutant is named by seed and number.

Kinds: ``bytes`` (a damaged file), ``tokens`` (a slip in a text file), ``cells`` (a slip in a table or sheet),
``types`` (a value of another kind), ``references`` (an id that names nothing), ``structure`` (rows, fields and tables
moved, lost, doubled or renamed).
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import tempfile
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from manyworks.model.checks.paths import reference_fields
from manyworks.model.document import save_network
from manyworks.model.network import Network, collections
from tests.networks import full_data, tiny_data

Tree = dict[str, Any]
Files = dict[str, bytes]

KINDS = ("bytes", "tokens", "cells", "types", "references", "structure")
FORMATS = ("folder", "json", "xlsx")
TABLES = ("sites", "markets", "demand", "lanes", "evidence", "bill")
"""Collections that a folder keeps in CSV files."""

PIECES = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\t", b"'", b'"', b"{", b"}", b"[", b"]", b":", b": ", b"- ",
    b"&a ", b"*a", b"!!int ", b"|", b">", b"---\n", b"...\n", b"#", b",", b";", b"%", b"\\", b"1e999", b"-", b"9" * 30,
    b"null", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"<<: *a", b"? ", b"nan", b"0x", b"[" * 60, b"{a: " * 60, b"\xc3",
    b"=1+1", b"</",
)  # fmt: skip
WORDS = (
    "", " ", "x", "NO", "yes", "null", "~", "nan", "inf", "-1", "0", "1e308", "1e-320", "1,5", "1.234,5", "5 USD",
    "12%", "0x1F", "14:30", "2027-02-30", "2027-13-01", "2027-01-01T00:00", "true", "albany", "reno;reno", "a=b",
    "\u202e", "é", "日本", "'", '"', "#REF!", "=SUM(A1:A3)", "../../x", "x" * 5000, "9" * 400, "peanut:line",
    "[1, 2]", "{a: 1}", "*", "&x", "!!python/object:os.x",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, 1e308, -1e308, 5e-324, 10**30, "", "x", "NO", "12", "1,5", "2027-01-01",
    "14:30", [], [[]], ["x"], [None], [1, 2], {}, {"a": 1}, {"id": "x"}, "x" * 3000, "albany", "*", [{}], "true",
    "\u0000", "\ud7ff", "2027-01-01T00:00:00",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A spoilt document. ``must_be_refused`` when no reading of it could be sound."""

    number: int
    kind: str
    format: str
    files: Files
    must_be_refused: bool = False

    def write(self, folder: Path) -> Path:
        """Write the files into an empty ``folder``; the path to read."""
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return folder if self.format == "folder" else folder / f"network.{self.format}"


def make_mutant(seed: int, number: int) -> Mutant:
    """The mutant with this number, the same on every machine."""
    chance = random.Random(f"{seed}:{number}")
    form = chance.choices(FORMATS, (5, 3, 2))[0]
    kind = chance.choice(KINDS)
    base = chance.choices(("tiny", "full"), (9, 1) if form == "xlsx" else (3, 1))[0]
    if form == "xlsx" and kind != "bytes":
        files, kind = {"network.xlsx": spoil_sheet(base, chance)}, "cells"
    elif kind in ("bytes", "tokens", "cells"):
        files = dict(base_files(base, form))
        suffix = ".csv" if kind == "cells" and form == "folder" else ""
        name = chance.choice([name for name in files if name.endswith(suffix)])
        kind = "tokens" if kind == "cells" and not suffix else kind
        files[name] = {"bytes": spoil_bytes, "tokens": spoil_tokens, "cells": spoil_cells}[kind](files[name], chance)
    else:
        tree = deepcopy(base_tree(base))
        {"types": spoil_types, "references": spoil_references, "structure": spoil_structure}[kind](tree, chance)
        files = tree_files(tree, form)
    return Mutant(number=number, kind=kind, format=form, files=files, must_be_refused=kind == "references")


# ---- sound documents ----


@cache
def base_tree(base: str) -> Tree:
    """A sound document as plain data."""
    return tiny_data() if base == "tiny" else full_data()


@cache
def base_files(base: str, form: str) -> Files:
    """A sound document as the files of a format."""
    if form != "xlsx":
        return tree_files(base_tree(base), form)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.xlsx"
        save_network(Network.model_validate(base_tree(base)), path)
        return {"network.xlsx": path.read_bytes()}


def tree_files(tree: Tree, form: str) -> Files:
    """Plain data as JSON, or as YAML with CSV files where a table is flat enough."""
    if form == "json":
        return {"network.json": json.dumps(tree, indent=1, ensure_ascii=False).encode("utf-8", "replace")}
    files, main = {}, dict(tree)
    for name in TABLES:
        rows = tree.get(name)
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
            files[f"{name}.csv"] = _csv(rows)
            main[name] = {"from": f"{name}.csv"}
    files["network.yaml"] = "".join(_yaml(name, value) for name, value in main.items()).encode("utf-8", "replace")
    return files


def _yaml(name: str, value: Any) -> str:
    """One part of a document as YAML; the parts of the sound documents are written once."""
    is_sound = any(value == base_tree(base).get(name) for base in ("tiny", "full"))
    return _sound_yaml(name, json.dumps(value)) if is_sound else _dump(name, value)


@cache
def _sound_yaml(name: str, value: str) -> str:
    return _dump(name, json.loads(value))


def _dump(name: str, value: Any) -> str:
    return yaml.safe_dump({name: value}, sort_keys=False, allow_unicode=True)


def _csv(rows: list[dict[str, Any]]) -> bytes:
    header = list(dict.fromkeys(str(key) for row in rows for key in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(row.get(name)) for name in header] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(str(entry) for entry in value)
    if isinstance(value, dict):
        return ";".join(f"{key}={entry}" for key, entry in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


# ---- files ----


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    """Insert, delete, replace, repeat or cut off bytes."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(spoilt) + 1)
        action = chance.randrange(6)
        if action == 0:
            spoilt[at:at] = chance.choice(PIECES)
        elif action == 1:
            del spoilt[at : at + chance.randint(1, 30)]
        elif action == 2 and at < len(spoilt):
            spoilt[at] = chance.randrange(256)
        elif action == 3:
            start = chance.randrange(len(spoilt) + 1)
            spoilt[at:at] = spoilt[start : start + chance.randint(1, 80)]
        elif action == 4:
            spoilt[at : at + 3] = chance.choice(PIECES)
        elif chance.random() < 0.1:
            del spoilt[at:]
    return bytes(spoilt)


def spoil_tokens(data: bytes, chance: random.Random) -> bytes:
    """Slips of the hand in a text file: lines and words lost, doubled, moved, misspelt, indented otherwise."""
    lines = data.decode().split("\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        line = lines[at]
        action = chance.randrange(8)
        if action == 0:
            del lines[at]
            lines = lines or [""]
        elif action == 1:
            lines.insert(at, chance.choice(lines))
        elif action == 2:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], line
        elif action == 3:
            lines[at] = chance.choice((" ", "  ", "\t")) + line if chance.random() < 0.5 else line[1:]
        elif action == 4:
            lines[at] = re.sub(r"(?<=[:,] ).*", lambda _: chance.choice(WORDS), line, count=1)
        elif action == 5:
            lines[at] = _misspelt(line, chance)
        elif action == 6:
            lines[at] = line.replace(chance.choice(":,-\"'[]{}"), chance.choice((":", ",", "", " ", '"', "=")), 1)
        else:
            words = re.split(r"(\W+)", line)
            words[chance.randrange(len(words))] = chance.choice(WORDS)
            lines[at] = "".join(words)
    return "\n".join(lines).encode("utf-8", "replace")


def spoil_cells(data: bytes, chance: random.Random) -> bytes:
    """Slips in a table: cells, rows and columns lost, doubled, exchanged, retyped, separated otherwise."""
    rows = list(csv.reader(io.StringIO(data.decode())))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(rows))
        row = rows[at]
        column = chance.randrange(len(row)) if row else 0
        action = chance.randrange(8)
        if action <= 2 and row:
            row[column] = chance.choice(WORDS)
        elif action == 3 and row:
            del row[column]
        elif action == 4:
            row.insert(column, chance.choice(WORDS))
        elif action == 5:
            rows.insert(at, list(chance.choice(rows)))
        elif action == 6 and len(rows) > 1:
            del rows[at]
        elif row:
            rows[0][column % len(rows[0])] = _misspelt(rows[0][column % len(rows[0])], chance) if rows[0] else ""
    out = io.StringIO()
    writer = csv.writer(
        out, lineterminator=chance.choice(("\n", "\r\n")), delimiter=chance.choices(",;\t", (9, 1, 1))[0]
    )
    writer.writerows(rows)
    return out.getvalue().encode(chance.choices(("utf-8", "utf-8-sig", "utf-16"), (9, 1, 1))[0], "replace")


_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)')
_ROW = re.compile(rb"<row .*?</row>")


@cache
def _parts(base: str) -> Files:
    with zipfile.ZipFile(io.BytesIO(base_files(base, "xlsx")["network.xlsx"])) as book:
        return {name: book.read(name) for name in book.namelist()}


def spoil_sheet(base: str, chance: random.Random) -> bytes:
    """Slips in a workbook: cells retyped, emptied or made errors, rows lost or doubled, sheets renamed."""
    parts = dict(_parts(base))
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(sorted(name for name in parts if name.startswith("xl/worksheets/sheet")))
        action = chance.randrange(8)
        if action == 0:
            parts["xl/workbook.xml"] = re.sub(
                rb'(<sheet name=")\w+(")',
                rb"\1" + chance.choice((b"site", b"x", b"Sites ")) + rb"\2",
                parts["xl/workbook.xml"],
                count=1,
            )
        elif action == 1:
            parts[name] = _swapped(
                _ROW, parts[name], chance, lambda found: b"" if chance.random() < 0.5 else found + found
            )
        elif action == 2:
            parts[name] = spoil_bytes(parts[name], chance)
        else:
            parts[name] = _swapped(_CELL, parts[name], chance, lambda found: _other_cell(found, chance))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, data in parts.items():
            book.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def _swapped(pattern: re.Pattern[bytes], data: bytes, chance: random.Random, other: Callable[[bytes], bytes]) -> bytes:
    found = list(pattern.finditer(data))
    if not found:
        return data
    match = chance.choice(found)
    return data[: match.start()] + other(match[0]) + data[match.end() :]


def _other_cell(cell: bytes, chance: random.Random) -> bytes:
    match = _CELL.match(cell)
    address = match[1] if match else b"A1"
    word = chance.choice(WORDS).replace("&", "&amp;").replace("<", "&lt;").encode("utf-8", "replace")
    return chance.choice(
        (
            b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (address, word),
            b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (address, word),
            b'<c r="%s"><v>%s</v></c>' % (address, chance.choice((b"-1", b"0", b"1e400", b"45000.5", b"", b"x"))),
            b'<c r="%s" t="b"><v>1</v></c>' % address,
            b'<c r="%s" t="e"><v>#N/A</v></c>' % address,
            b'<c r="%s" t="s"><v>%d</v></c>' % (address, chance.choice((0, 7, 99999))),
            b"",
        )
    )


# ---- what the files say ----


def spoil_types(tree: Tree, chance: random.Random) -> None:
    """Give fields values of another kind."""
    for _ in range(chance.randint(1, 3)):
        row = chance.choice(_rows(tree))
        row[chance.choice(sorted(row))] = deepcopy(chance.choice(VALUES))


def spoil_references(tree: Tree, chance: random.Random) -> None:
    """Misspell one id that names a record."""
    found = []
    for name, kind in collections().items():
        for row in tree.get(name, ()):
            found += [(row, field) for field, _ in reference_fields(kind) if row.get(field)]
    row, field = chance.choice(found)
    if isinstance(row[field], list):
        row[field] = list(row[field])
        at = chance.randrange(len(row[field]))
        row[field][at] = _other_id(row[field][at], chance)
    else:
        row[field] = _other_id(row[field], chance)


def _other_id(word: str, chance: random.Random) -> str:
    """A legal id that no record has: no id of the sound documents ends in a digit but for the orders."""
    return f"{word[: chance.randint(1, 35)]}{chance.choice('xyz')}{chance.randint(2, 9)}"


def spoil_structure(tree: Tree, chance: random.Random) -> None:
    """Lose, double, rename or move rows, fields and whole collections."""
    for _ in range(chance.randint(1, 2)):
        name = chance.choice([name for name in tree if isinstance(tree[name], list) and tree[name]])
        rows = tree[name] = list(tree[name])
        at = chance.randrange(len(rows))
        action = chance.randrange(9)
        if action == 0:
            del rows[at]
        elif action == 1:
            rows.append(deepcopy(rows[at]))
        elif action == 2:
            other = chance.choice(list(collections()))
            tree[other] = [*(tree.get(other) or []), rows.pop(at)] if isinstance(tree.get(other, []), list) else rows
        elif action == 3:
            tree[_misspelt(name, chance)] = tree.pop(name)
        elif action == 4 and isinstance(rows[at], dict) and rows[at]:
            field = chance.choice(sorted(rows[at]))
            rows[at][_misspelt(field, chance)] = rows[at].pop(field)
        elif action == 5 and isinstance(rows[at], dict) and rows[at]:
            del rows[at][chance.choice(sorted(rows[at]))]
        elif action == 6:
            tree[name] = chance.choice(
                ({"from": "none.csv"}, {str(k): row for k, row in enumerate(rows)}, "rows", None, 7)
            )
        elif action == 7:
            rows[at] = chance.choice((None, [], "row", 3, {}, [rows[at]]))
        else:
            tree[name] = [row for row in rows for _ in range(chance.randint(0, 2))]


def _rows(tree: Tree) -> list[dict[str, Any]]:
    rows = [tree["finance"], tree["policy"]]
    return rows + [row for name in collections() for row in tree.get(name, ()) if isinstance(row, dict) and row]


def _misspelt(text: str, chance: random.Random) -> str:
    """The text with a letter lost, doubled, exchanged or raised."""
    if not text:
        return "x"
    at = chance.randrange(len(text))
    return chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
            text[:at] + text[at].upper() + text[at + 1 :],
        )
    )
