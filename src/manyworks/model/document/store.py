"""Write files so that either all of them are new or none is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the file at ``path``; after a failure or power cut it is either the old one or the new one."""
    write_together(path.parent, {path.name: data})


def write_together(folder: Path, files: Mapping[str, bytes], *, obsolete: tuple[str, ...] = ()) -> None:
    """Write several files of one folder, and remove ``obsolete`` ones.

    Everything is first written and flushed under other names; only then are the files renamed, in the given order.
    When a rename fails, what was already renamed is put back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".saving-", dir=folder))
    try:
        for name, data in files.items():
            _write_flushed(work / f"new-{name}", data)
        _swap(folder, work, list(files), obsolete)
        _flush_folder(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _swap(folder: Path, work: Path, names: list[str], obsolete: tuple[str, ...]) -> None:
    done: list[str] = []
    try:
        for name in (*names, *obsolete):
            if (folder / name).exists():
                _keep_mode(folder / name, work / f"new-{name}")
                os.link(folder / name, work / f"old-{name}")
            done.append(name)
            if name in names:
                (work / f"new-{name}").replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
    except BaseException:
        for name in done:
            if (work / f"old-{name}").exists():
                (work / f"old-{name}").replace(folder / name)
            elif name in names:
                (folder / name).unlink(missing_ok=True)
        raise


def _keep_mode(old: Path, new: Path) -> None:
    if new.exists():
        new.chmod(old.stat().st_mode & 0o7777)


def _write_flushed(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
