"""Fifteen answers, checked all at once."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from manyworks.errors import Issue, UsageError
from manyworks.studies.screen.places import REGIONS, plant_place
from manyworks.studies.screen.questions import BY_KEY, QUESTIONS, Question

Answers = dict[str, float | str]
"""Key of a question to its answer; places and regions are words, everything else a number in the question's unit."""


def default_answers() -> Answers:
    """What is taken where nothing is answered."""
    return {row.key: row.default for row in QUESTIONS}


def read_answers(given: Mapping[str, Any]) -> Answers:
    """All fifteen answers; what is not given takes its default.

    Raises
    ------
    UsageError
        Something is not one of the questions, or an answer is not one: every fault is named at once.
    """
    faults = [_unknown(key) for key in given if key not in BY_KEY]
    answers = default_answers()
    for key in BY_KEY.keys() & given.keys():
        try:
            answers[key] = read_answer(BY_KEY[key], given[key])
        except UsageError as error:
            faults.append(error)
    faults.sort(key=lambda error: list(BY_KEY).index(error.where) if error.where in BY_KEY else -1)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise UsageError("; ".join(str(fault).rstrip(".") for fault in faults), where="answers", cure="")
    return answers


def read_answer(question: Question, given: Any) -> float | str:
    """One answer as a number in the question's unit, or as a place.

    Raises
    ------
    UsageError
        It is neither; with what would be.
    """
    if question.key == "markets":
        return _region(question, given)
    if question.key == "plant":
        return plant_place(str(given)).key
    return _number(question, given)


def read_file(path: Path) -> dict[str, Any]:
    """Answers of a YAML file: one mapping of keys to values.

    Raises
    ------
    UsageError
        It is no such file, or not YAML; every fault is named.
    """
    from manyworks.model.document.yaml_text import read_yaml

    if not path.is_file():
        raise UsageError("is no file", where=str(path), cure="Write answers as key: value, one a line.")
    issues: list[Issue] = []
    found = read_yaml(path.read_text(encoding="utf-8", errors="replace"), path.name, issues)
    if issues or not isinstance(found, dict):
        faults = "; ".join(str(issue).rstrip(".") for issue in issues) or "must be answers, key: value"
        raise UsageError(faults, where=str(path), cure="`manyworks screen --list` shows the keys.")
    return {key: value for key, value in found.items() if value is not None}


def assignments(words: Iterable[str]) -> dict[str, str]:
    """``key=value`` words as a mapping.

    Raises
    ------
    UsageError
        A word has no equals sign.
    """
    pairs = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign:
            raise UsageError("must be key=value", where="--set", found=word, cure="For example --set lines=3.")
        pairs[key.strip()] = value.strip()
    return pairs


def _number(question: Question, given: Any) -> float:
    try:
        value = float(str(given).replace("_", "").replace(",", "").strip())
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or isinstance(given, bool):
        raise _fault(question, f"must be a number of {question.unit}", given)
    if not question.least <= value <= question.most:
        limits = f"{question.least:,g} to {question.most:,g} {question.unit}"
        raise _fault(question, f"must be from {limits}", given)
    if question.is_whole and not value.is_integer():
        raise _fault(question, f"must be a whole number of {question.unit}", given)
    return value


def _region(question: Question, given: Any) -> str:
    name = str(given).strip().lower()
    if name not in REGIONS:
        raise _fault(question, "must be one of " + ", ".join(REGIONS), given)
    return name


def _fault(question: Question, message: str, given: Any) -> UsageError:
    return UsageError(message, where=question.key, found=str(given), cure=question.words)


def _unknown(key: str) -> UsageError:
    guess = difflib.get_close_matches(str(key), BY_KEY, 1)
    cure = f"Did you mean {guess[0]}?" if guess else "The questions are " + ", ".join(BY_KEY) + "."
    return UsageError("is not one of the fifteen questions", where=str(key), cure=cure)
