"""Which distributions do the machines of a real line follow?

Question: how long does each machine run, stand and work, in the words of the document, and how sure is that?
In: an event log (`StateInterval`, `Count`, or CSV) or a table of quantiles. Out: `LineCalibration`, and a Network with
its words written in. Read first: `calibrate.py`, then `runs_and_stops.py`; `choice.py` says how a law is chosen.
Terms: PackML (ISA-TR88.00.02) for states; maximum likelihood with right censoring; Anderson and Darling (1954).
"""

from manyworks.twin.calibration.calibrate import calibrate_line
from manyworks.twin.calibration.calibration import LineCalibration, MachineFit
from manyworks.twin.calibration.choice import fit_times
from manyworks.twin.calibration.fit import Fit, TimesFit
from manyworks.twin.calibration.quantiles import fit_quantiles
from manyworks.twin.calibration.sample import Sample
from manyworks.twin.calibration.write_log import save_log, write_log

__all__ = [
    "Fit",
    "LineCalibration",
    "MachineFit",
    "Sample",
    "TimesFit",
    "calibrate_line",
    "fit_quantiles",
    "fit_times",
    "save_log",
    "write_log",
]
