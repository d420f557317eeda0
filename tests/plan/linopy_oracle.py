"""A second build of the plan's model, written from the conventions alone: events instead of levels, cash by period.

It shares the document and the physics with ``manyworks.plan``, and neither its arrays nor its equations. Sites open
and close and lines are added as *events*; production is by product; every money line is an expression by period; tax,
working capital and what comes after the horizon are taken from these. For networks whose families hold one product
each, and that state neither segregation by site nor limits on site shares, both must have the same optimum. It knows
one contested material, warehouses that are not rented yet beside no contracts, and co-packers who state a capacity.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import xarray as xr

from manyworks.model.demand import demand_units, monthly_demand, peak_quarter_ratio, season_build_up
from manyworks.model.duties import product_duties
from manyworks.model.hours import open_hours, overtime_hours, template_calendar
from manyworks.model.lanes import lane_terms
from manyworks.model.periods import discount_factors, planning_periods, terminal_weight
from manyworks.model.purchasing import contested_needs, contested_pairs
from manyworks.model.rates import crew_per_shift, effective_rates, kw_execute, line_capex
from manyworks.model.segregation import may_share
from manyworks.model.shipping import lane_table
from manyworks.model.site import Site, SiteTemplate
from manyworks.model.standup import stand_up_quarters
from manyworks.model.stock import carrying_share, unit_value
from manyworks.model.supply_costs import material_costs, material_sources
from manyworks.model.wheels import best_wheel
from manyworks.plan.case import CASES
from manyworks.plan.conventions import end_factor, last_year_share, replacement, spending, straight_line
from manyworks.plan.pooling import opening_safety
from manyworks.plan.typical import co_packer_make, typical_make, yearly_demand
from manyworks.plan.waiting import make_days, standing_option


def packer_place(packer):
    """A co-packer as a place without people and prices of ours."""
    place = {"id": packer.id, "name": packer.name, "lat": packer.lat, "lon": packer.lon, "wage_per_h": 1.0}
    return Site(country=packer.country, tariff_zone=packer.tariff_zone, **place)


def packer_terms(packer):
    """Nothing to pay for being there; the lead of the contract."""
    free = {"capex": 0, "maximum_lines": 1, "stand_up_quarters": packer.lead_quarters}
    return SiteTemplate(id=packer.id, name=packer.name, scale="micro", lines=[packer.id], **free)


MONEY = 1e5
"""Money per unit of the objective."""


def arr(values, *dims):
    """Numbers with named dimensions, each counted from 0."""
    values = np.asarray(values, dtype=float)
    coords = {d: range(size) for d, size in zip(dims, values.shape, strict=True)}
    return xr.DataArray(values, dims=dims, coords=coords)


class Oracle:
    """The model of one case; ``npv()`` solves it.

    ``safety``: (site, template) to years of cover (markets, products), the lines that stand for safety stock;
    ``far_safety`` the same of what a site keeps at warehouses, (warehouses, markets, products).
    """

    def __init__(self, network, case, safety, far_safety=None):
        import linopy

        self.far_safety = far_safety

        self.n, self.case, self.m, self.safety = network, CASES[case], linopy.Model(), safety
        self.periods = planning_periods(network.finance)
        self.T = len(self.periods)
        self.years = arr([p.years for p in self.periods], "t")
        self.disc = arr(discount_factors(network.finance, self.periods), "t")
        self.options()
        self.wheels()
        self.coordinates = {
            "o": range(len(self.site)),
            "g": range(len(self.place)),
            "j": range(len(self.wheel)),
            "t": range(self.T),
            "s": range(self.T),
            "m": range(len(network.markets)),
            "p": range(len(network.products)),
            "k": range(len(network.opportunities)),
            "u": range(len(self.upgrades)),
            "w": range(len(self.houses)),
        }
        self.decide()
        self.make_and_ship()
        self.staff()
        self.pay()

    def options(self):
        """Sites with a template, and the line types in each."""
        may = self.case.may_use_warehouses
        self.houses = [w for w in self.n.warehouses if may or w.status == "existing"]
        self.upgrades = [u for u in self.n.upgrades if self.case.may_upgrade and self.concerned(u)]
        self.site, self.template, self.existing, self.place = [], [], [], []
        scales = self.case.new_scales
        for site in self.n.sites:
            standing = {}
            for row in self.n.installed_lines:
                if row.site == site.id:
                    standing[row.line] = standing.get(row.line, 0) + row.count
            if site.status == "existing":
                choices = [self.n.get("templates", site.template)]
            else:
                choices = [t for t in self.n.templates if not site.templates or t.id in site.templates]
                choices = [t for t in choices if t.scale in scales]
            for template in choices:
                closes = (
                    self.case.must_close_big and template.scale == "big" and self.case.may_close and site.is_closable
                )
                grows = template.scale in scales and not (site.status == "existing" and closes)
                room = template.maximum_lines - sum(standing.values()) if grows else 0
                names = {*standing, *(template.lines if room > 0 else [])}
                for name in sorted(names):
                    may_add = room > 0 and name in template.lines
                    line, lines = self.n.get("lines", name), standing.get(name, 0)
                    self.place.append((len(self.site), line, lines, may_add, room, ()))
                    if site.status == "existing":
                        self.bettered_places(site, line, lines)
                self.site.append(site)
                self.template.append(template)
                self.existing.append(site.status == "existing")
        self.packers = {}
        for packer in self.n.co_packers if self.case.may_use_co_packers else ():
            self.packers[len(self.site)] = packer
            self.site.append(packer_place(packer))
            self.template.append(packer_terms(packer))
            self.existing.append(False)

    def bettered_places(self, site, line, lines):
        """The lines of one type after every set of upgrades of them, as places of their own."""
        mine = [u for u in self.upgrades if u.site == site.id and line.id in self.concerned(u)]
        for size in range(1, len(mine) + 1):
            for chosen in combinations(mine, size):
                more = sum(u.added_lines for u in chosen if self.concerned(u)[0] == line.id)
                self.place.append((len(self.site), line, lines + more, False, 0, tuple(u.id for u in chosen)))

    def concerned(self, upgrade):
        """Line types at the start that an upgrade changes, by id; the lines that it adds are of the first."""
        there = {row.line for row in self.n.installed_lines if row.site == upgrade.site}
        return sorted(there if upgrade.line is None else there & {upgrade.line})

    def listed(self, upgrade):
        """List price of an upgrade beside the lines that it adds."""
        first = self.n.get("lines", self.concerned(upgrade)[0])
        return max(upgrade.capex - upgrade.added_lines * line_capex(self.n, first), 0)

    def wheels(self):
        """Every allowed set of products of a line; families hold one product each here."""
        self.wheel = []
        ids = [p.id for p in self.n.products]
        for g, (o, line, *_) in enumerate(self.place):
            at, has = self.template[o].id, self.place[g][5]
            rates = effective_rates(self.n, line.id, site=self.site[o].id, template=at, upgrades=has)
            runs = [p for p in range(len(ids)) if rates[p] > 0]
            for size in range(1, len(runs) + 1):
                for members in combinations(runs, size):
                    if may_share(self.n, [ids[p] for p in members]):
                        wheel = best_wheel(self.n, line.id, [ids[p] for p in members], template=at, upgrades=has)
                        if wheel.changeover_share < 1:
                            self.wheel.append((g, members, wheel, rates))

    def var(self, name, *dims, upper=np.inf, whole=False):
        coords = [pd.Index(self.coordinates[d], name=d) for d in dims]
        if isinstance(upper, xr.DataArray):
            upper = upper.transpose(*dims).assign_coords({d: list(self.coordinates[d]) for d in dims})
        return self.m.add_variables(lower=0, upper=upper, coords=coords, name=name, integer=whole)

    def decide(self):
        """opened, closed, added: events at the start of a period; first: the first site of a template."""
        o_count, g_count, T = len(self.site), len(self.place), self.T
        may_open = np.zeros((o_count, T))
        may_close = np.zeros((o_count, T))
        for o in range(o_count):
            lead = stand_up_quarters(self.n, self.template[o])
            for t in range(T):
                may_open[o, t] = not self.existing[o] and spending(self.periods, t, lead) is not None
                may_close[o, t] = self.existing[o] and self.case.may_close and self.site[o].is_closable
                may_close[o, t] += o in self.packers
        most = np.zeros((g_count, T))
        for g, (o, _, _, may_add, room, _) in enumerate(self.place):
            for t in range(T):
                ready = spending(self.periods, t, self.template[o].line_lead_quarters) is not None
                most[g, t] = room if may_add and ready else 0
        self.opened = self.var("opened", "o", "s", upper=arr(may_open, "o", "s"), whole=True)
        self.closed = self.var("closed", "o", "s", upper=arr(may_close, "o", "s"), whole=True)
        self.added = self.var("added", "g", "s", upper=arr(most, "g", "s"), whole=True)
        since = arr(np.triu(np.ones((T, T))), "s", "t")
        began = arr([float(e) for e in self.existing], "o")
        self.open = (self.opened * since).sum("s") - (self.closed * since).sum("s") + began
        self.m.add_constraints(self.open <= 1)
        self.m.add_constraints(self.open >= 0)
        self.on = self.by_option(arr([[p[0] == o for p in self.place] for o in range(o_count)], "o", "g"))
        self.extra = (self.added * since).sum("s")  # lines added so far, (g, t)
        room = arr([next((p[4] for p in self.place if p[0] == o), 0) for o in range(o_count)], "o")
        total = self.on(self.extra)
        self.m.add_constraints(total - room * self.open <= 0)
        free = [e or o in self.packers for o, e in enumerate(self.existing)]
        least = arr([0 if f else t.minimum_lines for f, t in zip(free, self.template, strict=True)], "o")
        self.m.add_constraints(total - least * self.open >= 0)
        for name in {site.id for site in self.site}:
            here = [o for o, site in enumerate(self.site) if site.id == name]
            if len(here) > 1:
                self.m.add_constraints(self.open.isel(o=here).sum("o") <= 1)
        self.better(since)
        self.terms_last()
        planned = min(sum(p.quarters == 1 for p in self.periods), T - 1)
        for o, template in enumerate(self.template):
            if self.existing[o] and self.case.must_close_big and template.scale == "big" and may_close[o].any():
                self.m.add_constraints(self.open.isel(o=o, t=slice(planned, T)) <= 0)
        if self.n.policy.maximum_sites is not None:
            ours = arr([o not in self.packers for o in range(o_count)], "o")
            self.m.add_constraints((self.open * ours).sum("o") <= self.n.policy.maximum_sites)

    def terms_last(self):
        """A contract with a co-packer that is begun lasts its term."""
        for o, packer in self.packers.items():
            for s, begins in enumerate(self.periods):
                ends = begins.first_quarter + packer.term_quarters
                for t in range(s + 1, self.T):
                    if self.periods[t].first_quarter < ends:
                        self.m.add_constraints(self.open.isel(o=o, t=t) - self.opened.isel(o=o, s=s) >= 0)

    def better(self, since):
        """Upgrades begun in a period, working from then on, and both working and at an open site; the place in which
        the lines of the start then are."""
        of_place = self.to_place(self.open)
        self.stood = self.var("stood", "g", "t", upper=arr(np.ones((len(self.place), self.T)), "g", "t"))
        changing = {(p[0], p[1].id) for p in self.place if p[5]}
        for g, p in enumerate(self.place):
            if (p[0], p[1].id) not in changing:
                self.m.add_constraints(self.stood.isel(g=g) - of_place.isel(g=g) == 0)
        if not self.upgrades:
            return
        can = [[spending(self.periods, t, u.lead_quarters) is not None for t in range(self.T)] for u in self.upgrades]
        self.bettered = self.var("bettered", "u", "s", upper=arr(can, "u", "s"), whole=True)
        self.m.add_constraints(self.bettered.sum("s") <= 1)
        works = (self.bettered * since).sum("s")
        self.home = [self.existing_option(u.site) for u in self.upgrades]
        at_home = arr([[o == h for o in range(len(self.site))] for h in self.home], "u", "o")
        home = (self.open * at_home).sum("o")
        self.m.add_constraints(self.bettered.rename(s="t") - home <= 0)
        self.both = self.var("both", "u", "t", upper=arr(np.ones((len(self.upgrades), self.T)), "u", "t"))
        self.m.add_constraints(self.both - works <= 0)
        self.m.add_constraints(self.both - home <= 0)
        self.m.add_constraints(self.both - works - home >= -1)
        for o, line in changing:
            group = [g for g, p in enumerate(self.place) if (p[0], p[1].id) == (o, line)]
            self.m.add_constraints(self.stood.isel(g=group).sum("g") - self.open.isel(o=o) == 0)
            for k, u in enumerate(self.upgrades):
                has = [g for g in group if u.id in self.place[g][5]]
                if has:
                    self.m.add_constraints(self.stood.isel(g=has).sum("g") - self.both.isel(u=k) == 0)

    def existing_option(self, site):
        return next(o for o, row in enumerate(self.site) if row.id == site and self.existing[o])

    def by_option(self, belongs):
        return lambda expression: (expression * belongs).sum("g")

    def to_place(self, of_option):
        """An option's expression at each of its line places, (g, t)."""
        belongs = arr([[p[0] == o for o in range(len(self.site))] for p in self.place], "g", "o")
        return (of_option * belongs).sum("o")

    def make_and_ship(self):
        """Units made by wheel, units in season stock, shares shipped and left out."""
        n, T = self.n, self.T
        demand = demand_units(n, self.periods)
        yearly = yearly_demand(n)
        self.lanes = lane_table(n, self.site, n.markets, yearly)
        shipped = 1 / (1 - self.lanes.damage_share)
        runs = np.zeros((len(self.site), len(n.products)))
        for g, members, _, _ in self.wheel:
            runs[self.place[g][0], list(members)] = 1
        for o, packer in self.packers.items():
            runs[o] = [not packer.products or p.id in packer.products for p in n.products]
        promised = [np.inf if m.service_days is None else m.service_days for m in n.markets]
        ways = self.lanes.is_allowed & ((self.lanes.days <= promised) | (not n.policy.is_service_binding))
        allowed = ways[:, :, None] & self.lanes.is_fresh & (runs[:, None, :] > 0)
        self.materials = material_costs(
            n,
            self.site,
            self.periods,
            np.array([self.typical(o) for o in range(len(self.site))]),
            without=contested_pairs(n),
        )
        asked = demand > 0
        self.demand = arr(demand, "m", "p", "t")
        upper = arr(allowed, "o", "m", "p") * arr(asked, "m", "p", "t")
        self.flow = self.var("flow", "o", "m", "p", "t", upper=upper)
        self.unmet = self.var("unmet", "m", "p", "t", upper=arr(asked * n.policy.is_demand_optional, "m", "p", "t"))
        over = self.forward(runs, promised, asked)
        self.m.add_constraints(self.flow.sum("o") + over + self.unmet == arr(asked, "m", "p", "t"))
        self.m.add_constraints(self.flow - self.open <= 0)
        self.leaves = self.flow * (arr(shipped, "o", "m") * self.demand)
        spare = [
            p.shelf_life_days is None or p.shelf_life_days - p.minimum_remaining_life_days >= 91.25 for p in n.products
        ]
        quarter = [p.quarters == 1 for p in self.periods]
        waits = [t + 1 < T and quarter[t] and quarter[t + 1] for t in range(T)]
        upper = np.where(np.outer(spare, waits), 1e12, 0.0)
        can = arr(runs, "o", "p") * arr(upper, "p", "t")
        self.stored = self.var("stored", "o", "p", "t", upper=can)
        can = np.zeros((len(self.wheel), len(n.products)))
        for j, (_, members, _, _) in enumerate(self.wheel):
            can[j, list(members)] = 1e12
        self.made = self.var("made", "j", "p", "t", upper=arr(can, "j", "p") * arr(np.ones(T), "t"))
        at = arr([[self.place[w[0]][0] == o for w in self.wheel] for o in range(len(self.site))], "o", "j")
        before = self.stored.shift(t=1)
        self.output = (self.made * at).sum("j") + self.packed(runs)
        self.contracts(runs)
        self.m.add_constraints(
            self.output + before - self.stored - self.leaves.sum("m") - self.left_for_houses() - self.ordered() == 0
        )
        self.average = 0.5 * self.stored + 0.5 * before
        self.hours(spare)
        self.buy()
        self.lots_are_whole()

    def contracts(self, runs):
        """Contracts taken whole or left; what is taken is delivered or paid for, and made when it is delivered."""
        n = self.n
        if not n.opportunities:
            return
        markets = [n.get("markets", row.market) for row in n.opportunities]
        at = [[m.id for m in n.markets].index(m.id) for m in markets]
        product = [[p.id for p in n.products].index(row.product) for row in n.opportunities]
        units = np.zeros((len(markets), self.T))
        size = yearly_demand(n)[at]
        for k, row in enumerate(n.opportunities):
            for t, period in enumerate(self.periods):
                for day in range((period.ends - period.starts).days):
                    today = period.starts + timedelta(days=day)
                    if row.starts <= today <= row.ends:
                        quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
                        later = date(quarter.year + quarter.month // 10, (quarter.month + 3) % 12, 1)
                        units[k, t] += row.units_per_quarter / (later - quarter).days
            years = sum(p.years for t, p in enumerate(self.periods) if units[k, t] > 0)
            size[k, product[k]] += units[k].sum() / years
        self.terms = lane_table(n, self.site, markets, size)
        fresh = self.terms.is_fresh[:, range(len(at)), product]
        ways = self.terms.is_allowed & fresh & (runs[:, product] > 0)
        asked = arr(units > 0, "k", "t")
        self.asked_units, self.at, self.product = arr(units, "k", "t"), at, product
        self.of_product = arr(np.eye(len(n.products))[product], "k", "p")
        self.taken = self.var("taken", "k", upper=arr(np.ones(len(at)), "k"), whole=True)
        self.deliver = self.var("deliver", "o", "k", "t", upper=arr(ways, "o", "k") * asked)
        self.short = self.var("short", "k", "t", upper=asked)
        self.m.add_constraints(self.deliver.sum("o") + self.short - self.taken * asked == 0)
        self.m.add_constraints(self.deliver - self.open <= 0)
        self.sent = self.deliver * (arr(1 / (1 - self.terms.damage_share), "o", "k") * self.asked_units)
        self.m.add_constraints(self.output - self.ordered() >= 0)

    def forward(self, runs, promised, asked):
        """Shares of demand that go over warehouses (m, p, t); 0 without any. Both legs in full."""
        n, W = self.n, len(self.houses)
        if not W:
            return 0
        assert not n.opportunities
        self.leg = lane_table(n, self.site, self.houses, np.zeros((W, len(n.products))))
        self.load_days = np.maximum(lane_terms(n, self.site, self.houses).interval_days, self.days_to_fill())
        self.last = lane_table(n, self.houses, n.markets, yearly_demand(n))
        life = [np.inf if p.shelf_life_days is None else p.shelf_life_days for p in n.products]
        spare = np.array(life) - [p.minimum_remaining_life_days for p in n.products]
        days = self.leg.days[:, :, None] + self.last.days[None]
        ways = self.leg.is_allowed[:, :, None] & self.last.is_allowed[None]
        ways &= (self.last.days <= promised)[None] | (not n.policy.is_service_binding)
        ways = ways[..., None] & (days[..., None] <= spare) & (runs[:, None, None, :] > 0)
        high = arr(ways, "o", "w", "m", "p") * arr(asked, "m", "p", "t")
        self.via = self.var("via", "o", "w", "m", "p", "t", upper=high)
        can = [[p.first_quarter >= w.lead_quarters for p in self.periods] for w in self.houses]
        self.house = self.var("house", "w", "t", upper=arr(can, "w", "t"), whole=True)
        assert all(w.status == "candidate" for w in self.houses), "candidates only"
        self.m.add_constraints(self.house.isel(t=slice(1, None)) - self.house.shift(t=1).isel(t=slice(1, None)) >= 0)
        self.m.add_constraints(self.via - self.house <= 0)
        self.m.add_constraints(self.via - self.open <= 0)
        passed = arr(1 / (1 - self.last.damage_share), "w", "m")
        self.went = self.via * (self.demand * passed)
        self.left = self.via * (self.demand * passed * arr(1 / (1 - self.leg.damage_share), "o", "w"))
        self.pallet = arr([1 / p.units_per_pallet for p in n.products], "p")
        self.through = (self.went * self.pallet).sum(["o", "m", "p"])
        for w, row in enumerate(self.houses):
            if row.capacity_pallets_per_year is not None:
                most = self.house.isel(w=w) * (row.capacity_pallets_per_year * self.years)
                self.m.add_constraints(self.through.isel(w=w) - most <= 0)
        return self.via.sum(["o", "w"])

    def days_to_fill(self):
        """Days in which one load for the one warehouse fills, (o, w), when it sends on what everybody asks for."""
        n, (mode,) = self.n, self.n.freight_modes
        assert len(self.houses) == 1
        asked = yearly_demand(n).sum(axis=0)
        weights = [(p.mass_kg, p.volume_l / 1000, 1 / p.units_per_pallet) for p in n.products]
        loads = max(asked @ np.array(weights) / [mode.payload_kg, mode.cube_m3, mode.pallets])
        return np.full((len(self.site), 1), 365 / loads)

    def left_for_houses(self):
        """Units (o, p, t) that leave for warehouses."""
        return self.left.sum(["w", "m"]) if self.houses else 0

    def forward_money(self):
        """Of ways over warehouses: sales (o, t), cost of moving (o, t), cost of the warehouses (t), value of the
        capital in stock there."""
        n = self.n
        if not self.houses:
            return 0, 0, 0, 0
        price = arr(np.outer([m.price_factor for m in n.markets], [p.price for p in n.products]), "m", "p")
        sales = (self.via * (self.demand * price)).sum(["w", "m", "p"])
        first = arr(self.leg.freight_per_unit + self.leg.packaging_per_unit, "o", "w", "p")
        first = first + arr(product_duties(n, self.site, self.houses, self.periods).all_pairs(), "o", "w", "p", "t")
        last = arr(self.last.freight_per_unit + self.last.packaging_per_unit, "w", "m", "p")
        last = last + arr(product_duties(n, self.houses, n.markets, self.periods).all_pairs(), "w", "m", "p", "t")
        moved = (self.left * first).sum(["w", "m", "p"]) + (self.went * last).sum(["w", "m", "p"])
        waits = arr(self.load_days, "o", "w") + arr(self.last.interval_days, "w", "m")
        sure = np.array([self.far_safety[s.id, t.id] for s, t in zip(self.site, self.template, strict=True)])
        stored = self.went * ((waits / 730 + arr(sure, "o", "w", "m", "p")) / self.years)
        rolling = self.went * (arr(self.last.days / 365, "w", "m") / self.years)
        worth = arr(unit_value(n), "p")
        stock = ((stored + rolling) * worth).sum(["o", "m", "p"])
        fee = arr([w.storage_fee_per_pallet_month * 12 for w in self.houses], "w")
        cost = (stored * self.pallet).sum(["o", "m", "p"]) * (fee * self.years)
        cost = cost + self.through * arr([w.throughput_fee_per_pallet for w in self.houses], "w")
        cost = cost + self.house * (arr([w.fixed_cost_per_year for w in self.houses], "w") * self.years)
        cost = cost + stock * (self.years * n.policy.stock_cost_share_per_year)
        level = stock.sum("w")
        end = float(self.disc[-1]) * end_factor(n.finance)
        capital = (-1 * (level - level.shift(t=1)) * self.disc).sum() + level.isel(t=-1) * end
        return sales, moved, cost.sum("w"), capital

    def typical(self, o):
        """Units a year that size the loads that materials come in."""
        if o in self.packers:
            return co_packer_make(self.n, self.packers[o])
        return typical_make(self.n, self.site[o], self.template[o])

    def buy(self):
        """The one contested need: units bought (s, o, t) from each source of its one material, at its tier."""
        n, self.buying, self.owing = self.n, 0, 0
        needs = contested_needs(n)
        if not needs:
            return
        (need,) = needs
        (material,), (quantity,) = need.materials, need.quantities
        made = np.array([self.typical(o) for o in range(len(self.site))])
        sources = material_sources(n, self.site, self.periods, made, {material})
        dims = [pd.Index(self.coordinates[d], name=d) for d in ("o", "t")]
        known = [np.isfinite(row.costs.total) for row in sources]
        bought, chosen = [], []
        for s, row in enumerate(sources):
            upper = np.where(known[s], np.inf, 0.0)
            bought.append(self.m.add_variables(lower=0, upper=arr(upper, "o", "t"), coords=dims, name=f"bought_{s}"))
            chosen.append(self.m.add_variables(coords=dims, name=f"tier_{s}", binary=True))
            least = max(row.from_units, row.minimum_order)
            self.m.add_constraints(bought[s] - chosen[s] * (1e8 * self.years) <= 0)
            self.m.add_constraints(bought[s] - chosen[s] * (least * self.years) >= 0)
            self.buying = self.buying + bought[s] * arr(np.where(known[s], row.costs.total, 0), "o", "t")
            owed = np.where(known[s], row.costs.purchase + row.costs.freight, 0)
            self.owing = self.owing + bought[s] * arr(owed, "o", "t")
        self.bought = bought
        self.m.add_constraints(sum(bought) - self.output.isel(p=need.product) * quantity == 0)
        for seller in {row.seller for row in sources}:
            mine = [s for s, row in enumerate(sources) if row.seller == seller]
            working = sum(chosen[s] for s in mine)
            self.m.add_constraints(working - self.open <= 0)
            least = sources[mine[0]].minimum_order
            if least > 0:
                lying = self.m.add_variables(lower=0, coords=dims, name=f"orders_{mine[0]}")
                used = sum(bought[s] for s in mine) * (n.policy.review_days / 365 / self.years)
                self.m.add_constraints(lying + used * 0.5 - working * (least / 2) >= 0)
                price = np.min([sources[s].costs.total for s in mine], axis=0)
                held = arr(np.where(np.isfinite(price), price, 0) * carrying_share(n), "o", "t") * self.years
                self.buying = self.buying + lying * held
        for supplier in {row.supplier for row in sources}:
            rows = [row for row in n.offers if (row.supplier, row.material) == (supplier, material)]
            most = min((r.capacity_units_per_year for r in rows if r.capacity_units_per_year is not None), default=None)
            if most is not None:
                total = sum(bought[s] for s, row in enumerate(sources) if row.supplier == supplier)
                self.m.add_constraints(total.sum("o") <= most * self.years)

    def packed(self, runs):
        """Units (o, p, t) that co-packers make; 0 without any. ``owed``: units paid for and not taken."""
        if not self.packers:
            return 0
        theirs = arr([o in self.packers for o in range(len(self.site))], "o")
        can = arr(runs, "o", "p") * theirs * arr(np.full(self.T, 1e12), "t")
        units = self.var("packed", "o", "p", "t", upper=can)
        self.owed = self.var("owed", "o", "t")
        for o, packer in self.packers.items():
            taken, a_year = units.isel(o=o).sum("p"), self.open.isel(o=o) * self.years
            assert packer.capacity_units_per_year is not None, "a capacity"
            self.m.add_constraints(taken - packer.capacity_units_per_year * a_year <= 0)
            self.m.add_constraints(self.owed.isel(o=o) + taken - packer.take_or_pay_units_per_year * a_year >= 0)
        self.fee = arr([self.packers[o].toll_fee_per_unit if theirs[o] else 0 for o in range(len(self.site))], "o")
        self.packed_units = units
        return units

    def lots_are_whole(self):
        """Half a smallest run of every product that is asked for lies at a co-packer who runs it; a run a year at
        least leaves him."""
        asked = arr(self.demand.values.sum(axis=0) > 0, "p", "t")
        least = [self.packers[o].minimum_run_units if o in self.packers else 0 for o in range(len(self.site))]
        self.lying = 0
        if any(least):
            high = arr([x > 0 for x in least], "o") * asked
            lots = self.var("lots", "o", "p", "t", upper=high, whole=True)
            self.m.add_constraints(lots - self.open <= 0)
            for o in (o for o, x in enumerate(least) if x):
                self.m.add_constraints(self.flow.isel(o=o) - lots.isel(o=o) <= 0)
                leaves = self.leaves.isel(o=o).sum("m")
                self.m.add_constraints(leaves - lots.isel(o=o) * (least[o] * self.years) >= 0)
            self.lying = lots * arr(least, "o") * 0.5

    def ordered(self):
        return (self.sent * self.of_product).sum("k") if self.n.opportunities else 0

    def contract_money(self):
        """Sales, outbound cost, penalties and one-off cost of the contracts: (o, t), (o, t), (t,), number."""
        n, k = self.n, range(len(self.n.opportunities))
        if not k:
            return 0, 0, 0, 0
        price = arr([row.price for row in n.opportunities], "k")
        moving = (self.terms.freight_per_unit + self.terms.packaging_per_unit)[:, k, self.product]
        duty = product_duties(n, self.site, n.markets, self.periods).all_pairs()[:, self.at, self.product]
        cost = (self.sent * (arr(moving, "o", "k") + arr(duty, "o", "k", "t"))).sum("k")
        owed = (self.short * self.asked_units * arr([row.penalty_per_unit for row in n.opportunities], "k")).sum("k")
        first = [next(t for t in range(self.T) if self.asked_units.values[i, t] > 0) for i in k]
        once = [row.one_off_cost * self.disc.values[t] for row, t in zip(n.opportunities, first, strict=True)]
        sales = (self.deliver * self.asked_units * price).sum("k")
        return sales, cost, owed, (self.taken * arr(once, "k")).sum()

    def hours(self, spare):
        """Running and staffed hours against the calendar, the ramp and the wheels' lines."""
        n, T = self.n, self.T
        per_unit = np.zeros((len(self.wheel), len(n.products)))
        for j, (_, members, _, rates) in enumerate(self.wheel):
            per_unit[j, list(members)] = 1 / (60 * rates[list(members)])
        peak = np.ones((len(n.products), T))
        monthly = monthly_demand(n).sum(axis=0)
        for t, period in enumerate(self.periods):
            for p in range(len(n.products)):
                if period.quarters == 4 and not spare[p]:
                    months = monthly[p, 3 * period.first_quarter : 3 * period.first_quarter + 12]
                    peak[p, t] = peak_quarter_ratio(months)
        self.staffed = arr([(1 + w.sanitation_share) / (1 - w.changeover_share) for _, _, w, _ in self.wheel], "j")
        hours = self.made * arr(per_unit, "j", "p")
        self.run = hours.sum("p")
        busy = (hours * arr(peak, "p", "t")).sum("p") * self.staffed
        self.over = self.var("over", "g", "t")
        calendars = [template_calendar(n, self.template[p[0]]) for p in self.place]
        regular = arr([[open_hours(c, q.quarters) for q in self.periods] for c in calendars], "g", "t")
        most = arr([[overtime_hours(c, q.quarters) for q in self.periods] for c in calendars], "g", "t")
        self.standing = arr([p[2] for p in self.place], "g") * self.stood + self.extra
        ramp = np.zeros((len(self.place), T, T))
        for g, place in enumerate(self.place):
            shares = [*self.template[place[0]].ramp, *[1.0] * 400]
            for s in range(T):
                for t in range(s, T):
                    first = self.periods[t].first_quarter - self.periods[s].first_quarter
                    ramp[g, s, t] = np.mean(shares[first : first + self.periods[t].quarters])
        ready = arr([p[2] for p in self.place], "g") * self.stood
        ready = ready + (self.added * arr(ramp, "g", "s", "t")).sum("s")
        on_place = arr([[w[0] == g for w in self.wheel] for g in range(len(self.place))], "g", "j")
        self.m.add_constraints(self.over - self.standing * most <= 0)
        self.used = self.var("used", "j", "t", upper=1e3, whole=True)
        self.m.add_constraints((self.used * on_place).sum("j") - self.standing <= 0)
        taken = busy + self.stops(busy, regular + most)
        self.m.add_constraints((taken * on_place).sum("j") - ready * regular - self.over <= 0)
        for j, (g, *_) in enumerate(self.wheel):
            if sum(w[0] == g for w in self.wheel) > 1:
                span = (regular + most).isel(g=g)
                self.m.add_constraints(taken.isel(j=j) - self.used.isel(j=j) * span <= 0)
        self.whole_day = regular + most
        self.downtime((taken * on_place).sum("j"), ready, regular, most)
        self.on_place = on_place

    def stops(self, busy, span):
        """Hours (j, t) that the changes on the other wheels of its site take from the lines of each wheel.

        The lines on a wheel are counted one way out of all: ``count`` (v) is 1 where they are v, and takes the hours.
        """
        lost = self.var("lost", "j", "t")
        alone = np.ones(len(self.wheel), dtype=bool)
        for o in range(len(self.site)):
            here = [j for j, w in enumerate(self.wheel) if self.place[w[0]][0] == o]
            share = {j: self.wheel[j][2].site_share for j in here}
            if len(here) > 1 and any(share.values()):
                turns, counts, alone[here] = {}, {}, False
                for j in here:
                    counts[j], turns[j] = self.counted(j, busy.isel(j=j), span.isel(g=self.wheel[j][0]))
                for j in here:
                    stop = sum(turns[i] * share[i] for i in here if i != j)
                    self.losses(j, lost.isel(j=j), stop, counts[j], span.isel(g=self.wheel[j][0]) * sum(share.values()))
        self.m.add_constraints(lost * arr(alone, "j") <= 0)
        return lost

    def counted(self, j, busy, span):
        """Ways to count the lines of a wheel (v, t), and the hours for which it turns (t)."""
        place = self.place[self.wheel[j][0]]
        ways = range(place[2] + place[4] * place[3] + 1)
        t, v = pd.Index(range(self.T), name="t"), pd.Index(ways, name="v")
        count = self.m.add_variables(coords=[v, t], name=f"count_{j}", binary=True)
        hours = self.m.add_variables(lower=0, coords=[v, t], name=f"hours_{j}")
        lines = arr(list(ways), "v")
        self.m.add_constraints(count.sum("v") == 1)
        self.m.add_constraints((count * lines).sum("v") - self.used.isel(j=j) == 0)
        self.m.add_constraints(hours - count * (lines * span) <= 0)
        self.m.add_constraints(hours.sum("v") - busy == 0)
        return count, (hours * (1 / lines.clip(min=1))).sum("v")

    def losses(self, j, lost, stop, count, most):
        """Every line on the wheel loses the hours ``stop``, which are ``most`` at most."""
        part = self.m.add_variables(lower=0, coords=[count.indexes["v"], count.indexes["t"]], name=f"part_{j}")
        self.m.add_constraints(part - stop - count * most >= -1 * most)
        lines = arr(list(count.indexes["v"]), "v")
        self.m.add_constraints((part * lines).sum("v") - lost == 0)

    def downtime(self, taken, ready, regular, most):
        """Lines of the start stand still for the weeks before an upgrade of them works."""
        for k, u in enumerate(self.upgrades):
            still = np.zeros((self.T, self.T))
            for s, period in enumerate(self.periods):
                weeks, quarter = u.downtime_weeks, period.first_quarter - (u.lead_quarters > 0)
                while weeks > 0 and quarter >= 0:
                    t = [t for t, p in enumerate(self.periods) if p.first_quarter <= quarter][-1]
                    still[s, t] += min(weeks / 13, 1) / self.periods[t].quarters
                    weeks, quarter = weeks - 13, quarter - 1
            for line in self.concerned(u) if still.any() else ():
                group = [g for g, p in enumerate(self.place) if (p[0], p[1].id) == (self.home[k], line)]
                assert sum(line in self.concerned(v) for v in self.upgrades if v.downtime_weeks) == 1, (
                    "one stops a line"
                )
                stopped = self.place[group[0]][2] * (self.bettered.isel(u=k) * arr(still, "s", "t")).sum("s")
                hours, over = regular.isel(g=group[0]), most.isel(g=group[0])
                every = (ready.isel(g=group).sum("g") - stopped) * hours + self.over.isel(g=group).sum("g")
                self.m.add_constraints(taken.isel(g=group).sum("g") - every <= 0)
                every = (self.standing.isel(g=group).sum("g") - stopped) * over
                self.m.add_constraints(self.over.isel(g=group).sum("g") - every <= 0)

    def staff(self):
        """People, hiring, and the wage that rises with the share of the pool."""
        n = self.n
        paid = arr([template_calendar(n, t).paid_hours_per_worker_year for t in self.template], "o") * self.years
        crew = arr([crew_per_shift(n, p[1]) for p in self.place], "g")
        worked = (self.run * self.staffed * self.on_place).sum("j") - self.over
        pool = [np.inf if s.labour_pool is None else s.labour_pool * s.hireable_share for s in self.site]
        self.people = self.var("people", "o", "t", upper=arr(pool, "o") * arr(np.ones(self.T), "t"))
        self.m.add_constraints(self.people - self.most_people(crew, paid) * self.open <= 0)
        self.m.add_constraints(self.people * paid - self.on(worked * crew) >= 0)
        rate = arr([np.inf if s.hires_per_quarter is None else s.hires_per_quarter for s in self.site], "o")
        self.hired = self.var("hired", "o", "t", upper=rate * (self.years * 4))
        leave = arr([s.turnover_per_year for s in self.site], "o") * self.years
        stays = np.ones((len(self.site), self.T))
        stays[self.existing, 0] = 0
        need = self.people * (leave + arr(stays, "o", "t")) - self.people.shift(t=1)
        self.m.add_constraints(self.hired - need >= 0)
        self.rise = self.var("rise", "o", "t")  # people paid on top, above every chord of the curve
        for o, site in enumerate(self.site):
            if np.isfinite(pool[o]) and site.wage_rise_per_pool_share > 0 and pool[o] > 0:
                steps = np.linspace(0, pool[o], 9)
                height = site.wage_rise_per_pool_share * steps**2 / site.labour_pool
                for k in range(8):
                    slope = (height[k + 1] - height[k]) / (steps[k + 1] - steps[k])
                    line = self.people.isel(o=o) * slope + (height[k] - slope * steps[k])
                    self.m.add_constraints(self.rise.isel(o=o) - line >= 0)
        self.paid, self.crew = paid, crew

    def most_people(self, crew, paid):
        """People (o, t) who can be employed where hires are limited: a crew for every line at all hours."""
        most = np.full((len(self.site), self.T), 1e4)
        for o, site in enumerate(self.site):
            here = [g for g, p in enumerate(self.place) if p[0] == o]
            if here and site.hires_per_quarter is not None:
                lines = {p[1].id: max(q[2] for q in self.place if q[:2] == p[:2]) for p in self.place if p[0] == o}
                room = max(self.place[g][4] for g in here)
                hours = self.whole_day.isel(g=here[0]) * (sum(lines.values()) + room)
                most[o] = (hours * max(crew.values[here]) / paid.isel(o=o)).values
        return arr(most, "o", "t")

    def pay(self):
        """Cash by option and period, and the objective."""
        n, f = self.n, self.n.finance
        wage = arr([s.wage_per_h for s in self.site], "o")
        template = self.template
        price = arr(np.outer([m.price_factor for m in n.markets], [p.price for p in n.products]), "m", "p")
        sales = (self.flow * (price * self.demand)).sum(["m", "p"])
        supplies = arr(self.materials.total, "o", "p", "t")
        bought = arr(self.materials.purchase + self.materials.freight, "o", "p", "t")
        makes = (self.output * supplies).sum("p") + self.buying
        purchases = (self.output * bought).sum("p") + self.owing
        moving = arr(self.lanes.freight_per_unit + self.lanes.packaging_per_unit, "o", "m", "p")
        duty = arr(product_duties(n, self.site, n.markets, self.periods).all_pairs(), "o", "m", "p", "t")
        outbound = (self.leaves * (moving + duty)).sum(["m", "p"])
        agreed, delivered, owed, signing = self.contract_money()
        sales, outbound = sales + agreed, outbound + delivered
        over, moved, kept_there, capital_there = self.forward_money()
        sales, outbound = sales + over, outbound + moved
        cycle, lying = self.stocks()
        worth = arr(unit_value(n), "p")
        stock_value = ((cycle + lying) * worth).sum("p")
        carrying = stock_value * self.years * n.policy.stock_cost_share_per_year
        people = (self.people + self.rise) * self.paid * wage
        hiring = self.hired * (n.policy.hiring_cost + n.policy.training_hours * wage)
        premium = arr([template_calendar(n, t).overtime_premium for t in template], "o")
        overtime = self.on(self.over * self.crew) * wage * (1 + premium)
        power = arr([s.power_price_per_kwh for s in self.site], "o")
        running = self.on(self.place_sum(self.per_hour()))
        idle_power = self.place_sum(arr([kw_execute(n, self.place[w[0]][1]) for w in self.wheel], "j"))
        idle_power += self.place_sum((self.staffed - 1) * arr([self.place[w[0]][1].kw_idle for w in self.wheel], "j"))
        energy = self.on(idle_power) * power
        standing = self.on(self.standing * self.per_line()) * self.years + self.open * self.per_site() * self.years
        operating = sales - makes - outbound - carrying - people - hiring - overtime - running - energy - standing
        operating = operating - self.fees()
        if self.packers:
            operating = operating - (self.packed_units.sum("p") + self.owed) * self.fee
        for k, u in enumerate(self.upgrades):
            share = self.site[self.home[k]].property_tax_share
            home = arr(np.arange(len(self.site)) == self.home[k], "o")
            operating = operating - self.both.isel(u=k) * (self.listed(u) * share * self.years) * home
        lost = (self.unmet * (price * self.demand)).sum(["m", "p"]) * n.policy.unmet_penalty_share + owed + kept_there
        tax = f.tax_rate
        once = -(self.closed.rename(s="t") * arr([s.closure_cost for s in self.site], "o"))
        lasting = (operating.sum("o") - lost) * (1 - tax)
        repeat = terminal_weight(f) * float(self.disc[-1])
        value = (lasting * (self.disc + repeat * arr(last_year_share(self.periods), "t"))).sum()
        value += (once.sum("o") * self.disc).sum() * (1 - tax)
        value += self.capital(repeat) - signing * (1 - tax) + capital_there
        level = sales * (f.receivable_days / 365 / self.years) - purchases * (f.payable_days / 365 / self.years)
        level = level + stock_value
        value += self.working_capital(level, ((self.average + self.sure) * worth).sum("p"))
        value += float(opening_safety(n).sum(axis=0) @ worth.values * self.disc[0])
        value += sum(
            row.book_value * tax * float(straight_line(self.periods, 0, row.book_years) @ self.disc.values)
            for row in n.installed_lines
        )
        self.constant = float(value.const)
        self.m.add_objective((value - self.constant) / MONEY, sense="max")

    def place_sum(self, coefficient):
        return (self.run * coefficient * self.on_place).sum("j")

    def per_hour(self):
        """Cleaning, scrap and helpers of one running hour, (j,)."""
        worth = unit_value(self.n)
        out = []
        for g, _, wheel, _ in self.wheel:
            site = self.site[self.place[g][0]]
            staffed = (1 + wheel.sanitation_share) / (1 - wheel.changeover_share)
            cycles = staffed * 60 / wheel.open_min_per_cycle
            helpers = wheel.crew_min_per_cycle / 60 * site.wage_per_h
            a_cycle = wheel.cost_per_cycle + float(wheel.scrap_units_per_cycle @ worth) + helpers
            out.append(wheel.sanitation_cost_per_h + cycles * a_cycle)
        return arr(out, "j")

    def per_line(self):
        out = []
        for o, line, *_ in self.place:
            site, template = self.site[o], self.template[o]
            paid = template_calendar(self.n, template).paid_hours_per_worker_year
            out.append(
                template.indirect_staff_per_line * template.indirect_wage_ratio * site.wage_per_h * paid
                + kw_execute(self.n, line) * site.demand_charge_per_kw_month * 12
                + line.footprint_m2 * site.rent_per_m2_year
                + line.service_per_year
                + site.property_tax_share * line_capex(self.n, line)
            )
        return arr(out, "g")

    def per_site(self):
        out = []
        for site, template in zip(self.site, self.template, strict=True):
            paid = template_calendar(self.n, template).paid_hours_per_worker_year
            out.append(
                template.indirect_staff * template.indirect_wage_ratio * site.wage_per_h * paid
                + template.area_m2 * site.rent_per_m2_year
                + template.fixed_cost_per_year
                + site.property_tax_share * template.capex
            )
        return arr(out, "o")

    def stocks(self):
        """Mean units (o, p, t): in store without season stock of quarters, and the rest; the pallets in store."""
        n = self.n
        ours = len(self.site) - len(self.packers)
        own = zip(self.site[:ours], self.template[:ours], strict=True)
        options = [standing_option(k, site, t) for k, (site, t) in enumerate(own)]
        turn = np.append(make_days(n, self.site[:ours], options), np.zeros(len(self.packers)))
        lines = {site: line for (site, _), line in self.safety.items()}
        keys = [(site.id, template.id) for site, template in zip(self.site, self.template, strict=True)]
        safety = [lines[key[0]] if o in self.packers else self.safety[key] for o, key in enumerate(keys)]
        build = np.zeros((len(n.markets), len(n.products), self.T))
        for t, period in enumerate(self.periods):
            if period.quarters == 4:
                months = monthly_demand(n)[:, :, 3 * period.first_quarter : 3 * period.first_quarter + 12]
                build[:, :, t] = season_build_up(months)
        for p, product in enumerate(n.products):
            life = product.shelf_life_days
            if life is not None and life - product.minimum_remaining_life_days < 91.25:
                build[:, p] = 0
        own = len(n.markets)
        near = arr((self.lanes.interval_days + turn[:, None]) / 2 / 365, "o", "m") / self.years
        self.sure = (self.leaves * (arr(np.array(safety)[:, :own], "o", "m", "p") / self.years)).sum("m")
        kept = (self.leaves * (near + arr(build, "m", "p", "t"))).sum("m") + self.average
        moving = (self.leaves * (arr(self.lanes.days / 365, "o", "m") / self.years)).sum("m")
        if n.opportunities:
            near = arr((self.terms.interval_days + turn[:, None]) / 2 / 365, "o", "k") / self.years
            sure = np.array(safety)[:, own:][:, range(len(self.product)), self.product]
            self.sure = self.sure + (self.sent * arr(sure, "o", "k") / self.years * self.of_product).sum("k")
            kept = kept + (self.sent * near * self.of_product).sum("k")
            moving = moving + (self.sent * (arr(self.terms.days / 365, "o", "k") / self.years) * self.of_product).sum(
                "k"
            )
        kept = kept + self.sure + self.lying
        if self.houses:
            wait = arr(turn / 730, "o") / self.years + arr(build, "m", "p", "t")
            kept = kept + (self.left * wait).sum(["w", "m"])
            moving = moving + (self.left * (arr(self.leg.days / 365, "o", "w") / self.years)).sum(["w", "m"])
        self.kept = kept
        return kept, moving

    def fees(self):
        fee = self.n.policy.storage_fee_per_pallet_month
        self.outside = self.var("outside", "o", "t")
        pallets = (self.kept * arr([1 / p.units_per_pallet for p in self.n.products], "p")).sum("p")
        own = arr([t.storage_pallets for t in self.template], "o")
        self.m.add_constraints(pallets - self.open * own - self.outside <= 0)
        return self.outside * self.years * (fee * 12)

    def capital(self, repeat):
        """Spending, grants, depreciation, salvage and renewal of what is opened, added, kept and closed."""
        n, f, P = self.n, self.n.finance, self.periods
        disc, tax = self.disc.values, f.tax_rate
        end = disc[-1] * end_factor(f)
        total, spent = 0.0, 0.0

        def worth(template, site, amount, lead, granted):
            values = np.zeros(self.T)
            money = np.zeros((self.T, self.T))
            for s in range(self.T):
                shares = spending(P, s, lead)
                if shares is not None:
                    money[s] = amount * shares
                    relief = tax * straight_line(P, s, template.depreciation_years) @ disc
                    paid = (shares @ disc) * (1 - granted)
                    values[s] = amount * (relief - paid + template.salvage_share * end)
            return values, money

        copies = {}
        for o, (site, template) in enumerate(zip(self.site, self.template, strict=True)):
            lead = stand_up_quarters(n, template)
            amount = template.capex * (1 - template.copy_saving_share)
            values, money = worth(template, site, amount, lead, site.incentive_capex_share)
            values = values + site.incentive_amount * disc
            renewal = (1 - tax) * repeat * replacement(f, template.capex, template.life_years)
            total += (self.opened.isel(o=o) * arr(values, "s")).sum() - self.open.isel(o=o, t=-1) * renewal
            spent += (self.opened.isel(o=o) * arr(money, "s", "t")).sum("s")
            stands = any(e and t.id == template.id for e, t in zip(self.existing, self.template, strict=True))
            if template.copy_saving_share and not stands:
                copies.setdefault(template.id, []).append(o)
            if self.existing[o]:
                lines = sum(p[2] * line_capex(n, p[1]) for p in self.place if p[0] == o and not p[5])
                salvage = template.salvage_share * (template.capex + lines)
                total += (self.closed.isel(o=o) * arr(salvage * disc, "s")).sum() + self.open.isel(
                    o=o, t=-1
                ) * salvage * end
        for g, (o, line, *_) in enumerate(self.place):
            template, site = self.template[o], self.site[o]
            price = line_capex(n, line)
            amount = price * (1 - template.copy_saving_share)
            values, money = worth(template, site, amount, template.line_lead_quarters, site.incentive_capex_share)
            renewal = (1 - tax) * repeat * replacement(f, price, template.life_years)
            total += (self.added.isel(g=g) * arr(values, "s")).sum() - self.standing.isel(g=g, t=-1) * renewal
            spent += (self.added.isel(g=g) * arr(money, "s", "t")).sum("s")
        value, money = self.upgrade_capital(worth, (1 - tax) * repeat)
        total, spent = total + value, spent + money
        for name, options in copies.items():
            template = n.get("templates", name)
            line = line_capex(n, n.get("lines", template.lines[0]))
            amount = template.copy_saving_share * (template.capex + template.minimum_lines * line)
            values, money = worth(template, None, amount, stand_up_quarters(n, template), 0.0)
            can = [spending(P, s, stand_up_quarters(n, template)) is not None for s in range(self.T)]
            first = self.var(f"first_{name}", "s", upper=arr(can, "s"))
            begun = (first * arr(np.triu(np.ones((self.T, self.T))), "s", "t")).sum("s")
            for o in options:
                self.m.add_constraints(begun - self.open.isel(o=o) >= 0)
            total += (first * arr(values, "s")).sum()
            spent += (first * arr(money, "s", "t")).sum("s")
        if n.policy.capex_budget is not None:
            self.m.add_constraints(spent.sum() <= n.policy.capex_budget)
        if n.policy.capex_budget_per_quarter is not None:
            self.m.add_constraints(spent <= n.policy.capex_budget_per_quarter * (self.years * 4))
        return total

    def upgrade_capital(self, worth, repeat):
        """Worth of upgrades, renewal included, and what is spent on them (t,)."""
        total, spent = 0.0, 0.0
        for k, u in enumerate(self.upgrades):
            site, template = self.site[self.home[k]], self.template[self.home[k]]
            values, money = worth(template, site, u.capex, u.lead_quarters, site.incentive_capex_share)
            renewal = repeat * replacement(self.n.finance, self.listed(u), template.life_years)
            total += (self.bettered.isel(u=k) * arr(values, "s")).sum() - self.both.isel(u=k, t=-1) * renewal
            spent += (self.bettered.isel(u=k) * arr(money, "s", "t")).sum("s")
        return total, spent

    def working_capital(self, level, season):
        """Increases are paid, the last level comes back; existing places have paid the first, season and safety
        stock apart."""
        end = float(self.disc[-1]) * end_factor(self.n.finance)
        flow = -1 * (level - level.shift(t=1))
        paid_before = arr([float(e) for e in self.existing], "o")
        value = (flow * self.disc).sum() + level.isel(t=-1).sum() * end
        value += ((level.isel(t=0) - season.isel(t=0)) * paid_before).sum() * float(self.disc[0])
        return value

    def npv(self):
        status, _ = self.m.solve("highs", output_flag=False, mip_rel_gap=1e-9, threads=1)
        assert status == "ok"
        return float(self.m.objective.value) * MONEY + self.constant
