"""Safety stock against the promise of the textbook: an order-up-to policy meets its cycle service level.

Silver, Pyke and Thomas (2017), *Inventory and Production Management in Supply Chains*, section 6.9 (R, S): with review
period R, lead time L and normal forecast errors, S = mean over L + R plus the safety stock leaves no backorder before
the next delivery with the probability asked for. Tolerance: four standard errors of the simulated share.
"""

import numpy as np
import pytest

from manyworks.model.stock import safety_units

WEEKS, MEAN, CV = 40_000, 1000.0, 0.2


@pytest.mark.parametrize(("service_level", "lead_weeks"), [(0.9, 1), (0.95, 2), (0.98, 3)])
def test_a_warehouse_that_orders_every_week_keeps_its_service_level(service_level, lead_weeks):
    safety = safety_units(
        MEAN, CV, lead_days=7.0 * lead_weeks, lead_days_sd=0.0, review_days=7.0, service_level=service_level
    )
    served = weeks_without_backorder(MEAN * (lead_weeks + 1) + safety, lead_weeks)
    # Weeks overlap in their demand, so the share varies more than coin tosses would: L + 1 times the variance.
    error = np.sqrt(service_level * (1 - service_level) * (lead_weeks + 1) / WEEKS)
    assert served == pytest.approx(service_level, abs=4 * error)


def weeks_without_backorder(order_up_to: float, lead_weeks: int) -> float:
    """Share of weeks at whose end nobody waits; an order arrives ``lead_weeks`` later, before that week's demand."""
    demand = np.random.default_rng(7).normal(MEAN, CV * MEAN, WEEKS)
    on_hand, on_order, waiting = order_up_to, [0.0] * lead_weeks, 0
    for wanted in demand:
        on_order.append(order_up_to - on_hand - sum(on_order))
        on_hand += on_order.pop(0) - wanted
        waiting += on_hand < 0
    return 1 - waiting / WEEKS
