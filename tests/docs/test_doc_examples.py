import doctest
import importlib
import re

import pytest

from tests.docs.pages import ROOT, find_blocks, find_pages, first_missing, run_page

PAGES = [
    page
    for page in find_pages()
    if any(block.reason_not_run is None for block in find_blocks(page.read_text(encoding="utf-8")))
]
MODULES = [
    ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "src").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A reader's working folder: the examples are there, and what is written stays out of the repository."""
    if (ROOT / "examples").exists():
        (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_example_of_the_page_runs(page, folder):
    assert run_page(page, folder) > 0


@pytest.mark.parametrize("module", MODULES)
def test_every_docstring_example_of_the_module_holds(module, folder):
    failed, attempted = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS)
    assert attempted > 0
    assert failed == 0


def test_a_failing_python_block_is_caught_at_its_line(tmp_path, folder):
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n```python\nanswer = 41\nassert answer == 42\n```\n")
    with pytest.raises(AssertionError) as caught:
        run_page(page, folder)
    assert caught.traceback[-1].lineno + 1 == 5


def test_blocks_of_a_page_share_their_names(tmp_path, folder):
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 1\n```\ntext\n```python\nassert x == 1\n```\n")
    assert run_page(page, folder) == 2


def test_a_block_with_a_reason_is_not_run(tmp_path, folder):
    page = tmp_path / "page.md"
    page.write_text("<!-- not run: it needs a licence -->\n```python\nraise SystemExit\n```\n")
    assert run_page(page, folder) == 0


def test_a_block_without_a_reason_is_run_all_the_same(tmp_path, folder):
    page = tmp_path / "page.md"
    page.write_text("<!-- not run: -->\n```python\nran = 1\n```\n")
    assert run_page(page, folder) == 1


def test_a_console_block_of_another_program_is_refused(tmp_path, folder):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ rm -rf elsewhere\n```\n")
    with pytest.raises(AssertionError, match=r"page.md:2: only `\$ manyworks …` is run"):
        run_page(page, folder)


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (["NPV 12.5"], None),
        (["NPV ...", "gap 0.3 %"], None),
        (["...", "gap ... %"], None),
        (["gap 0.3 %", "NPV 12.5"], "NPV 12.5"),
        (["NPV 13"], "NPV 13"),
    ],
)
def test_shown_lines_must_follow_each_other_in_the_output(shown, missing):
    assert first_missing(shown, "Plan\nNPV   12.5\n\ngap 0.3 %\n") == missing


@pytest.mark.parametrize("page", [*find_pages(), *ROOT.glob("*.md")], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_links_to_is_there(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    files = [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]
    generated = ROOT / "docs" / "reference"
    missing = [
        link
        for link in files
        if not (page.parent / link).exists()
        and (generated / "document") not in (page.parent / link).resolve().parents
        and (page.parent / link).resolve() != generated / "command_line.md"
    ]
    assert missing == []
