"""How does a person at a terminal use manyworks?

In: words on the command line. Out: data on standard output, progress and messages on standard error.
Read first: ``main.py``; each command has a file of its own name.
Standards: exit code 0 done, 1 failed, 2 wrong use, 3 no plan exists; NO_COLOR is honoured.
"""
