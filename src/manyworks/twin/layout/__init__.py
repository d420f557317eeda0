"""Where does each machine of a line stand on the floor?

In: a ``Network`` with a ``Floor``, and the names of lines. Out: a ``FloorLayout``, and the network with its distances.
Read first: ``arrange.py``; then ``assignment.py``, the quadratic assignment under it, compiled in ``kernels_tabu.py``.
Standard: quadratic assignment (Koopmans and Beckmann 1957) by robust tabu search (Taillard 1991).
"""
