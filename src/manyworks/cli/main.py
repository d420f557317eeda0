"""The ``manyworks`` program: one command a file, heavy libraries only inside the command that needs them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from manyworks import __version__
from manyworks.cli import (
    adopt,
    bid,
    check,
    claims,
    compare,
    edit,
    export,
    init,
    locate,
    plan,
    report,
    schema,
    screen,
    stress,
    twin,
    upsert,
    verify,
)
from manyworks.cli.output import print_error
from manyworks.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, ManyworksError, UsageError

INTERRUPTED = 130
"""Exit code of a program ended by Ctrl-C, as shells count it."""

app = typer.Typer(
    name="manyworks",
    help="Plan, prove and run a network of micro-factories, all from one document.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help answers three times faster than the boxed one
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"manyworks {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Plan, prove and run a network of micro-factories, all from one document."""


COMMANDS = (
    ("init", init.init, "Make a document: a starter to fill in, or an example."),
    ("screen", screen.screen, "Fifteen questions: are micro-factories worth a closer look?"),
    ("check", check.check, "List every fault of a document at once."),
    ("plan", plan.plan, "Plan the network against its rivals; write the report."),
    ("compare", compare.compare, "Compare rivals side by side, without a report."),
    ("stress", stress.stress, "Put the plan and its rivals under stress; write the report."),
    ("claims", claims.claims, "Measure what each claim for small plants is worth here."),
    ("bid", bid.bid, "Say whether a contract can be signed, and at what price."),
    ("adopt", adopt.adopt, "Make a plan the document of the network that works at a quarter."),
    ("verify", verify.verify, "Prove a stored plan anew, without the solver that found it."),
    ("report", report.report, "Write the report of a stored run again."),
    ("locate", locate.locate, "Choose sites for a given table of costs (OR-Library format)."),
    ("set", edit.set_value, "Change one value in place; comments are kept."),
    ("import", upsert.import_tables, "Bring rows of CSV or a workbook into a document."),
    ("export", export.export, "Write a document as folder, workbook or JSON."),
    ("schema", schema.schema, "Print the JSON Schema of the document."),
)

for _name, _command, _short_help in COMMANDS:
    app.command(_name, short_help=_short_help)(_command)
app.add_typer(twin.app, name="twin", short_help="Simulate, prove and design a production line.")


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the program on ``arguments`` and return its exit code; every foreseen error becomes one clear message."""
    try:
        code = app(args=arguments, prog_name="manyworks", standalone_mode=False)
    except ManyworksError as error:
        print_error(error, as_json="--json" in arguments)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Stopped.", err=True)
        return INTERRUPTED
    except typer.Exit as ending:
        return ending.exit_code
    except BrokenPipeError:
        return EXIT_FAILED
    except OSError as error:
        if error.filename is None:
            raise
        print_error(_unreachable(error), as_json="--json" in arguments)
        return EXIT_USAGE
    except Exception as error:  # usage errors of the option parser have no public class; all others go on
        if not hasattr(error, "format_message"):
            raise
        typer.echo(f"{error.format_message().rstrip('.')}. See: {_command_of(error)} --help", err=True)
        return EXIT_USAGE
    return code if isinstance(code, int) else EXIT_OK


def _unreachable(error: OSError) -> UsageError:
    """A file or folder that the system refuses: permission, a full disk, a name that is taken by something else."""
    cure = "Choose another place, or free this one."
    return UsageError(
        "cannot be read or written", where=str(error.filename), found=(error.strerror or str(error)).lower(), cure=cure
    )


def _command_of(error: Exception) -> str:
    """The command that was used wrongly, as it was typed."""
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "manyworks"
