"""Promises of the shelf of examples: names, places, copies."""

from __future__ import annotations

import pytest

from manyworks.errors import UsageError
from manyworks.examples import copy_example, example_names, example_path, example_titles
from manyworks.model.document import load_network


@pytest.mark.parametrize("name", example_names())
def test_every_example_has_a_document_and_a_page_about_it(name: str):
    folder = example_path(name)

    assert (folder / "network.yaml").is_file()
    assert (folder / "README.md").is_file()


def test_a_misspelt_example_gets_a_guess():
    with pytest.raises(UsageError, match="Did you mean 'soda_us'"):
        example_path("soda_uss")


def test_a_copy_has_every_file_and_leaves_the_original_alone(tmp_path):
    copy = copy_example("first_network", tmp_path / "mine")
    (copy / "network.yaml").write_text("changed")

    original = example_path("first_network")
    assert {file.name for file in copy.iterdir()} == {file.name for file in original.iterdir()}
    assert (original / "network.yaml").read_text() != "changed"


def test_a_copy_never_overwrites_a_folder_in_use(tmp_path):
    (tmp_path / "notes.txt").write_text("keep me")

    with pytest.raises(UsageError, match="must be a new or an empty folder"):
        copy_example("first_network", tmp_path)


@pytest.mark.parametrize("name", ["starter", "nuts"])
@pytest.mark.parametrize("file", ["plan.xlsx", "plan.json"])
def test_an_example_becomes_a_workbook_without_loss(name: str, file: str, tmp_path):
    copy = copy_example(name, tmp_path / file)

    assert load_network(copy) == load_network(example_path(name))
    with pytest.raises(UsageError, match="must not exist yet"):
        copy_example(name, copy)


def test_titles_say_what_each_example_is_about():
    assert list(example_titles()) == list(example_names())
    assert all(example_titles().values())
