"""Compiled kernels: where they may stand, and that their cache is never stale."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from manyworks import compiled

KERNELS = [path for path in compiled.kernel_files() if path.name != "compiled.py"]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.relative_to(compiled.SOURCES).as_posix())
def test_a_kernel_file_depends_on_nothing_that_the_cache_does_not_watch(path):
    for name in imports(path):
        top = name.split(".")[0]
        if top == "manyworks":
            source = compiled.SOURCES.parent / Path(*name.split("."))
            files = [source.with_suffix(".py"), source / "__init__.py"]
            assert any(file in compiled.kernel_files() for file in files), f"{path.name} imports {name}"
        else:
            assert top == "numpy" or top in sys.stdlib_module_names, f"{path.name} imports {name}"


def test_functions_of_other_files_are_refused():
    with pytest.raises(ValueError, match="only a kernel file"):
        compiled.compiled(lambda: 0)


def test_a_changed_kernel_source_gets_another_cache_folder(monkeypatch, tmp_path):
    before = compiled._sources_hash()
    (tmp_path / "kernels.py").write_text("A = 1\n")
    monkeypatch.setattr(compiled, "SOURCES", tmp_path)
    monkeypatch.setattr(compiled, "kernel_files", lambda: [tmp_path / "kernels.py"])
    one = compiled._sources_hash()
    (tmp_path / "kernels.py").write_text("A = 2\n")
    assert len({before, one, compiled._sources_hash()}) == 3


def test_the_cache_stands_where_the_user_says(monkeypatch, tmp_path):
    monkeypatch.setenv("MANYWORKS_CACHE", str(tmp_path / "mine"))
    folder = compiled.cache_folder.__wrapped__()
    assert folder.is_relative_to(tmp_path / "mine")
    assert folder.is_dir()


def test_a_cache_that_cannot_be_written_is_no_obstacle(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MANYWORKS_CACHE", str(tmp_path / "file"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    assert compiled.cache_folder.__wrapped__().is_dir()


def test_old_machine_code_is_forgotten(monkeypatch, tmp_path):
    import os

    monkeypatch.setenv("MANYWORKS_CACHE", str(tmp_path))
    old = tmp_path / "manyworks" / "kernels" / "old"
    (old / "deep").mkdir(parents=True)
    (old / "deep" / "code.nbc").write_text("")
    os.utime(old, (0, 0))
    compiled.cache_folder.__wrapped__()
    assert not old.exists()
