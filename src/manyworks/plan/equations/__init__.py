"""What may be decided, which equations hold, and what the answer says in rows?

In: a ``Network`` and a ``Case``. Out: a linear model with whole numbers, and ``PlanTables`` of its answer.
Read first: ``instance.py``, then ``formulation.py``; ``values.py`` says what each decision is worth.
Standards: capacity in line hours at effective rates (ISO 22400); the money follows ``plan/conventions.py``.
"""
