"""What can be made where, without computing rates; robust against ids that name nothing."""

from __future__ import annotations

from manyworks.model.line import Line
from manyworks.model.network import Network


def runnable(network: Network, line: Line) -> set[str]:
    """Ids of the products that a type of line may run: its own list, narrowed by the routings."""
    listed = set(line.products) if line.products else {row.id for row in network.products}
    return {name for name in listed if line.id in tied_lines(network).get(name, (line.id,))}


def tied_lines(network: Network) -> dict[str, set[str]]:
    """Lines to which routings tie a product, by product; products that run anywhere are absent."""
    tied: dict[str, set[str]] = {}
    for step in network.routings:
        if step.lines:
            tied.setdefault(step.product, set()).update(step.lines)
    return tied


def standing_lines(network: Network) -> dict[str, set[str]]:
    """Types of line that stand or could stand, by site id: installed ones, and those of the templates it may have."""
    lines_of = {row.id: set(row.lines) for row in network.templates}
    every = list(lines_of)
    stand: dict[str, set[str]] = {}
    for site in network.sites:
        if site.status == "existing":
            stand[site.id] = set(lines_of.get(site.template or "", ()))
        else:
            stand[site.id] = set().union(*(lines_of.get(name, ()) for name in site.templates or every))
    for row in network.installed_lines:
        stand.setdefault(row.site, set()).add(row.line)
    return stand


def makeable(network: Network) -> dict[str, set[str]]:
    """Ids of the products that each site and co-packer can make, now or after building there."""
    runs = {line.id: runnable(network, line) for line in network.lines}
    allowed = {row.id: set(row.products) for row in network.templates}
    lines_of = {row.id: row.lines for row in network.templates}
    makes: dict[str, set[str]] = {}
    built: dict[tuple[str, ...], set[str]] = {}
    for site in network.sites:
        names = ((site.template or "",) if site.status == "existing" else tuple(site.templates)) or tuple(lines_of)
        if names not in built:
            built[names] = set()
            for name in names:
                made = set().union(*(runs.get(line, set()) for line in lines_of.get(name, ())))
                built[names] |= made & allowed[name] if allowed.get(name) else made
        makes[site.id] = built[names]
    for row in network.installed_lines:
        made = runs.get(row.line, set())
        makes[row.site] = makes.get(row.site, set()) | (made & set(row.products) if row.products else made)
    everything = {row.id for row in network.products}
    return makes | {row.id: set(row.products) or everything for row in network.co_packers}


def could_stand(network: Network) -> set[str]:
    """Ids of lines that some site has or could have."""
    return set().union(*standing_lines(network).values())


def named_in_scenarios(network: Network) -> set[str]:
    """Words that changes of scenarios set: what only a scenario uses is used."""
    return {word.strip() for row in network.changes if row.operation == "set" for word in row.value.split(";")}
