"""HiGHS behind one door: a linear model goes in, an honest answer comes out.

A status that is no answer raises ``SolverError``; zero is never taken for a result. The number of threads is fixed by
the first solve of the process, because HiGHS keeps one scheduler and answers nonsense after a change. Source: Huangfu
and Hall (2018), doi:10.1007/s12532-017-0130-5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from manyworks.errors import SolverError
from manyworks.plan.linear import LinearModel

Floats = NDArray[np.float64]
Status = Literal["optimal", "gap_reached", "time_limit", "interrupted", "infeasible"]
News = Callable[[float | None, float | None], None]
"""Receives the best value so far and the bound, in the model's unit, None where there is none."""

_threads: list[int] = []


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the solver found, in the model's unit, constant left out.

    ``x`` (columns,) is None where no plan was found. ``bound`` is proven. ``row_price`` (rows,) and ``reduced_value``
    (columns,) are those of linear models, None otherwise: value of one more unit of a row's limit, or of a column.
    """

    status: Status
    x: Floats | None
    value: float
    bound: float
    row_price: Floats | None = None
    reduced_value: Floats | None = None


class Solver:
    """One model inside HiGHS; bounds may change and columns be added between solves, and each solve starts warm."""

    def __init__(
        self,
        linear: LinearModel,
        *,
        whole: bool,
        threads: int | None = None,
        seed: int = 0,
        is_brief: bool = False,
    ) -> None:
        """``is_brief`` solves take milliseconds each: they listen to nobody, not even to Ctrl-C."""
        self._highs = _new(threads, seed)
        self._highs.HandleUserInterrupt = not is_brief
        self._is_brief = is_brief
        self._is_whole = whole
        self._pass(linear, whole)

    def set_bounds(self, columns: NDArray[np.intp], low: Floats, high: Floats) -> None:
        """New bounds of some columns."""
        flat = np.ascontiguousarray(columns.ravel(), dtype=np.int32)
        self._highs.changeColsBounds(
            len(flat), flat, np.ascontiguousarray(low.ravel()), np.ascontiguousarray(high.ravel())
        )

    def set_row_bounds(self, rows: NDArray[np.intp], low: Floats, high: Floats) -> None:
        """New limits of some rows."""
        for row, least, most in zip(rows.ravel().tolist(), low.ravel().tolist(), high.ravel().tolist(), strict=True):
            self._highs.changeRowBounds(row, least, most)

    def set_values(self, columns: NDArray[np.intp], value: Floats) -> None:
        """New values of some columns."""
        flat = np.ascontiguousarray(columns.ravel(), dtype=np.int32)
        self._highs.changeColsCost(len(flat), flat, np.ascontiguousarray(value.ravel()))

    def forget_values(self) -> None:
        """Ask only whether there is any plan at all."""
        count = self._highs.getNumCol()
        self._highs.changeColsCost(count, np.arange(count, dtype=np.int32), np.zeros(count))

    def add_columns(self, value: Floats, high: Floats, matrix: Any) -> None:
        """Continuous columns from 0 to ``high``; ``matrix`` is scipy CSC of shape (rows, new columns)."""
        self._highs.addCols(
            len(value),
            np.ascontiguousarray(value),
            np.zeros(len(value)),
            np.ascontiguousarray(high),
            matrix.nnz,
            matrix.indptr.astype(np.int32),
            matrix.indices.astype(np.int32),
            np.ascontiguousarray(matrix.data),
        )

    @property
    def basis(self) -> Any:
        """Where the last linear solve ended, for ``begin_at`` of a model of the same shape; None where it has none."""
        basis = self._highs.getBasis()
        return basis if basis.valid else None

    def begin_at(self, basis: Any) -> None:
        """Begin the next linear solve at a basis of a model of the same shape."""
        self._highs.setBasis(basis)

    def start_from(self, x: Floats) -> None:
        """Offer a plan to begin with."""
        import highspy

        solution = highspy.HighsSolution()
        solution.col_value = list(x)
        self._highs.setSolution(solution)

    def solve(
        self,
        *,
        gap: float = 0.0,
        time_limit: float | None = None,
        node_limit: int | None = None,
        news: News | None = None,
        method: str = "choose",
    ) -> Answer:
        """Maximise. ``gap`` is absolute, in the model's unit; ``time_limit`` seconds and ``node_limit`` branches of
        this solve, none: until it is done.

        Raises
        ------
        SolverError
            The solver stopped without a usable answer.
        """
        highs = self._highs
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", max(float(gap), 1e-7))
        highs.setOptionValue("solver", method)
        limit = np.inf if time_limit is None else highs.getRunTime() + max(time_limit, 0.01)
        highs.setOptionValue("time_limit", float(limit))
        highs.setOptionValue("mip_max_nodes", 2_147_483_647 if node_limit is None else node_limit)
        hook = _listen(highs, news) if news is not None and self._is_whole else None
        interrupted = _run_briefly(highs) if self._is_brief else _run(highs)
        if hook is not None:
            highs.cbMipLogging -= hook
        return self._answer(interrupted)

    def _pass(self, linear: LinearModel, whole: bool) -> None:
        import highspy

        matrix = linear.matrix()
        low, high = linear.bounds
        row_low, row_high = linear.row_bounds
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = linear.column_count, linear.row_count
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = linear.value, low, high
        lp.row_lower_, lp.row_upper_ = row_low, row_high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        if whole:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(flag)] for flag in linear.is_whole]
        if self._highs.passModel(lp) == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refused the model", status="model error", cure="Please report this document.")

    def _answer(self, interrupted: bool) -> Answer:
        import highspy

        highs, status = self._highs, self._highs.getModelStatus()
        kind, info = highspy.HighsModelStatus, highs.getInfo()
        if status in (kind.kInfeasible, kind.kUnboundedOrInfeasible):
            return Answer(status="infeasible", x=None, value=-np.inf, bound=-np.inf)
        if status not in (kind.kOptimal, kind.kTimeLimit, kind.kInterrupt, kind.kSolutionLimit):
            raise SolverError(
                "HiGHS stopped without an answer",
                status=highs.modelStatusToString(status),
                cure="Please report this document; another time limit or gap may help meanwhile.",
            )
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        solution = highs.getSolution()
        x = np.array(solution.col_value) if found else None
        word: Status = "optimal"
        if status != kind.kOptimal:
            word = "interrupted" if interrupted else "time_limit"
        value = float(info.objective_function_value) if found else -np.inf
        if self._is_whole:
            return Answer(status=word, x=x, value=value, bound=float(info.mip_dual_bound))
        is_done = status == kind.kOptimal
        return Answer(
            status=word,
            x=x,
            value=value,
            bound=value if is_done else np.inf,
            row_price=np.array(solution.row_dual) if is_done else None,
            reduced_value=np.array(solution.col_dual) if is_done else None,
        )


def _new(threads: int | None, seed: int) -> Any:
    import highspy

    if not _threads:
        _threads.append(threads or 1)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", _threads[0])
    highs.setOptionValue("random_seed", seed % 2_147_483_647)
    return highs


def _run_briefly(highs: Any) -> bool:
    highs.run()
    return False


def _run(highs: Any) -> bool:
    """Solve in a thread, so that Ctrl-C reaches us and stops the solver instead of the program; whether it did."""
    interrupted = False
    _running.append(highs)
    highs.startSolve()
    try:
        while True:
            try:
                if highs.wait(0.2)[0]:
                    return interrupted
            except KeyboardInterrupt:
                interrupted = True
                highs.cancelSolve()
    finally:
        _running.clear()


_running: list[Any] = []


def solver_is_running() -> bool:
    """Whether this process waits for a solve that Ctrl-C can end."""
    return bool(_running)


def _listen(highs: Any, news: News) -> Callable[[Any], None]:
    def hook(event: Any) -> None:
        best, bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        news(best if np.isfinite(best) else None, bound if np.isfinite(bound) else None)

    highs.cbMipLogging += hook
    return hook
