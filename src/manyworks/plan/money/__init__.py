"""What is a plan worth, line by line?

In: a plan's tables and the document, never the solver. Out: a ``BusinessCase``: cash, returns, landed cost.
Read first: ``business_case.py``, then ``money_line.py``; ``plan/conventions.py`` says when money moves.
Standards: NPV, IRR and discounted payback as in corporate finance; straight-line tax depreciation.
"""
