"""What a plan changes: sites opened and closed, lines added where something stands already."""

from __future__ import annotations

from dataclasses import dataclass

from manyworks.model.network import Network
from manyworks.plan.result import NetworkPlan

PLURALS = {
    "site": "site",
    "warehouse": "warehouse",
    "co_packer": "co-packer",
    "upgrade": "upgrade",
    "opportunity": "contract",
}
USES = {"warehouse": "use", "co_packer": "use"}
SCALES = {"micro": ("micro-factory", "micro-factories"), "big": ("big plant", "big plants")}


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A place that the plan opens: money is first committed in ``decided``, it works from ``starts`` on."""

    place: str
    name: str
    kind: str
    template: str
    scale: str
    decided: str
    starts: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Everything in which a plan differs from letting the network stand as it is."""

    opened: tuple[Opening, ...]
    closed: tuple[tuple[str, str], ...]
    """Name of the place and the first period in which it no longer works."""
    extended: tuple[tuple[str, float], ...]
    """Name of an existing site and the lines that it gets."""
    kept: tuple[str, ...]
    """Names of the existing sites that stay."""

    @property
    def is_nothing(self) -> bool:
        """Whether the plan leaves the network as it is."""
        return not (self.opened or self.closed or self.extended)

    def __str__(self) -> str:
        parts = [part for part in (_opened(self.opened), _extended(self.extended), _closed(self.closed)) if part]
        if not parts:
            return "leave the network as it is"
        if self.kept and self.opened:
            parts.append(f"keep {names_of(self.kept)}")
        return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


def plan_changes(plan: NetworkPlan) -> Changes:
    """What ``plan`` opens, closes and extends, in order of the periods in which it is decided."""
    network = plan.network
    order = {period.name: period.index for period in plan.periods}
    rows = list(plan.tables.openings.rows())
    new = [row for row in rows if row["decided"]]
    old = [row for row in rows if not row["decided"] and row["kind"] == "site"]
    new.sort(key=lambda row: (order[row["decided"]], order.get(row["starts"], 0), row["place"]))
    added, stands = _added_lines(plan), [row["place"] for row in old]
    return Changes(
        opened=tuple(_opening(network, row) for row in new),
        closed=tuple(
            (place_name(network, row["place"]), row["closes"])
            for row in rows
            if row["closes"] and row["kind"] != "opportunity"
        ),
        extended=tuple((place_name(network, key), added[key]) for key in stands if added.get(key, 0) > 0),
        kept=tuple(place_name(network, row["place"]) for row in old if not row["closes"]),
    )


def place_name(network: Network, place: str) -> str:
    """Name of a site, warehouse, co-packer, upgrade, opportunity or supplier; the id where there is none such."""
    for collection in ("sites", "warehouses", "co_packers", "upgrades", "opportunities", "suppliers"):
        for row in getattr(network, collection):
            if row.id == place:
                return str(row.name)
    return place


def _opening(network: Network, row: dict[str, str]) -> Opening:
    scale = network.get("templates", row["template"]).scale if row["template"] else ""
    return Opening(
        place=row["place"],
        name=place_name(network, row["place"]),
        kind=row["kind"],
        template=row["template"],
        scale=scale,
        decided=row["decided"],
        starts=row["starts"],
    )


def _added_lines(plan: NetworkPlan) -> dict[str, float]:
    return plan.tables.lines.total("added", "place")


def _opened(openings: tuple[Opening, ...]) -> str:
    words = []
    for scale, (one, many) in SCALES.items():
        chosen = [row.name for row in openings if row.kind == "site" and row.scale == scale]
        if chosen:
            words.append(f"build {_count(len(chosen), one, many)} ({names_of(tuple(chosen))})")
    for kind, word in PLURALS.items():
        chosen = [row.name for row in openings if row.kind == kind and kind != "site"]
        if chosen:
            words.append(
                f"{USES.get(kind, 'take')} {_count(len(chosen), word, word + 's')} ({names_of(tuple(chosen))})"
            )
    return ", ".join(words)


def _extended(extended: tuple[tuple[str, float], ...]) -> str:
    if not extended:
        return ""
    return "add " + ", ".join(f"{_count(round(count), 'line', 'lines')} at {name}" for name, count in extended)


def _closed(closed: tuple[tuple[str, str], ...]) -> str:
    return f"close {names_of(tuple(name for name, _ in closed))}" if closed else ""


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def names_of(names: tuple[str, ...]) -> str:
    """Names in one phrase, at most four."""
    comma = "; " if any("," in name for name in names) else ", "
    if len(names) > 4:
        return f"{comma.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{comma.join(names[:-1])} and {names[-1]}"
