"""What plan do the solver's numbers describe?

In: a ``Model`` and the value of each of its columns. Out: the ``PlanTables`` of a plan.
Read first: ``decode`` here, then ``choice.py``; the other files make one kind of table each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.decode.choice import read_choice
from manyworks.plan.equations.decode.goods import (
    co_packed_table,
    purchases_table,
    shipments_table,
    units_made,
    unmet_table,
)
from manyworks.plan.equations.decode.lines import labour_table, lines_table, production_table
from manyworks.plan.equations.decode.openings import openings_table
from manyworks.plan.equations.decode.rows import typed_table
from manyworks.plan.equations.decode.stock import stock_table
from manyworks.plan.equations.formulation import Model
from manyworks.plan.result import PlanTables

Floats = NDArray[np.float64]


def decode(model: Model, x: Floats) -> PlanTables:
    """Tables of the plan that ``x`` describes."""
    choice = read_choice(model, x)
    shipments, shipped = shipments_table(model, choice)
    made = units_made(model, choice, shipped)
    return PlanTables(
        openings=openings_table(model, choice, made),
        lines=lines_table(model, choice),
        production=production_table(model, choice, made),
        shipments=shipments,
        stock=stock_table(model, choice),
        labour=labour_table(model, choice),
        unmet=unmet_table(model, choice),
        spoiled=typed_table({"place": [], "product": [], "period": [], "units": []}, numbers=("units",)),
        co_packed=co_packed_table(model, made),
        purchases=purchases_table(model, x),
    )


__all__ = ["decode"]
