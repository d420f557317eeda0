"""How fast customers are served: a map, a distribution, and the promises kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from manyworks.model.table import Table
from manyworks.plan.rivals.pooling_loss import pooling_loss
from manyworks.plan.rivals.service import ASSUMPTION, Service
from manyworks.render.bars import column_chart
from manyworks.render.figure import Figure
from manyworks.render.network_map import service_map
from manyworks.render.numbers import compact, percent
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.table import DataTable, count, share, text
from manyworks.render.theme import BLUE, LIGHT_GREY, STEPS
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count as counted
from manyworks.studies.plan_report.words import days

Floats = NDArray[np.float64]
SHORT, MEDIUM, LONG = (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 10.0), (7.0, 14.0, 28.0, 42.0)
"""Upper edges in days of all classes but the last; which one is used follows from the days of nearly all units."""
USUAL_SHARE = 0.95
SLOWEST = 5
DIFFERENT_DAYS = 0.05
LEAST_LOSS = 0.005


def section(subject: Subject) -> Section:
    """The days under the recommended plan and, where it changes something, today's."""
    blocks: list[Block] = [Words(text=_sentence(subject)), Words(text=_stock_sentence(subject))]
    if subject.service.share_served > 0:
        blocks += [
            Picture(figure=_map(subject), caption="Crosses are the places that deliver; dots are markets, by volume."),
            Picture(figure=_distribution(subject), caption=f"Share of units by days. {ASSUMPTION.split(';')[0]}."),
        ]
    slow = slow_table(subject)
    if slow.rows:
        blocks += [Words(text="Markets that wait longest:"), Grid(table=slow)]
    return Section(id="service", title="How fast customers are served", blocks=blocks)


def _stock_sentence(subject: Subject) -> str:
    """Safety stock, and what of it is due to holding it apart."""
    plan = subject.plan
    loss = pooling_loss(plan.network, plan.periods, plan.tables)
    held = f"Safety stock in {loss.period} is {compact(loss.held)} units"
    if loss.share < LEAST_LOSS:
        return f"{held}; pooling it at one place would save nothing."
    return (
        f"{held}; held at one place, with the same days, it would be {compact(loss.pooled)}: splitting it takes "
        f"{percent(loss.share, 0)} of it, because errors of different markets offset each other less."
    )


def service_table(subject: Subject) -> DataTable:
    """Every market: who serves it, how far away in days, what was promised and kept."""
    origins = _main_origin(subject)
    markets = subject.network.markets
    rows = [
        (market.name, market.region, origins.get(market.id, ""), _number(row["days"]), _number(row["days_with_wait"]),
         _number(row["promised_days"]), _number(row["share_in_time"]), row["demand"], row["served"])
        for market, row in zip(markets, subject.service.by_market.rows(), strict=True)
    ]  # fmt: skip
    period = f"in {subject.last.name}"
    columns = [
        text("Market"), text("Region"), text("Served mostly from"), count("Days", "loading to receipt", 1),
        count("Days", "with wait for the shipment", 1), count("Promised", "days", 1), share("In time", 0),
        count("Units wanted", period), count("Units received", period),
    ]  # fmt: skip
    return DataTable(columns=columns, rows=rows)


def slow_table(subject: Subject) -> DataTable:
    """The markets with the most days; empty where there are hardly more markets than that."""
    table = service_table(subject)
    served = [row for row in table.rows if row[3] is not None]
    worst = sorted(served, key=lambda row: (-row[3], row[0]))[:SLOWEST]
    keep = (0, 2, 3, 5, 8)
    rows = [tuple(row[k] for k in keep) for row in worst] if len(served) > 2 * SLOWEST else []
    return DataTable(columns=[table.columns[k] for k in keep], rows=rows)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _sentence(subject: Subject) -> str:
    service, before = subject.service, subject.base_service
    if not service.share_served:
        return "Nothing is delivered."
    words = f"A mean unit travels {days(service.days)}"
    if before is not None and before.share_served and abs(before.days - service.days) >= DIFFERENT_DAYS:
        words += f" instead of {days(before.days)} when nothing is done"
    words += f"; {percent(_within(service.by_market, 1.0), 0)} of what is delivered arrives within a day"
    if subject.has_promises:
        words += f", and {percent(service.share_in_time, 0)} of all demand is met within the promised days"
    by_market = service.by_market
    left = int(((by_market["demand"] > 0) & (by_market["served"] <= 0)).sum())
    return words + "." + (f" {counted(left, 'market is', 'markets are')} not served at all." if left else "")


def _within(by_market: Table, limit: float) -> float:
    """Share of the delivered units that arrive within ``limit`` days."""
    served = by_market["served"]
    near = np.nan_to_num(by_market["days"], nan=np.inf) <= limit + 1e-9
    return float(served[near].sum() / served.sum())


def _usual(by_market: Table) -> float:
    """Days within which nearly all units arrive."""
    order = np.argsort(np.nan_to_num(by_market["days"], nan=np.inf))
    reached = np.cumsum(by_market["served"][order]) >= USUAL_SHARE * by_market["served"].sum()
    return float(by_market["days"][order][int(reached.argmax())])


def _edges(subject: Subject) -> tuple[float, ...]:
    usual = _usual(subject.service.by_market) if subject.service.share_served else 0.0
    return SHORT if usual <= 5 else MEDIUM if usual <= 14 else LONG


def _classes(edges: tuple[float, ...]) -> list[str]:
    return [f"up to {counted(edge, 'day')}" for edge in edges] + [f"more than {counted(edges[-1], 'day')}"]


def _main_origin(subject: Subject) -> dict[str, str]:
    """Market to the name of the place from which most comes in the last period: its warehouse, where there is one."""
    table = subject.plan.tables.shipments.where(subject.plan.tables.shipments["period"] == subject.last.name)
    sent: dict[str, dict[str, float]] = {}
    for row in table.rows():
        to = sent.setdefault(row["market"], {})
        place = row.get("via") or row["origin"]
        to[place] = to.get(place, 0.0) + row["received"]
    names = {row.id: row.name for row in subject.places}
    return {market: names[max(to, key=lambda place: (to[place], place))] for market, to in sent.items()}


def _map(subject: Subject) -> Figure:
    table, edges = subject.service.by_market, _edges(subject)
    classes, served = _classes(edges), np.flatnonzero(table["served"] > 0)
    group = np.searchsorted(np.array(edges) + 1e-9, table["days"])
    markets = subject.network.markets
    senders = [row for row in subject.places if row.units_per_year]
    return service_map(
        markets={
            "lat": [markets[m].lat for m in served], "lon": [markets[m].lon for m in served],
            "size": [float(table["served"][m]) for m in served], "group": [classes[group[m]] for m in served],
        },
        sites={"lat": [row.lat for row in senders], "lon": [row.lon for row in senders]},
        classes=classes, colours=STEPS, class_title="Days from loading to receipt",
        title="Map of days to customers", description=_sentence(subject),
    )  # fmt: skip


def _distribution(subject: Subject) -> Figure:
    edges = _edges(subject)
    classes, series = _classes(edges), {"Recommended plan": _shares(subject.service, edges)}
    if subject.base_service is not None and subject.base_service.share_served:
        series["Doing nothing"] = _shares(subject.base_service, edges)
    cells = [(name, *(row[k] for row in series.values())) for k, name in enumerate(classes)]
    described = "; ".join(
        f"{key}: {', '.join(f'{name} {_percent(value)}' for name, value in zip(classes, row, strict=True))}"
        for key, row in series.items()
    )
    return column_chart(
        names=classes,
        series=series,
        colours=[BLUE, LIGHT_GREY],
        write=_percent,
        title="Days to customers",
        description=f"Share of units. {described}.",
        table=DataTable(columns=[text("Days"), *map(share, series)], rows=cells),
        width=700,
        height=150,
    )


def _percent(value: float) -> str:
    return percent(value, 0)


def _shares(service: Service, edges: tuple[float, ...]) -> list[float]:
    within = [_within(service.by_market, edge) for edge in edges] + [1.0]
    return [high - low for low, high in zip([0.0, *within], within, strict=False)]
