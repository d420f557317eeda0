"""How does a result look on paper, on a screen and in a workbook?

In: plain columns, numbers and words; nothing here knows what a plan, a twin or a schedule is.
Out: `Figure`s (static SVG with a text and a table that say the same), pages that need no script, workbooks.
Read first: `figure.py` and `table.py`, then one picture, for instance `waterfall.py`; `page.py` puts them together.
Standards: WCAG 2.2 AA (colour never alone, a text for every picture); ISA-101 (grey; colour where it means something).
"""
