"""Where to write names on a map so that no two overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right", "top", "bottom"]
LETTER_WIDTH = 0.56
"""Mean width of a letter of the page's font, as a share of its size."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """A name beside a mark: the offset from its centre in pixels and how the text is aligned there."""

    index: int
    dx: float
    dy: float
    align: Literal["left", "right", "center"]


def place_labels(
    x: Sequence[float], y: Sequence[float], radius: Sequence[float], names: Sequence[str], *,
    size: float, width: float, height: float, most: int | None = None,
) -> list[Label]:  # fmt: skip
    """Labels for the marks in the given order, which is their importance; a name that finds no room is left out.

    ``x``, ``y`` and ``radius`` are pixels; ``size`` is the height of the letters; nothing is written outside
    ``width`` × ``height`` or over a mark. ``most`` limits how many are written.
    """
    taken = [(a - r, b - r, a + r, b + r) for a, b, r in zip(x, y, radius, strict=True)]
    placed: list[Label] = []
    for index, name in enumerate(names):
        if most is not None and len(placed) >= most:
            break
        for label, box in _candidates(index, x[index], y[index], radius[index], len(name) * size * LETTER_WIDTH, size):
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
            if inside and not any(_overlap(box, other) for other in taken):
                placed.append(label)
                taken.append(box)
                break
    return placed


Box = tuple[float, float, float, float]


def _candidates(index: int, x: float, y: float, radius: float, width: float, size: float) -> list[tuple[Label, Box]]:
    """Right, left, above, below: positions in the order in which readers expect them."""
    gap, half = radius + 3, size / 2
    return [
        (Label(index=index, dx=gap, dy=0, align="left"), (x + gap, y - half, x + gap + width, y + half)),
        (Label(index=index, dx=-gap, dy=0, align="right"), (x - gap - width, y - half, x - gap, y + half)),
        (
            Label(index=index, dx=0, dy=-gap - half, align="center"),
            (x - width / 2, y - gap - size, x + width / 2, y - gap),
        ),
        (
            Label(index=index, dx=0, dy=gap + half, align="center"),
            (x - width / 2, y + gap, x + width / 2, y + gap + size),
        ),
    ]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
