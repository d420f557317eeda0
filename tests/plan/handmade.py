"""Plans made by hand, so that money and checks are tested without a solver."""

from __future__ import annotations

from typing import Any

import numpy as np

from manyworks.model.demand import demand_units, monthly_demand, season_build_up
from manyworks.model.hours import template_calendar
from manyworks.model.network import Network
from manyworks.model.periods import planning_periods
from manyworks.model.rates import crew_per_shift, effective_rates
from manyworks.model.shipping import lane_table
from manyworks.model.stock import safety_units, weekly_cvs
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.money.business_case import business_case
from manyworks.plan.result import NetworkPlan, PlanTables
from manyworks.plan.waiting import make_days, standing_option

OPENINGS = ("place", "kind", "template", "decided", "starts", "closes")
LINES = ("place", "template", "line", "upgrades", "products", "period", "ready", "added")
PRODUCTION = (
    *("place", "template", "line", "upgrades", "products", "product", "period"),
    *("units", "run_h", "changeover_h", "overtime_h"),
)
SHIPMENTS = ("origin", "market", "product", "period", "units", "received")
STOCK = ("place", "product", "period", "cycle", "safety", "season", "in_transit")
LABOUR = ("place", "period", "direct", "indirect", "hired")
UNMET = ("market", "product", "period", "units")
SPOILED = ("place", "product", "period", "units")


def table(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Table:
    """Rows as a table; text columns are objects, all others floats."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    kinds = [object if not values or isinstance(values[0], str) else np.float64 for values in columns]
    if not rows:
        kinds = [object if name in TEXT else np.float64 for name in names]
    return Table({n: np.array(v, dtype=k) for n, v, k in zip(names, columns, kinds, strict=True)})


TEXT = {*OPENINGS, "line", "upgrades", "products", "product", "period", "origin", "market"}


def one_site_tables(network: Network, site: str) -> PlanTables:
    """``site`` (existing, one line type) makes everything for all markets; each product has its own line."""
    periods, place = planning_periods(network.finance), network.get("sites", site)
    template = network.get("templates", place.template)
    line = network.get("lines", template.lines[0])
    hours = template_calendar(network, template).paid_hours_per_worker_year
    demand = demand_units(network, periods)
    rates = effective_rates(network, line.id, site=site, template=template.id)
    lines, production, shipments, stock, labour = [], [], [], [], []
    lanes = lane_table(network, [place], network.markets, demand.sum(axis=2))
    (wait,) = make_days(network, [place], [standing_option(0, place, template)])
    monthly = monthly_demand(network)
    for t, period in enumerate(periods):
        run_total = 0.0
        for p, product in enumerate(network.products):
            units = float(demand[:, p, t].sum())
            run_h = units / rates[p] / 60
            run_total += run_h
            lines.append((site, template.id, line.id, "", product.id, period.name, 1.0, 0.0))
            production.append(
                (site, template.id, line.id, "", product.id, product.id, period.name, units, run_h, 0.0, 0.0)
            )
            year = demand[:, p, t] / period.years
            held = safety_units(
                year * 7 / 365,
                weekly_cvs(network, network.markets),
                lead_days=lanes.days[0] + wait,
                lead_days_sd=lanes.days_sd[0],
                review_days=network.policy.review_days,
                service_level=network.policy.service_level,
                correlation=network.policy.demand_correlation,
            )
            cycle = float(year @ (lanes.interval_days[0] + wait)) / 2 / 365
            build = season_build_up(monthly[:, p, 3 * period.first_quarter :][:, :12]) if period.quarters == 4 else 0.0
            keeps = (product.shelf_life_days or np.inf) - product.minimum_remaining_life_days > 92
            season = float(np.sum(demand[:, p, t] * build)) if keeps else 0.0
            stock.append((site, product.id, period.name, cycle, held, season, float(year @ lanes.days[0]) / 365))
            for m, market in enumerate(network.markets):
                sent = float(demand[m, p, t])
                shipments.append((site, market.id, product.id, period.name, sent, sent))
        people = crew_per_shift(network, line) * run_total / (hours * period.years)
        labour.append((site, period.name, people, template.indirect_staff, 0.0))
    for t in range(1, len(labour)):
        hired = max(labour[t][2] - labour[t - 1][2] + place.turnover_per_year * periods[t].years * labour[t][2], 0.0)
        labour[t] = (*labour[t][:4], hired)
    return PlanTables(
        openings=table(OPENINGS, [(site, "site", template.id, "", periods[0].name, "")]),
        lines=table(LINES, lines),
        production=table(PRODUCTION, production),
        shipments=table(SHIPMENTS, shipments),
        stock=table(STOCK, stock),
        labour=table(LABOUR, labour),
        unmet=table(UNMET, []),
        spoiled=table(SPOILED, []),
    )


def plan_of(network: Network, tables: PlanTables, case: CaseName = "do_nothing", **changes: Any) -> NetworkPlan:
    """A finished plan around ``tables``, with its money, and a bound that equals its npv unless ``changes`` say."""
    periods = planning_periods(network.finance)
    money = business_case(network, CASES[case], periods, tables)
    values: dict[str, Any] = {
        "network": network,
        "case": CASES[case],
        "periods": periods,
        "tables": tables,
        "money": money,
        "status": "optimal",
        "npv": money.npv,
        "bound": money.npv,
        "gap": 0.0,
        "seconds": 0.1,
        "cpu_seconds": 0.1,
        "seed": 0,
        "version": "test",
        "input_hash": "test",
        "binding": table(("limit", "place", "period", "price", "meaning"), []),
    }
    return NetworkPlan(**(values | changes))
