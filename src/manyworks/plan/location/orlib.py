"""The text format of the OR-Library's capacitated warehouse location instances.

``m n``; for each of m sites ``capacity fixed_cost``; for each of n customers ``demand`` and m costs of serving all of
it. Numbers are separated by any white space. Source: Beasley (1990), doi:10.1057/jors.1990.166.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from manyworks.errors import UsageError
from manyworks.plan.location.problem import LocationProblem


def read_orlib(path: str | Path, *, capacity: float | None = None) -> LocationProblem:
    """The instance in a file; ``capacity`` replaces the word ``capacity`` that some files have instead of a number.

    Raises
    ------
    UsageError
        The file cannot be read, a word is no number (with its line), numbers are missing or too many, or the numbers
        make no problem.
    """
    file = Path(path)
    numbers = _numbers(file, capacity)
    if len(numbers) < 2:
        raise _fault(file, "must begin with the numbers of sites and customers")
    sites, customers = int(numbers[0]), int(numbers[1])
    wanted = 2 + 2 * sites + customers * (sites + 1)
    if sites < 1 or customers < 1 or len(numbers) != wanted:
        raise _fault(file, f"{sites} sites and {customers} customers need {wanted} numbers, found {len(numbers)}")
    places = np.array(numbers[2 : 2 + 2 * sites]).reshape(sites, 2)
    rest = np.array(numbers[2 + 2 * sites :]).reshape(customers, sites + 1)
    return LocationProblem(
        name=file.stem,
        fixed_cost=places[:, 1],
        capacity=places[:, 0],
        demand=rest[:, 0],
        cost=np.ascontiguousarray(rest[:, 1:].T),
    )


def write_orlib(problem: LocationProblem, path: str | Path) -> None:
    """The instance as text that ``read_orlib`` gives back without loss."""
    sites, customers = problem.size
    lines = [f"{sites} {customers}"]
    lines += [f"{c!r} {f!r}" for c, f in zip(problem.capacity.tolist(), problem.fixed_cost.tolist(), strict=True)]
    for j in range(customers):
        lines.append(repr(float(problem.demand[j])))
        lines.append(" ".join(map(repr, problem.cost[:, j].tolist())))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _numbers(file: Path, capacity: float | None) -> list[float]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise _fault(file, f"cannot be read: {error.strerror or error}") from error
    found: list[float] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for word in line.split():
            if word.lower() == "capacity":
                if capacity is None:
                    raise _fault(file, "leaves the capacity open: state one", line=number)
                found.append(capacity)
                continue
            try:
                found.append(float(word))
            except ValueError:
                raise _fault(file, f"must hold numbers only, found {word[:40]!r}", line=number) from None
    return found


def _fault(file: Path, what: str, *, line: int | None = None) -> UsageError:
    where = file.name if line is None else f"{file.name}:{line}"
    return UsageError(what, where=where, cure="Give a file in the OR-Library format for capacitated location.")
