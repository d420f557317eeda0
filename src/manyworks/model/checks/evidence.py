"""Where numbers come from: is it said, and does it fit?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyworks.model.checks.paths import at, listed, plural
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.checks.targets import Targets, is_named
from manyworks.model.network import Network

IMPORTANT: dict[str, tuple[str, ...]] = {
    "finance": ("discount_rate", "tax_rate"),
    "products": ("price",),
    "materials": ("price_per_unit",),
    "offers": ("price_per_unit",),
    "equipment": ("rated_rate_per_min", "price"),
    "lines": ("nominal_rate_per_min", "oee", "crew_per_shift", "capex"),
    "changeovers": ("minutes",),
    "templates": ("capex", "indirect_staff", "fixed_cost_per_year", "stand_up_quarters"),
    "stand_up_steps": ("weeks",),
    "sites": ("wage_per_h", "power_price_per_kwh", "rent_per_m2_year", "labour_pool"),
    "upgrades": ("capex",),
    "warehouses": ("throughput_fee_per_pallet",),
    "co_packers": ("toll_fee_per_unit",),
    "outage_classes": ("frequency_per_year", "duration_h"),
    "markets": ("population",),
    "demand_rules": ("units_per_head_year", "share"),
    "demand": ("units",),
    "freight_modes": ("cost_per_km",),
    "lanes": ("cost_per_unit", "cost_per_tonne"),
    "duties": ("ad_valorem_share", "per_kg"),
}
"""Fields that decide most of a plan; where they are stated, their basis should be stated too."""


@rule(
    "evidence-matches-nothing",
    "warning",
    title="Evidence should be about a field that exists",
    explanation="The target of evidence is collection.id.field, collection.*.field or finance.field. When it matches "
    "nothing, the number that it was meant for is reported without a source.",
    cure="Write collection.id.field with names of the document; * for any id.",
)
def unmatched_evidence(network: Network) -> Iterator[Finding]:
    """Evidence whose target matches no field."""
    targets = Targets(network)
    for position, row in enumerate(network.evidence):
        fault = targets.fault(row.target)
        if fault is not None:
            yield Finding(
                path=at("evidence", position, row, "target"), message=fault.message, found=row.target, cure=fault.cure
            )


@rule(
    "evidence-range",
    "error",
    title="A plausible range runs from low to high",
    explanation="``low`` and ``high`` are the ends between which the number plausibly lies; sensitivity studies use "
    "them.",
    cure="Exchange low and high.",
    is_local=True,
)
def evidence_range(network: Network) -> Iterator[Finding]:
    """Ranges whose low end is above the high one."""
    for position, row in enumerate(network.evidence):
        if row.low is not None and row.high is not None and row.low > row.high:
            yield Finding(
                path=at("evidence", position, row, "low"),
                message=f"must be at most high ({row.high:g})",
                found=f"{row.low:g}",
            )


@rule(
    "outside-own-range",
    "warning",
    title="A number should lie in the range that is claimed for it",
    explanation="Evidence says between which ends the number plausibly lies, and the number is outside.",
    cure="Correct the number, or widen low and high.",
)
def outside_range(network: Network) -> Iterator[Finding]:
    """Numbers outside the range of their own evidence; one finding for each piece of evidence."""
    targets = Targets(network)
    for position, row in enumerate(network.evidence):
        if (row.low is None and row.high is None) or targets.fault(row.target) is not None:
            continue
        low = float("-inf") if row.low is None else row.low
        high = float("inf") if row.high is None else row.high
        values = [value for value in targets.values(row.target) if isinstance(value, int | float)]
        outside = [value for value in values if not low <= value <= high] if low <= high else []
        if outside:
            field = "low" if row.low is not None and outside[0] < row.low else "high"
            yield Finding(
                path=at("evidence", position, row, field),
                message=f"does not hold {listed(f'{value:g}' for value in outside)} of {row.target}",
                found=f"{getattr(row, field):g}",
            )


@rule(
    "source-missing",
    "warning",
    title="What is sourced or derived says from where",
    explanation="Sourced numbers name the publication and its year, derived ones the arithmetic. Without it nobody can "
    "check the number.",
    cure="State the source, or call it an assumption.",
    is_local=True,
)
def missing_sources(network: Network) -> Iterator[Finding]:
    """Evidence that claims a source and names none."""
    for position, row in enumerate(network.evidence):
        if row.basis != "assumption" and not row.source:
            yield Finding(
                path=at("evidence", position, row, "source"),
                message=f"must be stated for what is {row.basis}",
                found="nothing",
            )


@rule(
    "number-without-evidence",
    "warning",
    title="Numbers that decide should say where they come from",
    explanation="Wages, prices, rates, capital and demand decide a plan. Each should be sourced, derived or openly an "
    "assumption; the report lists all assumptions. One row of evidence with ``*`` covers a whole column.",
    cure="Add a row to evidence, for example target: sites.*.wage_per_h, basis: assumption.",
)
def numbers_without_evidence(network: Network) -> Iterator[Finding]:
    """Important fields that are stated and that no evidence covers; one finding for each collection."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for row in network.evidence:
        head, *rest = row.target.split(".")
        wanted.setdefault((head, rest[-1] if rest else ""), []).append(rest[0] if len(rest) == 2 else "*")
    for collection, fields in IMPORTANT.items():
        rows = [network.finance] if collection == "finance" else getattr(network, collection)
        bare = {field: _bare(rows, field, wanted.get((collection, field), [])) for field in fields}
        bare = {field: positions for field, positions in bare.items() if positions}
        if bare:
            yield _uncovered(collection, rows, bare)


def _uncovered(collection: str, rows: list[Any], bare: dict[str, list[int]]) -> Finding:
    field, positions = next(iter(bare.items()))
    is_head = collection == "finance"
    others = f", {', '.join(list(bare)[1:])}" if len(bare) > 1 else ""
    cover = f"{collection}.{field}" if is_head else f"{collection}.*.{field}"
    many = "" if is_head else f" in {plural(len(positions), 'row')} of {collection}"
    return Finding(
        path=f"{collection}.{field}" if is_head else at(collection, positions[0], rows[positions[0]], field),
        message=f"{field}{others}: no evidence says where the numbers come from{many}",
        found=f"{getattr(rows[positions[0]], field):g}",
        cure=f"Add evidence with target {cover}{' and so on' if others else ''}, with a source or as an assumption.",
    )


def _bare(rows: list[Any], field: str, patterns: list[str]) -> list[int]:
    """Positions of rows that state a number other than 0 in ``field`` and whose id no pattern names."""
    if "*" in patterns:
        return []
    exact = {pattern for pattern in patterns if "*" not in pattern}
    loose = [pattern for pattern in patterns if "*" in pattern]
    bare = []
    for position, row in enumerate(rows):
        if getattr(row, field):
            name = getattr(row, "id", "")
            if name not in exact and not any(is_named(name, pattern) for pattern in loose):
                bare.append(position)
    return bare
