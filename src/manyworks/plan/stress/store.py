"""A finished stress run on disk: its tables for everybody, and its records so that a report can be written again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from manyworks.errors import UsageError
from manyworks.model.site import OutageClass
from manyworks.plan.stress.levers import LEVERS, Lever
from manyworks.plan.stress.part import PARTS
from manyworks.plan.stress.scenarios.cases import World, worlds
from manyworks.plan.stress.stress import StressRun

if TYPE_CHECKING:
    from manyworks.model.network import Network
    from manyworks.plan.rivals.compare import Comparison

HOME = "manyworks.plan.stress."
"""Only records of this package are made again from a file."""
LEFT_OUT = {"RivalOutages": ("evidence",), "Solved": ("levels", "model", "x")}
"""Fields of records that no report shows: the solver's own numbers, and what recomputes an answer without it."""
SCALARS = ("seconds", "cpu_seconds", "seed", "version", "input_hash")
AGAIN = "Run `manyworks stress` on the plan again, which writes it anew, or remove the file."


def save_stress(run: StressRun, path: Path) -> Path:
    """Write the tables and records of ``run`` to ``path`` as JSON, at once or not at all."""
    data = _finite(run.to_dict()) | {"records": {name: _packed(part) for name, part in run.results.items()}}
    draft = path.with_name(path.name + ".part")
    draft.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False), encoding="utf-8")
    draft.replace(path)
    return path


def load_stress(path: Path, comparison: Comparison) -> StressRun:
    """Read what ``save_stress`` wrote about the plans of ``comparison``; what it leaves out is None.

    Raises
    ------
    UsageError
        The file is no stress run, is one of an earlier manyworks, or belongs to another plan.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise UsageError("must be a stored stress run", where=str(path), found=str(fault), cure=AGAIN) from None
    missing = [key for key in ("records", "absent", *SCALARS) if not isinstance(data, dict) or key not in data]
    if missing:
        found = f"no {', '.join(missing)}: written by an earlier manyworks"
        raise UsageError("must be a stored stress run", where=str(path), found=found, cure=AGAIN)
    if data["input_hash"] != comparison.best_plan.input_hash:
        found = f"a run on document {data['input_hash']}"
        raise UsageError("must belong to the plan beside it", where=str(path), found=found, cure=AGAIN)
    try:
        records = {name: data["records"][name] for name in PARTS if name in data["records"]}
        results = {name: _unpacked(record, comparison.network) for name, record in records.items()}
    except (KeyError, TypeError, AttributeError, ImportError, StopIteration) as fault:
        found = f"records of another version ({fault})"
        raise UsageError("must be a stored stress run", where=str(path), found=found, cure=AGAIN) from None
    scalars = {name: data[name] for name in SCALARS}
    return StressRun(comparison=comparison, results=results, absent=data["absent"], **scalars)


def _packed(value: Any) -> Any:
    """A value as JSON; what JSON does not know is an object with one word for what it is."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"~": "float", "is": str(value)}
    for kind, word, key in ((Lever, "lever", "name"), (World, "world", "id"), (OutageClass, "outage", "id")):
        if isinstance(value, kind):
            return {"~": word, "is": getattr(value, key)}
    if isinstance(value, np.ndarray):
        return {"~": "array", "is": _packed(value.tolist())}
    if isinstance(value, list | tuple):
        return {"~": type(value).__name__, "is": [_packed(row) for row in value]}
    if isinstance(value, Mapping):
        return {"~": "map", "is": [[_packed(key), _packed(row)] for key, row in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        left_out = LEFT_OUT.get(type(value).__name__, ())
        return {"~": "record", "is": f"{type(value).__module__}:{type(value).__qualname__}"} | {
            field.name: None if field.name in left_out else _packed(getattr(value, field.name))
            for field in fields(value)
        }
    raise TypeError(f"cannot store {type(value).__name__}")


def _unpacked(value: Any, network: Network) -> Any:
    """What ``_packed`` was given."""
    if not isinstance(value, dict):
        return value
    word, what = value["~"], value["is"]
    match word:
        case "float":
            return float(what)
        case "lever":
            return LEVERS[what]
        case "world":
            return next(world for world in worlds(network) if world.id == what)
        case "outage":
            return network.get("outage_classes", what)
        case "array":
            return np.array(_unpacked(what, network))
        case "map":
            return {_unpacked(key, network): _unpacked(row, network) for key, row in what}
        case "record":
            own = {name: _unpacked(field, network) for name, field in value.items() if name not in ("~", "is")}
            return _record_type(what)(**own)
    rows = [_unpacked(row, network) for row in what]
    return tuple(rows) if word == "tuple" else rows


def _record_type(name: str) -> Any:
    module, _, kind = name.partition(":")
    if not module.startswith(HOME):
        raise TypeError(f"{name} is no record of a stress run")
    found = getattr(import_module(module), kind)
    if not is_dataclass(found):
        raise TypeError(f"{name} is no record of a stress run")
    return found


def _finite(data: Any) -> Any:
    """Plain data with null in place of numbers that are not finite, which JSON does not know."""
    if isinstance(data, np.generic):
        data = data.item()
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    return [_finite(value) for value in data] if isinstance(data, list | tuple) else data
