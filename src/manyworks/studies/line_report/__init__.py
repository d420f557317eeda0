"""The page of a simulated line: rate, losses, bottleneck, a replay, and how sure all of it is.

Question: what does this line do, what holds it back, and how sure is that?
In: a `LineRun`. Out: `line.html`, one self-contained page, and `line.json`.
Read first: `page.py`, the order of the parts; then `replay.py`, from the engine's trace to the picture that moves.
Terms: PackML for machine states, ISO 22400-2 for key figures.
"""

from manyworks.studies.line_report.page import line_page, write_line_report

__all__ = ["line_page", "write_line_report"]
