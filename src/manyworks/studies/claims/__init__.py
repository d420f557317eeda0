"""What is each claim for decentralised manufacturing worth, on this document?

In: a ``Network``. Out: a ``ClaimsRun``: each claim switched off alone, all rivals planned again, and what the lead of
the distributed network over the central one loses by it. Read first: ``measure.py``, then ``claim.py`` and
``without.py``. Standard: one factor at a time, with every plan re-optimised.
"""
