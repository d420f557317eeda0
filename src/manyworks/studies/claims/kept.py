"""What a measurement has finished, in a folder, so that the next run goes on where this one was stopped."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from manyworks.errors import UsageError
from manyworks.plan.rivals.compare import Comparison
from manyworks.plan.store import load_comparison, save_comparison
from manyworks.studies.claims.lead import Lead

Outcome = Lead | str
"""The lead without one claim, or why there is no plan without it."""


class Kept:
    """The comparison of the document as it is (``run.json``), and the lead without each claim (``leads.json``).

    ``key`` is what the figures depend on: document, version, gap, seed. What was kept for another key is not used, and
    is written over. Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None, key: dict[str, Any]) -> None:
        self._folder = folder
        self._data: dict[str, Any] = {"key": key, "leads": {}, "reasons": {}}
        if folder is not None and (folder / "leads.json").exists():
            stored = _read(folder / "leads.json")
            if stored.get("key") == key:
                self._data = stored

    def comparison(self) -> Comparison | None:
        """The rivals on the document as it is, None where they must be planned."""
        if self._folder is None or not self._data.get("has_comparison"):
            return None
        try:
            return load_comparison(self._folder / "run.json")
        except UsageError:  # gone, or cut short: plan it again
            return None

    def keep_comparison(self, comparison: Comparison) -> None:
        """Keep the rivals on the document as it is, unless their search was broken off."""
        if self._folder is not None and is_complete(comparison):
            self._folder.mkdir(parents=True, exist_ok=True)
            save_comparison(comparison, self._folder / "run.json")
            self._data["has_comparison"] = True
            self._write()

    def outcome(self, claim: str) -> Outcome | None:
        """What was found without a claim, None where it must be planned."""
        if claim in self._data["leads"]:
            return Lead(**self._data["leads"][claim])
        reason: str | None = self._data["reasons"].get(claim)
        return reason

    def keep_outcome(self, claim: str, outcome: Outcome) -> None:
        """Keep what was found without a claim."""
        if isinstance(outcome, Lead):
            self._data["leads"][claim] = asdict(outcome)
        else:
            self._data["reasons"][claim] = outcome
        self._write()

    def _write(self) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / "leads.json.part"
            draft.write_text(json.dumps(self._data, indent=1), encoding="utf-8")
            draft.replace(self._folder / "leads.json")


def is_complete(comparison: Comparison) -> bool:
    """Whether every search came to its own end."""
    return all(plan.status != "interrupted" for plan in comparison.plans.values())


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        cure = "Remove it, or name another folder."
        raise UsageError(
            "must be what a measurement of claims kept", where=str(path), found=str(fault), cure=cure
        ) from None
    return data if isinstance(data, dict) else {}
