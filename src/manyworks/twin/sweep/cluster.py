"""Batches on a Dask cluster. The only place that knows Dask, which comes with the extra ``cluster``.

A batch is named by what it computes, so that a scheduler that is asked twice computes once, and a batch that ran on a
worker which then died runs again on another with the same bytes. Results are fetched as they come: what is here is
here. A batch that failed because its worker died is asked for again, up to `TRIES` times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from manyworks import __version__
from manyworks.errors import ManyworksError, MissingLibraryError, UsageError
from manyworks.twin.sweep.batch import Batch, run_batch

if TYPE_CHECKING:
    from manyworks.twin.replicate import Observations

TRIES = 5
"""Times that a batch is asked for when workers die under it, beyond the tries of the scheduler itself."""
PATIENCE_S = 20
"""Seconds to wait for the scheduler, and for its first worker."""


def on_cluster(batches: Sequence[Batch], address: str) -> Iterator[tuple[Batch, Observations]]:
    """Batches as the cluster finishes them.

    Raises
    ------
    MissingLibraryError
        Dask is not installed here.
    UsageError
        Nobody answers at the address, there is no worker, or a worker has another release of manyworks.
    """
    client = _connected(address)
    try:
        _require_alike(client, address)
        yield from _gathered(client, batches)
    finally:
        client.close()


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise MissingLibraryError("distributed", extra="cluster") from None
    try:
        client: Any = Client(f"tcp://{address}", timeout=PATIENCE_S, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE_S)
    except (OSError, TimeoutError) as fault:
        cure = "Start one: dask scheduler, and on each machine: dask worker HOST:PORT --nthreads 1."
        raise UsageError(
            "must be the address of a scheduler with workers", where="--on", found=f"{address}: {fault}", cure=cure
        ) from None
    return client


def _require_alike(client: Any, address: str) -> None:
    """Other releases draw other luck, so that results would hang on who worked."""
    versions = client.run(worker_version, on_error="return")
    odd = sorted({str(found) for found in versions.values() if found != __version__})
    if odd:
        cure = "Install the same release everywhere: pip install manyworks."
        raise UsageError(
            f"must have manyworks {__version__} on every worker",
            where=f"dask://{address}",
            found="; ".join(odd),
            cure=cure,
        )


def worker_version() -> str:
    """The release that a worker has."""
    return __version__


def _gathered(client: Any, batches: Sequence[Batch]) -> Iterator[tuple[Batch, Observations]]:
    from distributed import KilledWorker, as_completed

    by_key = {batch.key: batch for batch in batches}
    futures = [client.submit(run_batch, batch, key=key, pure=True, retries=TRIES) for key, batch in by_key.items()]
    left = dict.fromkeys(by_key, TRIES)
    coming = as_completed(futures, loop=client.loop)
    for future in coming:
        batch = by_key[future.key]
        if future.status == "finished":
            result = _fetched(future)
            if result is not None:
                yield batch, result
                future.release()
                continue
        elif future.status == "error" and not isinstance(future.exception(), KilledWorker):
            raise _failure(batch, future.exception())
        if left[batch.key] == 0:
            raise _failure(batch, "its workers died again and again")
        left[batch.key] -= 1
        future.release()
        coming.add(client.submit(run_batch, batch, key=batch.key, pure=True, retries=TRIES))


def _fetched(future: Any) -> Observations | None:
    """The result; None when the worker that held it died in the meantime."""
    from distributed import CancelledError, KilledWorker

    try:
        found: Observations = future.result()
    except (KilledWorker, CancelledError, OSError):
        return None
    return found


def _failure(batch: Batch, why: object) -> ManyworksError:
    if isinstance(why, ManyworksError):
        return why
    return ManyworksError(
        f"could not be simulated: {why}", where=f"combination {batch.point + 1}", cure="Try it on this machine alone."
    )
