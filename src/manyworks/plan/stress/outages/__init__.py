"""What does an outage cost, how long can the network do without a site, and who covers for it?

In: a ``Comparison``; the outage classes of its document. Out: an ``OutageRun``.
Read first: ``strikes.py``, what can happen; ``operation.py``, a plan in steady state; ``cover.py``, the equations;
``run.py``, all outages of all rivals. The model in words: docs/explanation/outages.md.
Terms: time to survive and time to recover, Simchi-Levi, Schmidt and Wei (2014), *Harvard Business Review* 92(1).
"""
