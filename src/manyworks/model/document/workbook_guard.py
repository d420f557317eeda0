"""Look at a workbook before it is unpacked: a few bytes can ask for all the memory there is."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from manyworks.model.document.cells import short

MAX_CELLS = 10_000_000
MAX_UNPACKED = 1024 * 1024 * 1024

_TAG = re.compile(rb"""<(?:\w+:)?(?:c|row)\b((?:"[^"]*"|'[^']*'|[^>"'])*)>""")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_COUNT = re.compile(rb"""[cC]ount\s*=\s*["']\s*([^"'\s]{1,20})""")
_SANE = re.compile(rb"([A-Z]{0,3})([1-9]\d{0,6})")


def refusal(data: bytes) -> str:
    """Why the file must not be unpacked: what it would take in memory is decided by its cells, not by its bytes."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or {"content.xml", "xl/workbook.bin"} & names:
            raise zipfile.BadZipFile("it is no .xlsx workbook")
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            return f"it unpacks to more than {MAX_UNPACKED // 2**20} MiB"
        for name in sorted(names):
            content = archive.read(name)
            if any(not number.isdigit() or int(number) > MAX_CELLS for number in _COUNT.findall(content)):
                raise zipfile.BadZipFile(f"{short(name)} counts more entries than any document has")
            if b"sheetData" in content and (reason := _far_cell(content)):
                return reason
    return ""


def _far_cell(sheet: bytes) -> str:
    """What is wrong with the extent of a sheet, judged by the references of its rows and cells."""
    rows = columns = 1
    for tag in _TAG.finditer(sheet):
        for reference in _REFERENCE.findall(tag[1]):
            sane = _SANE.fullmatch(reference)
            if sane is None:
                raise zipfile.BadZipFile(f"a cell is called {short(reference.decode(errors='replace'))}")
            rows, columns = max(rows, int(sane[2])), max(columns, _column_number(sane[1]))
    if rows * columns > MAX_CELLS:
        return f"a cell in row {rows:,} or column {columns:,}; delete stray cells far from the table"
    return ""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
