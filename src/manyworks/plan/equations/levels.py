"""Levels over time: what an increase is worth as the worth of a level, and the hours that lines have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.plan.equations.instance import Instance, ramp_shares

Floats = NDArray[np.float64]


def telescoped(per_change: Floats) -> Floats:
    """Coefficients of levels from the value of their increases: v[t] − v[t+1]; last axis is time."""
    later = np.concatenate([per_change[..., 1:], np.zeros_like(per_change[..., :1])], axis=-1)
    return np.asarray(per_change - later)


def spent_by_level(spent: Floats) -> Floats:
    """Spending per unit of level from spending per increase: s[t] − s[t+1] along the middle axis."""
    later = np.concatenate([spent[:, 1:], np.zeros_like(spent[:, :1])], axis=1)
    return np.asarray(spent - later)


def finite(values: Floats) -> Floats:
    """``values`` with 0 where they are not finite."""
    return np.where(np.isfinite(values), values, 0.0)


def hours_unit(instance: Instance) -> float:
    """Hours per unit of the hour rows: those of one line in a quarter, as a power of two."""
    hours = instance.open_hours
    size = float(hours.max()) if hours.size else 1.0
    return float(2.0 ** np.round(np.log2(size))) if size > 0 else 1.0


def ready_lines(instance: Instance) -> Floats:
    """Lines ready in t per line standing since τ at the latest, as coefficients of the level added[g, τ]: (g, t, τ)."""
    share = ramp_shares(instance)[instance.option_of]
    return np.asarray(share - np.concatenate([share[:, :, 1:], np.zeros((*share.shape[:2], 1))], axis=2))
