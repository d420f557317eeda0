"""For every rule the smallest changes that break it in the tiny network, each with the path at which it must fire.

A break is a function that changes the plain data of ``tests.networks.tiny_data`` in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
Break = Callable[[Data], None]

BREAKS: dict[str, list[tuple[str, Break]]] = {}


def breaks(rule: str, path: str) -> Callable[[Break], Break]:
    """Declare a break of ``rule`` that must be found at ``path``."""

    def declare(change: Break) -> Break:
        BREAKS.setdefault(rule, []).append((path, change))
        return change

    return declare


def put(rule: str, path: str, where: str, value: Any) -> None:
    """Declare a break that puts ``value`` at ``where``: `sites.0.template`, `finance.start`, or a whole collection."""

    def change(data: Data) -> None:
        *way, last = where.split(".")
        target: Any = data
        for part in way:
            target = target[int(part)] if part.isdecimal() else target[part]
        target[int(last) if last.isdecimal() else last] = value

    breaks(rule, path)(change)


def add(rule: str, path: str, collection: str, *rows: Data) -> None:
    """Declare a break that adds rows to a collection."""

    def change(data: Data) -> None:
        data[collection] = [*data.get(collection, []), *rows]

    breaks(rule, path)(change)


# References.
put("unknown-reference", "sites.albany.template", "sites.0.template", "bigg")
put("unknown-reference", "templates.micro.lines", "templates.1.lines", ["small_line", "smal_line"])
put("unknown-reference", "stations[0].equipment", "stations.0.equipment", "paker")
put("unknown-reference", "policy.default_mode", "policy.default_mode", "truk")
put("unknown-water-material", "policy.water_material", "policy.water_material", "water")
add(
    "unknown-equipment-kind",
    "routings[0].equipment_kind",
    "routings",
    {"product": "oat_bar", "operation": "pack", "equipment_kind": "paker"},
)
for wrong in ("reno/small_line/pak", "reno/small_line", "reno/small_line/pack/2", "rino/small_line/pack"):
    add("unknown-equipment-path", "endpoints[0].equipment_path", "endpoints", {"equipment_path": wrong})

# Uniqueness.
add("duplicate-id", "seasons[1].id", "seasons", {"id": "winter", "month_index": [1] * 12})
add(
    "duplicate-row",
    "demand[1].period",
    "demand",
    {"market": "chicago", "product": "oat_bar", "period": "2027", "units": 1},
)
CO_PACKER = {"id": "helper", "name": "Packer", "lat": 39.5, "lon": -119.8, "toll_fee_per_unit": 0.2}
add("duplicate-place", "co_packers[0].id", "co_packers", CO_PACKER | {"id": "reno"})

# Dates.
put("start-not-on-quarter", "finance.start", "finance.start", "2027-02-01")
put("start-not-on-quarter", "finance.start", "finance.start", "2027-01-02")


@breaks("ends-before-starts", "products.oat_bar.limited_until")
def _run_backwards(data: Data) -> None:
    data["products"][1] |= {"limited_from": "2027-06-01", "limited_until": "2027-05-31"}


JOB = {"id": "first", "site": "albany", "product": "oat_bar", "quantity": 10, "due": "2027-03-01T00:00:00Z"}
add("ends-before-starts", "job_orders.first.due", "job_orders", JOB | {"release": "2027-03-02T00:00:00Z"})
add("time-without-zone", "job_orders.first.due", "job_orders", JOB | {"due": "2027-03-01T00:00:00"})
put("impossible-period", "demand[0].period", "demand.0.period", "2027-13")
FORECAST = {"site": "albany", "product": "oat_bar", "period": "2027-W12", "mean_units": 5}
add("impossible-period", "forecasts[0].period", "forecasts", FORECAST | {"period": "2027-W54"})


@breaks("limited-family", "products.oat_bar.family")
def _share_a_family_on_other_days(data: Data) -> None:
    data["products"][1] |= {"limited_from": "2027-09-01", "family": data["products"][0]["family"]}


put("outside-horizon", "demand[0].period", "demand.0.period", "2026")
put("outside-horizon", "demand[0].period", "demand.0.period", "2030-Q1")
put("outside-horizon", "products.oat_bar.limited_until", "products.1.limited_until", "2026-12-31")
put("opened-in-future", "sites.albany.opened", "sites.0.opened", "2027-05-01")

# Calendars.
put("calendar-beyond-day", "calendars.two_shifts.hours_per_shift", "calendars.0.hours_per_shift", 13)


@breaks("overtime-without-room", "calendars.two_shifts.overtime_share")
def _work_always(data: Data) -> None:
    data["calendars"][0] |= {"shifts_per_day": 3, "days_per_week": 7}
    data["shifts"] = []


put("paid-hours-odd", "calendars.two_shifts.paid_hours_per_worker_year", "calendars.0.paid_hours_per_worker_year", 40)
put("shift-without-length", "shifts[1].ends", "shifts.1.ends", "14:00")
put("shift-without-length", "shifts[1].break_min", "shifts.1.break_min", 480)
put("shifts-overlap", "shifts[1].starts", "shifts.1.starts", "13:59")
add(
    "shifts-overlap",
    "shifts[2].starts",
    "shifts",
    {"calendar": "two_shifts", "id": "night", "days": ["sun"], "starts": "22:00", "ends": "06:01"},
)
put("shifts-against-hours", "calendars.two_shifts.hours_per_shift", "calendars.0.hours_per_shift", 6)
put("holiday-outside-horizon", "holidays[0].day", "holidays.0.day", "2019-07-04")
STOP = {"site": "albany", "day": "2027-03-01", "starts": "06:00", "minutes": 1440, "every_days": 1}
add("maintenance-never-ends", "maintenance[0].minutes", "maintenance", STOP)

# Changeovers.
put("changeover-never-matches", "changeovers.peanut_out.from_value", "changeovers.1.from_value", "peanuts")
put("changeover-unknown-station", "changeovers.peanut_out.stations", "changeovers.1.stations", ["pack"])


@breaks("changeover-unknown-station", "changeovers.any_product.stations")
def unknown_changeover_station(data: Data) -> None:
    data["changeovers"][0] |= {"scope": "station", "stations": ["pakc"]}


put("changeover-too-long", "changeovers.any_product.minutes", "changeovers.0.minutes", 10081)
put("changeovers-missing", "changeovers", "changeovers", [])
add("sanitation-fills-time", "sanitations.clean.minutes", "sanitations", {"id": "clean", "every_h": 8, "minutes": 480})
put("segregation-malformed", "policy.segregation", "policy.segregation", ["peanut"])
put("segregation-malformed", "policy.segregation", "policy.segregation", ["peanut:room"])
put("segregation-never-matches", "policy.segregation", "policy.segregation", ["peanuts:line"])

# Sites and templates.
put("existing-site-without-template", "sites.albany.template", "sites.0.template", None)
put("existing-site-without-lines", "sites.albany.status", "installed_lines", [])
put("template-of-candidate", "sites.reno.template", "sites.1.template", "micro")
put("lines-at-candidate", "installed_lines.albany_fast.site", "installed_lines.0.site", "reno")
put("line-not-in-template", "installed_lines.albany_fast.line", "installed_lines.0.line", "small_line")
put("too-many-lines", "installed_lines.albany_fast.count", "installed_lines.0.count", 4)
put("template-bounds", "templates.micro.minimum_lines", "templates.1.minimum_lines", 3)
put("template-without-stand-up", "templates.micro.stand_up_quarters", "stand_up_steps", [])
put("unused-template", "templates.micro.id", "sites.1.templates", ["big"])
put("ramp-falls", "templates.micro.ramp", "templates.1.ramp", [0.8, 0.5])
put("unknown-stand-up-step", "stand_up_steps[1].after", "stand_up_steps.1.after", ["permits"])
put("stand-up-circle", "stand_up_steps[0].after", "stand_up_steps.0.after", ["install"])
put("stand-up-circle", "stand_up_steps[1].after", "stand_up_steps.1.after", ["install"])
put("stand-up-differs", "templates.micro.stand_up_quarters", "templates.1.stand_up_quarters", 3)
UPGRADE = {"id": "swift", "name": "Swift change", "site": "albany", "capex": 100000, "changeover_factor": 0.5}
add("upgrade-of-nothing", "upgrades.swift.site", "upgrades", UPGRADE | {"site": "reno"})
add("upgrade-of-nothing", "upgrades.swift.line", "upgrades", UPGRADE | {"line": "small_line"})
add("upgrade-without-effect", "upgrades.swift.name", "upgrades", UPGRADE | {"changeover_factor": 1})
add("upgrade-stops-too-long", "upgrades.swift.downtime_weeks", "upgrades", UPGRADE | {"downtime_weeks": 14})


@breaks("upgrade-adds-which-line", "upgrades.swift.line")
def _(data: Data) -> None:
    data["templates"][0]["lines"] = ["fast_line", "small_line"]
    data["installed_lines"] += [{"id": "albany_small", "site": "albany", "line": "small_line"}]
    data["upgrades"] = [UPGRADE | {"added_lines": 1}]


@breaks("warehouse-to-nowhere", "warehouses.tacoma.id")
def _(data: Data) -> None:
    data["warehouses"] = [
        {"id": "tacoma", "name": "Tacoma", "lat": 47.25, "lon": -122.44, "throughput_fee_per_pallet": 14}
    ]
    data["lanes"] = [*data.get("lanes", []), {"origin": "tacoma", "destination": "*", "is_allowed": False}]


SPARE_LINE = {"id": "spare", "name": "Spare", "nominal_rate_per_min": 50, "capex": 1, "crew_per_shift": 1}


@breaks("maintenance-of-nothing", "maintenance[0].line")
def _maintain_nothing(data: Data) -> None:
    data["lines"].append(SPARE_LINE)
    data["maintenance"] = [STOP | {"minutes": 60, "line": "spare"}]


OUTAGE = {"id": "power", "name": "Power", "frequency_per_year": 10, "duration_h": 100}
add("always-out", "outage_classes.power.duration_h", "outage_classes", OUTAGE)

# Geography.


@breaks("null-island", "markets.atlanta.lat")
def _sink(data: Data) -> None:
    data["markets"][0] |= {"lat": 0, "lon": 0}


put("outside-country", "markets.seattle.lat", "markets.1.lon", 122.33)
put("unknown-country", "suppliers.grower.country", "suppliers.0.country", "UK")
put("unknown-timezone", "sites.reno.timezone", "sites.1.timezone", "America/Reno")
put("unknown-timezone", "sites.reno.timezone", "sites.1.timezone", "../etc")

# Lines.
LONG = [
    {"line": "small_line", "id": "fill", "equipment": "packer", "sequence": 1},
    {"line": "small_line", "id": "seal", "equipment": "packer", "sequence": 2},
    {"line": "small_line", "id": "pack", "equipment": "packer", "sequence": 3},
]


def flows(rule: str, path: str, *rows: tuple[str, str, float | None], **more: Any) -> None:
    """Declare a break with a line of three stations and these flows (source, target, share)."""

    @breaks(rule, path)
    def _flow(data: Data) -> None:
        data["stations"] = LONG
        data["flows"] = [
            {"line": "small_line", "source": source, "target": target, "share": share} for source, target, share in rows
        ]
        data |= more


flows("unknown-station", "flows[0].target", ("fill", "pak", None))
flows(
    "unknown-station", "buffers[0].after", buffers=[{"line": "small_line", "id": "b", "after": "x", "before": "pack"}]
)
flows("flow-shares", "flows[1].share", ("fill", "seal", 0.5), ("fill", "pack", 0.6))
flows("flow-shares", "flows[1].share", ("fill", "seal", 0.5), ("fill", "pack", 0.4))
flows("flow-circle", "flows[0].target", ("seal", "fill", None))
flows("station-not-connected", "stations[1].id", ("fill", "pack", None), ("seal", "sink", None))
flows(
    "buffer-out-of-place",
    "buffers[0].before",
    buffers=[{"line": "small_line", "id": "b", "after": "fill", "before": "pack"}],
)
put("line-without-rate", "lines.fast_line.nominal_rate_per_min", "lines.0.nominal_rate_per_min", None)


@breaks("flow-quantity-whole", "flows[0].quantity")
def several_units_into_a_plain_station(data: Data) -> None:
    data["stations"] = LONG
    data["flows"] = [{"line": "small_line", "source": "fill", "target": "seal", "quantity": 6}]


@breaks("flow-quantity-whole", "flows[0].quantity")
def half_a_unit_into_an_assembly(data: Data) -> None:
    data["stations"] = [LONG[0], LONG[1] | {"kind": "assembly"}, LONG[2]]
    data["flows"] = [{"line": "small_line", "source": "fill", "target": "seal", "quantity": 2.5}]


FITTERS = {"line": "small_line", "id": "fitters", "kind": "repair", "people": 1}
put("unknown-crew", "stations[0].operator_crew", "stations.0.operator_crew", "fitters")
add("unused-crew", "crews[0].id", "crews", FITTERS)


@breaks("unknown-crew", "stations[0].operator_crew")
def crew_of_the_other_kind(data: Data) -> None:
    data["crews"] = [FITTERS]
    data["stations"][0] |= {"operator_crew": "fitters", "repair_crew": "fitters"}


@breaks("crew-too-small", "crews[0].people")
def crew_too_small(data: Data) -> None:
    data["crews"] = [FITTERS | {"id": "packers", "kind": "operator"}]
    data["equipment"][0]["crew"] = 2
    data["stations"][0]["operator_crew"] = "packers"


put("line-faster-than-stations", "lines.small_line.nominal_rate_per_min", "lines.1.nominal_rate_per_min", 140)
put("line-free-of-charge", "lines.fast_line.capex", "lines.0.capex", 0)
put("line-free-of-charge", "lines.fast_line.crew_per_shift", "lines.0.crew_per_shift", 0)
add("unused-line", "lines.spare.id", "lines", SPARE_LINE)


@breaks("family-apart", "lines.small_line.products")
def _split_family(data: Data) -> None:
    data["products"][1]["family"] = "nuts"
    data["lines"][1]["products"] = ["oat_bar"]


ABLE = {"line": "fast_line", "product": "oat_bar", "nominal_rate_per_min": 200, "effective_rate_per_min": 120}
add(
    "capability-above-nominal",
    "capabilities[0].effective_rate_per_min",
    "capabilities",
    ABLE | {"effective_rate_per_min": 210},
)
add(
    "capability-above-nominal",
    "capabilities[0].effective_high_per_min",
    "capabilities",
    ABLE | {"effective_high_per_min": 110},
)


@breaks("capability-never-used", "capabilities[0].product")
def _measure_idly(data: Data) -> None:
    data["lines"][0]["products"] = ["salted_nuts"]
    data["capabilities"] = [ABLE]


@breaks("capability-stale", "capabilities[0].line_hash")
def _measure_long_ago(data: Data) -> None:
    data["capabilities"] = [ABLE | {"method": "twin", "line_hash": "0123456789abcdef"}]


# Equipment.
put("distribution-malformed", "equipment.packer.time_to_repair", "equipment.0.time_to_repair", "lognormal(5)")
for text in ("logn(5, 1)", "exponential 5", "exponential(x)", "weibull(scale=1, form=2)", "gamma(0, 1)", "empirical()"):
    put("distribution-malformed", "equipment.packer.process_time", "equipment.0.process_time", text)
put("distribution-malformed", "equipment.packer.process_time", "equipment.0.process_time", "triangular(3, 2, 1)")
put("minor-stop-half-stated", "equipment.packer.minor_stop_time", "equipment.0.time_to_minor_stop", "exponential(9)")
put("repair-without-time", "equipment.packer.mttr_min", "equipment.0.mtbf_min", 60)


@breaks("footprint-too-small", "equipment.packer.footprint_m2")
def _cramp(data: Data) -> None:
    data["equipment"][0] |= {"length_m": 4, "width_m": 2, "footprint_m2": 7}


END = {"equipment_path": "reno/small_line/pack"}
add(
    "secret-in-document",
    "endpoints[0].url",
    "endpoints",
    END | {"url": "opc.tcp://operator:hunter2@10.0.0.5:4840"},
)
add("secret-in-document", "endpoints[0].url", "endpoints", END | {"url": "https://10.0.0.5/api?Token=abc"})
add("secret-in-document", "endpoints[0].secret", "endpoints", END | {"secret": "pAssw0rdIsLong7x"})
add("secret-in-document", "endpoints[0].secret", "endpoints", END | {"secret": "correct horse!"})
add("endpoint-without-address", "endpoints[0].url", "endpoints", END | {"driver": "opcua"})

# Products.
put("nothing-to-plan", "markets", "markets", [])


@breaks("product-without-line", "products.oat_bar.id")
def _unmake(data: Data) -> None:
    for line in data["lines"]:
        line["products"] = ["salted_nuts"]


STEP = {"product": "oat_bar", "operation": "pack"}


@breaks("routing-line-mismatch", "routings[0].lines")
def _route_wrongly(data: Data) -> None:
    data["lines"][1]["products"] = ["salted_nuts"]
    data["routings"] = [STEP | {"lines": ["fast_line", "small_line"]}]


add("routing-with-gap", "routings[0].stage", "routings", STEP | {"stage": 2})
put("life-too-short", "products.oat_bar.minimum_remaining_life_days", "products.1.minimum_remaining_life_days", 300)
put("nothing-left", "bill[0].waste_share", "bill.0.waste_share", 1)
put("nothing-left", "equipment.packer.scrap_share", "equipment.0.scrap_share", 1)
put("product-without-bill", "products.oat_bar.id", "bill.1.product", "salted_nuts")
put("materials-above-price", "products.salted_nuts.price", "bill.0.quantity_per_unit", 220)
put("unit-density", "products.oat_bar.mass_kg", "products.1.mass_kg", 50)
put("pallet-odd", "products.oat_bar.units_per_pallet", "products.1.units_per_pallet", 90000)
put("unit-beyond-truck", "products.oat_bar.mass_kg", "freight_modes.0.payload_kg", 0.04)
add(
    "tied-to-nothing",
    "products.oat_bar.id",
    "routings",
    STEP | {"lines": ["fast_line"]},
    STEP | {"stage": 2, "lines": ["small_line"]},
)

# Demand.
put("season-mean", "seasons.winter.month_index", "seasons.0.month_index", [1.1] * 12)
put("product-without-demand", "products.salted_nuts.id", "demand_rules.0.share", 0)
put("market-without-demand", "markets.atlanta.population", "markets.0.population", 0)


@breaks("demand-outside-run", "demand[0].period")
def _ask_too_early(data: Data) -> None:
    data["products"][1] |= {"limited_from": "2027-09-01", "limited_until": "2027-12-31"}
    data["demand_rules"] = data["demand_rules"][:1]
    data["demand"][0]["period"] = "2027-Q1"


put("served-by-candidate", "markets.seattle.served_by", "markets.1.served_by", "reno")

# Supply.


@breaks("material-without-price", "materials.oats.price_per_unit")
def _give_away(data: Data) -> None:
    data["materials"][1]["price_per_unit"] = 0
    data["offers"] = data["offers"][:1]


put("local-material-offered", "offers[1].material", "materials.1.is_local", True)
add("unused-material", "materials.salt.id", "materials", {"id": "salt", "name": "Salt", "unit": "kg"})
put("supplier-without-offer", "suppliers.grower.id", "offers", [])
OFFER = {"supplier": "grower", "material": "oats", "price_per_unit": 0.95}
add("tiers-rise", "offers[2].price_per_unit", "offers", OFFER | {"from_units_per_year": 1000})
put("tiers-without-start", "offers[1].from_units_per_year", "offers.1.from_units_per_year", 10)


@breaks("order-above-capacity", "offers[1].minimum_order_units")
def _order_too_much(data: Data) -> None:
    data["offers"][1] |= {"minimum_order_units": 10, "capacity_units_per_year": 9}


put("alternative-alone", "bill[0].alternative", "bill.0.alternative", "nut")
add(
    "co-packer-contract",
    "co_packers.helper.take_or_pay_units_per_year",
    "co_packers",
    CO_PACKER | {"capacity_units_per_year": 10, "take_or_pay_units_per_year": 11},
)

# Freight.
LANE = {"origin": "albany", "destination": "atlanta"}
add("lane-matches-nothing", "lanes[0].destination", "lanes", LANE | {"destination": "atlante"})
add("lane-matches-nothing", "lanes[0].origin", "lanes", LANE | {"origin": "atlanta"})
add("lane-priced-twice", "lanes[0].cost_per_tonne", "lanes", LANE | {"cost_per_unit": 1, "cost_per_tonne": 1})
add("lane-shorter-than-air", "lanes[0].km", "lanes", LANE | {"km": 150})
add("lane-shorter-than-air", "lanes[0].km", "lanes", LANE | {"km": 2500})


@breaks("no-freight-mode", "policy.default_mode")
def _walk(data: Data) -> None:
    data["policy"]["default_mode"] = None
    data["freight_modes"].append(data["freight_modes"][0] | {"id": "rail"})


BREAK = {"mode": "truck", "from_kg": 0, "cost_per_tonne_km": 0.2}
add("freight-breaks", "freight_breaks[0].from_kg", "freight_breaks", BREAK | {"from_kg": 30000})
add(
    "freight-breaks",
    "freight_breaks[1].cost_per_tonne_km",
    "freight_breaks",
    BREAK,
    BREAK | {"from_kg": 500, "cost_per_tonne_km": 0.3},
)
DUTY = {"origin_zone": "*", "destination_zone": "US", "ad_valorem_share": 0.1}
add("duty-of-unknown-zone", "duties[0].origin_zone", "duties", DUTY | {"origin_zone": "CN"})
add("duty-of-unknown-class", "duties[0].duty_class", "duties", DUTY | {"duty_class": "2202"})
add("duty-in-percent", "duties[0].ad_valorem_share", "duties", DUTY | {"ad_valorem_share": 25})

# Finance and policy.
put("unknown-currency", "finance.currency", "finance.currency", "DLR")
put("price-year-odd", "finance.price_year", "finance.price_year", 2015)
put("rates-odd", "finance.discount_rate", "finance.discount_rate", 0.8)
put("rates-odd", "finance.tax_rate", "finance.tax_rate", 0.7)


@breaks("terminal-growth", "finance.terminal_growth")
def _grow_for_ever(data: Data) -> None:
    data["finance"] |= {"terminal_growth": 0.09, "terminal_years": 10}


@breaks("budget-order", "policy.capex_budget_per_quarter")
def _spend_first(data: Data) -> None:
    data["policy"] |= {"capex_budget_per_quarter": 2e6, "capex_budget": 1e6}


put("budget-too-small", "policy.capex_budget", "policy.capex_budget", 5000)


@breaks("too-few-sites", "policy.maximum_sites")
def _forbid(data: Data) -> None:
    data["policy"]["maximum_sites"] = 0
    data["sites"][0]["is_closable"] = False


put("site-share-too-small", "policy.maximum_site_share", "policy.maximum_site_share", 0.4)
put("wheel-empty", "policy.wheel_days", "policy.wheel_days", [])

# Scenarios.
for wrong in ("sites.*.wage", "site.*.wage_per_h", "sites.paris.wage_per_h", "sites.wage_per_h", "finance.*.start"):
    put("change-matches-nothing", "changes[0].path", "changes.0.path", wrong)
put("change-not-a-number", "changes[0].value", "changes.0.value", "a fifth")
put("change-not-a-number", "changes[0].path", "changes.0.path", "sites.*.name")
put("scenario-without-change", "scenarios.wages_up.id", "changes", [])
add(
    "probabilities-above-one",
    "scenarios.low.probability",
    "scenarios",
    {"id": "high", "name": "High", "probability": 0.6},
    {"id": "low", "name": "Low", "probability": 0.6},
)

# Evidence.
put("evidence-matches-nothing", "evidence[0].target", "evidence.0.target", "finance.discount")
put(
    "evidence-range",
    "evidence[0].low",
    "evidence.0",
    {"target": "finance.tax_rate", "basis": "assumption", "low": 1, "high": 0},
)
put(
    "outside-own-range",
    "evidence[2].high",
    "evidence.2",
    {"target": "products.*.price", "basis": "assumption", "high": 2},
)
put("source-missing", "evidence[2].source", "evidence.2.basis", "sourced")
put("number-without-evidence", "sites.albany.wage_per_h", "evidence.16.target", "sites.reno.wage_per_h")
put("number-without-evidence", "finance.tax_rate", "evidence.1.target", "finance.discount_rate")

# Plausibility.
put("value-unusual", "sites.reno.wage_per_h", "sites.1.wage_per_h", 2000)
put("value-unusual", "products.oat_bar.mass_kg", "products.1.mass_kg", 5000)
put("value-unusual", "finance.receivable_days", "finance.receivable_days", 900)

# Reach.
add("market-unreachable", "markets.seattle.id", "lanes", {"origin": "*", "destination": "seattle", "is_allowed": False})
put("promise-out-of-reach", "markets.chicago.service_days", "markets.2.service_days", 1)


@breaks("binding-promise-out-of-reach", "markets.chicago.service_days")
def _promise(data: Data) -> None:
    data["policy"]["is_service_binding"] = True
    data["markets"][2]["service_days"] = 1


put("spoiled-on-arrival", "products.salted_nuts.shelf_life_days", "products.0.shelf_life_days", 91)

# Capacity.
put("capacity-below-demand", "products.oat_bar.id", "demand.0.units", 9e9)


@breaks("capacity-below-demand", "demand_rules")
def _ask_for_a_little_too_much(data: Data) -> None:
    for rule in data["demand_rules"]:
        rule["units_per_head_year"] *= 15


@breaks("capacity-below-required-demand", "products.oat_bar.id")
def _insist(data: Data) -> None:
    data["policy"]["is_demand_optional"] = False
    data["demand"][0]["units"] = 9e9


@breaks("capacity-absurd", "demand_rules")
def _ask_in_thousands(data: Data) -> None:
    for rule in data["demand_rules"]:
        rule["units_per_head_year"] /= 1000
    data["demand"][0]["units"] /= 1000


# Changeovers as a matrix.
PAIR = {"attribute": "product", "minutes": 5}


@breaks("changeover-triangle", "changeovers.direct.minutes")
def _bend(data: Data) -> None:
    data["products"].append(data["products"][1] | {"id": "rye_bar", "name": "Rye bar"})
    data["bill"].append(data["bill"][1] | {"product": "rye_bar"})
    data["changeovers"] += [
        PAIR | {"id": "direct", "from_value": "salted_nuts", "to_value": "oat_bar", "minutes": 400},
        PAIR | {"id": "first_leg", "from_value": "salted_nuts", "to_value": "rye_bar"},
        PAIR | {"id": "second_leg", "from_value": "rye_bar", "to_value": "oat_bar"},
    ]


# Operation.


@breaks("order-at-wrong-site", "job_orders.first.product")
def _order_elsewhere(data: Data) -> None:
    data["lines"][0]["products"] = ["salted_nuts"]
    data["job_orders"] = [JOB]


ORDER = {"id": "ask", "customer": "Shop", "product": "salted_nuts", "quantity": 5, "due": "2027-03-01T00:00:00Z"}


@breaks("order-of-another-product", "job_orders.first.product")
def _make_another(data: Data) -> None:
    data["demand_orders"] = [ORDER]
    data["job_orders"] = [JOB | {"demand_order": "ask"}]


SLOT = {
    "site": "albany",
    "line": "fast_line",
    "job_order": "first",
    "starts": "2027-02-01T06:00:00Z",
    "ends": "2027-02-01T08:00:00Z",
}


def slots(rule: str, path: str, *rows: Data) -> None:
    """Declare a break with one job order and these run slots."""

    @breaks(rule, path)
    def _run(data: Data) -> None:
        data["job_orders"] = [JOB]
        data["run_slots"] = list(rows)


slots("run-at-wrong-place", "run_slots[0].site", SLOT | {"site": "reno"})
slots("run-at-wrong-place", "run_slots[0].line", SLOT | {"line": "small_line"})
slots("runs-overlap", "run_slots[1].starts", SLOT, SLOT | {"starts": "2027-02-01T07:00:00Z"})
STATE = {"equipment_path": "reno/small_line/pack", "state": "Execute", "starts": SLOT["starts"], "ends": SLOT["ends"]}
add("unknown-state", "states[0].state", "states", STATE | {"state": "Running"})
add("quantiles-malformed", "forecasts[0].quantiles", "forecasts", FORECAST | {"quantiles": {"0.1": 9, "0.9": 4}})
add("quantiles-malformed", "forecasts[0].quantiles", "forecasts", FORECAST | {"quantiles": {"90": 9}})
RECIPE = {"id": "bars", "product": "oat_bar", "equipment_kind": "packer"}
add("approval-incomplete", "recipes[0].approved", "recipes", RECIPE | {"approved_by": "Quality"})

# Floors.
HALL = {"id": "hall", "name": "Hall", "width_m": 20, "depth_m": 12}
DOORS = (
    {"floor": "hall", "id": "goods_in", "kind": "receiving", "x_m": 0, "y_m": 4, "depth_m": 3},
    {"floor": "hall", "id": "goods_out", "kind": "shipping", "x_m": 20, "y_m": 4, "depth_m": 3},
)


def on_floor(rule: str, path: str, collection: str, row: Data) -> None:
    """Declare a break with a floor with doors, and one row more."""

    def change(data: Data) -> None:
        data["floors"], data["fixed_places"] = [HALL], list(DOORS)
        data[collection] = [*data.get(collection, []), row]

    breaks(rule, path)(change)


CORNER = {"floor": "hall", "id": "corner", "x_m": 15, "y_m": 0, "width_m": 4, "depth_m": 3}
WISH = {"line": "small_line", "station": "pack", "other": "goods_out", "weight_per_min": 5}
STANDS = {"floor": "hall", "line": "small_line", "station": "pack", "x_m": 2, "y_m": 2}
on_floor("floor-part-outside", "zones[0].width_m", "zones", CORNER | {"kind": "aisle", "width_m": 6})
on_floor("floor-part-outside", "fixed_places[2].depth_m", "fixed_places", CORNER | {"kind": "column", "depth_m": 13})
on_floor("unknown-floor-station", "placements[0].station", "placements", STANDS | {"station": "pak"})
on_floor("unknown-floor-station", "placements[0].number", "placements", STANDS | {"number": 2})
on_floor("unknown-floor-station", "adjacency_wishes[0].station", "adjacency_wishes", WISH | {"station": "pak"})
on_floor("unknown-floor-station", "adjacency_wishes[0].other", "adjacency_wishes", WISH | {"other": "good_out"})
on_floor("zone-without-rule", "zones[0].equipment_kinds", "zones", CORNER | {"kind": "hygiene"})
on_floor("zone-without-rule", "zones[0].allergens", "zones", CORNER | {"kind": "allergen", "allergens": ["penut"]})
add("floor-without-doors", "floors.hall.id", "floors", HALL)
