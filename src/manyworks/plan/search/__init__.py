"""How is a plan found, and how far can it be from the best?

In: an instance and its values. Out: a plan in the model's columns and a bound that no plan can exceed.
Read first: ``find.py``, then ``by_parts.py``; HiGHS is behind ``plan/highs.py``.
Standards: Lagrangian bound by the volume algorithm (Barahona and Anbil 2000), designs by best response.
"""
