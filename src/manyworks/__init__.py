"""Plan, prove and run a network of micro-factories from one document.

Question: should a manufacturer build micro-factories, where, with what, when, and what is it worth?
In: a Network document (a folder of YAML and CSV, a workbook, or JSON). Out: plans, checks and reports.
Read first: `manyworks.model`, the records of the document; then `manyworks.plan`.
Terms: ISA-95 for sites and orders, ISO 22400 for performance, PackML for machine states.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
