"""What every test shares: the folders of the repository, and hypothesis without chance or clock."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# The same examples on every run and machine; a slow machine must not fail a property.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
# `HYPOTHESIS_PROFILE=search` looks for new counter-examples.
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def examples(root: Path) -> Path:
    """The folder with one example network per folder."""
    return root / "examples"
