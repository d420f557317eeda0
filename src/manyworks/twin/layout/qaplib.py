"""The text format of QAPLIB: ``n``, then n x n flows, then n x n distances, separated by any white space.

Some files carry a second number on the first line, the value of a known solution, which is not needed. Which table is
called flow makes no difference to the cost of an assignment and its inverse. Source: Burkard, Karisch and Rendl (1997),
doi:10.1023/A:1008293323270.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from manyworks.errors import UsageError
from manyworks.twin.layout.problem import AssignmentProblem, Floats


def read_qaplib(path: str | Path) -> AssignmentProblem:
    """The instance in a file.

    Raises
    ------
    UsageError
        The file cannot be read, a word is no number (with its line), or numbers are missing or too many.
    """
    file = Path(path)
    lines = _numbers(file)
    head = next((line for line in lines if line), [])
    words = [number for line in lines for number in line]
    if not head or head[0] < 1 or head[0] != int(head[0]):
        raise _fault(file, "must begin with the number of facilities")
    size = int(head[0])
    extra = len(words) - 1 - 2 * size * size
    if extra not in (0, 1) or (extra == 1 and len(head) != 2):
        raise _fault(file, f"{size} facilities need {2 * size * size} numbers after the first, found {len(words) - 1}")
    tables = np.array(words[1 + extra :]).reshape(2, size, size)
    return AssignmentProblem(name=file.stem, flow=tables[0], distance=tables[1])


def write_qaplib(problem: AssignmentProblem, path: str | Path) -> None:
    """The instance as text that ``read_qaplib`` gives back without loss.

    Raises
    ------
    UsageError
        The problem has linear costs, which the format does not know.
    """
    if problem.linear is not None and problem.linear.any():
        raise UsageError("QAPLIB files hold no linear costs", where=problem.name, cure="Leave linear out.")
    blocks = [str(problem.size), _table(problem.flow), _table(problem.distance)]
    Path(path).write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _table(table: Floats) -> str:
    return "\n".join(" ".join(map(_word, row)) for row in table.tolist())


def _word(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def _numbers(file: Path) -> list[list[float]]:
    """Numbers line by line."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise _fault(file, f"cannot be read: {error.strerror or error}") from error
    found: list[list[float]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found.append([float(word) for word in line.split()])
        except ValueError:
            raise _fault(file, f"must hold numbers only, found {line.strip()[:40]!r}", line=number) from None
    return found


def _fault(file: Path, what: str, *, line: int | None = None) -> UsageError:
    where = file.name if line is None else f"{file.name}:{line}"
    return UsageError(what, where=where, cure="Give a file in the QAPLIB format.")
