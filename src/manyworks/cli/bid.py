"""``manyworks bid``: can this contract be signed?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manyworks.cli.output import Json, Quiet, print_json, say
from manyworks.cli.plan import Seed, TimeLimit
from manyworks.cli.progress import showing_progress
from manyworks.cli.source import Assignments, ScenarioName, Source, read_source
from manyworks.errors import UsageError

if TYPE_CHECKING:
    from manyworks.model.market import Opportunity
    from manyworks.model.network import Network
    from manyworks.plan.bid.answer import Bid, CaseBid


def bid(
    path: Source,
    opportunity: Annotated[str | None, typer.Option("--opportunity", help="Id of an opportunity.")] = None,
    market: Annotated[str | None, typer.Option("--market", help="Market of a contract that is stated here.")] = None,
    product: Annotated[str | None, typer.Option("--product", help="Its product.")] = None,
    units: Annotated[float | None, typer.Option("--units", help="Its units per quarter.")] = None,
    price: Annotated[float | None, typer.Option("--price", help="Its price per unit.")] = None,
    starts: Annotated[str | None, typer.Option("--starts", help="First day; none: of the plan.")] = None,
    ends: Annotated[str | None, typer.Option("--ends", help="Last day; none: of the plan.")] = None,
    one_off_cost: Annotated[float, typer.Option("--one-off-cost", help="Paid once when it is signed.")] = 0.0,
    penalty: Annotated[float, typer.Option("--penalty", help="Owed per unit that is not delivered.")] = 0.0,
    case: Annotated[
        list[str] | None, typer.Option("--case", help="What may be changed for it; may be repeated.")
    ] = None,
    samples: Annotated[int, typer.Option("--samples", help="Futures for the chance that it is kept; 0: none.")] = 200,
    slip_chance: Annotated[
        float, typer.Option("--slip-chance", help="Chance of each further quarter that something stands up late.")
    ] = 0.2,
    demand_cv: Annotated[
        float | None, typer.Option("--demand-cv", help="Error of a market's demand; none: its weekly forecast error.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for bid.html; none: no page.")] = None,
    scenario: ScenarioName = None,
    assignments: Assignments = None,
    gap: Annotated[float, typer.Option("--gap", min=0, max=1, help="Stop at this proven share of the costs.")] = 0.001,
    time_limit: TimeLimit = None,
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say whether a contract can be signed: from which quarter, at what lowest price, and with what chance it is kept.

    Name an opportunity of the document, or state the contract with --market, --product, --units and --price. The plan
    is solved with it and without it: as the network stands, and with all that may be built.
    """
    from manyworks.plan.bid.answer import bid_contract

    network = read_source(path, scenario, assignments, quiet=quiet)
    contract = _contract(
        network,
        opportunity,
        {"market": market, "product": product, "units_per_quarter": units, "price": price},
        {"starts": starts, "ends": ends, "one_off_cost": one_off_cost, "penalty_per_unit": penalty},
    )
    with showing_progress(quiet=quiet) as display:
        found = bid_contract(
            network,
            contract,
            cases=tuple(case or ("do_nothing", "best")),  # type: ignore[arg-type]
            gap=gap,
            time_limit=time_limit,
            seed=seed,
            samples=samples,
            slip_chance=slip_chance,
            demand_cv=demand_cv,
            display=display,
        )
    files = []
    if out is not None:
        from manyworks.studies.bid_report import write_bid_report

        say("Writing the page", quiet=quiet)
        files = [str(write_bid_report(found, out))]
    if as_json:
        print_json(bid_data(found) | {"files": files})
    else:
        typer.echo(found.summary())
        for file in files:
            typer.echo(f"\nWrote {file}")


def _contract(
    network: Network, opportunity: str | None, terms: dict[str, Any], more: dict[str, Any]
) -> str | Opportunity:
    """The name of an opportunity, or a contract stated by options."""
    from manyworks.plan.bid.terms import stated_contract

    names = {"market": "--market", "product": "--product", "units_per_quarter": "--units", "price": "--price"}
    given = [names[name] for name, value in terms.items() if value is not None]
    if opportunity is not None:
        if given:
            cure = "Name the opportunity alone, or change it for this run with --set opportunities.ID.price=…"
            raise UsageError(
                "must not be stated beside --opportunity", where="contract", found=", ".join(given), cure=cure
            )
        return opportunity
    missing = [names[name] for name, value in terms.items() if value is None]
    if missing:
        cure = f"Give --opportunity ID, or {', '.join(missing)} as well."
        raise UsageError("must be named or stated", where="contract", found=", ".join(given) or "nothing", cure=cure)
    return stated_contract(network, **terms, **more)


def bid_data(found: Bid) -> dict[str, Any]:
    """The bid as data."""
    chance = found.chance
    return {
        "contract": found.contract.model_dump(mode="json"),
        "recommendation": found.recommendation,
        "advice": found.answer.advice,
        "cases": dict(zip(found.answers, found.table.rows(), strict=True)),
        "details": {name: _details(answer) for name, answer in found.answers.items()},
        "absent": dict(found.absent),
        "chance": None if chance is None else {**vars(chance), "share": chance.share},
        "seed": found.seed,
    }


def _details(answer: CaseBid) -> dict[str, Any]:
    asked = answer.asked
    names = [period.name for period in asked.plan.periods]
    return {
        "built": list(answer.built.rows()),
        "unserved": list(answer.unserved.rows()),
        "asked_units": dict(zip(names, asked.asked, strict=True)),
        "short_units": dict(zip(names, asked.short, strict=True)),
    }
