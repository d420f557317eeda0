"""Which of given sites to open when one period, one product and a table of costs are all there is?

In: a ``LocationProblem`` (also from an OR-Library file). Out: a ``Location`` with its proven bound and the prices that
prove it. Read first: ``locate.py``, then ``bound.py``; the compiled answer of one site is in ``kernels.py``.
Standard: capacitated facility location with splittable demand (Beasley 1988, doi:10.1016/0377-2217(88)90175-0).
"""
