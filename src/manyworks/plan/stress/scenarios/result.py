"""What scenarios say: worth of each rival as it is decided and planned anew, regrets, winners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from manyworks.errors import Issue
from manyworks.model.table import Table
from manyworks.plan.case import CASES, CaseName
from manyworks.plan.money.cents import short_money
from manyworks.plan.stress.scenarios.cases import World

BASE = "base"
TOLERANCE = 1e-6
"""Share of the costs by which two solves may differ."""


@dataclass(frozen=True, kw_only=True)
class Worth:
    """A rival in a world. ``frozen``: npv with the sites and lines decided for the base; nan where they cannot meet
    the rules of that world. ``anew``: npv of the plan made for that world, ``bound`` proven for it, ``gap`` its
    share of ``cost``, the present value of costs. ``unmet_share``: of all units asked for, left unserved by the
    frozen design; nan as for it. ``absent``: why there is no plan; its numbers are nan."""

    frozen: float
    anew: float
    bound: float
    gap: float
    cost: float
    unmet_share: float
    absent: str = ""


@dataclass(frozen=True, kw_only=True)
class ScenarioRun:
    """Rivals in all worlds that were run: world id to rival to ``Worth``; ``worlds`` were asked for.

    The base itself is the first world. ``recommended`` is the rival that wins in the base.
    """

    worlds: tuple[World, ...]
    worth: Mapping[str, Mapping[CaseName, Worth]]
    recommended: CaseName
    currency: str

    @property
    def is_complete(self) -> bool:
        """Whether every world was run."""
        return all(world.id in self.worth for world in self.worlds)

    @property
    def done(self) -> tuple[World, ...]:
        """Worlds that were run, the base left out."""
        return tuple(world for world in self.worlds if world.id in self.worth)

    def winner(self, world: str) -> CaseName | None:
        """The rival worth most when planned anew for that world, of equal ones the one with the least freedom."""
        rows = {name: row for name, row in self.worth[world].items() if not np.isnan(row.anew)}
        if not rows:
            return None
        top = max(row.anew for row in rows.values())
        scale = TOLERANCE * max(row.cost for row in rows.values())
        return next(name for name in CASES if name in rows and rows[name].anew >= top - scale)

    def is_close(self, world: str) -> bool:
        """Whether another rival's bound reaches the winner of that world; the mix of all contains every answer."""
        winner, rows = self.winner(world), self.worth[world]
        if winner is None:
            return False
        reach = rows[winner].anew + TOLERANCE * max(row.cost for row in rows.values() if not np.isnan(row.cost))
        return any(row.bound > reach for name, row in rows.items() if name not in (winner, "best"))

    def regret(self, world: str, case: CaseName) -> float:
        """What is missed in that world by having built ``case`` for the base: best npv there − its frozen npv."""
        top = [row.anew for row in self.worth[world].values() if not np.isnan(row.anew)]
        frozen = self.worth[world][case].frozen
        return float("nan") if np.isnan(frozen) or not top else max(top) - frozen

    @cached_property
    def cases(self) -> tuple[CaseName, ...]:
        """Rivals that were run."""
        return tuple(name for name in CASES if any(name in rows for rows in self.worth.values()))

    def tables(self) -> dict[str, Table]:
        """``scenarios``: one row for each world and rival. ``regret``: one row for each rival."""
        return {"scenarios": self._rows(), "regret": self._regrets()}

    def _rows(self) -> Table:
        titles = {world.id: world.title for world in self.worlds} | {BASE: "As the document says"}
        rows = [(world, name, row) for world, cases in self.worth.items() for name, row in cases.items()]
        return Table(
            {
                "scenario": _words([world for world, _, _ in rows]),
                "title": _words([titles[world] for world, _, _ in rows]),
                "rival": _words([name for _, name, _ in rows]),
                "frozen_npv": np.array([row.frozen for _, _, row in rows]),
                "anew_npv": np.array([row.anew for _, _, row in rows]),
                "bound": np.array([row.bound for _, _, row in rows]),
                "gap": np.array([row.gap for _, _, row in rows]),
                "regret": np.array([self.regret(world, name) for world, name, _ in rows]),
                "unmet_share": np.array([row.unmet_share for _, _, row in rows]),
                "wins": _words(["yes" if self.winner(world) == name else "" for world, name, _ in rows]),
                "absent": _words([row.absent for _, _, row in rows]),
            }
        )

    def _regrets(self) -> Table:
        done = [world.id for world in self.done]
        regrets = [[self.regret(world, name) for world in done if name in self.worth[world]] for name in self.cases]
        wins = [sum(self.winner(world) == name for world in done) for name in self.cases]
        return Table(
            {
                "rival": _words(list(self.cases)),
                "largest_regret": np.array([max(row, default=0.0) for row in regrets], dtype=np.float64),
                "mean_regret": np.array([sum(row) / len(row) if row else 0.0 for row in regrets]),
                "wins": np.array(wins, dtype=np.int64),
                "scenarios": np.full(len(self.cases), len(done), dtype=np.int64),
            }
        )

    def check(self) -> list[Issue]:
        """No frozen plan above the bound of planning anew, nothing above its own bound, winners and regrets as said."""
        found = []
        for world, rows in self.worth.items():
            for name, row in rows.items():
                slack = TOLERANCE * max(abs(row.cost), 1.0)
                for word, value in (("frozen", row.frozen), ("anew", row.anew)):
                    if not np.isnan(value) and not value <= row.bound + slack:
                        found.append(
                            _issue(f"{world}.{name}", f"{word} npv must not exceed the bound", value, row.bound)
                        )
                if not np.isnan(row.frozen) and not row.anew >= row.frozen - slack:
                    found.append(_issue(f"{world}.{name}", "planning anew must not lose", row.anew, row.frozen))
        return found

    def summary(self) -> str:
        """Who wins where, and the regret of each rival."""
        lines = [self._line(world) for world in self.done]
        for row in self.tables()["regret"].rows():
            regret = row["largest_regret"]
            words = "cannot serve every scenario" if np.isnan(regret) else short_money(regret, self.currency)
            lines.append(
                f"{CASES[row['rival']].title}: largest regret {words}, wins {row['wins']} of {row['scenarios']}."
            )
        if not self.is_complete:
            lines.append(f"Stopped: {len(self.done)} of {len(self.worlds)} scenarios were run.")
        if any(world.is_built_in for world in self.done):
            lines.append("The document names no scenario; these are built in, assumptions and no forecasts.")
        return "\n".join(lines)

    def _line(self, world: World) -> str:
        winner = self.winner(world.id)
        if winner is None:
            return f"{world.title}: no rival has a plan."
        base = "" if winner == self.recommended else f" instead of {CASES[self.recommended].title.lower()}"
        close = ", too close to call" if self.is_close(world.id) else ""
        worth = short_money(self.worth[world.id][winner].anew, self.currency)
        return f"{world.title}: {CASES[winner].title.lower()} wins{base} with {worth}{close}."


def _words(values: list[str]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array(values, dtype=object)


def _issue(path: str, message: str, found: float, limit: float) -> Issue:
    return Issue(
        rule="stress_scenarios",
        severity="error",
        path=path,
        message=message,
        found=f"{found:,.2f} against {limit:,.2f}",
        cure="The run must not be used; please report it together with the document",
    )
