"""The example documents that come with manyworks: where they are, and a copy of one to work on."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

from manyworks.errors import UsageError

TITLES = {
    "starter": "thirty rows to put your own numbers in; makes a workbook, too",
    "first_network": "two places, three markets, one product: computed by hand in the tutorial",
    "sauces": "a sauce maker far from half of its customers: factories, upgrades, warehouses and a co-packer as rivals",
    "nuts": "a nut packer whose changeovers stop the whole plant: allergens, a holiday pack, 20 candidate sites",
    "tariffs": "packed cashews from overseas against packing near the customers, over the duties of 2025 and 2026",
    "bottling_line": "soft-drink lines of 125, 200 and 800 bottles a minute, machine by machine: for the line twin",
    "nut_line": "a nut packing line with sizes and allergens, machine by machine: for the line twin",
    "soda_us": "a soft-drink brand in the United States: 387 markets, 70 candidate sites",
}
TABLE_FORMATS = (".xlsx", ".json")


def example_names() -> tuple[str, ...]:
    """Names of the examples, the smallest first."""
    return tuple(TITLES)


def example_titles() -> dict[str, str]:
    """Name of each example to what it is about, in a line."""
    return dict(TITLES)


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
    if name not in TITLES:
        guess = difflib.get_close_matches(name, TITLES, 1)
        cure = f"Did you mean {guess[0]!r}?" if guess else f"Examples: {', '.join(TITLES)}."
        raise UsageError("must be the name of an example", where="example", found=repr(name), cure=cure)
    return _examples_folder() / name


def copy_example(name: str, target: Path | str) -> Path:
    """Copy an example to ``target`` and return it: a folder that is new or empty, or a new ``.xlsx`` or ``.json`` file.

    Raises
    ------
    UsageError
        There is no such example, or the target is in use.
    """
    source, target = example_path(name), Path(target)
    _refuse_in_use(target)
    if target.suffix.lower() in TABLE_FORMATS:
        from manyworks.model.document import load_network, save_network

        save_network(load_network(source), target)
    else:
        shutil.copytree(source, target, dirs_exist_ok=True)
    return target


def _refuse_in_use(target: Path) -> None:
    if target.is_dir() and target.suffix.lower() not in TABLE_FORMATS:
        if any(target.iterdir()):
            cure = "Choose another folder."
            raise UsageError("must be a new or an empty folder", where=str(target), found="files", cure=cure)
    elif target.exists():
        raise UsageError("must not exist yet", where=str(target), found="a file", cure="Choose another name.")


def _examples_folder() -> Path:
    """The folder inside the installed package, else the one of the repository that this file is in."""
    packed = Path(__file__).with_name("_examples")
    return packed if packed.is_dir() else Path(__file__).resolve().parents[2] / "examples"
