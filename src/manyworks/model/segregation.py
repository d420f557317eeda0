"""Which products may never meet on a line or under a roof: ``policy.segregation``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from manyworks.model.network import Network


def may_share(network: Network, products: Collection[str], level: Literal["line", "site"] = "line") -> bool:
    """Whether these products may share a line, or a site.

    ``peanut:line`` keeps products with peanut and products without it off each other's lines, ``peanut:site`` out of
    each other's sites, and so off their lines as well.
    """
    held = [frozenset(network.get("products", product).allergens) for product in products]
    for rule in network.policy.segregation:
        allergen, _, where = rule.partition(":")
        if level == "line" or where == "site":
            with_it = sum(allergen in allergens for allergens in held)
            if 0 < with_it < len(held):
                return False
    return True
