"""The example documents that come with manyworks: where they are, and a copy of one to work on."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

from manyworks.errors import UsageError

SUMMARIES = {
    "first_network": "two places, three markets, one product: computed by hand in the tutorial",
    "nuts": "a nut packer whose changeovers stop the whole plant: allergens, a holiday pack, 20 candidate sites",
    "tariffs": "packed cashews from overseas against packing near the customers, over the duties of 2025 and 2026",
    "soda_us": "a soft-drink brand in the United States: 387 markets, 70 candidate sites",
}


def example_names() -> tuple[str, ...]:
    """Names of the examples, the smallest first."""
    return tuple(SUMMARIES)


def example_path(name: str) -> Path:
    """Folder of an example; read it, do not write into it.

    Raises
    ------
    UsageError
        There is no example of this name.

    Example
    -------
    >>> example_path("first_network").name
    'first_network'
    """
    if name not in SUMMARIES:
        guess = difflib.get_close_matches(name, SUMMARIES, 1)
        cure = f"Did you mean {guess[0]!r}?" if guess else f"Examples: {', '.join(SUMMARIES)}."
        raise UsageError("must be the name of an example", where="example", found=repr(name), cure=cure)
    return _examples_folder() / name


def copy_example(name: str, directory: Path | str) -> Path:
    """Copy an example's files into ``directory``, which must be new or empty, and return it.

    Raises
    ------
    UsageError
        There is no such example, or the directory holds something already.
    """
    source, target = example_path(name), Path(directory)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            "must be a new or an empty folder", where=str(target), found="files", cure="Choose another folder."
        )
    shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def _examples_folder() -> Path:
    """The folder inside the installed package, else the one of the repository that this file is in."""
    packed = Path(__file__).with_name("_examples")
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2] / "examples"
