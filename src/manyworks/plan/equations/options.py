"""What may be chosen: factories to stand up or keep, and the lines in them with the product families that they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from manyworks.model.line import Line
from manyworks.model.network import Network
from manyworks.model.rates import effective_rates
from manyworks.model.segregation import may_share
from manyworks.model.site import CoPacker, Site, SiteTemplate, Upgrade, Warehouse
from manyworks.model.upgrades import added_lines, done_upgrades, lines_made_room_for, upgraded_lines
from manyworks.model.wheels import Wheel, best_wheel
from manyworks.plan.case import Case
from manyworks.plan.equations.packers import packer_line, packer_site, packer_template, packer_wheel

WHEEL_FAMILIES = 4
"""Up to so many families every set of them may share a line; beyond, singles, pairs, and the largest sets."""
UPGRADES_TOGETHER = 3
"""Up to so many upgrades of one line type any of them may be combined; beyond, one at most."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One template at one site. ``site`` is the position among the plan's sites; ``may_close`` and ``must_close`` are
    for existing sites only; ``maximum_added`` lines may be added beyond those that stand at the start.
    ``packer``: the co-packer whose place it is, None for a site of our own."""

    site: int
    template: SiteTemplate
    is_existing: bool
    may_close: bool
    must_close: bool
    maximum_added: int
    packer: CoPacker | None = None


@dataclass(frozen=True, kw_only=True)
class LinePlace:
    """One line type in one option. ``standing`` lines are there at the start, ``may_add`` tells whether more can
    come. The lines that stand may have ``upgrades`` (ids): then they are in this place while just those are in effect,
    with the lines that these add."""

    option: int
    line: Line
    standing: int
    may_add: bool
    upgrades: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """One wheel on one line place: the ``families`` (positions) that such a line runs."""

    place: int
    families: tuple[int, ...]
    wheel: Wheel


def plan_sites(network: Network, case: Case) -> list[Site]:
    """Existing sites, the candidates where this case may build, and the co-packers that it may use, by id."""
    rows = [site for site in network.sites if site.status == "existing" or _templates(network, case, site)]
    rows += [packer_site(packer) for packer in _packers(network, case).values()]
    return sorted(rows, key=lambda site: site.id)


def plan_options(network: Network, case: Case, sites: Sequence[Site]) -> list[Option]:
    """Every template that the case allows at every site; the template of an existing site; contracts."""
    options = []
    packers = _packers(network, case)
    for position, site in enumerate(sites):
        if site.id in packers:
            options.append(_packer_option(packers[site.id], position))
            continue
        if site.status == "existing":
            options.append(_existing(network, case, site, position))
        options.extend(_new(template, position) for template in _templates(network, case, site))
    return options


def plan_warehouses(network: Network, case: Case) -> list[Warehouse]:
    """Warehouses that stand, and those that the case may rent, by id."""
    rows = [row for row in network.warehouses if row.status == "existing" or case.may_use_warehouses]
    return sorted(rows, key=lambda row: row.id)


def line_places(network: Network, sites: Sequence[Site], options: Sequence[Option]) -> list[LinePlace]:
    """Line types that stand in an option or may be bought for it."""
    places: list[LinePlace] = []
    for o, option in enumerate(options):
        if option.packer is not None:
            places.append(LinePlace(option=o, line=packer_line(option.packer), standing=0, may_add=True))
            continue
        installed = installed_lines(network, sites[option.site].id) if option.is_existing else {}
        offered = option.template.lines if option.maximum_added > 0 else []
        places.extend(
            LinePlace(
                option=o,
                line=network.get("lines", name),
                standing=installed.get(name, 0),
                may_add=name in offered,
            )
            for name in sorted({*installed, *offered})
        )
    return places


def plan_upgrades(network: Network, case: Case, sites: Sequence[Site]) -> list[Upgrade]:
    """Upgrades that the case may choose, of lines that stand there, by id."""
    known = {site.id for site in sites if site.status == "existing"}
    rows = [row for row in network.upgrades if case.may_upgrade and not row.is_done and row.site in known]
    return sorted((row for row in rows if upgraded_lines(network, row)), key=lambda row: row.id)


def with_upgrades(
    network: Network,
    sites: Sequence[Site],
    options: Sequence[Option],
    places: Sequence[LinePlace],
    upgrades: Sequence[Upgrade],
) -> list[LinePlace]:
    """``places``, each with the same lines as each set of upgrades that may be combined leaves them."""
    found = list(places)
    for there in places:
        option = options[there.option]
        site = sites[option.site].id if option.is_existing else ""
        mine = [row for row in upgrades if row.site == site and there.line.id in upgraded_lines(network, row)]
        for chosen in _together(mine):
            more = added_lines(network, chosen, there.line.id)
            names = tuple(row.id for row in chosen)
            found.append(replace(there, standing=there.standing + more, may_add=False, upgrades=names))
    return found


def _together(upgrades: Sequence[Upgrade]) -> list[tuple[Upgrade, ...]]:
    sizes = range(1, len(upgrades) + 1) if len(upgrades) <= UPGRADES_TOGETHER else range(1, 2)
    return [chosen for size in sizes for chosen in combinations(upgrades, size)]


def plan_columns(
    network: Network,
    sites: Sequence[Site],
    options: Sequence[Option],
    places: Sequence[LinePlace],
    families: Sequence[Sequence[str]],
) -> list[Column]:
    """Every set of families that may share a line of each place, with its wheel; a wheel that cannot turn is left
    out."""
    known: dict[tuple[str, str, str | None, tuple[int, ...], tuple[str, ...]], Wheel] = {}
    columns = []
    for place, there in enumerate(places):
        option = options[there.option]
        site, template = sites[option.site].id, option.template.id
        if option.packer is not None:
            offered = _families_offered(option.packer, families)
            products = [product for family in offered for product in families[family]]
            if products:
                wheel = packer_wheel(network, option.packer, products)
                columns.append(Column(place=place, families=tuple(offered), wheel=wheel))
            continue
        own = wheel_site(network, site, there.line.id)
        runs = _families_run(network, option, there, site, families)
        for members in family_sets(network, runs, families):
            has = (*there.upgrades, *done_upgrades(network, site, there.line.id))
            key = (there.line.id, template, own, members, has)
            if key not in known:
                products = [product for family in members for product in families[family]]
                known[key] = best_wheel(network, there.line.id, products, template=template, site=own, upgrades=has)
            if known[key].changeover_share < 1:
                columns.append(Column(place=place, families=members, wheel=known[key]))
    return columns


def family_sets(network: Network, runs: Sequence[int], families: Sequence[Sequence[str]]) -> list[tuple[int, ...]]:
    """Sets of families that segregation lets share a line: all of them while they are few.

    Beyond ``WHEEL_FAMILIES`` families: singles, pairs and the sets of all families that carry the same allergens.
    """
    wanted: set[tuple[int, ...]] = set()
    if len(runs) <= WHEEL_FAMILIES:
        wanted.update(subset for size in range(1, len(runs) + 1) for subset in combinations(runs, size))
    else:
        wanted.update((f,) for f in runs)
        wanted.update(combinations(runs, 2))
        wanted.add(tuple(runs))
        for allergen in sorted({a for f in runs for p in families[f] for a in network.get("products", p).allergens}):
            holds = [any(allergen in network.get("products", p).allergens for p in families[f]) for f in runs]
            wanted.add(tuple(f for f, held in zip(runs, holds, strict=True) if held))
            wanted.add(tuple(f for f, held in zip(runs, holds, strict=True) if not held))
    allowed = [s for s in wanted if s and may_share(network, [p for f in s for p in families[f]], "line")]
    return sorted(allowed, key=lambda members: (len(members), members))


def wheel_site(network: Network, site: str, line: str) -> str | None:
    """The site, where rules or capabilities speak of this very one, so that its wheels are its own; else None."""
    is_named = any(site in rule.sites for rule in network.changeovers) or any(
        row.site == site and row.line == line for row in network.capabilities
    )
    return site if is_named else None


def _templates(network: Network, case: Case, site: Site) -> list[SiteTemplate]:
    if site.status == "existing":
        return []
    allowed = [row for row in network.templates if not site.templates or row.id in site.templates]
    return sorted((row for row in allowed if row.scale in case.new_scales), key=lambda row: row.id)


def _existing(network: Network, case: Case, site: Site, position: int) -> Option:
    template: SiteTemplate = network.get("templates", site.template or "")
    standing = sum(installed_lines(network, site.id).values())
    made = lines_made_room_for(network, site.id)
    may_close = case.may_close and site.is_closable
    is_meant = case.may_add_lines and (not case.new_scales or template.scale in case.new_scales)
    grows = is_meant and not (may_close and case.must_close_big and template.scale == "big")
    return Option(
        site=position,
        template=template,
        is_existing=True,
        may_close=may_close,
        must_close=may_close and case.must_close_big and template.scale == "big",
        maximum_added=max(template.maximum_lines + made - standing, 0) if grows else 0,
    )


def _new(template: SiteTemplate, position: int) -> Option:
    return Option(
        site=position,
        template=template,
        is_existing=False,
        may_close=False,
        must_close=False,
        maximum_added=template.maximum_lines,
    )


def _packers(network: Network, case: Case) -> dict[str, CoPacker]:
    return {packer.id: packer for packer in network.co_packers} if case.may_use_co_packers else {}


def _packer_option(packer: CoPacker, position: int) -> Option:
    return Option(
        site=position,
        template=packer_template(packer),
        is_existing=False,
        may_close=False,
        must_close=False,
        maximum_added=1,
        packer=packer,
    )


def _families_offered(packer: CoPacker, families: Sequence[Sequence[str]]) -> list[int]:
    """Families of which a co-packer makes every product."""
    return [f for f, products in enumerate(families) if not packer.products or set(products) <= set(packer.products)]


def installed_lines(network: Network, site: str) -> dict[str, int]:
    """Line type to number of lines that stand at a site."""
    counts: dict[str, int] = {}
    for row in network.installed_lines:
        if row.site == site:
            counts[row.line] = counts.get(row.line, 0) + row.count
    return counts


def _families_run(
    network: Network, option: Option, there: LinePlace, site: str, families: Sequence[Sequence[str]]
) -> list[int]:
    """Families of which the line can run every product."""
    has = (*there.upgrades, *done_upgrades(network, site, there.line.id))
    rates = effective_rates(network, there.line.id, site=site, template=option.template.id, upgrades=has)
    rate = {product.id: rates[p] for p, product in enumerate(network.products)}
    approved = [set(row.products) for row in network.installed_lines if (row.site, row.line) == (site, there.line.id)]
    if approved and all(approved) and not there.may_add:
        rate = {product: value * any(product in some for some in approved) for product, value in rate.items()}
    return [f for f, products in enumerate(families) if all(rate[product] > 0 for product in products)]
