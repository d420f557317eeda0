"""When money moves and what it is worth then: the conventions that the objective and the business case share.

The objective of the plan and ``business_case`` are computed apart, the one from coefficients of decisions, the other
from the plan's tables. Both follow this page, and must agree to 1e-6 of the present value of costs.

Symbols: period t lasts ``years[t]`` years (0.25 or 1), ``disc[t]`` is its discount factor (middle of the period),
L the last period, r the discount rate, tax the tax rate. Amounts: income positive, cost negative.

**Operating lines** arise in the period of the activity, in full, and are taxed there: weight (1 − tax) · disc[t].

* revenue = Σ units shipped × product price × market price_factor; transit_damage = −(units − received) × the same
  price. Demand is met by what is received: Σ received + unmet = demand. unmet_penalty = −unmet × price ×
  unmet_penalty_share.
* A contract (opportunity) is a demand of its own beside that of its market: taken or left, at its price. Its volume is
  units_per_quarter × quarters of the period inside its window, by days. What is signed and not received costs
  penalty_per_unit, in unmet_penalty. one_off = −one_off_cost in the period of the first delivery, when it is signed; a
  contract that is signed already stands, and has paid it. A contract that runs in the last four planned quarters is
  taken to be renewed on the same terms wherever a terminal value repeats them.
* materials, inbound_freight, inbound_duty, local_materials = −units made (good) × ``supply_costs`` per unit.
* direct_labour = −(direct people × paid hours × years × wage + wage rise − changeover_labour), where direct people
  are ≥ Σ crew × (run_h + changeover_h − overtime_h) / (paid_hours_per_worker_year × years) of the site's lines:
  people are paid whether or not the lines keep them busy. Where hires are limited they may be found ahead, but no
  more than a crew for every line that fits needs at all hours, overtime included. Wage rise: ``wage_rise_people`` below
  × paid hours × years × wage.
* changeover_labour = −Σ crew × changeover_h × wage (shown apart; it is paid inside the direct people).
* overtime = −Σ crew × overtime_h × wage × (1 + premium): worked by the same people on top of their paid hours.
* indirect_labour = −(indirect_staff + indirect_staff_per_line × lines standing) × wage × indirect_wage_ratio × paid
  hours × years, as long as the site is open.
* hiring_training = −hired × (hiring_cost + training_hours × wage); hired ≥ direct[t] − direct[t−1] + turnover ×
  years[t] × direct[t]; direct[−1] is direct[0] at existing sites, 0 elsewhere.
* A line is staffed (run_h + changeover_h) = run_h × (1 + sanitation_share) / (1 − changeover_share) hours; cycles =
  (run_h + changeover_h) × 60 / open_min_per_cycle: lines that are used less turn the wheel less often, and lines that
  share a wheel change together. Helpers beside the crew, cycles × crew_min_per_cycle / 60 × wage, add to
  changeover_labour and to the wage bill. changeover_cleaning = −cycles × cost_per_cycle − run_h ×
  sanitation_cost_per_h; startup_scrap = −cycles × scrap_units_per_cycle × ``stock.unit_value``.
* energy = −power price × (run_h × kw_execute + changeover_h × kw_idle) − lines standing × kw_execute × demand
  charge × 12 × years.
* rent = −(area_m2 + Σ footprint × lines standing) × rent × years; fixed_cost = −fixed_cost_per_year × years;
  service_spares = −Σ service_per_year × lines standing × years.
* property_tax = −property_tax_share × list capex of the site and the lines standing × years.
* outbound_freight, packaging_distance, outbound_duty = −units shipped × ``shipping`` and ``duties`` per unit.
* cycle_stock, safety_stock, season_stock, in_transit_stock = −mean units × unit value × stock_cost_share_per_year ×
  years; unit value is ``stock.unit_value`` (price × customs_value_share). Capital is charged by working capital.
* storage_fees = −max(0, pallets of cycle + safety + season stock − storage_pallets) × storage_fee_per_pallet_month
  × 12 × years.
* closure = −closure_cost in the first period in which an existing site no longer works.

**Capital lines** are not taxed.

* Site capex is spent evenly over the ``stand_up`` quarters before the first quarter of the period in which the site
  starts, line capex over the ``line_lead_quarters`` before the period in which it is ready; with no lead, in the
  first quarter of that period. Each quarter's part belongs to the period that contains the quarter (``spending``).
  What would have to be spent before the horizon cannot be had.
* Every site and line costs (1 − copy_saving_share) of its list price; the first site ever of a template (no
  existing one, earliest start, then lowest id) pays copy_saving_share × (site capex + minimum_lines × price of the
  template's first line) on top, spent like the site itself. Lines added at existing sites pay (1 −
  copy_saving_share) as well.
* An upgrade's capex is spent evenly over its ``lead_quarters`` before the period from which on it works, and is treated
  like lines added at that site (incentives, depreciation, salvage) without the saving of copies. Its list capex, for
  property tax while it works and its site is open, and for renewal, is its capex less the list price of the lines that
  it adds, at least 0 (``listed_upgrade``): those lines count like all others.
* incentives = incentive_capex_share × capex spent (premium left out), in the same periods, + incentive_amount in the
  period of the start.
* Depreciation: what was spent on what becomes ready in period t runs off in equal parts over 4 × depreciation_years
  quarters from the first quarter of t; what is left at the end of the horizon is written off in period L. The book
  value of installed lines runs off over book_years from the start, whether or not the site closes, the rest in L.
  Neither incentives nor salvage change it.
* salvage = salvage_share × what was spent on candidate sites and added lines (list price less saving, premium
  included), an amount in period L × ``end_factor``; for existing sites salvage_share × list price of template and
  installed lines, in the closing period, or in L × end_factor where it stays open.

**Tax** = −tax × (operating lines − depreciation); a loss is credited in the period in which it arises.

**Working capital**, per place, at the end of period t: receivable_days / 365 × (revenue + transit_damage) / years −
payable_days / 365 × (materials + inbound_freight, positive) / years + stock value (mean units of all four kinds ×
unit value). Its increase is paid in t; places that exist at the start have paid that of period 0 before, season stock
apart, and of safety stock what they had before (``pooling.opening_safety``), whatever the plan needs. All of it comes
back in period L × ``end_factor``.

**Terminal value**, an amount in L, where ``terminal_years`` is stated: ``terminal_weight`` × [(1 − tax) × operating
lines of the last four quarters per year, closure and one_off left out − (1 − tax) × Σ annuity(list capex, r,
life_years) of the sites and lines that stand in L]. ``end_factor`` = (1 + r) ** −terminal_years where it is stated,
else 1: what ends with the network ends then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyworks.model.finance import Finance
from manyworks.model.network import Network
from manyworks.model.periods import Period, discount_factors, terminal_weight
from manyworks.model.rates import line_capex
from manyworks.model.site import Upgrade
from manyworks.model.upgrades import added_lines, upgraded_lines
from manyworks.plan.money.returns import annuity

Floats = NDArray[np.float64]
WAGE_STEPS = 8
"""Parts of the hireable pool between which the rising wage is interpolated."""


@dataclass(frozen=True, kw_only=True)
class MoneyWeights:
    """Present value of one unit of money by period; all shapes (periods,) unless said.

    ``operating`` of an operating line after tax, terminal repetition included; ``once`` the same without it; ``cash``
    of an untaxed amount; ``depreciation`` of one unit of depreciation; ``end`` (number) of an amount that falls due
    when the network ends; ``terminal`` (number) of one unit a year repeated after the horizon.
    """

    years: Floats
    operating: Floats
    once: Floats
    cash: Floats
    depreciation: Floats
    end: float
    terminal: float


def money_weights(finance: Finance, periods: Sequence[Period]) -> MoneyWeights:
    """Weights of the horizon, by the formulas above."""
    disc = discount_factors(finance, tuple(periods))
    years = np.array([period.years for period in periods])
    repeated = terminal_weight(finance) * disc[-1]
    return MoneyWeights(
        years=years,
        operating=(1 - finance.tax_rate) * (disc + repeated * last_year_share(periods)),
        once=(1 - finance.tax_rate) * disc,
        cash=disc,
        depreciation=finance.tax_rate * disc,
        end=float(disc[-1]) * end_factor(finance),
        terminal=float(repeated),
    )


def end_factor(finance: Finance) -> float:
    """Value in the last period of an amount that falls due when the network ends."""
    return float((1 + finance.discount_rate) ** -(finance.terminal_years or 0.0))


def last_year_share(periods: Sequence[Period]) -> Floats:
    """Weight (periods,) that turns amounts of the last four quarters into an amount a year; 0 elsewhere."""
    last = periods[-1].first_quarter + periods[-1].quarters
    inside = np.array([period.first_quarter >= last - 4 for period in periods])
    years = np.array([period.years for period in periods])
    return np.where(inside, 1.0 / years[inside].sum(), 0.0)


def spending(periods: Sequence[Period], start: int, lead_quarters: int) -> Floats | None:
    """Shares (periods,) of an amount for what is ready in period ``start``; None: it would fall before the horizon."""
    first = periods[start].first_quarter
    quarters = range(first - lead_quarters, first) if lead_quarters else range(first, first + 1)
    if quarters[0] < 0:
        return None
    begins = np.array([period.first_quarter for period in periods])
    inside = np.searchsorted(begins, np.array(quarters), side="right") - 1
    return np.bincount(inside, minlength=len(periods)) / len(quarters)


def straight_line(periods: Sequence[Period], start: int, years: float) -> Floats:
    """Shares (periods,) of a value depreciated over ``years`` from period ``start``; the last takes the rest."""
    begins = np.array([period.first_quarter for period in periods]) / 4 - periods[start].first_quarter / 4
    ends = begins + np.array([period.years for period in periods])
    shares = np.clip(ends, 0.0, years) / years - np.clip(begins, 0.0, years) / years
    shares[-1] += 1.0 - shares.sum()
    return np.asarray(shares)


def replacement(finance: Finance, capex: float, life_years: float) -> float:
    """Yearly amount that renews ``capex`` for ever, before tax."""
    return annuity(capex, finance.discount_rate, life_years) if capex else 0.0


def listed_done(network: Network, site: str) -> float:
    """List price of the upgrades that were done at a site before the start, beside lines."""
    return sum(listed_upgrade(network, row) for row in network.upgrades if row.is_done and row.site == site)


def listed_upgrade(network: Network, upgrade: Upgrade) -> float:
    """List price of an upgrade beside the lines that it adds."""
    added = 0.0
    for line in upgraded_lines(network, upgrade):
        added += added_lines(network, [upgrade], line) * line_capex(network, network.get("lines", line))
    return max(upgrade.capex - added, 0.0)


def wage_rise_people(people: Floats, rise: float, pool: float | None, hireable: float) -> Floats:
    """Extra wage in people paid: people × rise × people / pool, interpolated between ``WAGE_STEPS`` parts of the pool.

    ``hireable`` is the share of the pool that one employer can hire; 0 extra where no pool is stated.
    """
    if pool is None or rise == 0 or hireable == 0:
        return np.zeros_like(people)
    steps = np.linspace(0.0, hireable * pool, WAGE_STEPS + 1)
    return np.interp(people, steps, rise * steps**2 / pool)
