"""How long things take: distributions in words, ``lognormal(mean=5, cv=0.8)``, as numbers.

The document, the twin and calibration share this one record; its grammar is that of the fields ``process_time``,
``time_to_failure`` and ``time_to_repair`` of `Equipment`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

PARAMETERS: dict[str, tuple[str, ...]] = {
    "deterministic": ("value",),
    "exponential": ("mean",),
    "weibull": ("shape", "scale"),
    "lognormal": ("mean", "cv"),
    "gamma": ("shape", "scale"),
    "triangular": ("low", "mode", "high"),
    "empirical": (),
}
"""Kinds of distribution, and their arguments in order; ``empirical`` takes any number of values, equally likely."""


@dataclass(frozen=True)
class TimeLaw:
    """A distribution of positive times, minutes: ``kind`` of `PARAMETERS` and its ``values`` in that order."""

    kind: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        fault = _fault_of(self.kind, self.values)
        if fault:
            raise ValueError(f"{self.kind}{self.values}: {fault}")

    def __str__(self) -> str:
        names = PARAMETERS[self.kind]
        inside = ", ".join(f"{value:.6g}" for value in self.values)
        if len(names) == 2:
            inside = ", ".join(f"{name}={value:.6g}" for name, value in zip(names, self.values, strict=True))
        return f"{self.kind}({inside})"

    @property
    def mean(self) -> float:
        """Mean, minutes."""
        return _MOMENTS[self.kind](self.values)[0]

    @property
    def variance(self) -> float:
        """Variance, minutes squared."""
        return _MOMENTS[self.kind](self.values)[1]

    @property
    def cv(self) -> float:
        """Coefficient of variation: standard deviation over mean."""
        return math.sqrt(self.variance) / self.mean

    def scaled(self, factor: float) -> TimeLaw:
        """The same shape with every time multiplied by ``factor`` > 0."""
        fixed = {"weibull": 1, "gamma": 1}.get(self.kind, 0)  # the shape comes first and stays
        if self.kind == "lognormal":
            return TimeLaw(self.kind, (self.values[0] * factor, self.values[1]))
        return TimeLaw(self.kind, self.values[:fixed] + tuple(value * factor for value in self.values[fixed:]))


def deterministic(minutes: float) -> TimeLaw:
    """Always the same time."""
    return TimeLaw("deterministic", (minutes,))


def exponential(mean: float) -> TimeLaw:
    """Exponential with this mean, minutes."""
    return TimeLaw("exponential", (mean,))


def time_law(words: str) -> TimeLaw:
    """Read a distribution as documents write it; arguments in order or by name.

    Raises
    ------
    ValueError
        The words are none; the message says what is wrong.
    """
    form = re.fullmatch(r"\s*(\w+)\s*\(([^()]*)\)\s*", words)
    if form is None:
        raise ValueError("must be name(arguments)")
    kind, inside = form.groups()
    if kind not in PARAMETERS:
        raise ValueError("must be a known distribution")
    values = _arguments(kind, inside)
    fault = _fault_of(kind, values)
    if fault:
        raise ValueError(fault)
    return TimeLaw(kind, values)


def _arguments(kind: str, inside: str) -> tuple[float, ...]:
    """Numbers inside the brackets, in the order of `PARAMETERS`."""
    names, in_order, named = PARAMETERS[kind], [], {}
    for part in inside.split(","):
        key, _, number = (piece.strip() for piece in part.rpartition("="))
        if key and key not in names:
            raise ValueError(f"has an unknown argument {key}")
        try:
            value = float(number)
        except ValueError:
            raise ValueError("must have numbers as arguments") from None
        if key:
            named[key] = value
        else:
            in_order.append(value)
    if not named:
        return tuple(in_order)
    rest = iter(in_order)
    return tuple(named[name] if name in named else next(rest, math.nan) for name in names) + tuple(rest)


def _fault_of(kind: str, values: tuple[float, ...]) -> str:
    """What is wrong with the numbers; empty when nothing is."""
    names = PARAMETERS[kind]
    if (names and len(values) != len(names)) or not values or any(math.isnan(value) for value in values):
        wanted = f"{len(names)} argument{'s' if len(names) > 1 else ''}: {', '.join(names)}" if names else "values"
        return f"must have {wanted}"
    if not all(0 < value < math.inf for value in values):
        return "must have positive arguments"
    if kind == "triangular" and list(values) != sorted(values):
        return "must have rising arguments"
    return ""


def _weibull(values: tuple[float, ...]) -> tuple[float, float]:
    shape, scale = values
    first, second = math.gamma(1 + 1 / shape), math.gamma(1 + 2 / shape)
    return scale * first, scale**2 * (second - first**2)


def _triangular(values: tuple[float, ...]) -> tuple[float, float]:
    a, c, b = values
    return (a + b + c) / 3, (a * a + b * b + c * c - a * b - a * c - b * c) / 18


def _empirical(values: tuple[float, ...]) -> tuple[float, float]:
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((value - mean) ** 2 for value in values) / len(values)


_MOMENTS: dict[str, Callable[[tuple[float, ...]], tuple[float, float]]] = {
    "deterministic": lambda v: (v[0], 0.0),
    "exponential": lambda v: (v[0], v[0] ** 2),
    "weibull": _weibull,
    "lognormal": lambda v: (v[0], (v[0] * v[1]) ** 2),
    "gamma": lambda v: (v[0] * v[1], v[0] * v[1] ** 2),
    "triangular": _triangular,
    "empirical": _empirical,
}
"""Mean and variance by kind."""
