"""Exact answers for lines that are simple enough: what a simulation must come to.

Question: what is the true rate of this line, without chance?
In: a `LineProgram`, or the numbers of a textbook case. Out: an `ExactAnswer`, shown beside the simulated one.
Read first: `answer.py`, which recognises the class of a line; then `queues.py`, `networks.py` and `chain.py`.
Terms: blocking after service, rooms without the part in work (Dallery and Gershwin 1992, doi:10.1007/BF01158636).
"""
