"""Which rival is best, why, by how much, and what would change the answer?

In: a ``Network``, or plans of it. Out: a ``Comparison`` with its recommendation, bridges, flips and first steps.
Read first: ``compare.py``, then ``recommendation.py``.
Standards: incremental cash flow against doing nothing; break-even with both plans frozen, said as such.
"""
