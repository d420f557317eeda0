"""Which line to buy: equipment, counts and buffers for a rate, compared under the same luck.

Question: what reaches the target rate at least cost, and how sure is that?
In: a line of a Network, or `LineProgram`s. Out: `LineDesign`, `LineComparison`, `BufferAllocation`, `Sensitivity`.
Read first: `selection.py`, how a choice from noisy figures keeps its promise; `design_line.py`, what is chosen from.
Terms: indifference zone, probability of correct selection (Kim and Nelson 2001, doi:10.1145/502109.502111).
"""
