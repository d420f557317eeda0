"""Results of design as plain data, for ``--json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from manyworks.twin.design.buffers import Allocation, BufferAllocation
from manyworks.twin.design.compare import LineComparison
from manyworks.twin.design.line_design import Candidate, LineDesign
from manyworks.twin.design.sensitivity import Sensitivity
from manyworks.twin.intervals import Interval


def design_data(design: LineDesign) -> dict[str, Any]:
    """The line chosen and what was tried."""
    return {
        "line": design.line, "product": design.product, "target_per_min": design.target_per_min,
        "rate_per_min": design.rate.to_dict(), "chosen": _candidate(design.chosen), "currency": design.currency,
        "confidence": design.confidence, "tolerance_per_min": design.tolerance, "basis": asdict(design.basis),
        "machine_sets": {
            "all": design.sets, "too_slow": design.too_slow, "too_dear": design.too_dear,
            "simulated": design.looked_at, "not_looked_at": design.skipped,
        },
        "tried": [
            _candidate(row.candidate) | {"rate_per_min": row.rate.to_dict(), "verdict": row.verdict}
            for row in design.tried
        ],
        "replications": design.runs, "seed": design.seed, "seconds": design.seconds,
    }  # fmt: skip


def _candidate(candidate: Candidate) -> dict[str, Any]:
    machines = [
        {"station": option.station, "equipment": option.machine.id, "count": option.count,
         "alone_per_min": option.rate_per_min}
        for option in candidate.machines
    ]  # fmt: skip
    buffers = [
        {"after": after, "before": before, "capacity_units": rooms}
        for (after, before), rooms in zip(candidate.gaps, candidate.rooms, strict=True)
    ]
    cost = asdict(candidate.cost) | {"capex": candidate.cost.capex, "total": candidate.cost.total}
    return {"machines": machines, "buffers": buffers, "cost": cost, "bound_per_min": candidate.bound}


def comparison_data(found: LineComparison) -> dict[str, Any]:
    """Lines side by side."""
    return {
        "best": found.best.name,
        "confidence": found.confidence,
        "indifference_per_min": found.selection.indifference,
        "lines": [
            {
                "name": row.name, "rate_per_min": row.rate.to_dict(), "difference_per_min": _optional(row.difference),
                "bound_per_min": row.bound.rate_per_min, "verdict": row.verdict,
            }
            for row in found.lines
        ],
        "replications": found.runs, "selection_replications": found.selection.spent, "luck_shared_saves": found.saving,
        "seed": found.seed,
    }  # fmt: skip


def buffers_data(found: BufferAllocation) -> dict[str, Any]:
    """Rooms by place, and the curve."""

    def allocation(row: Allocation) -> dict[str, Any]:
        return {
            "rooms": dict(zip(found.places, row.rooms, strict=True)), "total": row.total,
            "rate_per_min": row.rate.to_dict(), "cost": found.cost_per_room * row.total,
            "floor_m2": found.floor_per_room_m2 * row.total,
        }  # fmt: skip

    return {
        "best": allocation(found.best), "method": found.method, "confidence": found.confidence,
        "indifference_per_min": found.indifference, "target_per_min": found.target, "bound_per_min": found.bound,
        "curve": [allocation(row) for row in found.curve], "compared": [allocation(row) for row in found.compared],
        "allocations_tried": found.tried, "replications": found.runs, "seed": found.seed,
    }  # fmt: skip


def sensitivity_data(found: Sensitivity) -> dict[str, Any]:
    """Effects, the largest first."""
    return {
        "rate_per_min": found.rate.to_dict(), "share": found.share, "confidence": found.confidence,
        "effects": [
            {
                "where": row.lever.where, "what": row.lever.what, "now": row.lever.now,
                "better": row.lever.better_words, "better_per_min": _optional(row.better),
                "worse": row.lever.worse_words, "worse_per_min": _optional(row.worse),
                "critical_path_per_min": row.critical,
            }
            for row in found.effects
        ],
        "replications": found.runs, "seed": found.seed,
    }  # fmt: skip


def _optional(interval: Interval | None) -> dict[str, Any] | None:
    return None if interval is None else interval.to_dict()
