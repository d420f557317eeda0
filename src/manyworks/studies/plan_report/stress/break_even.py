"""Maps of who wins as two numbers of the world move."""

from __future__ import annotations

from typing import Any

from manyworks.plan.case import CASES
from manyworks.plan.stress.break_even import BreakEven, BreakEvenMap
from manyworks.plan.stress.levers import LEVERS
from manyworks.render.figure import Figure
from manyworks.render.page import Block, Grid, Picture, Section, Words
from manyworks.render.table import DataTable, amount, count, share, text
from manyworks.render.winner_map import winner_map
from manyworks.render.workbook import Sheet
from manyworks.studies.plan_report.stress.words import CASE_COLOURS, case_title, number_or_none, place_words
from manyworks.studies.plan_report.subject import Subject

EXPLANATION = (
    "Squares are points of the grid, dots are points tried between two squares with different winners; at each one all "
    "rivals are planned anew. Black diamonds: where the winner changes, by bisection. A question mark: the proven "
    "bound of another rival reaches the winner, so it is too close to call. Axes are factors on today's values."
)
CHOSEN = (
    "This network is too large to be planned anew at every point: there the best of the rivals' designs is chosen, "
    "with new flows and without a bound, so every point is marked."
)


def section(_subject: Subject, result: BreakEven) -> Section:
    """A picture and its crossings for each map."""
    blocks: list[Block] = [Words(text=_answer(result), is_key=True), Words(text=EXPLANATION)]
    blocks += [
        Picture(
            figure=_picture(row),
            caption=f"{row.x.title} ({row.x.meaning}) and {row.y.title.lower()} ({row.y.meaning}).",
        )
        for row in result.maps
    ]
    crossings = [cells for row in result.maps for cells in _crossings(row)]
    if crossings:
        columns = [text("Map"), text("From"), text("To"), text("Near"), text("Known to")]
        blocks.append(Grid(table=DataTable(columns=columns, rows=crossings)))
    if any(place.point.gap == float("inf") for row in result.maps for place in row.places):
        blocks.append(Words(text=CHOSEN))
    blocks += [
        Words(text=f"{LEVERS[x].title} × {LEVERS[y].title.lower()}: no map, {why}.")
        for (x, y), why in result.absent.items()
    ]
    return Section(id="stress-break-even", title="Where the answer turns", blocks=blocks)


def sheets(subject: Subject, result: BreakEven) -> list[Sheet]:
    """Every solved point and every crossing."""
    unit, tables = subject.currency, result.tables()
    columns = [
        text("Map"),
        count("First factor", "", 4),
        count("Second factor", "", 4),
        text("Wins"),
        text("Opens"),
        amount("Worth", unit),
        amount("Lead over the next answer", unit),
        share("Widest gap", 3),
        text("Too close to call"),
        text("Point of"),
    ]
    rows = [
        (
            map_words(row["map"]),
            row["x"],
            row["y"],
            case_title(row["winner"]),
            place_words(subject.network, row["opens"]),
            *(number_or_none(row[key]) for key in ("npv", "lead", "gap", "is_open", "place")),
        )
        for row in tables["break_even"].rows()
    ]
    found = [Sheet(name="Break-even points", title="Every solved point", table=DataTable(columns=columns, rows=rows))]
    crossings = [
        (
            map_words(row["map"]),
            row["x_from"],
            row["y_from"],
            row["x_to"],
            row["y_to"],
            case_title(row["before"]),
            case_title(row["after"]),
        )
        for row in tables["crossings"].rows()
    ]
    if crossings:
        head = [
            text("Map"),
            count("First, from", "", 4),
            count("Second, from", "", 4),
            count("First, to", "", 4),
            count("Second, to", "", 4),
            text("Before"),
            text("After"),
        ]
        table = DataTable(columns=head, rows=crossings)
        found.append(Sheet(name="Break-even crossings", title="Where the winner changes", table=table))
    return found


def map_words(name: str) -> str:
    """Titles of the two numbers of a map."""
    first, second = (LEVERS[part].title for part in name.split(" x "))
    return f"{first} × {second.lower()}"


def _answer(result: BreakEven) -> str:
    sentences = []
    for row in result.maps:
        grid = [place for place in row.places if place.is_grid]
        wins = {name: sum(place.point.winner == name for place in grid) for name in row.winners}
        best = sorted(((number, CASES[name].title) for name, number in wins.items() if number), reverse=True)
        words = ", ".join(f"“{title}” at {number}" for number, title in best)
        sentences.append(f"{row.x.title} and {row.y.title.lower()}, {len(grid)} points tried: best is {words}.")
    return " ".join(sentences) or "No map was drawn."


def _crossings(row: BreakEvenMap) -> list[tuple[str, ...]]:
    cells: list[tuple[str, ...]] = []
    for c in row.crossings:
        a, b = c.middle
        along = abs(c.x_to - c.x_from) + abs(c.y_to - c.y_from)
        cells.append(
            (
                f"{row.x.title} × {row.y.title.lower()}",
                CASES[c.before].title,
                CASES[c.after].title,
                f"{row.x.title.lower()} × {a:.2f}, {row.y.title.lower()} × {b:.2f}",
                f"± {along / 2:.2f}",
            )
        )
    return cells


def _picture(row: BreakEvenMap) -> Figure:
    places = [place for place in row.places if place.point.winner is not None]
    points: dict[str, list[Any]] = {
        "x": [place.x for place in places],
        "y": [place.y for place in places],
        "winner": [case_title(place.point.winner) for place in places],
        "size": [1500 if place.is_grid else 80 for place in places],
        "text": ["?" if place.point.is_open and place.is_grid else "" for place in places],
    }
    crossings = {"x": [c.middle[0] for c in row.crossings], "y": [c.middle[1] for c in row.crossings]}
    grid = [place for place in places if place.is_grid]
    table = DataTable(
        columns=[count(row.x.title, "factor", 2), count(row.y.title, "factor", 2), text("Wins")],
        rows=[(place.x, place.y, case_title(place.point.winner)) for place in grid],
    )
    return winner_map(
        points=points,
        crossings=crossings,
        colours=CASE_COLOURS,
        ticks=row.scales,
        x_title=row.x.title,
        y_title=row.y.title,
        title=f"{row.x.title} × {row.y.title.lower()}: who wins",
        description=f"Winner at {len(places)} points of {row.x.title.lower()} and {row.y.title.lower()}.",
        table=table,
    )
