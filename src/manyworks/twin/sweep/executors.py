"""Who works: threads of this machine, or a cluster. Batches come back in any order; results are put in theirs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from manyworks.errors import UsageError
from manyworks.twin.sweep.batch import Batch, run_batch

if TYPE_CHECKING:
    from manyworks.twin.replicate import Observations

Executor = Callable[[Sequence[Batch]], "Iterator[tuple[Batch, Observations]]"]
"""Takes batches and gives each back with its observations, in any order, each at least once."""
DASK = "dask://"


def executor_of(place: str | None, *, threads: int | None = None) -> Executor:
    """The executor that ``place`` names: None is this machine, ``dask://host:port`` a Dask scheduler.

    Raises
    ------
    UsageError
        The words name neither.
    """
    if place is None:
        return lambda batches: on_threads(batches, threads)
    if place.startswith(DASK) and place.removeprefix(DASK).rpartition(":")[2].isdigit():
        from manyworks.twin.sweep.cluster import on_cluster

        return lambda batches: on_cluster(batches, place.removeprefix(DASK))
    raise UsageError(
        "must be dask://host:port", where="--on", found=place, cure="Leave it out to work on this machine."
    )


def on_threads(batches: Sequence[Batch], threads: int | None) -> Iterator[tuple[Batch, Observations]]:
    """Batches side by side on threads of this machine; the engine releases the interpreter while it runs."""
    count = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(max_workers=count, thread_name_prefix="sweep") as pool:
        waiting: dict[Future[Observations], Batch] = {pool.submit(run_batch, batch): batch for batch in batches}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            for future in waiting:
                future.cancel()
