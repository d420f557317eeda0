"""Fit the published stops of a small water line, as one kind and parted at 5 minutes; write both pages to out/.

The table is `bottling_line_stop_quantiles.csv` in the folder of public data that ``$MANYWORKS_DATA`` names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from manyworks import example_path, load_network
from manyworks.twin.calibration import calibrate_line

PARTED_AT_MIN = 5.0


def main() -> None:
    """Print both fits and write their pages."""
    table = Path(os.environ.get("MANYWORKS_DATA", "../shared/data")) / "bottling_line_stop_quantiles.csv"
    folder = Path("out")
    folder.mkdir(exist_ok=True)
    network = load_network(example_path("bottling_line"))
    for name, threshold in (("bottling_stops", None), ("bottling_stops_parted", PARTED_AT_MIN)):
        found = calibrate_line(network, line="line_125", quantiles=table, station="filler", minor_below_min=threshold)
        page = found.write_report(folder / f"{name}.html")
        sys.stdout.write(f"{found.summary()}\nChecks: {found.check() or 'none failed'}. Wrote {page}.\n\n")


if __name__ == "__main__":
    main()
