"""What is a network of factories, in words that every part shares?

In: a folder of YAML and CSV, a workbook or JSON. Out: one validated, frozen ``Network``.
Read first: ``network.py``, then ``site.py`` and ``product.py``; ``document/`` reads and writes, ``checks/`` judges.
Standards: ISA-95 for names and hierarchy, ISO 22400 for key figures, PackML (ISA-TR88.00.02) for states.
"""
