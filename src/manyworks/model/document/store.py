"""Write files so that either all of them are new or none is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
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
        steps = [_Step(folder / name, work / f"{number}", data) for number, (name, data) in enumerate(files.items())]
        steps += [_Step(folder / name, work / f"gone-{name}", None) for name in obsolete]
        for step in steps:
            if step.data is not None:
                _write_flushed(step.new, step.data)
        _swap(steps)
        _flush_folder(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@dataclass(frozen=True)
class _Step:
    """One file that is replaced, or removed when ``data`` is None."""

    target: Path
    new: Path
    data: bytes | None

    @property
    def kept(self) -> Path:
        """Where the old file is kept until all steps are done."""
        return self.new.with_name(f"{self.new.name}.old")


def _swap(steps: list[_Step]) -> None:
    done: list[_Step] = []
    try:
        for step in steps:
            if step.target.exists():
                _keep_mode(step.target, step.new)
                os.link(step.target, step.kept)
            done.append(step)
            if step.data is not None:
                step.new.replace(step.target)
            else:
                step.target.unlink(missing_ok=True)
    except BaseException:
        for step in done:
            if step.kept.exists():
                step.kept.replace(step.target)
            elif step.data is not None:
                step.target.unlink(missing_ok=True)
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
