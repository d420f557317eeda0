"""Which rival wins when the world is different, and what is regretted by those who committed to another?

In: a ``Comparison``; the scenarios of its document, or the built-in ones where it has none. Out: a ``ScenarioRun``.
Read first: ``run.py``; then ``cases.py``, the worlds, and ``result.py``, what is reported.
Terms: regret is that of Savage (1951), doi:10.1080/01621459.1951.10500768.
"""
