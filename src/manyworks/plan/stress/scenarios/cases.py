"""The worlds that plans are held against: the document's scenarios, or plain ones where it has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.model.scenario import apply_scenario
from manyworks.plan.stress.world import DEMAND, DUTY, FREIGHT, WAGES, Number, scaled

BUILT_IN: tuple[tuple[Number, float], ...] = (
    (DEMAND, 0.8),
    (DEMAND, 1.2),
    (FREIGHT, 1.5),
    (DUTY, 2.0),
    (WAGES, 1.2),
)
"""Changes that are tried where the document has no scenario; assumptions, not forecasts."""


@dataclass(frozen=True, kw_only=True)
class World:
    """One different world. ``note`` says what it stands for, ``is_built_in`` that the document does not name it."""

    id: str
    title: str
    note: str
    is_built_in: bool
    probability: float | None
    change: Callable[[Network], Network]


def worlds(network: Network) -> tuple[World, ...]:
    """The document's scenarios in its order; the built-in ones, as far as they change anything, where it has none."""
    if network.scenarios:
        return tuple(
            World(
                id=row.id,
                title=row.name,
                note=row.note,
                is_built_in=False,
                probability=row.probability,
                change=_scenario(row.id),
            )
            for row in network.scenarios
        )
    return tuple(_built_in(number, factor) for number, factor in BUILT_IN if number.is_stated(network))


def _scenario(name: str) -> Callable[[Network], Network]:
    return lambda network: apply_scenario(network, name)


def _built_in(number: Number, factor: float) -> World:
    change = f"{abs(factor - 1):.0%}".replace("%", " %")
    return World(
        id=f"{number.name}_{'down' if factor < 1 else 'up'}",
        title=f"{number.title} {change} {'lower' if factor < 1 else 'higher'}",
        note="built in, an assumption",
        is_built_in=True,
        probability=None,
        change=lambda network: scaled(network, number, factor),
    )
