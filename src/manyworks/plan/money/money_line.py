"""The lines of the money: their names, their order, and how each of them is taxed and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["operating", "capital", "derived"]


@dataclass(frozen=True, kw_only=True)
class MoneyLine:
    """One line of the cash flow.

    ``operating`` lines are income or expense of the period in which they arise, and are taxed there; ``capital`` lines
    are not taxed, capex comes back as depreciation; ``derived`` lines follow from the others. ``is_landed`` lines make
    up the landed cost of what is delivered. ``group`` is the heading under which short tables add it up.
    """

    name: str
    title: str
    group: str
    kind: Kind = "operating"
    is_landed: bool = True

    @property
    def names_market(self) -> bool:
        """Whether its entries belong to one market: what happens after the goods leave, and contracts."""
        return self.name in _OUTBOUND


_OUTBOUND = frozenset(
    {"revenue", "outbound_freight", "packaging_distance", "outbound_duty", "transit_damage", "one_off"}
)


def _line(name: str, title: str, group: str, kind: Kind = "operating", *, is_landed: bool = True) -> MoneyLine:
    return MoneyLine(name=name, title=title, group=group, kind=kind, is_landed=is_landed)


MONEY_LINES: tuple[MoneyLine, ...] = (
    _line("revenue", "Revenue", "Revenue", is_landed=False),
    _line("materials", "Materials", "Materials"),
    _line("inbound_freight", "Inbound freight", "Materials"),
    _line("inbound_duty", "Inbound duty", "Duty"),
    _line("local_materials", "Local materials", "Materials"),
    _line("direct_labour", "Direct labour", "Labour"),
    _line("overtime", "Overtime", "Labour"),
    _line("indirect_labour", "Indirect labour", "Labour"),
    _line("hiring_training", "Hiring and training", "Labour"),
    _line("changeover_labour", "Changeover labour", "Changeovers"),
    _line("changeover_cleaning", "Changeover cleaning", "Changeovers"),
    _line("startup_scrap", "Start-up scrap", "Changeovers"),
    _line("energy", "Energy", "Running the sites"),
    _line("rent", "Rent", "Running the sites"),
    _line("fixed_cost", "Fixed cost", "Running the sites"),
    _line("property_tax", "Property tax", "Running the sites"),
    _line("service_spares", "Service and spares", "Running the sites"),
    _line("packaging_distance", "Packaging for distance", "Outbound"),
    _line("outbound_freight", "Outbound freight", "Outbound"),
    _line("outbound_duty", "Outbound duty", "Duty"),
    _line("transit_damage", "Transit damage", "Outbound"),
    _line("cycle_stock", "Cycle stock", "Stock"),
    _line("safety_stock", "Safety stock", "Stock"),
    _line("season_stock", "Season stock", "Stock"),
    _line("in_transit_stock", "Stock in transit", "Stock"),
    _line("material_stock", "Stock of materials", "Stock"),
    _line("storage_fees", "Storage fees", "Stock"),
    _line("spoilage", "Spoilage", "Stock"),
    _line("unmet_penalty", "Penalty for unmet demand", "Lost sales", is_landed=False),
    _line("co_packing", "Co-packing", "Others' services"),
    _line("warehouse_fees", "Warehouse fees", "Others' services"),
    _line("one_off", "One-off cost of contracts", "Others' services"),
    _line("closure", "Closure", "Capital"),
    _line("capex", "Capital spending", "Capital", "capital"),
    _line("incentives", "Incentives", "Capital", "capital"),
    _line("salvage", "Salvage", "Capital", "capital"),
    _line("tax", "Tax", "Tax", "derived", is_landed=False),
    _line("working_capital", "Working capital", "Working capital", "derived", is_landed=False),
    _line("terminal_value", "Terminal value", "Terminal value", "derived", is_landed=False),
)

LINE_NAMES: tuple[str, ...] = tuple(line.name for line in MONEY_LINES)
LINE_INDEX: dict[str, int] = {name: index for index, name in enumerate(LINE_NAMES)}
TITLES: dict[str, str] = {line.name: line.title for line in MONEY_LINES}
OPERATING: tuple[int, ...] = tuple(i for i, line in enumerate(MONEY_LINES) if line.kind == "operating")
LANDED: tuple[int, ...] = tuple(i for i, line in enumerate(MONEY_LINES) if line.is_landed)
