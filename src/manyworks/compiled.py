"""numba's one home: decorators for compiled kernels, and one cache that can never be stale.

A *kernel file* is ``kernels.py``, ``kernels_*.py``, or any file of a package named ``engine``; only there may functions
be compiled, and such files import nothing but the standard library, numpy, this module and other kernel files. So the
sources of all kernel files decide what the machine code is, and their hash names the cache folder: numba itself
watches only the file of the cached function, and would run old code after a change of a constant next door (ADR 10).

``@compiled`` is an entry point without allocation, called from Python; ``@part`` is a piece of one, always inlined;
``@shared_part`` is a piece that is seldom run, or called from many places, and stays a function of its own. All of them
switch numba's reference counting off, which makes kernels several times faster, release the interpreter lock, and
divide as numpy does. A kernel is compiled when it is called first on a machine.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])

SWITCHES: Any = numba.config
SOURCES = Path(__file__).parent
UNUSED_DAYS = 30
"""A cache folder of other sources is removed when nobody has used it for so long."""


def compiled(function: F) -> F:
    """Entry point: no allocation inside, no reference counts; cached on disk."""
    return _kernel(function, _nrt=False, cache=True)


def part(function: F) -> F:
    """Piece of an entry point, inlined into it; not callable on its own from Python with the compiler on."""
    return _kernel(function, _nrt=False, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def shared_part(function: F) -> F:
    """Piece of an entry point that stays one function: seldom run, or called from many places."""
    return _kernel(function, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _kernel(function: F, **options: Any) -> F:
    where = Path(function.__code__.co_filename)
    if not is_kernel_file(where):
        raise ValueError(f"{where.name}: only a kernel file (kernels.py, kernels_*.py, engine/) may compile functions")
    SWITCHES.CACHE_DIR = str(cache_folder())
    _look_for_no_blas()
    if "cache" not in options:
        function.__qualname__ = f"manyworks.{where.stem}.{function.__qualname__}"
        PARTS.add(function.__qualname__)
        _link_parts_unfinished()
    kernel: F = numba.njit(nogil=True, error_model="numpy", **options)(function)
    return kernel


PARTS: set[str] = set()
"""Names of the pieces."""


@cache
def _look_for_no_blas() -> None:
    """Keep numba from importing scipy.linalg when it loads its first kernel: no kernel here multiplies matrices.

    numba asks once whether there is a BLAS, in the module that is imported here. That alone takes longer than loading
    the kernels.
    """
    if "scipy.linalg" in sys.modules:
        return
    modules: Any = sys.modules
    modules["scipy.linalg"] = None  # importing it fails at once
    try:
        importlib.import_module("numba.np.arraymath")
    finally:
        del modules["scipy.linalg"]


@cache
def _link_parts_unfinished() -> None:
    """Let numba hand a piece on to its entry point as it is, instead of optimising and emitting it by itself, too.

    Each piece would be optimised again within everything that calls it, although only the entry point is ever run:
    that halves the time of compilation, and changes no machine code. A numba that works otherwise is left alone.
    """
    from numba.core import codegen

    library: Any = getattr(codegen, "JITCodeLibrary", None)
    generator: Any = getattr(codegen, "JITCPUCodegen", None)
    steps = ("_linking_libraries", "_finalize_dynamic_globals", "_verify_declare_only_symbols", "finalize")
    if library is None or generator is None or not all(hasattr(library, step) for step in steps[1:]):
        return
    finalize, set_env = library.finalize, generator.set_env

    def finish(self: Any) -> None:
        if self.name not in PARTS:
            finalize(self)
            return
        for other in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(other._reload_init)
            self._final_module.link_in(other._get_module_for_linking(), preserve=True)
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def set_known_env(self: Any, name: str, env: Any) -> None:
        if self._engine.get_global_value_address(name):
            set_env(self, name, env)

    library.finalize, generator.set_env = finish, set_known_env


def is_kernel_file(path: Path) -> bool:
    """Whether functions of this file may be compiled."""
    return path.parent.name == "engine" or path.name == "kernels.py" or path.name.startswith("kernels_")


def kernel_files() -> list[Path]:
    """Every kernel file of the package, and this one, in order of their paths."""
    return sorted(path for path in SOURCES.rglob("*.py") if is_kernel_file(path) or path == Path(__file__))


@cache
def cache_folder() -> Path:
    """Folder of the machine code of these very sources, this numba and these switches; made where it is missing.

    ``$MANYWORKS_CACHE``, else the user's cache folder, else a temporary one where neither can be written.
    """
    name = _sources_hash()
    for root in _cache_roots():
        folder = root / "manyworks" / "kernels" / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
        except OSError:
            continue
        _forget_unused(folder)
        return folder
    return Path(tempfile.mkdtemp(prefix="manyworks-kernels-"))


def _cache_roots() -> Iterator[Path]:
    stated = os.environ.get("MANYWORKS_CACHE")
    if stated:
        yield Path(stated)
    home = os.environ.get("XDG_CACHE_HOME")
    if home:
        yield Path(home)
    elif "HOME" in os.environ:
        yield Path(os.environ["HOME"]) / ".cache"


def _sources_hash() -> str:
    text = hashlib.sha256(f"{numba.__version__} bounds {SWITCHES.BOUNDSCHECK}".encode())
    for path in kernel_files():
        text.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return text.hexdigest()[:16]


def _forget_unused(folder: Path) -> None:
    """Remove cache folders of other sources that nobody has used for a while; whatever cannot be removed stays."""
    oldest = time.time() - UNUSED_DAYS * 24 * 3600
    for other in folder.parent.iterdir():
        try:
            if other != folder and other.stat().st_mtime < oldest:
                for file in other.rglob("*"):
                    if file.is_file():
                        file.unlink()
                for path in sorted(other.rglob("*"), reverse=True):
                    path.rmdir()
                other.rmdir()
        except OSError:
            continue
