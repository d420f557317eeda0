"""Plain columns: the shape in which every result hands out its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Table:
    """Named columns of one length, in order. Text columns are object arrays, numbers are float64 or int64."""

    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

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
        for key, amount in zip(self.columns[by].tolist(), self.columns[value].tolist(), strict=True):
            sums[key] = sums.get(key, 0.0) + amount
        return sums

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame; needs pandas."""
        import pandas as pd

        return pd.DataFrame(dict(self.columns))
