"""How long a product waits for its next turn on a line: part of the time that safety stock must last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from manyworks.model.network import Network
from manyworks.model.site import Site, SiteTemplate
from manyworks.plan.equations.options import LinePlace, Option, installed_lines, plan_columns
from manyworks.plan.equations.packers import packer_line

Floats = NDArray[np.float64]


def make_days(network: Network, sites: Sequence[Site], options: Sequence[Option]) -> Floats:
    """Days between two runs of a product at each option, (options,).

    The longest wheel that any line of the template, or one that stands there, may turn: the plan is cautious before
    it knows which lines share which products.
    """
    free = [replace(option, maximum_added=0) if option.packer is None else option for option in options]
    places = [place for o, option in enumerate(free) for place in _places(network, sites[option.site], option, o)]
    names = sorted({product.family for product in network.products})
    families = [sorted(p.id for p in network.products if p.family == name) for name in names]
    days = np.zeros(len(options))
    for column in plan_columns(network, sites, free, places, families):
        o = places[column.place].option
        days[o] = max(days[o], column.wheel.cycle_days)
    return days


def standing_option(position: int, site: Site, template: SiteTemplate) -> Option:
    """A template at the site of that position, as it stands."""
    return Option(
        site=position,
        template=template,
        is_existing=site.status == "existing",
        may_close=False,
        must_close=False,
        maximum_added=0,
    )


def _places(network: Network, site: Site, option: Option, position: int) -> list[LinePlace]:
    """The line types that stand at a site, or may, lines of the template that anyone could add included."""
    if option.packer is not None:
        return [LinePlace(option=position, line=packer_line(option.packer), standing=0, may_add=True)]
    standing = installed_lines(network, site.id) if option.is_existing else {}
    return [
        LinePlace(
            option=position,
            line=network.get("lines", name),
            standing=standing.get(name, 0),
            may_add=name in option.template.lines,
        )
        for name in sorted({*standing, *option.template.lines})
    ]
