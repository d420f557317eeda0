"""Try both commands of the README in fresh clones with an empty home folder: `make prove-setup`.

Three computers are imitated on this one: with uv, without uv, and without uv and `ensurepip` (Debian without
python3-venv). Each clone gets an environment with nothing in it but a PATH, an empty HOME and the settings of
pip that this computer needs to reach its packages. Prints one line per command with its seconds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAYS = ("uv", "pip", "no-ensurepip")


def main() -> int:
    """Prove the ways that were asked for; 1 if any command failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--way", action="append", choices=WAYS, help="one of the three; may be repeated")
    parser.add_argument("--python", default="/usr/bin/python3", help="the bare interpreter to begin with")
    parser.add_argument("--test-options", default="", help="options of pytest, to run a part of the suite")
    parser.add_argument("--once", action="store_true", help="run each command once, not twice")
    options = parser.parse_args()
    failed = 0
    for way in options.way or WAYS:
        with tempfile.TemporaryDirectory(prefix="manyworks-setup-") as folder:
            failed += prove(way, Path(folder), options)
    return 1 if failed else 0


def prove(way: str, folder: Path, options: argparse.Namespace) -> int:
    """Clone, then run the main job twice and the tests twice, set up once each; the number of commands that failed."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = bare_environment(way, folder)
    python = python_without_ensurepip(options.python, folder / "usr") if way == "no-ensurepip" else options.python
    test = ["test", *options.test_options.split()]
    failed = 0
    for words in ([], test) if options.once else ([], [], test, test):
        started = time.monotonic()
        result = subprocess.run([python, "run.py", *words], cwd=clone, env=environment, check=False)
        seconds = time.monotonic() - started
        print(f"PROOF {way:13} run.py {' '.join(words):30} exit {result.returncode}  {seconds:6.1f} s", flush=True)
        failed += result.returncode != 0
    return failed


def bare_environment(way: str, folder: Path) -> dict[str, str]:
    """What a process sees on the imitated computer."""
    home, programs = folder / "home", folder / "bin"
    for made in (home, programs):
        made.mkdir()
    environment = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))}
    environment |= {"HOME": str(home), "PATH": f"{programs}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    if way == "uv":
        uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
        (programs / "uv").symlink_to(uv)
    return environment


def python_without_ensurepip(python: str, folder: Path) -> str:
    """A Python like `python` whose standard library lacks `ensurepip`, as Debian's does without python3-venv."""
    binary = Path(python).resolve()
    library = Path("lib") / binary.name
    (folder / "bin").mkdir(parents=True)
    (folder / library).mkdir(parents=True)
    shutil.copy(binary, folder / "bin" / binary.name)
    for entry in (binary.parents[1] / library).iterdir():
        if entry.name != "ensurepip":
            (folder / library / entry.name).symlink_to(entry)
    # Debian keeps its pip here.
    (folder / "lib" / "python3").symlink_to(binary.parents[1] / "lib" / "python3")
    return str(folder / "bin" / binary.name)


if __name__ == "__main__":
    sys.exit(main())
