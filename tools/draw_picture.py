"""Draw the map of a solved network for the README.

python tools/draw_picture.py out/soda_us/run.json docs/images/soda_us.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

from manyworks.plan.store import load_comparison
from manyworks.studies.plan_report.network import network_figure
from manyworks.studies.plan_report.subject import Subject


def main(run: Path, picture: Path) -> None:
    """Write the map of the recommended plan of ``run`` as an SVG file."""
    figure = network_figure(Subject(comparison=load_comparison(run)))
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(figure.as_file(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
