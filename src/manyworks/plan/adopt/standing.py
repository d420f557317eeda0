"""Sites, lines and their books at a quarter: what works, what is under way, what has closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from manyworks.model.rates import line_capex
from manyworks.model.site import InstalledLine, Site, SiteTemplate
from manyworks.model.standup import stand_up_quarters
from manyworks.plan.adopt.improved import refuse_mixed_lines, upgrades_then
from manyworks.plan.adopt.moment import Moment
from manyworks.plan.money.capital import come_with_upgrades, first_copies, spent_on
from manyworks.plan.money.standing import Stand

QUARTERS = 4
LONGEST_ID = 41


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Collections of the document that change, and what is said of them."""

    collections: dict[str, list[Any]]
    notes: tuple[str, ...]


def sites_then(moment: Moment) -> Standing:
    """Sites with what stands there; warehouses in use; upgrades that are done or under way."""
    refuse_mixed_lines(moment)
    network = moment.network
    by_site = {stand.site.id: stand for stand in moment.standing}
    sites: list[Site] = []
    templates, lines, notes = list(network.templates), list[InstalledLine](), list[str]()
    for site in network.sites:
        stand = by_site.get(site.id)
        if stand is None:
            sites.append(site)
        elif stand.closes <= moment.k:
            sites.append(_closed(site))
            notes.append(_closed_note(moment, stand))
        elif stand.starts <= moment.k:
            sites.append(_existing(site, stand, moment))
            lines += _installed(moment, stand)
            notes += _existing_notes(moment, stand)
        elif stand.starts - _lead(moment, stand) < moment.k:
            under_way = _under_way(moment, stand)
            templates.append(under_way)
            sites.append(site.model_copy(update={"templates": [under_way.id]}))
            notes.append(_under_way_note(moment, stand, under_way))
        else:
            sites.append(site)
    used = {row["place"] for row in moment.openings("warehouse") if moment.is_past(row["starts"])}
    warehouses = [
        row.model_copy(update={"status": "existing"}) if row.id in used else row for row in network.warehouses
    ]
    fresh = sorted(used - {row.id for row in network.warehouses if row.status == "existing"})
    notes += [f"Warehouse {name} is in use." for name in fresh]
    notes += [
        f"The contract with {row['place']} is not carried: co-packers are decided anew."
        for row in moment.openings("co_packer")
        if moment.is_past(row["starts"]) and not moment.is_past(row["closes"])
    ]
    closed = {stand.site.id for stand in moment.standing if stand.closes <= moment.k}
    upgrades, upgrade_notes = upgrades_then(moment, closed)
    notes += upgrade_notes
    kept: dict[str, list[Any]] = {
        "sites": sites,
        "templates": templates,
        "installed_lines": lines,
        "warehouses": warehouses,
        "upgrades": upgrades,
    }
    return Standing(collections=kept, notes=tuple(notes))


def _existing(site: Site, stand: Stand, moment: Moment) -> Site:
    opened = site.opened if stand.is_existing else moment.plan.periods[stand.starts].starts
    return site.model_copy(
        update={"status": "existing", "template": stand.template.id, "templates": [], "opened": opened}
    )


def _closed(site: Site) -> Site:
    return site.model_copy(update={"status": "candidate", "template": None, "opened": None})


def _lead(moment: Moment, stand: Stand) -> int:
    return stand_up_quarters(moment.network, stand.template)


def _installed(moment: Moment, stand: Stand) -> list[InstalledLine]:
    """Lines that stand at the start with what is left of their books; then a row for each time that lines came."""
    rows = [
        _aged(row, moment.k / QUARTERS)
        for row in moment.network.installed_lines
        if stand.is_existing and row.site == stand.site.id
    ]
    years = stand.template.depreciation_years
    firsts = first_copies(moment.network, moment.standing)
    is_first = firsts.get(stand.template.id) == stand.site.id
    spent = [part for part in spent_on(moment.network, stand, is_first=is_first) if part.ready <= moment.k]
    share = 1 - stand.template.copy_saving_share
    of_lines = 0.0
    for line, added in stand.added.items():
        came = come_with_upgrades(moment.network, stand, line)
        for t in range(moment.k + 1):
            if added[t] > 0:
                price = share * line_capex(moment.network, moment.network.get("lines", line))
                money = price * float(added[t] - came[t])
                of_lines += money
                row = _row(moment, stand, line, t, round(float(added[t])), money, years)
                rows.append(row.model_copy(update={"products": _approved(rows, line)}) if money == 0 else row)
    of_upgrades = sum(there.row.capex for there in stand.upgrades if there.starts <= moment.k)
    rest = sum(part.money + part.premium for part in spent) - of_lines - of_upgrades
    if rest > 0 and rows and not stand.is_existing:  # A site has no books of its own: they go with its first lines.
        at = next((k for k, row in enumerate(rows) if row.id.endswith(_suffix(moment, stand.starts))), 0)
        left = max(1 - (moment.k - stand.starts) / QUARTERS / years, 0.0) * rest
        rows[at] = rows[at].model_copy(update={"book_value": rows[at].book_value + left})
    return rows


def _approved(rows: Sequence[InstalledLine], line: str) -> list[str]:
    """Products of lines that come with an upgrade: those approved on all lines of the type that stood; empty: all."""
    stated = [row.products for row in rows if row.line == line]
    return sorted({product for some in stated for product in some}) if all(stated) else []


def _suffix(moment: Moment, t: int) -> str:
    """End of the id of lines that were ready in period t."""
    return "_" + moment.plan.periods[t].name.lower().replace("-", "_")


def _row(moment: Moment, stand: Stand, line: str, t: int, count: int, money: float, years: float) -> InstalledLine:
    """Lines that were ready in period t, with what is left of their price in the books."""
    age = (moment.k - t) / QUARTERS
    name = f"{stand.site.id}_{line}"[: LONGEST_ID - 8] + _suffix(moment, t)
    return InstalledLine(
        id=name,
        site=stand.site.id,
        line=line,
        count=count,
        book_value=max(1 - age / years, 0.0) * money,
        book_years=max(years - age, 1 / QUARTERS),
    )


def _aged(row: InstalledLine, age: float) -> InstalledLine:
    left = max(1 - age / row.book_years, 0.0)
    years = max(row.book_years - age, 1 / QUARTERS)
    return row.model_copy(update={"book_value": row.book_value * left, "book_years": years})


def _under_way(moment: Moment, stand: Stand) -> SiteTemplate:
    """The template of a site that is being stood up: what is left to wait and to spend."""
    lead = _lead(moment, stand)
    left = stand.starts - moment.k
    template = stand.template
    update: dict[str, Any] = {
        "id": f"{template.id}_{stand.site.id}"[: LONGEST_ID - 10] + "_under_way",
        "name": f"{template.name}, under way at {stand.site.name}",
        "stand_up_quarters": left,
        "capex": template.capex * (1 - template.copy_saving_share) * left / lead,
        "copy_saving_share": 0.0,
    }
    return template.model_copy(update=update)


def _under_way_note(moment: Moment, stand: Stand, template: SiteTemplate) -> str:
    spent = (1 - (stand.starts - moment.k) / _lead(moment, stand)) * stand.template.capex
    return (
        f"{stand.site.name} is being stood up: it stays a candidate with a template of its own, {template.id}, with "
        f"{stand.starts - moment.k} quarters and {template.capex:,.0f} of capital to go; {spent:,.0f} are spent and "
        "not in the books of the document, and its lines are priced at list."
    )


def _closed_note(moment: Moment, stand: Stand) -> str:
    name = moment.plan.periods[stand.closes].name
    return f"{stand.site.name} closed in {name}: it stands as a candidate, without what was left in its books."


def _existing_notes(moment: Moment, stand: Stand) -> list[str]:
    ready = {line: int(counts[moment.k]) for line, counts in stand.lines.items() if counts[moment.k] > 0}
    words = ", ".join(f"{count} {line}" for line, count in sorted(ready.items()))
    age = moment.k - stand.starts
    if stand.is_existing:
        more = {
            line: int(added[: moment.k + 1].sum()) for line, added in stand.added.items() if added[: moment.k + 1].any()
        }
        gained = "" if not more else ", added: " + ", ".join(f"{n} {line}" for line, n in sorted(more.items()))
        return [f"{stand.site.name} stands with {words}{gained}."]
    notes = [f"{stand.site.name} was opened in {moment.plan.periods[stand.starts].name} and stands with {words}."]
    if age < len(stand.template.ramp):
        notes.append(f"{stand.site.name} is still in its ramp; the document takes it to be at full capacity.")
    return notes
