"""When each place, upgrade and contract is decided, stands up, ramps and works."""

from __future__ import annotations

from collections import Counter

from manyworks.render.figure import Figure
from manyworks.render.page import Block, Picture, Section, Words
from manyworks.render.table import DataTable, count, text
from manyworks.render.theme import AMBER, BLUE, LIGHT_BLUE, LIGHT_GREY
from manyworks.render.timeline import timeline
from manyworks.studies.plan_report.places import PlaceRow, lines_over_time
from manyworks.studies.plan_report.subject import Subject
from manyworks.studies.plan_report.words import count as counted
from manyworks.studies.plan_report.words import listed

TAKEN = {"upgrade": "upgrades", "opportunity": "opportunities"}
"""Kinds of openings that are no places to their collection."""
KINDS = {"Decided and standing up": AMBER, "Ramping up": LIGHT_BLUE, "Working": BLUE, "Working as today": LIGHT_GREY}
ROWS_PER_PICTURE = 34


def section(subject: Subject) -> Section:
    """One row for each place, those that are there first on top."""
    places = [*_ordered(subject), *_taken(subject)]
    blocks: list[Block] = [Words(text=_sentence(subject))]
    parts = [places[k : k + ROWS_PER_PICTURE] for k in range(0, len(places), ROWS_PER_PICTURE)]
    for number, part in enumerate(parts, start=1):
        blocks.append(Picture(figure=_picture(subject, part, number, len(parts)), caption=_caption(), is_tall=True))
    return Section(id="timing", title="When each place starts", blocks=blocks)


def timing_table(subject: Subject) -> DataTable:
    """Decision, start and close of every place, and its lines period by period in words."""
    rows = [_table_row(row) for row in (*_ordered(subject), *_taken(subject))]
    columns = [
        text("Place"), text("Kind"), text("Template"), text("Decided in"), text("Works from"), text("Closes"),
        count("Lines at the start"), count("Lines at the end"),
    ]  # fmt: skip
    return DataTable(columns=columns, rows=rows)


def _table_row(row: PlaceRow) -> tuple[object, ...]:
    decided = row.decided or "stands already"
    lines = (row.first_lines, row.lines) if row.has_lines else (None, None)
    return (row.name, row.kind, row.template, decided, row.starts, row.closes, *lines)


def _ordered(subject: Subject) -> list[PlaceRow]:
    at = subject.positions
    return sorted(
        subject.places, key=lambda row: (at.get(row.decided, -1), at[row.starts], -row.units_per_year, row.name)
    )


def _taken(subject: Subject) -> list[PlaceRow]:
    """Upgrades and contracts that the plan takes, in the order of their decision, as rows without a place of their
    own."""
    network, rows = subject.network, []
    for row in subject.plan.tables.openings.rows():
        if row["kind"] not in TAKEN:
            continue
        chosen = network.get(TAKEN[row["kind"]], row["place"])
        is_upgrade = row["kind"] == "upgrade"
        at = network.get("sites", chosen.site) if is_upgrade else network.get("markets", chosen.market)
        rows.append(
            PlaceRow(
                id=chosen.id, name=f"{chosen.name}, {at.name}", kind="Upgrade" if is_upgrade else "Contract",
                lat=at.lat, lon=at.lon, template="", decided=row["decided"], starts=row["starts"], closes=row["closes"],
                first_lines=0, lines=0, units_per_year=0.0, has_lines=False, line_use=None,
            )
        )  # fmt: skip
    at_period = subject.positions
    return sorted(rows, key=lambda row: (at_period.get(row.decided, -1), at_period.get(row.starts, 0), row.name))


def _sentence(subject: Subject) -> str:
    taken = Counter(row.kind for row in _taken(subject))
    more = [counted(number, kind.lower()) for kind, number in taken.items()]
    also = f" Taken as well: {listed(more)}." if more else ""
    new = [row for row in subject.places if row.decided]
    if not new:
        return "No place is added." + also
    first, last = (pick({row.starts for row in new}, key=subject.positions.__getitem__) for pick in (min, max))
    waves = len({row.decided for row in new})
    text = f"{counted(len(new), 'new place')} decided in {counted(waves, 'wave')}: the first works from {first}"
    text += ("." if first == last else f", the last from {last}.") + also
    closing = [f"{row.name} ({row.closes})" for row in subject.places if row.closes]
    return text + (f" Closed: {listed(closing)}." if closing else "")


def _caption() -> str:
    return (
        "A bar begins with the decision, which is when money is first committed. "
        "Numbers inside are lines; a change of the number is a change of lines."
    )


def _picture(subject: Subject, places: list[PlaceRow], number: int, of: int) -> Figure:
    counts = lines_over_time(subject.plan)
    phases: list[tuple[str, str, int, int, str]] = []
    for row in places:
        phases += [(_label(row), *phase) for phase in _phases(subject, row, counts.get(row.id, []))]
    names = ("row", "kind", "from", "until", "text")
    title = "Timeline of the sites" + (f", part {number} of {of}" if of > 1 else "")
    described = "; ".join(f"{row.name} works from {row.starts}" for row in places[:8])
    return timeline(
        rows=[_label(row) for row in places],
        phases={name: [phase[k] for phase in phases] for k, name in enumerate(names)}, kinds=KINDS,
        periods=[period.name for period in subject.plan.periods], title=title, description=f"{described}.",
        table=timing_table(subject) if number == 1 else None,
    )  # fmt: skip


def _label(row: PlaceRow) -> str:
    return f"{row.name} (big)" if row.kind == "New big plant" else row.name


def _phases(subject: Subject, row: PlaceRow, lines: list[int]) -> list[tuple[str, int, int, str]]:
    """Kind, first and last period and text of each phase of one place."""
    at, steps = subject.positions, len(subject.plan.periods)
    starts, closes = at[row.starts], at[row.closes] if row.closes else steps
    phases: list[tuple[str, int, int, str]] = []
    if row.decided and at[row.decided] < starts:
        phases.append(("Decided and standing up", at[row.decided], starts, ""))
    ramped = min(closes, starts + _ramp_periods(subject, row, starts))
    if ramped > starts:
        phases.append(("Ramping up", starts, ramped, ""))
    kind = "Working" if row.decided else "Working as today"
    return phases + [(kind, a, b, text) for a, b, text in _runs(lines, ramped, closes)]


def _runs(lines: list[int], start: int, end: int) -> list[tuple[int, int, str]]:
    """Stretches of periods with one number of lines."""
    runs: list[tuple[int, int, str]] = []
    for period in range(start, end):
        text = counted(lines[period], "line") if period < len(lines) and lines[period] else ""
        if runs and runs[-1][2] == text:
            runs[-1] = (runs[-1][0], period + 1, text)
        else:
            runs.append((period, period + 1, text))
    return [(a, b, text if b - a > 1 else text.split(" ", maxsplit=1)[0]) for a, b, text in runs]


def _ramp_periods(subject: Subject, row: PlaceRow, starts: int) -> int:
    """Periods that the ramp of a new site touches."""
    if not row.decided:
        return 0
    quarters = next((len(t.ramp) for t in subject.network.templates if t.name == row.template), 0)
    touched = 0
    while quarters > 0 and starts + touched < len(subject.plan.periods):
        quarters -= subject.plan.periods[starts + touched].quarters
        touched += 1
    return touched
