"""``manyworks screen``: fifteen questions, and an honest first answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.errors import UsageError

if TYPE_CHECKING:
    from manyworks.studies.screen.screening import Screening

AnswerFile = Annotated[
    Path | None, typer.Argument(help="YAML file of answers (key: value); none: you are asked, or --set.")
]
Set = Annotated[list[str] | None, typer.Option("--set", help="One answer: key=value; may be repeated.")]
Defaults = Annotated[bool, typer.Option("--defaults", help="Ask nothing: take the default where nothing is stated.")]
Quick = Annotated[bool, typer.Option("--quick", help="The answer alone, in seconds: no range, no flips.")]
Save = Annotated[Path | None, typer.Option("--save", help="Save the document too: a new folder, .xlsx or .json.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for screen.html.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed; the same seed gives the same answer.")]
ListQuestions = Annotated[bool, typer.Option("--list", help="List the fifteen questions with their keys and stop.")]


def screen(
    answers: AnswerFile = None,
    assignments: Set = None,
    take_defaults: Defaults = False,
    is_quick: Quick = False,
    save: Save = None,
    out: Out = Path("out/screen"),
    seed: Seed = 0,
    show_list: ListQuestions = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Are micro-factories worth a closer look? Fifteen questions, a minute of computing, an answer with its range.

    Asks at the terminal what neither a file nor --set states. It builds a whole document from the answers, solves it
    with its rivals, and again at the ends of what is uncertain. --save keeps the document, to refine and plan it.
    """
    from manyworks.studies.screen.questions import QUESTIONS

    if show_list:
        _list(as_json=as_json)
        return
    given = _given(answers, assignments)
    if not (take_defaults or as_json or answers or assignments):
        given = _ask(QUESTIONS)
    _run(given, is_quick=is_quick, save=save, out=out, seed=seed, as_json=as_json, quiet=quiet)


def _run(
    given: dict[str, Any], *, is_quick: bool, save: Path | None, out: Path, seed: int, as_json: bool, quiet: bool
) -> None:
    from manyworks.studies.screen import write_screen
    from manyworks.studies.screen.answers import read_answers
    from manyworks.studies.screen.screening import screen as solve_screen
    from manyworks.studies.screen.words import summary

    if save is not None and save.exists():
        raise UsageError("must not exist yet", where=str(save), cure="Choose another name, or remove it first.")
    screening = solve_screen(
        read_answers(given), seed=seed, with_range=not is_quick, say=lambda words: say(words, quiet=quiet)
    )
    written = [write_screen(screening, out)]
    if save is not None:
        from manyworks.model.document import save_network

        save_network(screening.network, save)
        written.append(save)
    if as_json:
        print_json(screen_data(screening) | {"files": [str(path) for path in written]})
        return
    typer.echo(summary(screening))
    typer.echo("\nWrote " + ", ".join(str(path) for path in written))
    following = f"manyworks plan {save}" if save is not None else "the same with --save PATH, then manyworks plan PATH"
    typer.echo(f"For a closer look: {following}")


def screen_data(screening: Screening) -> dict[str, Any]:
    """The screening as data."""
    return {
        "verdict": screening.verdict,
        "held": screening.held,
        "runs": [
            {"verdict": run.verdict, "gain": run.gain, "score": run.score, "values": run.values}
            for run in screening.runs
        ],
        "gain": screening.gain,
        "rivals": {name: {"npv": plan.npv, "gap": plan.gap} for name, plan in screening.plans.items()},
        "effects": {effect.factor.key: effect.money for effect in screening.effects},
        "flips": [
            {"input": turn.factor.key, "now": turn.factor.now, "at": turn.value, "verdict": turn.verdict}
            for turn in screening.turns
        ],
        "answers": screening.answers,
        "seed": screening.seed,
        "seconds": screening.seconds,
    }


def _given(file: Path | None, assignments: list[str] | None) -> dict[str, Any]:
    """Answers of the file, then those of the command line, which win."""
    from manyworks.studies.screen.answers import assignments as pairs
    from manyworks.studies.screen.answers import read_file

    return (read_file(file) if file is not None else {}) | pairs(assignments or ())


def _ask(questions: Any) -> dict[str, Any]:
    """One prompt for each question; an answer that is none is asked again."""
    from manyworks.studies.screen.answers import read_answer

    typer.echo("Enter takes the default in brackets. Money is in one currency throughout.\n", err=True)
    given: dict[str, Any] = {}
    for number, question in enumerate(questions, start=1):
        default = question.default if isinstance(question.default, str) else f"{question.default:,.12g}"
        while question.key not in given:
            words = f"{number:2}. {question.words} ({question.unit}) [{default}]"
            reply = typer.prompt(words, default=str(question.default), show_default=False, err=True)
            try:
                given[question.key] = read_answer(question, reply)
            except UsageError as error:
                typer.echo(f"    {error}", err=True)
    return given


def _list(*, as_json: bool) -> None:
    from manyworks.studies.screen.questions import QUESTIONS

    if as_json:
        print_json([{"key": q.key, "question": q.words, "unit": q.unit, "default": q.default} for q in QUESTIONS])
        return
    for row in QUESTIONS:
        default = row.default if isinstance(row.default, str) else f"{row.default:,.12g}"
        typer.echo(f"{row.key:22} {row.words} ({row.unit}; {default})")
