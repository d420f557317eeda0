"""Plain columns: the shape in which every result hands out its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_SHOWN = 20
"""Rows that a notebook shows at most."""


@dataclass(frozen=True)
class Table:
    """Named columns of one length, in order. Text columns are object arrays, numbers are float64 or int64."""

    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self.columns:
            raise KeyError(f"no column {name!r}; there are {', '.join(self.columns)}")
        return self.columns[name]

    def __repr__(self) -> str:
        return f"Table({', '.join(self.columns)}; {len(self)} row{'' if len(self) == 1 else 's'})"

    def _repr_html_(self) -> str:
        """The first rows as a small table for notebooks."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        rows = islice(self.rows(), MOST_SHOWN)
        body = "".join("<tr>" + "".join(f"<td>{_cell(v)}</td>" for v in row.values()) + "</tr>" for row in rows)
        rest = len(self) - MOST_SHOWN
        return f"<table><tr>{head}</tr>{body}</table>" + (f"<p>and {rest} more rows</p>" if rest > 0 else "")

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row as a mapping of column name to a plain Python value."""
        lists = {name: column.tolist() for name, column in self.columns.items()}
        for position in range(len(self)):
            yield {name: values[position] for name, values in lists.items()}

    def where(self, mask: NDArray[np.bool_]) -> Table:
        """Rows at which ``mask`` is true."""
        return Table({name: column[mask] for name, column in self.columns.items()})

    def total(self, value: str, by: str) -> dict[Any, float]:
        """Sum of column ``value`` for each distinct entry of column ``by``, in order of first appearance."""
        sums: dict[Any, float] = {}
        for key, amount in zip(self[by].tolist(), self[value].tolist(), strict=True):
            sums[key] = sums.get(key, 0.0) + amount
        return sums

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame; needs pandas."""
        import pandas as pd

        return pd.DataFrame(dict(self.columns))


def _cell(value: Any) -> str:
    return f"{value:,.6g}" if isinstance(value, float) else escape(str(value))
