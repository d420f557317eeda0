"""Chance: one stream of random bits for each station and purpose, counted through, and times drawn from it.

The n-th value of a stream is a mix of *start + n × step*, both of them hashed from (seed, replication, station,
purpose): SplitMix with a step of its own for every stream, Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195.
So a stream needs two words, and what one station draws never moves what another one gets.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.compiled import compiled, part, shared_part

STREAM = np.dtype([("position", np.uint64), ("step", np.uint64)])
"""One stream: where it stands, and how far it goes for each value."""
LAW = np.dtype([("kind", np.int64), ("a", np.float64), ("b", np.float64), ("c", np.float64), ("first", np.int64)])
"""A distribution in ticks; what ``a``, ``b``, ``c`` and ``first`` are depends on its kind, see `draw`."""

DETERMINISTIC, EXPONENTIAL, WEIBULL, LOGNORMAL, GAMMA, TRIANGULAR, EMPIRICAL = range(7)

LONGEST = 1 << 48
"""Longest time that can be drawn, ticks: nine years."""

WORK, SCRAP_LUCK, ROUTE_LUCK, ARRIVAL, TO_FAILURE, TO_REPAIR = 0, 1, 2, 3, 4, 5
"""Purposes; those of failure mode m are ``TO_FAILURE + 2 m`` and ``TO_REPAIR + 2 m``."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_FACTOR, SECOND_FACTOR = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
BY_27, BY_30, BY_31, BY_11, ONE = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(11), np.uint64(1)
STEP_CHECK = np.uint64(0xAAAAAAAAAAAAAAAA)
LAYER_BITS = np.uint64(255)
UNIT = 2.0**-53

TAIL = 7.69711747013104972
"""Where the last of 256 layers of the exponential begins: Marsaglia and Tsang (2000), doi:10.18637/jss.v005.i08."""
LAYER_AREA = 0.0039496598225815571993


def _layers() -> tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.float64]]:
    """Tables of the ziggurat: integers surely inside each layer, width of a layer per integer, density at its edge."""
    inside, width, density = np.zeros(256, np.uint64), np.zeros(256), np.zeros(256)
    edge, size = TAIL, 2.0**53
    base = LAYER_AREA / math.exp(-edge)
    inside[0], width[0], density[0] = np.uint64(edge / base * size), base / size, 1.0
    width[255], density[255] = edge / size, math.exp(-edge)
    for layer in range(254, 0, -1):
        before, edge = edge, -math.log(LAYER_AREA / edge + math.exp(-edge))
        inside[layer + 1] = np.uint64(edge / before * size)
        width[layer], density[layer] = edge / size, math.exp(-edge)
    return inside, width, density


INSIDE, WIDTH, DENSITY = _layers()


@part
def mix(z: Any) -> Any:
    """Sixty-four bits, each of them moved by each bit of ``z``."""
    z = (z ^ (z >> BY_30)) * FIRST_FACTOR
    z = (z ^ (z >> BY_27)) * SECOND_FACTOR
    return z ^ (z >> BY_31)


@part
def bits(stream: Any) -> Any:
    """The next sixty-four random bits."""
    stream.position += stream.step
    return mix(stream.position)


@part
def uniform(stream: Any) -> Any:
    """A number above 0 and below 1."""
    return (np.float64(np.int64(bits(stream) >> BY_11)) + 0.5) * UNIT


@shared_part
def outside_the_layers(stream: Any, layer: Any, x: Any) -> Any:
    """What is drawn in one of 90 cases: the edge of a layer, or the tail."""
    while True:
        if layer == 0:
            return TAIL - math.log(uniform(stream))
        if DENSITY[layer] + (DENSITY[layer - 1] - DENSITY[layer]) * uniform(stream) < math.exp(-x):
            return x
        word = bits(stream)
        layer = np.int64(word & LAYER_BITS)
        number = word >> BY_11
        x = np.float64(np.int64(number)) * WIDTH[layer]
        if number < INSIDE[layer]:
            return x


@part
def exponential(stream: Any) -> Any:
    """Exponential with mean 1, by ziggurat."""
    word = bits(stream)
    layer = np.int64(word & LAYER_BITS)
    number = word >> BY_11
    x = np.float64(np.int64(number)) * WIDTH[layer]
    if number < INSIDE[layer]:
        return x
    return outside_the_layers(stream, layer, x)


@part
def normal(stream: Any) -> Any:
    """Standard normal by inversion of one uniform number: Wichura (1988), AS 241, doi:10.2307/2347330."""
    q = uniform(stream) - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2509.0809287301226727 * r + 33430.575583588128105
        top = ((top * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125
        top = ((top * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608
        low = 5226.495278852854561 * r + 28729.085735721942674
        low = ((low * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077
        low = ((low * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0
        return q * top / low
    r = math.sqrt(-math.log(min(q + 0.5, 0.5 - q)))
    if r <= 5.0:
        r -= 1.6
        top = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
        top = ((top * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504
        top = ((top * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
        low = ((low * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455
        low = ((low * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0
    else:
        r -= 5.0
        top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        top = ((top * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123
        top = ((top * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772
        low = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
        low = ((low * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525
        low = ((low * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0
    return math.copysign(top / low, q)


@part
def gamma(stream: Any, shape: float) -> Any:
    """Gamma with scale 1: Marsaglia and Tsang (2000), doi:10.1145/358407.358414; a shape below 1 by Stuart's power."""
    lifted = shape if shape >= 1.0 else shape + 1.0
    d = lifted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = normal(stream)
        root = 1.0 + c * x
        if root > 0.0:
            v = root * root * root
            if math.log(uniform(stream)) < 0.5 * x * x + d - d * v + d * math.log(v):
                break
    if shape >= 1.0:
        return d * v
    return d * v * uniform(stream) ** (1.0 / shape)


@part
def triangular(stream: Any, low: float, mode: float, high: float) -> Any:
    """Triangular, by inversion."""
    u = uniform(stream)
    if u * (high - low) < mode - low:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


@shared_part
def draw_other(stream: Any, kind: int, a: float, b: float, c: float, first: int, values: Any) -> Any:
    """A time of one of the laws that need more than a multiplication, ticks before rounding."""
    if kind == WEIBULL:  # a: scale, b: 1 / shape
        return a * exponential(stream) ** b
    if kind == LOGNORMAL:  # a: median, b: standard deviation of the logarithm
        return a * math.exp(b * normal(stream))
    if kind == GAMMA:  # a: scale, b: shape
        return a * gamma(stream, b)
    if kind == TRIANGULAR:
        return triangular(stream, a, b, c)
    return values[first + np.int64(uniform(stream) * a)]  # EMPIRICAL; a: how many values, from first on


@part
def draw(stream: Any, law: Any, values: Any) -> Any:
    """A time of the law, whole ticks, at least one."""
    if law.kind == EXPONENTIAL:  # a: mean
        time = law.a * exponential(stream)
    elif law.kind == DETERMINISTIC:  # a: the time
        time = law.a
    else:
        time = draw_other(stream, law.kind, law.a, law.b, law.c, law.first, values)
    return max(np.int64(min(time, np.float64(LONGEST)) + 0.5), np.int64(1))


@part
def open_stream(stream: Any, seed: Any, replication: int, station: int, purpose: int) -> None:
    """Set a stream to its beginning."""
    key = mix(seed + GOLDEN)
    key = mix((key ^ np.uint64(replication)) + GOLDEN)
    key = mix((key ^ np.uint64(station)) + GOLDEN)
    key = mix((key ^ np.uint64(purpose)) + GOLDEN)
    step = mix(key + GOLDEN) | ONE
    # A step whose bits seldom change from one to the next mixes less well.
    changes, count = step ^ (step >> ONE), 0
    while changes != np.uint64(0):
        changes &= changes - ONE
        count += 1
    stream.position = key
    stream.step = step if count >= 24 else step ^ STEP_CHECK


@compiled
def fill_times(
    streams: Any, laws: Any, values: Any, seed: Any, replication: int, station: int, purpose: int, out: Any
) -> None:
    """The first times of one stream: ``out`` (count,), ticks."""
    open_stream(streams[0], seed, replication, station, purpose)
    for k in range(out.shape[0]):
        out[k] = draw(streams[0], laws[0], values)


@compiled
def fill_uniforms(streams: Any, seed: Any, replication: int, station: int, purpose: int, out: Any) -> None:
    """The first uniform numbers of one stream: ``out`` (count,)."""
    open_stream(streams[0], seed, replication, station, purpose)
    for k in range(out.shape[0]):
        out[k] = uniform(streams[0])


@compiled
def next_times(streams: Any, laws: Any, values: Any, out: Any) -> None:
    """The next times of a stream that is open: ``out`` (count,), ticks."""
    for k in range(out.shape[0]):
        out[k] = draw(streams[0], laws[0], values)


@compiled
def next_uniforms(streams: Any, out: Any) -> None:
    """The next uniform numbers of a stream that is open: ``out`` (count,)."""
    for k in range(out.shape[0]):
        out[k] = uniform(streams[0])
