"""The requirement sheet as text and as a page; it names no maker and no price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from manyworks import __version__

if TYPE_CHECKING:
    from manyworks.render.page import Page
    from manyworks.twin.design.requirements import MachineRequirement, RequirementSheet

Row = tuple[str, str]
INTERFACE = (
    "PackML states and modes of ISA-TR88.00.02-2022, served over OPC UA (OPC 30050, PackML companion specification): "
    "state, mode, speed, stop reason with code, counts of good and spoiled units, energy; commands start, stop, hold, "
    "unhold, suspend, unsuspend, reset, abort, clear."
)
PACKML_TEST = (
    "Every PackML state and every command is gone through from the line's side; counts agree with a hand count of 500 "
    "units to the unit; each of ten provoked stops is reported with its reason within 2 s."
)


def sheet_words(sheet: RequirementSheet) -> str:
    """The sheet as Markdown."""
    parts = [f"# Requirements: {sheet.name}", "", scope_words(sheet), ""]
    parts += _table(("Product", "Family", "Format", "Mass"), _products(sheet))
    parts += ["", "## Machines", ""]
    head = ("Station", "Function", "Machines", "Needed each", "Rated each, at least", "Availability, at least")
    parts += _table(head, [_overview(row) for row in sheet.machines])
    for row in sheet.machines:
        parts += ["", f"## {row.station}", ""]
        parts += [f"* **{name}:** {value}" for name, value in requirement_rows(row)]
        parts += ["", "Acceptance:", ""]
        parts += [f"{number}. {words}" for number, words in enumerate(acceptance_words(row, sheet), start=1)]
    parts += ["", "## The line as a whole", "", *(f"* {words}" for words in line_words(sheet)), ""]
    return "\n".join(parts)


def scope_words(sheet: RequirementSheet) -> str:
    """What the line makes and is accepted at."""
    return (
        f"The line makes {len(sheet.products)} product{'s' if len(sheet.products) != 1 else ''} and is accepted at "
        f"{sheet.asked_per_min:,.1f} good units per open minute of the product that is hardest to make; simulated with "
        f"the figures below it makes {sheet.rate.mean:,.1f} ± {sheet.rate.half_width:,.1f} (95 %). Offers may differ "
        "in any figure that this sheet does not ask for; state yours for all that it does."
    )


def requirement_rows(row: MachineRequirement) -> list[Row]:
    """What is asked of the machines of a station: name and words."""
    machines = "1 machine" if row.count == 1 else f"{row.count} machines side by side"
    asked: list[Row] = [
        ("Function", f"{row.function}, {machines}"),
        ("Fed by", row.infeed or "–"),
        ("Hands on to", row.outfeed or "–"),
        (
            "Rate of each machine",
            (
                f"rated {row.rated_per_min:,.1f} units/min or more; {row.needed_per_min:,.1f} are needed while the "
                f"line makes its rate, so {row.margin:.0%} is kept to catch up after stops"
            ),
        ),
        ("Availability between its own stops", f"{row.availability:.1%} or more, stated with the stops behind it"),
    ]
    if row.mttr_min is not None:
        asked.append(("Mean time to repair", f"{row.mttr_min:,.1f} min or less, by operators and fitters on site"))
    if row.stops_factor > 1:
        worse = f"stops {row.stops_factor:g} times as long as simulated cost the line no more than 1 %"
        asked.append(("What the line can bear", worse))
    spoiled = f"{row.scrap_share:.2%} or fewer" if row.scrap_share else "none that is counted"
    asked += [("Spoiled units", spoiled), ("Changeovers", _changeover_words(row))]
    asked += [
        ("Interface", INTERFACE if row.interface in ("", "packml_opcua") else f"profile {row.interface}; {INTERFACE}"),
        ("Power while working", f"{row.kw:g} kW or less for each machine" if row.kw else "to be stated"),
        ("Operators", f"{row.crew:g} for each machine or fewer" if row.crew else "none while it runs"),
        ("Floor", _floor_words(row)),
        ("Delivery", f"{row.lead_time_weeks:g} weeks or sooner" if row.lead_time_weeks else "to be stated"),
    ]
    return asked


def acceptance_words(row: MachineRequirement, sheet: RequirementSheet) -> list[str]:
    """Tests at the maker's (FAT) and on site (SAT), each with what passes."""
    fat, sat = sheet.hours_per_test
    tests = [
        (
            f"FAT, {fat:g} h at rated speed with the buyer's product: {row.fat_units:,} units or more, "
            + (f"{row.scrap_share:.2%} spoiled or fewer." if row.scrap_share else "none spoiled beyond set-up.")
        ),
        f"SAT, {sat:g} h in the line: {row.sat_units:,} units or more.",
    ]
    if row.sat_stops is not None:
        tests.append(
            f"SAT, the same {sat:g} h: {row.sat_stops} stops of its own or fewer (a machine as simulated passes with "
            "95 %)."
        )
    if row.changeovers:
        words, minutes = row.changeovers[0]
        tests.append(f"FAT: changeover {words} three times by the buyer's people, each in {minutes:g} min or less.")
    return [*tests, f"FAT and SAT: {PACKML_TEST}"]


def line_words(sheet: RequirementSheet) -> list[str]:
    """What the whole line must show on site."""
    sat = sheet.hours_per_test[1]
    return [
        (
            f"SAT of the line, {sat:g} h of the hardest product without changeover: {sheet.line_units:,} good units or "
            f"more. A line that truly makes {sheet.asked_per_min:,.1f} a minute passes with 95 %."
        ),
        (
            "Each machine starts and stops with its neighbours by their PackML states; no unit is lost or counted "
            "twice when one machine is stopped for five minutes."
        ),
        f"Figures by simulation, seed {sheet.seed}; manyworks {__version__}.",
    ]


def sheet_page(sheet: RequirementSheet) -> Page:
    """The sheet as one self-contained page."""
    from manyworks.render.page import Bullets, Grid, Page, Section, Words
    from manyworks.render.table import DataTable, text

    def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Grid:
        return Grid(table=DataTable(columns=[text(title) for title in head], rows=rows))

    head = ("Station", "Function", "Machines", "Needed each", "Rated each, at least", "Availability, at least")
    sections = [
        Section(
            id="scope",
            title="What the line does",
            blocks=[
                Words(text=scope_words(sheet), is_key=True),
                grid(("Product", "Family", "Format", "Mass"), _products(sheet)),
                grid(head, [_overview(row) for row in sheet.machines]),
            ],
        ),
        *(
            Section(
                id=f"station-{row.station}",
                title=f"{row.station}: {row.function}",
                blocks=[
                    grid(("Asked", "Requirement"), requirement_rows(row)),
                    Bullets(items=acceptance_words(row, sheet), is_numbered=True),
                ],
            )
            for row in sheet.machines
        ),
        Section(id="line", title="The line as a whole", blocks=[Bullets(items=line_words(sheet))]),
    ]
    return Page(
        title=f"Requirements: {sheet.name}",
        subtitle="For offers of any maker: what each machine must do, and how it is accepted.",
        sections=sections,
        footer=f"manyworks {__version__} · seed {sheet.seed}.",
    )


def _products(sheet: RequirementSheet) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for product in sheet.products:
        mass = f"{product.mass_kg:g} kg" if product.mass_kg else "–"
        rows.append((product.name, product.family or "–", product.format or "–", mass))
    return rows


def _overview(row: MachineRequirement) -> tuple[str, ...]:
    return (
        row.station, row.function, str(row.count), f"{row.needed_per_min:,.1f}/min", f"{row.rated_per_min:,.1f}/min",
        f"{row.availability:.1%}",
    )  # fmt: skip


def _changeover_words(row: MachineRequirement) -> str:
    if not row.changeovers:
        return "none: one set-up serves all products"
    minutes = {length for _, length in row.changeovers}
    if len(minutes) == 1:
        return f"between any two products in {minutes.pop():g} min or less"
    shown = "; ".join(f"{words} in {minutes:g} min" for words, minutes in row.changeovers[:6])
    more = len(row.changeovers) - 6
    return f"{shown} or less" + (f"; {more} shorter ones" if more > 0 else "")


def _floor_words(row: MachineRequirement) -> str:
    size = f"{row.size_m[0]:g} × {row.size_m[1]:g} m" if row.size_m else ""
    area = f"{row.footprint_m2:g} m2 with access" if row.footprint_m2 else ""
    return ", ".join(part for part in (size, area) if part) or "to be stated"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
