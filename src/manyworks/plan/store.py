"""A finished run on disk: decisions and provenance; money is recomputed from them on loading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks.errors import UsageError
from manyworks.model.network import Network
from manyworks.model.periods import planning_periods
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.prices import PlanPrices
from manyworks.plan.result import NetworkPlan, PlanTables

if TYPE_CHECKING:
    from manyworks.plan.rivals.compare import Comparison

FORMAT = "manyworks-run"
FORMAT_VERSION = 1
LATER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "lines": ("upgrades",),
    "production": ("upgrades",),
    "shipments": ("via", "opportunity"),
    "unmet": ("opportunity",),
}
"""Columns that came after the first stored runs, by table: each was empty throughout where a run has none."""
AGAIN = "Run `manyworks plan` on the document again, which writes the run anew."
SCALARS = ("status", "npv", "bound", "gap", "seconds", "cpu_seconds", "seed", "version", "input_hash", "log")


def save_comparison(comparison: Comparison, path: Path) -> Path:
    """Write the plans of ``comparison`` with their document to ``path`` as JSON, at once or not at all."""
    network = next(iter(comparison.plans.values())).network
    data = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "network": network.model_dump(mode="json", exclude_defaults=True),
        "plans": {name: _plan_data(plan) for name, plan in comparison.plans.items()},
        "absent": dict(comparison.absent),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
    return path


def is_stored_run(path: Path) -> bool:
    """Whether ``path`` is a file that ``save_comparison`` wrote."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(len(f'{{"format":"{FORMAT}"')) == f'{{"format":"{FORMAT}"'
    except (OSError, UnicodeDecodeError):
        return False


def load_comparison(path: Path) -> Comparison:
    """Read what ``save_comparison`` wrote.

    Raises
    ------
    UsageError
        The file is missing, is no run, or is one that this version cannot read.
    """
    from pydantic import ValidationError

    from manyworks.plan.rivals.compare import comparison_of

    data = _read(path)
    try:
        network = Network.model_validate(data["network"])
        plans = {name: _plan(network, name, stored) for name, stored in data["plans"].items()}
        return comparison_of(plans, data["absent"])
    except ValidationError as fault:
        first = fault.errors()[0]
        found = f"network.{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (KeyError, TypeError, AttributeError, IndexError) as fault:
        found = f"something else where {fault} should be"
    raise UsageError("must be a run that this version can read", where=str(path), found=found, cure=AGAIN)


def _plan_data(plan: NetworkPlan) -> dict[str, Any]:
    scalars = {name: getattr(plan, name) for name in SCALARS}
    tables = {name: _table_data(table) for name, table in plan.tables.items().items()}
    data = scalars | {"tables": tables, "binding": _table_data(plan.binding), "is_branched": plan.is_branched}
    if plan.prices is not None:
        data["prices"] = {"demand": _table_data(plan.prices.demand), "stock": _table_data(plan.prices.stock)}
    return data


def _plan(network: Network, name: CaseName, data: dict[str, Any]) -> NetworkPlan:
    from manyworks.plan.money.business_case import business_case

    case, periods = CASES[name], planning_periods(network.finance)
    tables = PlanTables(**{table: _stored_table(table, columns) for table, columns in data["tables"].items()})
    scalars = {field: data[field] for field in SCALARS} | {"log": tuple(data["log"])}
    return NetworkPlan(
        network=network,
        case=case,
        periods=periods,
        tables=tables,
        money=business_case(network, case, periods, tables),
        binding=_table(data["binding"]),
        is_branched=bool(data.get("is_branched", False)),
        prices=PlanPrices(**{name: _table(columns) for name, columns in data["prices"].items()})
        if "prices" in data
        else None,
        **scalars,
    )


def _table_data(table: Table) -> dict[str, list[Any]]:
    return {name: column.tolist() for name, column in table.columns.items()}


def _stored_table(name: str, columns: dict[str, list[Any]]) -> Table:
    """A table of the plan with the columns that later versions added to it, empty as they were."""
    rows = len(next(iter(columns.values()), []))
    return _table(columns | {later: [""] * rows for later in LATER_COLUMNS.get(name, ()) if later not in columns})


def _table(columns: dict[str, list[Any]]) -> Table:
    return Table({name: _column(values) for name, values in columns.items()})


def _column(values: list[Any]) -> np.ndarray[Any, Any]:
    is_number = bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return np.array(values) if is_number else np.array(values, dtype=object)


def _read(path: Path) -> dict[str, Any]:
    cure = "Name the run.json that `manyworks plan` wrote."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError("must exist", where=str(path), cure=cure) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise UsageError("must be a stored run", where=str(path), found=str(fault), cure=cure) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UsageError("must be a stored run", where=str(path), found="another kind of file", cure=cure)
    if data["format_version"] > FORMAT_VERSION:
        raise UsageError(
            f"must be of version {FORMAT_VERSION} or older",
            where=str(path),
            found=data["format_version"],
            cure="Read it with the manyworks that wrote it.",
        )
    return data
