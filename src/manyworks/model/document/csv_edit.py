"""Change one cell of a CSV text and leave every other character as it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Record:
    """Where a record stands in the text: its first line from 1, and start and end of every cell."""

    line: int
    cells: tuple[tuple[int, int], ...]


def set_csv_cell(text: str, line: int, column: str, value: str) -> str:
    """``text`` with ``value`` in ``column`` of the record that begins on ``line``.

    A column that does not exist yet is added at the end, empty in all other records.
    """
    records = [record for record in _records(text) if not _is_remark(text, record)]
    header = [_content(text, span).strip() for span in records[0].cells]
    written = _quoted(value, _line_end(text))
    target = next(record for record in records if record.line == line)
    if column in header:
        start, end = target.cells[header.index(column)]
        return text[:start] + written + text[end:]
    pieces, done = [], 0
    for record in records:
        end = record.cells[-1][1]
        added = column if record is records[0] else written if record is target else ""
        pieces.append(f"{text[done:end]},{added}")
        done = end
    return "".join([*pieces, text[done:]])


def _records(text: str) -> Iterator[_Record]:
    """Every record, blank lines left out; the text has been read before, so its quotes are balanced."""
    position, line = 0, 1
    while position < len(text):
        start_line, cells = line, []
        while True:
            end = _cell_end(text, position)
            cells.append((position, end))
            line += len(re.findall(r"\r\n|\r|\n", text[position:end]))
            if text[end : end + 1] != ",":
                break
            position = end + 1
        if len(cells) > 1 or cells[0][0] < cells[0][1]:
            yield _Record(start_line, tuple(cells))
        position = end + (2 if text[end : end + 2] == "\r\n" else 1)
        line += 1


_CELL = re.compile(r'"(?:[^"]|"")*"[^,\r\n]*|[^,\r\n]*')


def _cell_end(text: str, start: int) -> int:
    match = _CELL.match(text, start)
    return match.end() if match else start


def _content(text: str, span: tuple[int, int]) -> str:
    return next(csv.reader(io.StringIO(text[slice(*span)], newline="")), [""])[0]


def _is_remark(text: str, record: _Record) -> bool:
    return _content(text, record.cells[0]).lstrip().startswith("#")


def _quoted(value: str, line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow([value, ""])
    return out.getvalue().removesuffix(",").replace("\n", line_end)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
