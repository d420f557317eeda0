"""What can happen: every outage class at every site, region or line that a plan has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.model.site import OutageClass, Site
from manyworks.units import HOURS_PER_YEAR, haversine_km


@dataclass(frozen=True, kw_only=True)
class Strike:
    """One class at one target. ``sites`` stand still together; ``line`` is the type of which one line does, empty
    where all do. ``frequency_per_year`` of this target alone. ``products`` a recall takes, empty: no recall."""

    outage: OutageClass
    sites: tuple[str, ...]
    line: str = ""
    region: str = ""
    frequency_per_year: float
    products: tuple[str, ...] = ()
    is_pair: bool = False

    @property
    def target(self) -> str:
        """The id of the target: a site, ``site.line``, a region, or two sites."""
        if self.region:
            return self.region
        return f"{self.sites[0]}.{self.line}" if self.line else "+".join(self.sites)


def can_strike(outage: OutageClass, site: Site) -> bool:
    """Whether the class can strike at the site: it lists the site, or lists none and the site names it or names
    none."""
    if outage.sites:
        return site.id in outage.sites
    return outage.id in site.outages or not site.outages


def strikes(network: Network, lines: Mapping[str, Mapping[str, int]], *, pairs: bool = False) -> Iterator[Strike]:
    """Everything that can strike the sites in ``lines`` (site to line type to lines standing).

    ``pairs``: two nearest neighbours that are out at the same time by chance, for classes that stop a site.
    """
    sites = [row for row in sorted(network.sites, key=lambda row: row.id) if row.id in lines]
    for outage in sorted(network.outage_classes, key=lambda row: row.id):
        mine = [row for row in sites if can_strike(outage, row)]
        if outage.stops == "region":
            yield from _regions(outage, mine)
        elif outage.stops == "line":
            for site in mine:
                yield from _lines(outage, site.id, lines[site.id])
        else:
            taken = tuple(outage.products) if outage.stops == "site" else ()
            for site in mine:
                yield Strike(
                    outage=outage, sites=(site.id,), frequency_per_year=outage.frequency_per_year, products=taken
                )
            if pairs and outage.stops == "site" and not taken:
                yield from _pairs(outage, mine)


def _regions(outage: OutageClass, sites: list[Site]) -> Iterator[Strike]:
    """Sites of one region fall together; a site without a region is a region of its own."""
    regions: dict[str, list[str]] = {}
    for site in sites:
        regions.setdefault(site.region or site.id, []).append(site.id)
    for region, members in sorted(regions.items()):
        yield Strike(outage=outage, sites=tuple(members), region=region, frequency_per_year=outage.frequency_per_year)


def _lines(outage: OutageClass, site: str, lines: Mapping[str, int]) -> Iterator[Strike]:
    """One line at a time; the class strikes the site so often, each of its lines alike."""
    total = sum(lines.values())
    for line, count in sorted(lines.items()):
        if count > 0:
            share = count / total
            yield Strike(outage=outage, sites=(site,), line=line, frequency_per_year=outage.frequency_per_year * share)


def _pairs(outage: OutageClass, sites: list[Site]) -> Iterator[Strike]:
    """Each site with its nearest neighbour, each pair once: independent outages overlap f² · 2 d times a year."""
    both = 2 * outage.frequency_per_year**2 * outage.duration_h / HOURS_PER_YEAR
    seen: set[frozenset[str]] = set()
    for site in sites:
        others = [row for row in sites if row.id != site.id]
        if not others:
            return
        near = min(others, key=lambda row: (float(haversine_km(site.lat, site.lon, row.lat, row.lon)), row.id))
        pair = frozenset({site.id, near.id})
        if pair not in seen:
            seen.add(pair)
            yield Strike(outage=outage, sites=tuple(sorted(pair)), frequency_per_year=both, is_pair=True)
