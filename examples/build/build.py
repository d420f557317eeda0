"""Make the tables of every example from the public source tables: ``make example-tables``.

The source tables lie in ``$MANYWORKS_DATA`` (or ``../shared/data``). Their origin is in each example's README and in
NOTICE; the tables made here are committed, so nobody needs the sources to use the examples.
"""

from __future__ import annotations

import soda_us


def build() -> None:
    """Write all generated tables."""
    soda_us.build()


if __name__ == "__main__":
    build()
