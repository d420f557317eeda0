"""Changeovers, cleans and segregation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyworks.model.changeover import ChangeoverRule
from manyworks.model.changeovers import compile_changeovers
from manyworks.model.checks.making import runnable
from manyworks.model.checks.paths import at, did_you_mean, listed
from manyworks.model.checks.registry import Finding, rule
from manyworks.model.network import Network
from manyworks.units import DAYS_PER_WEEK, MINUTES_PER_DAY, MINUTES_PER_HOUR

SEGREGATION_SCOPES = ("line", "hall", "site")


@rule(
    "changeover-never-matches",
    "error",
    title="A changeover's values must occur in the products",
    explanation="A rule that names a product, allergen, format, label or family applies only to products that have it. "
    "A name that no product has makes the rule, and its minutes, vanish.",
    cure="Write the value as the products have it, or leave it empty for any.",
)
def unmatched_values(network: Network) -> Iterator[Finding]:
    """Rules whose from_value or to_value no product has."""
    known = _values(network)
    for position, row in enumerate(network.changeovers):
        for field in ("from_value", "to_value"):
            word = getattr(row, field)
            if word and word not in known[_attribute(row)]:
                yield Finding(
                    path=at("changeovers", position, row, field),
                    message=f"must be a {_attribute(row)} of the products",
                    found=word,
                    cure=did_you_mean(word, known[_attribute(row)]),
                )


def _attribute(row: ChangeoverRule) -> str:
    return "allergen" if row.attribute.startswith("allergen") else row.attribute


def _values(network: Network) -> dict[str, set[str]]:
    return {
        "product": {row.id for row in network.products},
        "allergen": {word for row in network.products for word in row.allergens},
        "format": {row.format for row in network.products} - {""},
        "label": {row.label for row in network.products} - {""},
        "family": {row.family for row in network.products},
    }


@rule(
    "changeover-unknown-station",
    "error",
    title="A changeover's stations stand on its lines",
    explanation="A rule with the scope station may name the stations that change; the others run on. The names are "
    "those of stations of the lines to which the rule applies, and say nothing with a wider scope.",
    cure="Write ids of stations of the rule's lines, with scope: station.",
)
def unknown_changeover_stations(network: Network) -> Iterator[Finding]:
    """Stations of rules that no line of the rule has, or that a wider scope makes pointless."""
    for position, row in enumerate(network.changeovers):
        known = {station.id for station in network.stations if not row.lines or station.line in row.lines}
        for name in row.stations:
            if row.scope != "station" or name not in known:
                wide = f"says nothing where the {row.scope} stands still"
                yield Finding(
                    path=at("changeovers", position, row, "stations"),
                    message="must be a station of the rule's lines" if row.scope == "station" else wide,
                    found=name,
                    cure=did_you_mean(name, known) if row.scope == "station" else "",
                )


@rule(
    "changeover-too-long",
    "warning",
    title="A changeover is usually shorter than a week",
    explanation="Minutes of a changeover stop at least one line; more than a week of them is mostly a slip of units.",
    cure="Write minutes, not seconds.",
    is_local=True,
)
def long_changeovers(network: Network) -> Iterator[Finding]:
    """Changeovers of more than a week."""
    for position, row in enumerate(network.changeovers):
        if row.minutes > DAYS_PER_WEEK * MINUTES_PER_DAY:
            yield Finding(
                path=at("changeovers", position, row, "minutes"),
                message="is usually less than a week",
                found=f"{row.minutes:g}",
            )


@rule(
    "changeovers-missing",
    "warning",
    title="Lines that run several products should have changeovers",
    explanation="Without a single rule every change of product is free and takes no time, which favours plants that "
    "make everything on one line.",
    cure="State at least one rule with attribute: product, if need be with 0 minutes.",
)
def missing_changeovers(network: Network) -> Iterator[Finding]:
    """A document without changeovers although lines run several products."""
    shared = [line.id for line in network.lines if len(runnable(network, line)) > 1]
    if shared and not network.changeovers:
        yield Finding(
            path="changeovers", message=f"is empty, so changing products is free on {listed(shared)}", found="no rule"
        )


@rule(
    "sanitation-fills-time",
    "error",
    title="A clean must be shorter than the running time between two",
    explanation="A clean falls due after so many running hours. One that takes longer than these hours leaves less "
    "than half of the time for work; mostly hours and minutes were mixed up.",
    cure="Correct minutes or every_h.",
    is_local=True,
)
def endless_sanitation(network: Network) -> Iterator[Finding]:
    """Cleans that take as long as the running time between them."""
    for position, row in enumerate(network.sanitations):
        if row.minutes >= row.every_h * MINUTES_PER_HOUR:
            yield Finding(
                path=at("sanitations", position, row, "minutes"),
                message=f"must be less than the {row.every_h:g} h after which it falls due",
                found=f"{row.minutes:g}",
            )


@rule(
    "segregation-malformed",
    "error",
    title="Segregation is written as allergen:scope",
    explanation="``peanut:line`` keeps peanut off lines that run products without it, ``peanut:hall`` out of their "
    "hall and ``peanut:site`` out of their site.",
    cure="Write allergen:line, allergen:hall or allergen:site.",
    is_local=True,
)
def malformed_segregation(network: Network) -> Iterator[Finding]:
    """Entries of the segregation policy that are not allergen:scope."""
    for word in network.policy.segregation:
        allergen, _, scope = word.partition(":")
        if not allergen.strip() or scope.strip() not in SEGREGATION_SCOPES:
            yield Finding(path="policy.segregation", message="must be allergen:scope", found=word)


@rule(
    "segregation-never-matches",
    "warning",
    title="A segregated allergen should occur in a product",
    explanation="A segregation rule about an allergen that no product contains keeps nothing apart; mostly the word is "
    "spelled in another way.",
    cure="Write the allergen as the products list it.",
)
def unmatched_segregation(network: Network) -> Iterator[Finding]:
    """Segregated allergens that no product contains."""
    known = _values(network)["allergen"]
    for word in network.policy.segregation:
        allergen = word.partition(":")[0].strip()
        if allergen and allergen not in known:
            yield Finding(
                path="policy.segregation",
                message="names an allergen that no product contains",
                found=word,
                cure=did_you_mean(allergen, known),
            )


@rule(
    "changeover-triangle",
    "warning",
    title="A detour should not be the shorter changeover",
    explanation="When going from one product to another takes longer than going by way of a third one, planners would "
    "make a little of the third product just to save time. Mostly one number of the matrix is wrong, or a rule misses "
    "an attribute.",
    cure="Raise the minutes of the detour, or lower those of the direct way.",
    is_deep=True,
)
def broken_triangles(network: Network) -> Iterator[Finding]:
    """Three products of a line for which the detour is shorter; the worst three of each line."""
    exact = {
        (row.from_value, row.to_value): position
        for position, row in enumerate(network.changeovers)
        if row.attribute == "product"
    }
    places = [(row.id, line) for row in network.templates for line in row.lines]
    seen: set[tuple[str, ...]] = set()
    for template, line in places if network.changeovers else ():
        worst = _worst_detour(network, line, template)
        if worst is not None and (line, *worst[0]) not in seen:
            (start, via, end), direct, detour = worst
            seen.add((line, start, via, end))
            position = exact.get((start, end))
            row = None if position is None else network.changeovers[position]
            yield Finding(
                path="changeovers" if position is None else at("changeovers", position, row, "minutes"),
                message=f"on {line} going from {start} to {end} takes {direct:g} min, by way of {via} {detour:g} min",
                found=f"{direct:g}",
            )


def _worst_detour(network: Network, line: str, template: str) -> tuple[tuple[str, str, str], float, float] | None:
    """The three products (from, via, to) for which the detour saves most, with minutes direct and by the detour."""
    runs = runnable(network, network.get("lines", line))
    keep = [p for p, product in enumerate(network.products) if product.id in runs]
    minutes = compile_changeovers(network, line, template=template).minutes[np.ix_(keep, keep)]
    worst, saving = None, 1e-6
    for via in range(len(keep)):
        detour = minutes[:, via, None] + minutes[None, via, :]
        detour[via, :] = detour[:, via] = np.inf
        gain = minutes - detour
        start, end = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[start, end] > saving:
            saving = float(gain[start, end])
            names = tuple(network.products[keep[p]].id for p in (int(start), via, int(end)))
            worst = ((names[0], names[1], names[2]), float(minutes[start, end]), float(detour[start, end]))
    return worst
