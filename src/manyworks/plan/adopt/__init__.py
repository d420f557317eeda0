"""A plan becomes the network that it leaves: what stands at a quarter, with its lines, customers, books and promises.

In: a finished plan and a quarter. Out: an ``Adoption``, again a Network, with what was done to it in words.
Read first: ``adopt.adopt_plan``.
"""
