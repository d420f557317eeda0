"""What happens to a line when its machines, buffers or people are other ones?

Question: how does the rate of a line answer to each combination of some values?
In: a Network, a line and a grid of values. Out: `Sweep`, one row a combination, compared by common random numbers.
Read first: `sweep.py`; `grid.py` puts values into the document, `cluster.py` sends batches to other machines.
Terms: replications and common random numbers as in Law (2015), *Simulation Modeling and Analysis*, section 11.2.
"""

from manyworks.twin.sweep.result import Sweep
from manyworks.twin.sweep.sweep import sweep

__all__ = ["Sweep", "sweep"]
