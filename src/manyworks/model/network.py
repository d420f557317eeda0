"""The Network document: one manufacturer, everything it has or is thinking of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, Self, get_args

from pydantic import Field

from manyworks.model.calendar import Calendar, Holiday, MaintenanceWindow, Shift
from manyworks.model.changeover import ChangeoverRule, Sanitation
from manyworks.model.equipment import Equipment, MachineEndpoint
from manyworks.model.evidence import Evidence
from manyworks.model.finance import Change, Finance, Policy, Scenario
from manyworks.model.floor import AdjacencyWish, FixedPlace, Floor, Placement, Zone
from manyworks.model.freight import Duty, FreightBreak, FreightMode, Lane
from manyworks.model.line import Buffer, Capability, Crew, Flow, Line, RoutingStep, Station
from manyworks.model.market import DemandRow, DemandRule, Market, Opportunity, Season
from manyworks.model.operation import (
    ChecklistStep,
    Count,
    DemandOrder,
    ForecastRow,
    JobOrder,
    Recipe,
    RunSlot,
    StateInterval,
    StockTarget,
)
from manyworks.model.product import BillItem, Material, Packaging, Product
from manyworks.model.record import Record
from manyworks.model.site import (
    CoPacker,
    InstalledLine,
    OutageClass,
    Site,
    SiteTemplate,
    StandUpStep,
    Upgrade,
    Warehouse,
)
from manyworks.model.supply import Supplier, SupplyOffer

DOCUMENT_VERSION = 1


class Network(Record):
    """The whole document. Each collection is a list of flat records; see each record for its fields."""

    version: int = Field(DOCUMENT_VERSION, ge=1, description="Version of the document format.")
    name: str = Field(description="Name of the network.")
    note: str = Field("", description="What this document is about, in a sentence or two.")
    finance: Finance
    policy: Policy = Policy()

    products: list[Product] = []
    materials: list[Material] = []
    bill: list[BillItem] = []
    packaging: list[Packaging] = []
    suppliers: list[Supplier] = []
    offers: list[SupplyOffer] = []

    equipment: list[Equipment] = []
    lines: list[Line] = []
    stations: list[Station] = []
    crews: list[Crew] = []
    buffers: list[Buffer] = []
    flows: list[Flow] = []
    routings: list[RoutingStep] = []
    capabilities: list[Capability] = []
    changeovers: list[ChangeoverRule] = []
    sanitations: list[Sanitation] = []

    floors: list[Floor] = []
    zones: list[Zone] = []
    fixed_places: list[FixedPlace] = []
    placements: list[Placement] = []
    adjacency_wishes: list[AdjacencyWish] = []

    calendars: list[Calendar] = []
    shifts: list[Shift] = []
    holidays: list[Holiday] = []
    maintenance: list[MaintenanceWindow] = []

    templates: list[SiteTemplate] = []
    stand_up_steps: list[StandUpStep] = []
    sites: list[Site] = []
    installed_lines: list[InstalledLine] = []
    upgrades: list[Upgrade] = []
    warehouses: list[Warehouse] = []
    co_packers: list[CoPacker] = []
    outage_classes: list[OutageClass] = []

    markets: list[Market] = []
    seasons: list[Season] = []
    demand_rules: list[DemandRule] = []
    demand: list[DemandRow] = []
    opportunities: list[Opportunity] = []

    freight_modes: list[FreightMode] = []
    freight_breaks: list[FreightBreak] = []
    lanes: list[Lane] = []
    duties: list[Duty] = []

    scenarios: list[Scenario] = []
    changes: list[Change] = []
    evidence: list[Evidence] = []

    endpoints: list[MachineEndpoint] = []
    recipes: list[Recipe] = []
    checklists: list[ChecklistStep] = []
    demand_orders: list[DemandOrder] = []
    job_orders: list[JobOrder] = []
    run_slots: list[RunSlot] = []
    states: list[StateInterval] = []
    counts: list[Count] = []
    forecasts: list[ForecastRow] = []
    stock_targets: list[StockTarget] = []

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        return {
            name: {row.id: row for row in getattr(self, name)}
            for name, kind in collections().items()
            if "id" in kind.model_fields
        }

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some collections replaced; it looks its rows up anew."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("_by_id", None)
        return copy

    def get(self, collection: str, id: str) -> Any:
        """Record of ``collection`` with this id.

        Raises
        ------
        KeyError
            There is none.
        """
        try:
            return self._by_id[collection][id]
        except KeyError:
            known = self._by_id.get(collection)
            found = f"no row {id!r} in {collection}" if known is not None else f"no collection {collection!r} with ids"
            raise KeyError(found) from None

    def __repr__(self) -> str:
        sizes = (f"{len(getattr(self, name))} {name}" for name in ("products", "sites", "markets"))
        return f"Network({self.name!r}: {', '.join(sizes)})"

    __str__ = __repr__

    def rows(self) -> Iterator[tuple[str, int, Record]]:
        """Every record of every collection as (collection, position from 0, record)."""
        for name in collections():
            for position, row in enumerate(getattr(self, name)):
                yield name, position, row


def collections() -> dict[str, type[Record]]:
    """Collection name to the record type of its rows, in document order."""
    return dict(_collections())


@cache
def _collections() -> dict[str, type[Record]]:
    return {
        name: get_args(field.annotation)[0]
        for name, field in Network.model_fields.items()
        if get_args(field.annotation) and issubclass(get_args(field.annotation)[0], Record)
    }
