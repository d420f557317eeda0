"""One self-contained HTML page: sections of words, pictures and tables; no outside request, prints well.

Only a page with a `Player` has a script: our own, and the page allows no other one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import ClassVar

from manyworks.render.figure import Figure
from manyworks.render.line_player import Player, player_script, script_hash
from manyworks.render.table import DataTable


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A number that matters, with what it means under it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A paragraph; ``is_key`` sets it larger, as the one sentence to remember."""

    kind: ClassVar[str] = "words"
    text: str
    is_key: bool = False


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """Short points in order."""

    kind: ClassVar[str] = "bullets"
    items: Sequence[str]
    is_numbered: bool = False


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something that the reader must not overlook; the word in front says how grave it is."""

    kind: ClassVar[str] = "notice"
    word: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Several numbers side by side."""

    kind: ClassVar[str] = "facts"
    items: Sequence[Fact]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure with its caption; its table can be unfolded. ``is_tall`` lets it fill a printed page."""

    kind: ClassVar[str] = "picture"
    figure: Figure
    caption: str = ""
    is_tall: bool = False


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table on the page; ``most`` rows are shown and the rest is said to be in the workbook.

    ``is_dense`` sets long tables tighter.
    """

    kind: ClassVar[str] = "grid"
    table: DataTable
    most: int | None = None
    is_dense: bool = False

    @property
    def hidden_rows(self) -> int:
        """Rows that the page leaves to the workbook."""
        return max(0, len(self.table.rows) - self.most) if self.most is not None else 0

    @property
    def shown_table(self) -> DataTable:
        """The rows of the page."""
        if not self.hidden_rows:
            return self.table
        return replace(self.table, rows=self.table.rows[: self.most], total_rows=0)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Words and what they mean."""

    kind: ClassVar[str] = "terms"
    items: Sequence[tuple[str, str]]


Block = Words | Bullets | Notice | Facts | Picture | Grid | Terms | Player


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the page: what it answers is its title."""

    id: str
    title: str
    blocks: Sequence[Block]
    starts_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything that one page says."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    footer: str = ""
    first_words: str = "recommendation"
    language: str = "en"


def render_page(page: Page) -> str:
    """The page as one HTML text. The same page gives the same bytes."""
    import jinja2

    folder = resources.files("manyworks.render").joinpath("templates")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(folder.joinpath("page.html.j2").read_text(encoding="utf-8"))
    style = folder.joinpath("page.css").read_text(encoding="utf-8")
    script = player_script() if _has_player(page) else ""
    policy = f"; script-src '{script_hash(script)}'" if script else ""
    return template.render(page=_numbered(page), style=style, script=script, policy=policy)


def _has_player(page: Page) -> bool:
    return any(isinstance(block, Player) for section in page.sections for block in section.blocks)


def _numbered(page: Page) -> Page:
    """The page with the ids inside its pictures made unique."""
    names = _names()
    sections = [
        replace(section, blocks=[_renamed(block, next(names)) for block in section.blocks]) for section in page.sections
    ]
    return replace(page, sections=sections)


def _renamed(block: Block, name: str) -> Block:
    return replace(block, figure=block.figure.named(name)) if isinstance(block, Picture) else block


def _names() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"figure{number}"
