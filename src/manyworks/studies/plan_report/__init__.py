"""What does a plan mean for somebody who has ten minutes and no training?

In: a `Comparison` of rivals. Out: `report.html`, one page that needs no script, and `report.xlsx`, every table.
Read first: `page.py`, the order of the parts; each part is one file with the question it answers as its title.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from manyworks.plan.rivals.compare import Comparison

if TYPE_CHECKING:
    from manyworks.plan.stress.stress import StressRun


def write_report(comparison: Comparison, folder: Path | str, *, stress: StressRun | None = None) -> list[Path]:
    """Write ``report.html`` and ``report.xlsx`` into ``folder``, which is made when it is not there.

    ``stress``: a stress run of the same comparison, whose parts become sections and sheets.
    """
    from manyworks.render.page import render_page
    from manyworks.render.workbook import render_workbook
    from manyworks.studies.plan_report.page import report_page
    from manyworks.studies.plan_report.sheets import report_sheets
    from manyworks.studies.plan_report.subject import Subject

    subject = Subject(comparison=comparison, stress=stress)
    page = report_page(subject)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    html, workbook = folder / "report.html", folder / "report.xlsx"
    html.write_text(render_page(page), encoding="utf-8")
    workbook.write_bytes(render_workbook(report_sheets(subject), title=page.title))
    return [html, workbook]
