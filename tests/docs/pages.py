"""Find and run the examples of Markdown pages.

A page is followed from top to bottom, like a reader would: its `python` blocks share one namespace, and its
`console` blocks run in the same working folder. In a `console` block every line `$ manyworks …` is a command
that must succeed, or end as its comment says: `$ manyworks check broken  # exits 1`. The lines below a command
must appear in its output, in that order; `...` stands for anything, inside a line or instead of lines.

A block is not run when the line above its fence is `<!-- not run: REASON -->`. Without a reason it is run.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from manyworks.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^(?P=indent)```\s*$", re.M | re.S)
NOT_RUN = re.compile(r"<!-- not run: (?P<reason>\S[^>]*?) -->\s*$")
EXITS = re.compile(r"#\s*exits (?P<code>\d)\s*$")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block: `line` is that of its first line of text, from 1."""

    language: str
    text: str
    line: int
    reason_not_run: str | None


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command of a console block, with the lines of output that the page shows."""

    line: int
    arguments: list[str]
    exit_code: int
    shown: list[str]


def find_pages() -> list[Path]:
    """README.md and every page of docs, except built ones and those that docs/_ext writes from declarations."""
    built = {ROOT / "docs" / "_build", ROOT / "docs" / "reference" / "document"}
    pages = [path for path in (ROOT / "docs").rglob("*.md") if built.isdisjoint(path.parents)]
    return [ROOT / "README.md", *sorted(pages)]


def find_blocks(page: str) -> list[Block]:
    """The `python` and `console` blocks of a page, in order."""
    return [
        Block(
            language=match["language"],
            text=unindent(match["text"], len(match["indent"])),
            line=page.count("\n", 0, match.start()) + 2,
            reason_not_run=reason["reason"] if (reason := NOT_RUN.search(page[: match.start()])) else None,
        )
        for match in FENCE.finditer(page)
        if match["language"] in {"python", "console"}
    ]


def unindent(text: str, width: int) -> str:
    return "\n".join(line[width:] for line in text.splitlines()) + "\n"


def run_page(path: Path, folder: Path) -> int:
    """Run every block of a page with `folder` as working folder; the number of blocks that ran."""
    namespace: dict[str, object] = {"__name__": "__page__"}
    blocks = [block for block in find_blocks(path.read_text(encoding="utf-8")) if block.reason_not_run is None]
    for block in blocks:
        if block.language == "python":
            run_python(block, path, namespace)
        else:
            run_console(block, path, folder)
    return len(blocks)


def run_python(block: Block, path: Path, namespace: dict[str, object]) -> None:
    # Blank lines in front make a traceback show the line of the page.
    code = compile("\n" * (block.line - 1) + block.text, str(path), "exec")
    exec(code, namespace)  # noqa: S102 - the page is part of this repository


def run_console(block: Block, path: Path, folder: Path) -> None:
    for command in read_commands(block, path):
        place = f"{path.name}:{command.line}: manyworks {shlex.join(command.arguments)}"
        code, output = run_manyworks(command.arguments, folder)
        assert code == command.exit_code, f"{place}\nexit code {code}\n{output}"
        missing = first_missing(command.shown, output)
        assert missing is None, f"{place}\nthe page shows {missing!r}, the output is\n{output}"


def read_commands(block: Block, path: Path) -> list[Command]:
    commands: list[Command] = []
    for number, line in enumerate(block.text.splitlines(), start=block.line):
        if line.startswith("$ "):
            exits = EXITS.search(line)
            words = shlex.split(line[2:], comments=True)
            assert words[0] == "manyworks", f"{path.name}:{number}: only `$ manyworks …` is run; mark the block"
            code = int(exits["code"]) if exits else 0
            commands.append(Command(line=number, arguments=words[1:], exit_code=code, shown=[]))
        elif line.strip():
            assert commands, f"{path.name}:{number}: a console block starts with `$ manyworks …`"
            commands[-1].shown.append(line)
    assert commands, f"{path.name}:{block.line}: a console block without a command"
    return commands


def run_manyworks(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Exit code and output of the program as on a terminal of 120 columns, in this process: starting one takes longer
    than most commands."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, {"NO_COLOR": "1", "COLUMNS": "120"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run(arguments)
    return code, out.getvalue() + err.getvalue()


def first_missing(shown: list[str], output: str) -> str | None:
    """The first shown line that does not follow the one before it in `output`; None if all do."""
    rest = [squeeze(line) for line in output.splitlines()]
    for line in shown:
        if line.strip() == "...":
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in squeeze(line).split("...")))
        index = next((i for i, found in enumerate(rest) if pattern.fullmatch(found)), None)
        if index is None:
            return line
        rest = rest[index + 1 :]
    return None


def squeeze(line: str) -> str:
    return " ".join(line.split())
