"""Fifteen questions, ten minutes: are micro-factories worth a closer look?

In: answers. Out: a `Screening` with a verdict, the range over which it held, and `screen.html`, one page of it.
Read first: `screening.py`; what is asked is in `questions.py`, what is assumed beside it too; `draft.py` makes the
document that is solved.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from manyworks.studies.screen.screening import Screening


def write_screen(screening: Screening, folder: Path | str) -> Path:
    """Write ``screen.html`` into ``folder``, which is made when it is not there."""
    from manyworks.render.page import render_page
    from manyworks.studies.screen.page import screen_page

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    html = folder / "screen.html"
    html.write_text(render_page(screen_page(screening)), encoding="utf-8")
    return html
