import sys

import pytest

from tests.docs.pages import ROOT

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

import declarations

from manyworks.model.checks import RULES


def test_every_field_of_the_document_says_what_it_means():
    kinds = declarations.collections() | declarations.single_records()
    silent = [
        f"{collection}.{name}"
        for collection, kind in kinds.items()
        for name, field in kind.model_fields.items()
        if not (field.description or declarations.links_of(field) or name in declarations.EVERYWHERE)
    ]
    assert silent == []


@pytest.mark.parametrize("collection", sorted(declarations.collections()))
def test_every_field_of_the_collection_is_on_its_page(collection):
    kind = declarations.collections()[collection]
    page = declarations.record_page(collection, kind)
    assert [name for name in kind.model_fields if f"| `{name}` |" not in page] == []


def test_pages_of_collections_that_are_gone_are_removed(tmp_path):
    (tmp_path / "document").mkdir()
    (tmp_path / "document" / "fleets.md").touch()
    declarations.write_pages(tmp_path)
    assert not (tmp_path / "document" / "fleets.md").exists()
    assert (tmp_path / "document" / "sites.md").exists()


def test_the_command_line_page_has_every_command():
    page = declarations.command_line_page()
    assert "## manyworks plan" in page
    assert "Usage: manyworks plan" in page


def test_every_rule_of_a_message_has_an_anchor_with_its_cure():
    page = declarations.rules_page()
    assert [name for name in RULES if page.count(f"\n### {name}\n") != 1] == []
    assert {"unknown-reference", "yaml-syntax", "rule-failed"} <= RULES.keys()
    assert page.count("*Cure:* ") == len(RULES)
