"""Which questions need several parts of manyworks at once?

In: a network or finished results of the parts below. Out: reports and answers that join them.
Read first: `plan_report/`, the page and the workbook that a plan ends in.
"""
