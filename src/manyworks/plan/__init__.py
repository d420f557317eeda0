"""Should we build, where, with what, when, for which products, and what is it worth?

In: a ``Network``. Out: a ``NetworkPlan`` with its money, its proven gap and the reason why.
Read first: ``design.py``, then ``equations/``, ``search/``, ``money/`` and ``rivals/``. HiGHS is in ``highs.py`` alone.
Standards: landed cost and NPV as in corporate finance; capacity in line hours at effective rates (ISO 22400).
"""
