"""A mixed-integer linear model as arrays: columns and rows are added in blocks, and handed over as sparse rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Term = tuple[ArrayLike, ArrayLike, ArrayLike]
"""Positions of rows in their block, columns, and coefficients; they broadcast against each other."""


@dataclass
class LinearModel:
    """maximise value · x subject to lower ≤ A x ≤ upper and bounds, some of x whole.

    ``columns`` and ``rows`` name the blocks: name to index array of the block's shape; -1 marks what was left out.
    """

    columns: dict[str, Ints] = field(default_factory=dict)
    rows: dict[str, Ints] = field(default_factory=dict)
    constant: float = 0.0
    _value: list[Floats] = field(default_factory=list)
    _low: list[Floats] = field(default_factory=list)
    _high: list[Floats] = field(default_factory=list)
    _whole: list[NDArray[np.bool_]] = field(default_factory=list)
    _row_low: list[Floats] = field(default_factory=list)
    _row_high: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    column_count: int = 0
    row_count: int = 0

    def add_columns(
        self, name: str, value: Floats, low: ArrayLike = 0.0, high: ArrayLike = np.inf, *, whole: bool = False
    ) -> Ints:
        """A block of columns of the shape of ``value``; returns their indices."""
        index = np.arange(self.column_count, self.column_count + value.size, dtype=np.intp).reshape(value.shape)
        self._value.append(np.ravel(value).astype(np.float64))
        self._low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), value.shape).ravel())
        self._high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), value.shape).ravel())
        self._whole.append(np.full(value.size, whole))
        self.columns[name] = index
        self.column_count += value.size
        return index

    def add_rows(
        self,
        name: str,
        shape: Sequence[int],
        terms: Sequence[Term],
        low: ArrayLike = -np.inf,
        high: ArrayLike = np.inf,
    ) -> Ints:
        """A block of rows; each term is (position in the raveled block, column, coefficient), arrays that broadcast."""
        size = int(np.prod(shape))
        index = np.arange(self.row_count, self.row_count + size, dtype=np.intp).reshape(tuple(shape))
        for position, column, coefficient in terms:
            rows, cols, values = np.broadcast_arrays(position, column, coefficient)
            used = (cols.ravel() >= 0) & (values.ravel() != 0)
            self._entries.append(
                (
                    rows.ravel()[used].astype(np.intp) + self.row_count,
                    cols.ravel()[used].astype(np.intp),
                    values.ravel()[used].astype(np.float64),
                )
            )
        self._row_low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), tuple(shape)).ravel())
        self._row_high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), tuple(shape)).ravel())
        self.rows[name] = index
        self.row_count += size
        return index

    def with_value(self, value: Floats) -> LinearModel:
        """The same columns and rows with other objective coefficients."""
        return replace(self, _value=[value])

    def fix(self, columns: Ints, values: Floats) -> None:
        """Both bounds of some columns."""
        low, high = (bounds.copy() for bounds in self.bounds)
        low[columns.ravel()] = high[columns.ravel()] = values.ravel()
        self._low, self._high = [low], [high]

    @property
    def value(self) -> Floats:
        """Objective coefficient of each column."""
        return np.concatenate([*self._value, np.zeros(0)])

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bound of each column."""
        return np.concatenate([*self._low, np.zeros(0)]), np.concatenate([*self._high, np.zeros(0)])

    @property
    def row_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bound of each row."""
        return np.concatenate([*self._row_low, np.zeros(0)]), np.concatenate([*self._row_high, np.zeros(0)])

    @property
    def is_whole(self) -> NDArray[np.bool_]:
        """Columns that must be whole numbers."""
        return np.concatenate([*self._whole, np.zeros(0, dtype=bool)])

    def matrix(self) -> Any:
        """The rows as a scipy CSR matrix; repeated entries add up."""
        from scipy.sparse import csr_matrix

        rows, cols, values = (np.concatenate([np.zeros(0), *part]) for part in zip(*self._entries, strict=True))
        matrix = csr_matrix(
            (values, (rows.astype(np.int64), cols.astype(np.int64))), shape=(self.row_count, self.column_count)
        )
        matrix.sum_duplicates()
        return matrix
