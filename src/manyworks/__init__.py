"""Plan, prove and run a network of micro-factories from one document.

Question: should a manufacturer build micro-factories, where, with what, when, and what is it worth?
In: a Network document (a folder of YAML and CSV, a workbook, or JSON). Out: plans, checks and reports.
Read first: `manyworks.model`, the records of the document; then `manyworks.plan`.
Terms: ISA-95 for sites and orders, ISO 22400 for performance, PackML for machine states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from manyworks.examples import example_path
    from manyworks.model.document import load_network, save_network
    from manyworks.model.network import Network
    from manyworks.model.scenario import apply_scenario
    from manyworks.plan.bid.answer import bid_contract
    from manyworks.plan.design import design_network
    from manyworks.plan.rivals.compare import compare_plans
    from manyworks.plan.stress.stress import stress_plan
    from manyworks.studies.plan_report import write_report
    from manyworks.twin.line_program import line_program
    from manyworks.twin.simulate import simulate_line, simulate_program

__version__ = "0.1.0"

__all__ = [
    "Network",
    "__version__",
    "apply_scenario",
    "bid_contract",
    "compare_plans",
    "design_network",
    "example_path",
    "line_program",
    "load_network",
    "save_network",
    "simulate_line",
    "simulate_program",
    "stress_plan",
    "write_report",
]

_HOMES = {
    "Network": "manyworks.model.network",
    "apply_scenario": "manyworks.model.scenario",
    "bid_contract": "manyworks.plan.bid.answer",
    "compare_plans": "manyworks.plan.rivals.compare",
    "design_network": "manyworks.plan.design",
    "example_path": "manyworks.examples",
    "line_program": "manyworks.twin.line_program",
    "load_network": "manyworks.model.document",
    "save_network": "manyworks.model.document",
    "simulate_line": "manyworks.twin.simulate",
    "simulate_program": "manyworks.twin.simulate",
    "stress_plan": "manyworks.plan.stress.stress",
    "write_report": "manyworks.studies.plan_report",
}
"""Each public name and the module it lives in; imported at first use, so that start-up stays quick."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'manyworks' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
