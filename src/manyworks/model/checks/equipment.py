"""Machines: their distributions, failures, and the addresses of real ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from manyworks.model.checks.paths import at, did_you_mean
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.model.times import PARAMETERS, time_law

SECRET_WORDS = ("password", "passwd", "pwd", "secret", "token", "apikey", "api_key", "access_key")
TIMES = ("time_to_failure", "time_to_repair", "process_time", "time_to_minor_stop", "minor_stop_time")


@rule(
    "distribution-malformed",
    "error",
    title="A distribution is written as name(arguments)",
    explanation="Times of machines are ``exponential(30)``, ``weibull(shape=1.4, scale=30)``, ``lognormal(mean=5, "
    "cv=0.8)``, ``gamma(shape=2, scale=3)``, ``triangular(1, 2, 5)``, ``deterministic(0.5)`` or ``empirical(1, 2, 2, "
    "5)``, in minutes; arguments are positive, those of triangular rise.",
    cure="Write one of these forms, arguments in this order or by name.",
    is_local=True,
)
def malformed_distributions(network: Network) -> Iterator[Finding]:
    """Distributions of machines that cannot be read."""
    for position, row in enumerate(network.equipment):
        for field in TIMES:
            text = getattr(row, field)
            fault = _fault(text) if text else ""
            if fault:
                name = re.match(r"\s*(\w*)", text)
                cure = did_you_mean(name.group(1), PARAMETERS) if name and name.group(1) not in PARAMETERS else ""
                yield Finding(path=at("equipment", position, row, field), message=fault, found=text, cure=cure)


def _fault(text: str) -> str:
    """What is wrong with a distribution; empty when nothing is."""
    try:
        time_law(text)
    except ValueError as error:
        return str(error)
    return ""


@rule(
    "minor-stop-half-stated",
    "error",
    title="A minor stop has a running time to it and a length",
    explanation="The twin needs both: how long a machine works until it stops for a moment, and how long it stands.",
    cure="State time_to_minor_stop and minor_stop_time, or neither.",
    is_local=True,
)
def half_stated_minor_stops(network: Network) -> Iterator[Finding]:
    """Machines with one of the two times of minor stops."""
    for position, row in enumerate(network.equipment):
        if bool(row.time_to_minor_stop) != bool(row.minor_stop_time):
            missing = "minor_stop_time" if row.time_to_minor_stop else "time_to_minor_stop"
            stated = row.time_to_minor_stop or row.minor_stop_time
            yield Finding(path=at("equipment", position, row, missing), message=f"is empty beside {stated}")


@rule(
    "repair-without-time",
    "warning",
    title="A machine that fails takes time to repair",
    explanation="A mean time between failures without a time to repair makes failures free; a repair that takes longer "
    "than the machine runs between failures is mostly a slip of units.",
    cure="State mttr_min in minutes.",
    is_local=True,
)
def free_repairs(network: Network) -> Iterator[Finding]:
    """Machines whose repairs take no time, or longer than they run."""
    for position, row in enumerate(network.equipment):
        if row.mtbf_min is None:
            continue
        if (row.mttr_min == 0 and not row.time_to_repair) or row.mttr_min > row.mtbf_min:
            yield Finding(
                path=at("equipment", position, row, "mttr_min"),
                message=f"does not go with a failure every {row.mtbf_min:g} min",
                found=f"{row.mttr_min:g}",
            )


@rule(
    "footprint-too-small",
    "warning",
    title="A machine's footprint holds its length and width",
    explanation="The floor area with access is at least the area of the machine itself.",
    cure="Correct footprint_m2, or length_m and width_m (metres, not millimetres).",
    is_local=True,
)
def small_footprints(network: Network) -> Iterator[Finding]:
    """Machines that are larger than their floor area."""
    for position, row in enumerate(network.equipment):
        if row.length_m and row.width_m and 0 < row.footprint_m2 < row.length_m * row.width_m * 0.999:
            yield Finding(
                path=at("equipment", position, row, "footprint_m2"),
                message=f"is less than {row.length_m:g} m × {row.width_m:g} m",
                found=f"{row.footprint_m2:g}",
            )


@rule(
    "secret-in-document",
    "error",
    title="A secret is named, never written",
    explanation="Documents are copied, mailed and kept under version control. Passwords and keys live in the site's "
    "secret store; the document names the entry. The value itself is not repeated in this message.",
    cure="Take it out, change the secret where it is used, and write the name of its entry in the secret store.",
    is_local=True,
)
def written_secrets(network: Network) -> Iterator[Finding]:
    """Endpoints whose address or secret holds what looks like the secret itself."""
    for position, row in enumerate(network.endpoints):
        if _holds_secret(row.url):
            yield Finding(
                path=at("endpoints", position, row, "url"), message="must not hold a password or key", found="a secret"
            )
        if not _is_name(row.secret):
            yield Finding(
                path=at("endpoints", position, row, "secret"),
                message="must be the name of a secret, such as reno_plc",
                found="what looks like the secret itself",
            )


def _holds_secret(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "@" in url
    has_password = ":" in parts.netloc.rpartition("@")[0]
    return has_password or any(word in key.lower() for key, _ in parse_qsl(parts.query) for word in SECRET_WORDS)


def _is_name(text: str) -> bool:
    """Whether a text reads as the name of a secret: words, perhaps with a number behind, not a mix of everything."""
    if not re.fullmatch(r"[A-Za-z0-9_./-]{0,80}", text):
        return False
    longest = max(re.split(r"[_./-]", text), key=len)
    is_mixed = all(re.search(kind, longest) for kind in (r"[0-9][A-Za-z]", r"[a-z]", r"[A-Z]"))
    return not (len(longest) >= 12 and is_mixed) and not re.fullmatch(r"[0-9a-f]{24,}", longest)


@rule(
    "endpoint-without-address",
    "warning",
    title="A real machine has an address",
    explanation="Every driver but the simulated one connects to an address.",
    cure="State url, or use the driver simulated.",
    is_local=True,
)
def endpoints_without_address(network: Network) -> Iterator[Finding]:
    """Endpoints of drivers that connect, without a url."""
    for position, row in enumerate(network.endpoints):
        if row.driver in ("opcua", "sparkplug", "tag_map") and not row.url:
            yield Finding(path=at("endpoints", position, row, "url"), message=f"is empty for the driver {row.driver}")
