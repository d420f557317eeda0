#!/usr/bin/env python3
"""Set up manyworks on first use, then run it. Needs Python 3.11 or newer and nothing else.

python3 run.py [OPTIONS]        plan the example network examples/soda_us; options go to `manyworks plan`
python3 run.py test [OPTIONS]   run the whole test suite; options go to pytest
python3 run.py setup            only set up, with everything that tests, checks and docs need

The libraries go into .venv beside this file, exactly those of the hash-locked lists requirements.lock and
requirements-test.lock. uv is used if it is there and works, else venv with its own pip, else venv driven by
the system's pip. A stamp makes later runs instant; an interrupted set-up starts afresh on the next run.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "manyworks-stamp.json"  # what was installed; written last
MADE_FOR = VENV / "manyworks-interpreter"  # which Python and folder; says that run.py made .venv
UNFINISHED = ROOT / ".venv-unfinished"  # stands beside .venv while a set-up is under way
MAIN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
MAIN_JOB = ["plan", "examples/soda_us", "--out", "out/soda_us"]
SIDE_BY_SIDE = ["-n", "auto", "--dist", "loadscope"]  # a file's tests share one process; `-n 0`: all of them do
APT_LINE = "sudo apt-get install -y python3-venv python3-pip"


def main(arguments):
    """Read the one word that matters here; the rest belongs to the program that is run."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python meets first
        fail(f"manyworks needs Python 3.11 or newer, found {sys.version.split()[0]}.")
    word = arguments[0] if arguments else ""
    if word in {"-h", "--help"}:
        print((__doc__ or "").strip())
    elif word == "setup":
        set_up(TEST_LOCK)
    elif word == "test":
        set_up(TEST_LOCK)
        replace_process([str(PYTHON), "-m", "pytest", *SIDE_BY_SIDE, *arguments[1:]])
    else:
        set_up(MAIN_LOCK)
        say(f"$ manyworks {' '.join([*MAIN_JOB, *arguments])}")
        replace_process([str(VENV / "bin" / "manyworks"), *MAIN_JOB, *arguments])


def set_up(lock):
    """Bring .venv to what `lock` says; return at once when it is so already."""
    with one_at_a_time():
        if is_current(lock):
            return
        started = time.monotonic()
        say(f"Setting up manyworks in {VENV.name} (only now and when its libraries change)")
        if VENV.exists() and not can_be_kept():
            shutil.rmtree(VENV)
        STAMP.unlink(missing_ok=True)
        UNFINISHED.touch()
        install(lock)
        compile_kernels()
        write_stamp(lock)
        UNFINISHED.unlink()
        say(f"  ready after {time.monotonic() - started:.0f} s")


@contextlib.contextmanager
def one_at_a_time():
    """Let a second run wait for the set-up of the first."""
    with Path(__file__).open("rb") as this_file:
        try:
            import fcntl
        except ImportError:  # not on this platform: two set-ups at once are the user's risk
            yield
            return
        try:
            fcntl.flock(this_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another set-up is running: waiting for it")
            fcntl.flock(this_file, fcntl.LOCK_EX)
        yield


# ---- what is there already ----


def interpreter():
    """Name what an environment is bound to: the exact Python and the place of this folder."""
    return f"{sys.implementation.name} {sys.version} {ROOT}"


def key(lock):
    """Digest of all that decides what has to be installed."""
    parts = [lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), interpreter().encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(lock):
    """Whether .venv holds what `lock` says; the list of the tests contains that of the main job."""
    if UNFINISHED.exists():
        return False
    try:
        installed = json.loads(STAMP.read_text(encoding="utf-8"))["key"]
    except (OSError, ValueError, KeyError):
        return False
    return installed in {key(lock), key(TEST_LOCK)}


def can_be_kept():
    """Whether .venv can be brought up to date in place, rather than made anew."""
    if UNFINISHED.exists():
        say("  the last set-up was interrupted: starting afresh")
        return False
    if not MADE_FOR.exists():
        fail(f"{VENV} was not made by run.py. Move it away, then run this again.")
    return MADE_FOR.read_text(encoding="utf-8") == interpreter() and PYTHON.exists()


def write_stamp(lock):
    """Record what was installed, in one step that cannot be half done."""
    draft = STAMP.with_suffix(".draft")
    draft.write_text(json.dumps({"key": key(lock), "lock": lock.name}) + "\n", encoding="utf-8")
    draft.replace(STAMP)


# ---- the three ways to install ----


def install(lock):
    """Fill .venv by the first way that works here."""
    reasons = []
    for way in (with_uv, with_venv_and_pip, with_system_pip):
        try:
            installer = way()
        except StepError as reason:
            reasons.append(reason)
            shutil.rmtree(VENV, ignore_errors=True)
            continue
        MADE_FOR.write_text(interpreter(), encoding="utf-8")
        try:
            install_with(installer, lock)
            return
        except StepError as reason:
            reasons.append(reason)
            if way is not with_uv:  # what one pip cannot fetch, the other cannot either
                break
            shutil.rmtree(VENV, ignore_errors=True)
    fail("\n".join(["The set-up failed.", *map(str, reasons), f"Where pip or venv is missing: {APT_LINE}"]))


def with_uv():
    """Make .venv with uv; about ten times as fast as pip."""
    uv = shutil.which("uv")
    if uv is None:
        raise StepError("uv", "is not installed")
    if not PYTHON.exists():
        step("environment, with uv", [uv, "venv", "--no-project", "--python", sys.executable, str(VENV)])
    return [uv, "pip", "install", "--python", str(PYTHON)]


def with_venv_and_pip():
    """Make .venv with a pip of its own, which Debian splits off into python3-venv."""
    installer = [str(PYTHON), "-m", "pip", "install"]
    try:
        check("pip of .venv", [*installer, "--help"])
    except StepError:
        step("environment, with venv and pip", [sys.executable, "-m", "venv", str(VENV)])
    return installer


def with_system_pip():
    """Make a bare .venv and let the system's pip fill it (pip 22.3 or newer)."""
    step("environment, with venv", [sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    installer = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install"]
    check("pip of the system", [*installer, "--help"])
    return installer


def install_with(installer, lock):
    """Install the locked libraries, each checked against its hash, then this project, fetching no more."""
    pinned = [line for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]
    step(f"about {len(pinned)} libraries", [*installer, "--require-hashes", "-r", str(lock)])
    step("manyworks itself", [*installer, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])


def compile_kernels():
    """Compile the simulation kernels now, so that no first run waits for them."""
    if (ROOT / "src" / "manyworks" / "cli" / "compilation.py").exists():
        step("kernels, compiled once", [str(PYTHON), "-m", "manyworks.cli.compilation"])


# ---- running a step and showing it ----


class StepError(Exception):
    """A step that did not work, with the end of what it said."""

    def __init__(self, name, output):
        lines = output.strip().splitlines()[-15:]
        super().__init__("\n".join([f"- {name}:", *(f"    {line}" for line in lines)]))


def step(name, command):
    """Run one command, showing its name and the seconds it takes."""
    started = time.monotonic()
    done = threading.Event()
    ticker = threading.Thread(target=show_elapsed, args=(name, started, done), daemon=True)
    ticker.start()
    outcome = "not possible here"
    try:
        check(name, command)
        outcome = f"{time.monotonic() - started:5.1f} s"
    finally:
        done.set()
        ticker.join()
        say(f"{start_of_line()}  {name:34} {outcome}")


def check(name, command):
    """Run one command in silence; raise StepError with its output if it fails."""
    try:
        result = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise StepError(name, str(error)) from None
    if result.returncode != 0:
        raise StepError(name, result.stdout)


def show_elapsed(name, started, done):
    """Show that the step is alive: every second on a terminal, every 20 seconds in a log."""
    on_terminal = sys.stderr.isatty()
    while not done.wait(1 if on_terminal else 20):
        text = f"{start_of_line()}  {name:34} {time.monotonic() - started:5.0f} s ..."
        sys.stderr.write(text if on_terminal else f"{text}\n")
        sys.stderr.flush()


def start_of_line():
    """Go back over the running line, on a terminal only."""
    return "\r\x1b[K" if sys.stderr.isatty() else ""


def clean_environment():
    """Copy the caller's environment without what would lead the installers elsewhere."""
    strays = {
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_REQUIRE_VIRTUALENV",
    }
    kept = {name: value for name, value in os.environ.items() if name not in strays}
    return kept | {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }


def replace_process(command):
    """Become `command`, so that signals and the exit code are its own."""
    os.chdir(ROOT)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], command, clean_environment())


def say(text):
    """Write to standard error: standard output belongs to the job itself."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def fail(text):
    """End with exit code 1."""
    say(text)
    sys.exit(1)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        fail("\nInterrupted. Run this again to go on.")
