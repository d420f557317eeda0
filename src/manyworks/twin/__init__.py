"""How a line behaves: its rate, its bottleneck and its losses, before anything is bought.

Question: does this line reach the rate that the plan assumes, and what would change it?
In: a line of a Network with its stations, buffers and flows. Out: `LineRun`, every figure with its interval.
Read first: `program.py`, what a line is to the engine; `docs/explanation/how-a-line-is-simulated.md`, what it does.
Terms: PackML (ISA-TR88.00.02) for machine states, ISO 22400-2 for key figures.
"""
