"""Can this contract be signed: from which quarter, at what price, with what built for it, and with what chance?

In: a document and a contract, one of its opportunities or one stated anew. Out: a ``Bid``.
Read first: ``answer.bid_contract``, which solves each case with and without the contract.
"""
