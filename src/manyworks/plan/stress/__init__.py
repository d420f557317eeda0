"""What happens to a plan, and to its rivals, when the world does not go as the document says?

In: a ``Comparison`` of finished plans. Out: a ``StressRun``, one result for each part that was asked for.
Read first: ``stress.py``, the front; ``part.py``, what a part is; then one folder or file for each part.
Standards: each part names its own; money is that of ``plan/conventions.py``.
"""
