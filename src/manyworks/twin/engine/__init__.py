"""The event engine: what happens on a line, tick by tick, compiled; numbers only.

Question: what is the state of the line at a tick?
In: the records of `layout.py`, written by `twin/line_state.py` from a `LineProgram`. Out: the same records, later.
Read first: `docs/explanation/how-a-line-is-simulated.md`, then `events.py`; then `layout.py`, what is remembered.
Every file here is a kernel file (`manyworks/compiled.py`): it imports numpy, the decorators and its brothers only.
"""
