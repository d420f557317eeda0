"""What stands, what runs on it, and who works there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyworks.model.rates import effective_rates
from manyworks.model.table import Table
from manyworks.model.upgrades import done_upgrades
from manyworks.plan.equations.decode.choice import DUST, Choice
from manyworks.plan.equations.decode.rows import columns_of, period_names, place_names, products_of, typed_table
from manyworks.plan.equations.formulation import Model
from manyworks.units import MINUTES_PER_HOUR

Floats = NDArray[np.float64]


def lines_table(model: Model, choice: Choice) -> Table:
    """Lines by wheel; lines of a place with several wheels that no wheel uses stand idle, without products."""
    instance, names = model.instance, period_names(model)
    rows: list[dict[str, Any]] = []
    all_standing, all_added = standing_lines(model, choice)
    for g, place in enumerate(instance.places):
        option = instance.options[place.option]
        if option.packer is not None:
            continue
        standing, added = all_standing[g], all_added[g]
        mine = [j for j, column in enumerate(instance.columns) if column.place == g]
        key = {
            "place": instance.sites[option.site].id,
            "template": option.template.id,
            "line": place.line.id,
            "upgrades": ";".join(place.upgrades),
        }
        for t in np.flatnonzero(standing > 0):
            left = int(standing[t])
            new = int(added[t])
            for j in mine:
                ready = min(int(choice.used[j, t]) if choice.used[j, t] >= 0 else left, left)
                if ready > 0:
                    fresh = min(new, ready)
                    rows.append(
                        key | {"products": products_of(model, j), "period": names[t], "ready": ready, "added": fresh}
                    )
                    left, new = left - ready, new - fresh
            if left > 0:
                rows.append(key | {"products": "", "period": names[t], "ready": left, "added": new})
    header = ("place", "template", "line", "upgrades", "products", "period", "ready", "added")
    return typed_table(columns_of(rows, header), whole=("ready", "added"))


def standing_lines(model: Model, choice: Choice) -> tuple[Floats, Floats]:
    """Lines that stand in each line place, and those of them that are new in the period, (g, t).

    Lines that move to another place of their type, because an upgrade works, are not new; those that it adds are.
    """
    instance = model.instance
    count = np.array([place.standing for place in instance.places], dtype=np.float64)[:, None]
    standing = count * choice.stands + choice.added
    new = np.maximum(np.diff(choice.added, axis=1, prepend=0), 0).astype(np.float64)
    for group in instance.groups:
        members = list(group)
        lines = (count * choice.stands)[members].sum(axis=0)
        grown = np.maximum(np.diff(lines, prepend=instance.places[members[0]].standing), 0.0)
        new[members] += grown * choice.stands[members]
    return standing, new


def production_table(model: Model, choice: Choice, made: Floats) -> Table:
    """Units and hours by wheel; what an option makes of a product is spread over its wheels as their hours are."""
    instance, names = model.instance, period_names(model)
    option_of, rows = instance.option_of, []
    work = np.where(np.isfinite(instance.work), instance.work, np.inf)
    reference = choice.run / work[:, :, None]
    at = instance.option_of[instance.place_of]
    total = np.zeros((len(instance.options), len(instance.families), len(instance.periods)))
    np.add.at(total, at, reference)
    hours_used = _staffed_by_place(model, choice)
    for j, column in enumerate(instance.columns):
        place = instance.places[column.place]
        option = instance.options[place.option]
        if option.packer is not None:
            continue
        site = instance.sites[option.site].id
        rates = effective_rates(
            instance.network,
            place.line.id,
            site=site,
            template=option.template.id,
            upgrades=(*place.upgrades, *done_upgrades(instance.network, site, place.line.id)),
        )
        key = {
            "place": instance.sites[option.site].id,
            "template": option.template.id,
            "line": place.line.id,
            "upgrades": ";".join(place.upgrades),
            "products": products_of(model, j),
        }
        for p in np.flatnonzero(np.isin(instance.family_of, column.families)):
            f = instance.family_of[p]
            share = np.where(
                total[place.option, f] > 0,
                reference[j, f] / np.where(total[place.option, f] > 0, total[place.option, f], 1),
                0.0,
            )
            units = made[option_of[column.place], p] * share
            for t in np.flatnonzero(np.abs(units) > DUST):
                run = units[t] / (rates[p] * MINUTES_PER_HOUR)
                staffed = run * instance.staffed[j]
                used = hours_used[column.place, t]
                rows.append(
                    key
                    | {
                        "product": instance.products[p].id,
                        "period": names[t],
                        "units": units[t],
                        "run_h": run,
                        "changeover_h": staffed - run,
                        "overtime_h": choice.overtime[column.place, t] * staffed / used if used > 0 else 0.0,
                    }
                )
    header = (
        "place",
        "template",
        "line",
        "upgrades",
        "products",
        "product",
        "period",
        "units",
        "run_h",
        "changeover_h",
        "overtime_h",
    )
    return typed_table(columns_of(rows, header), numbers=header[7:])


def _staffed_by_place(model: Model, choice: Choice) -> Floats:
    instance = model.instance
    hours = np.zeros((len(instance.places), len(instance.periods)))
    np.add.at(hours, instance.place_of, instance.staffed[:, None] * choice.run.sum(axis=1))
    return hours


def labour_table(model: Model, choice: Choice) -> Table:
    """People by place and period, of sites that are open or have people."""
    instance, names, places = model.instance, period_names(model), place_names(model)
    lines = np.zeros(choice.open.shape)
    np.add.at(lines, instance.option_of, standing_lines(model, choice)[0])
    staff = np.array([[o.template.indirect_staff, o.template.indirect_staff_per_line] for o in instance.options])
    indirect = staff.reshape(-1, 2)[:, :1] * choice.open + staff.reshape(-1, 2)[:, 1:] * lines
    ours = np.array([[option.packer is None] for option in instance.options], dtype=bool)
    o, t = np.nonzero((choice.open + (choice.people > DUST)) * ours)
    return Table(
        {
            "place": places[o],
            "period": names[t],
            "direct": choice.people[o, t],
            "indirect": indirect[o, t],
            "hired": choice.hired[o, t],
        }
    )
