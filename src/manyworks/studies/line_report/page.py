"""The page of a simulated line: each part answers the question that is its title."""

from __future__ import annotations

import json
from pathlib import Path

from manyworks.render.line_player import STATE_COLOURS
from manyworks.render.numbers import number, percent, significant
from manyworks.render.page import Block, Bullets, Fact, Facts, Grid, Notice, Page, Picture, Section, Words, render_page
from manyworks.render.stacked_bars import stacked_bars
from manyworks.render.table import DataTable, count, share, text
from manyworks.render.waterfall import waterfall
from manyworks.studies.line_report.figures import levels_figure, precision_figure, warm_up_figure
from manyworks.studies.line_report.replay import Stretch, replay_line
from manyworks.twin.intervals import Interval
from manyworks.twin.line_run import LineRun
from manyworks.twin.program import ENDLESS, OUTSIDE, SCRAP, LineProgram, Place, StationProgram
from manyworks.twin.run_words import SHOWN, provenance_words
from manyworks.twin.states import Doing


def write_line_report(run: LineRun, folder: Path | str) -> list[Path]:
    """Write ``line.html`` and ``line.json`` into ``folder``, which is made when it is not there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / "line.html", folder / "line.json"
    page.write_text(render_page(line_page(run)), encoding="utf-8")
    data.write_text(json.dumps(run.to_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return [page, data]


def line_page(run: LineRun) -> Page:
    """The whole page."""
    from dataclasses import replace

    open_ = replace(run.program, closed=(), closed_period_min=None)
    stretch = replay_line(open_, seed=run.seed, after_min=run.sample.warm_up_min)
    where = f", {run.place}" if run.place else ""
    return Page(
        title=f"Line: {run.program.name}",
        subtitle=f"Simulated machine by machine ({run.line}{where}). Rates are good units per open minute, changeovers "
        f"counted in; intervals hold at {run.confidence:.0%}.",
        sections=[
            _answer(run),
            _losses(run),
            _machines(run),
            _bottleneck(run),
            _replay(stretch),
            _effort(run),
            _sure(run),
            _basis(run),
        ],
        footer=f"{provenance_words(run)} Line {run.program.line_hash or 'without document'}.",
        first_words="answer",
    )


def _answer(run: LineRun) -> Section:
    nominal = _span(run.nominal_per_min)
    words = (
        f"{run.program.name} makes {significant(run.rate.mean, 4)} good units per open minute "
        f"({significant(run.rate.low, 4)} to {significant(run.rate.high, 4)}), {percent(run.oee.mean)} of its nominal "
        f"{nominal}; {run.bottleneck.station} holds it back."
    )
    blocks: list[Block] = [Words(text=words, is_key=True), Facts(items=_facts(run))]
    blocks += [Notice(word="Note.", text=note) for note in run.notes]
    if not run.is_precise:
        text_ = f"Asked for ± {percent(run.asked, 2)} of the rate, reached ± {percent(run.rate.relative, 2)}."
        blocks.append(Notice(word="Less sure than asked.", text=text_))
    if problems := [str(issue) for issue in run.check()]:
        blocks.append(Notice(word="Not a valid result.", text="; ".join(problems)))
    if len(run.program.products) > 1:
        blocks.append(Grid(table=_products(run)))
    return Section(id="answer", title="What the line makes", blocks=blocks)


def _facts(run: LineRun) -> list[Fact]:
    figures = run.waterfall.figures
    facts = [
        Fact(
            label="Good units per open minute",
            value=significant(run.rate.mean, 4),
            note=f"± {significant(run.rate.half_width, 2)}, {run.sample.replications} replications",
        ),
        Fact(
            label="OEE",
            value=percent(run.oee.mean),
            note=f"availability {percent(figures.availability)}, performance {percent(figures.effectiveness)}, "
            f"quality {percent(figures.quality_ratio)}",
        ),
        Fact(label="Bottleneck", value=run.bottleneck.station, note=_gain_words(run)),
    ]
    if run.exact is not None and run.exact_rate is not None:
        facts.append(Fact(label="Exact rate", value=significant(run.exact_rate, 6), note=run.exact.method))
    cost = run.cost_per_unit
    if cost is not None and run.costs is not None:
        value = f"{run.costs.currency} {number(1000 * sum(cost.values()), 2)}"
        facts.append(
            Fact(label="Cost of 1,000 good units", value=value, note="people, machines and energy of the line")
        )
    elif run.kwh_per_unit.mean > 0:
        facts.append(Fact(label="Energy of 1,000 good units", value=f"{significant(1000 * run.kwh_per_unit.mean)} kWh"))
    return facts


def _gain_words(run: LineRun) -> str:
    found = next(row for row in run.bottleneck.suspects if row.station == run.bottleneck.station)
    if found.gain is None:
        return f"busy or stopped {percent(found.busy)} of the time"
    return (
        f"5 % faster it lifts the line by {significant(found.gain.mean, 2)} % ± {significant(found.gain.half_width, 2)}"
    )


def _products(run: LineRun) -> DataTable:
    columns = [
        text("Product"),
        count("Good units", "a minute", 2),
        count("from", "a minute", 2),
        count("to", "a minute", 2),
        count("Nominal", "a minute", 1),
    ]
    rows = [
        (name, rate.mean, rate.low, rate.high, nominal)
        for (name, rate), nominal in zip(run.rates.items(), run.nominal_per_min, strict=True)
    ]
    running = run.running_rate
    rows.append(("All, without changeovers", running.mean, running.low, running.high, None))  # type: ignore[arg-type]
    return DataTable(columns=columns, rows=rows, total_rows=1, caption="By product, over all open time")


def _losses(run: LineRun) -> Section:
    found = run.waterfall
    steps = [(loss.name, -loss.minutes) for loss in found.losses if loss.group != "planned"]
    steps = [(name, value) for name, value in steps if abs(value) >= SHOWN]
    texts = ["100.00", *(f"{value:+.2f}".replace("-", "−") for _, value in steps), f"{found.good:.2f}"]
    described = ", ".join(f"{name} {-value:.1f}" for name, value in steps)
    figure = waterfall(
        start=("Open time", 100.0), steps=steps, end="Good units (OEE)", texts=texts, title="Where the open time goes",
        description=f"Of 100 open minutes: {described}; left for good units {found.good:.1f}.",
        words=("gained", "lost"), table=_loss_table(run),
    )  # fmt: skip
    blocks: list[Block] = [
        Words(
            text=f"A line is as fast as its pacing station, {found.pacing}: minutes that it stops, starves or is "
            "blocked are lost for ever. So these are its minutes, in groups of ISO 22400."
        ),
        Picture(figure=figure, caption=f"Minutes of 100 open ones, by what {found.pacing} did."),
    ]
    if found.calendar > 100:
        planned = ", ".join(
            f"{loss.name} {percent(loss.minutes / found.calendar)}" for loss in found.losses if loss.group == "planned"
        )
        blocks.append(
            Words(text=f"The line is open {percent(100 / found.calendar)} of the calendar; it is closed by: {planned}.")
        )
    return Section(id="losses", title="Where the time goes", blocks=blocks)


def _loss_table(run: LineRun) -> DataTable:
    found = run.waterfall
    rows: list[tuple[object, ...]] = [("Calendar time", "", None, found.calendar)]
    level = found.calendar
    for loss in found.losses:
        level -= loss.minutes
        rows.append((loss.name, loss.group, -loss.minutes, level))
    rows.append(("Good units (OEE)", "", None, found.good))
    columns = [text("Step"), text("Group"), count("Minutes", "of 100 open", 3), count("Left", "of 100 open", 3)]
    return DataTable(columns=columns, rows=rows, total_rows=1)


def _machines(run: LineRun) -> Section:
    table = run.stations
    parts = {_word(doing): [float(v) for v in table[doing.name.lower()]] for doing in Doing}
    order = ["working", "starved", "blocked", "no operator", "minor stop", "under repair", "awaiting repair"]
    parts = {name: parts[name] for name in [*order, *(name for name in parts if name not in order)]}
    names = [str(name) for name in table["station"]]
    described = "; ".join(
        f"{name}: " + ", ".join(f"{part} {percent(values[k])}" for part, values in parts.items() if values[k] > 0.005)
        for k, name in enumerate(names)
    )
    figure = stacked_bars(
        names=names, parts=parts, colours=STATE_COLOURS, title="What each station does",
        description=f"Shares of open time. {described}.", table=_state_table(run),
    )  # fmt: skip
    blocks: list[Block] = [
        Picture(
            figure=figure,
            caption="Share of open time, mean of the machines of a station. In PackML: working is Execute; starved, "
            "blocked and no operator are Suspended; a minor stop is Held; repair is Aborted; a changeover is Stopped.",
        ),
    ]
    return Section(id="machines", title="What each machine does", blocks=blocks)


def _state_table(run: LineRun) -> DataTable:
    used = [doing for doing in Doing if float(run.stations[doing.name.lower()].max()) > 0]
    columns = [text("Station"), *(share(_word(doing).capitalize(), 2) for doing in used)]
    columns += [count("Failures", "an hour", 3), count("Energy", "kWh an hour", 2)]
    rows = [
        (row["station"], *(row[doing.name.lower()] for doing in used), row["failures_per_h"], row["kwh_per_h"])
        for row in run.stations.rows()
    ]
    return DataTable(columns=columns, rows=rows)


def _bottleneck(run: LineRun) -> Section:
    found = run.bottleneck
    columns = [text("Station"), share("Busy or stopped"), share("Starved"), share("Blocked"), share("Down")]
    if found.suspects[0].path_share is not None:
        columns.append(share("Critical path"))
    columns += [count("Line gains", "% if 5 % faster", 2), count("±", "%", 2)]
    rows = []
    for row in found.suspects:
        cells: list[object] = [row.station, row.busy, row.starved, row.blocked, row.down]
        if row.path_share is not None:
            cells.append(row.path_share)
        rows.append((*cells, *((row.gain.mean, row.gain.half_width) if row.gain is not None else (None, None))))
    blocks: list[Block] = [
        Words(text=f"{found.station} holds the line back, found by: {found.rule}. The gain is how much the line's rate "
              "rises when that station alone works 5 % faster, simulated again with the same luck; a dash: not tried."),
        Grid(table=DataTable(columns=columns, rows=rows)),
    ]  # fmt: skip
    return Section(id="bottleneck", title="What holds it back", blocks=blocks)


def _replay(stretch: Stretch) -> Section:
    minutes = stretch.player.replay.minutes
    blocks: list[Block] = [
        Words(
            text=f"{minutes:.0f} minutes of one run, event by event, around a stop. Space plays and pauses, the arrow "
            "keys go to the stop before and after; the band shows what each station did most of the time."
        ),
        stretch.player,
    ]
    if stretch.levels:
        blocks.append(Picture(figure=levels_figure(stretch), caption="Units in each buffer over the same minutes."))
    return Section(id="replay", title="Watch it run", blocks=blocks, starts_page=True)


def _effort(run: LineRun) -> Section:
    rows: list[tuple[object, ...]] = [
        ("Units inside the line", *_cells(run.work_in_process), "units"),
        ("Time from entering to leaving", *_cells(run.flow_min), "open min"),
    ]
    rows += [(f"Units in {name}", *_cells(level), "units") for name, level in run.buffers.items()]
    if run.kwh_per_unit.mean > 0:
        rows.append(("Energy of 1,000 good units", *_cells(run.kwh_per_unit.scaled(1000)), "kWh"))
    rows.append(("Scrap", 100 * run.scrap_share, None, None, "% of what is made"))
    columns = [
        text("What"),
        count("Mean", decimals=2),
        count("from", decimals=2),
        count("to", decimals=2),
        text("Unit"),
    ]
    blocks: list[Block] = [Grid(table=DataTable(columns=columns, rows=rows))]
    cost = run.cost_per_unit
    if cost is not None and run.costs is not None:
        kinds = {"people": "Crew of the line", "machines": "Capital and maintenance of the line", "energy": "Energy"}
        lines: list[tuple[object, ...]] = [(kinds[name], 1000 * value) for name, value in cost.items()]
        lines.append(("Together", 1000 * sum(cost.values())))
        table = DataTable(
            columns=[text("Cost of 1,000 good units"), count(run.costs.currency, decimals=2)], rows=lines, total_rows=1
        )
        blocks.append(Grid(table=table))
        blocks.append(Words(text="Materials, building, indirect staff and what scrap cost are not in it."))
    return Section(id="effort", title="What it takes", blocks=blocks)


def _cells(found: Interval) -> tuple[float, float, float]:
    return found.mean, found.low, found.high


def _sure(run: LineRun) -> Section:
    sample = run.sample
    blocks: list[Block] = [
        Words(
            text=f"Every replication starts with an empty line. Its first {number(sample.warm_up_min)} minutes are "
            f"left out ({_warm_up_rule(run)}), the next {number(sample.minutes)} are measured. Replications were added "
            f"until the interval was ± {percent(run.asked, 2)} of the rate: {sample.replications} were made, ± "
            f"{percent(run.rate.relative, 2)} was reached. Units, state times, energy and Little's law were recomputed "
            "from the totals."
        ),
        Picture(figure=warm_up_figure(run), caption="Good units a minute from the empty start on, mean of all runs."),
        Picture(figure=precision_figure(run), caption="Mean rate and its interval as replications were added."),
    ]
    if run.exact is not None:
        off = (run.rate.mean / (run.exact_rate or 1.0) - 1) * 100
        blocks.append(
            Words(text=f"The exact rate is {run.exact_rate:.6g} ({run.exact.method}; {run.exact.source}): the "
                  f"simulation is {significant(off, 2)} % off.")
        )  # fmt: skip
    return Section(id="sure", title="How sure this is", blocks=blocks)


def _warm_up_rule(run: LineRun) -> str:
    return "MSER-5" if len({r.product for r in run.program.runs}) == 1 else "one turn of the runs"


def _basis(run: LineRun) -> Section:
    program = run.program
    columns = [text("Station"), count("Machines"), count("Rated", "units/min", 1), text("Stops"), text("Changes")]
    stations = [(row.id, row.servers, _pace(program, row), _stops(row), _changes(row)) for row in program.stations]
    ways = [
        (place.id, _name(program, place.source), _name(program, place.target), _room(program, place), place.travel_min)
        for place in program.places
    ]
    way_columns = [text("Way"), text("From"), text("To"), text("Room"), count("Travel", "min", 2)]
    blocks: list[Block] = [
        Grid(table=DataTable(columns=columns, rows=stations, caption="Stations")),
        Grid(table=DataTable(columns=way_columns, rows=ways, caption="Ways between them"), is_dense=True),
    ]
    if len(program.products) > 1:
        lots = [
            f"{program.products[r.product]}: {number(r.units * program.units_per_part)} units" for r in program.runs
        ]
        blocks.append(Words(text="The runs, one after the other and again:"))
        blocks.append(Bullets(items=lots, is_numbered=True))
    if program.line_changeover_min:
        longest = max(max(row) for row in program.line_changeover_min)
        blocks.append(Words(text=f"A change that stops the whole line takes up to {longest:g} minutes, run-out apart."))
    return Section(id="basis", title="What was simulated", blocks=blocks)


def _pace(program: LineProgram, station: StationProgram) -> float:
    return program.units_per_part * station.servers / max(law.mean for law in station.work)


def _stops(station: StationProgram) -> str:
    words = [f"{mode.name}: after {mode.to_failure} for {mode.to_repair} min" for mode in station.failures]
    return "; ".join(words) or "never stops"


def _changes(station: StationProgram) -> str:
    if not station.changeover_min:
        return "–"
    return f"up to {max(max(row) for row in station.changeover_min):g} min"


def _name(program: LineProgram, station: int) -> str:
    return {OUTSIDE: "outside", SCRAP: "scrap"}.get(station) or program.stations[station].id


def _room(program: LineProgram, place: Place) -> str:
    if place.source == OUTSIDE or place.target < 0:
        return "–"
    if place.capacity >= ENDLESS:
        return "without end"
    return f"{number(place.capacity * program.units_per_part)} units" if place.capacity else "coupled"


def _span(values: tuple[float, ...]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _word(doing: Doing) -> str:
    return doing.name.lower().replace("_", " ")
