"""Make the tables of every example and of the screen from the public source tables: ``make example-tables``.

The source tables lie in ``$MANYWORKS_DATA`` (or ``../shared/data``). Their origin is in each example's README and in
NOTICE; the tables made here are committed, so nobody needs the sources to use the examples.
"""

from __future__ import annotations

import countries
import nuts
import soda_us
import tariffs


def build() -> None:
    """Write all generated tables."""
    for tables in (soda_us, nuts, tariffs, countries):
        tables.build()


if __name__ == "__main__":
    build()
