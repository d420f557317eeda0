import pytest

from manyworks.errors import UsageError
from manyworks.model.document import edit_value, load_network, read_document, save_network
from manyworks.model.document.upgrades import UPGRADES
from manyworks.model.network import DOCUMENT_VERSION


@pytest.fixture
def old(jam):
    """The sound document as it was written in version 0."""
    path = jam / "network.yaml"
    text = (
        path.read_text()
        .replace("version: 1", "version: 0")
        .replace("sites:\n  from: sites.csv", "plants:\n  from: plants.csv")
    )
    path.write_text(text.replace("markets:", "customers:"))
    (jam / "sites.csv").rename(jam / "plants.csv")
    table = (jam / "plants.csv").read_text()
    (jam / "plants.csv").write_text(table.replace("wage_per_h", "wage"))
    return jam


def test_an_old_document_loads_as_the_new_one(jam, tmp_path, old):
    network = load_network(old)
    assert network.version == DOCUMENT_VERSION
    assert [site.wage_per_h for site in network.sites] == [20, 21.5]
    save_network(network, tmp_path / "new")
    assert load_network(tmp_path / "new") == network


def test_faults_of_an_old_document_are_told_where_they_are_written(old):
    (old / "plants.csv").write_text((old / "plants.csv").read_text().replace("21.50", "-1"))
    issues = [issue for issue in read_document(old).validate()[1] if issue.severity == "error"]
    assert [(issue.place, issue.path) for issue in issues] == [("plants.csv:5", "sites.river.wage_per_h")]


def test_old_names_in_a_new_document_say_what_they_are_called_now(old):
    (old / "network.yaml").write_text((old / "network.yaml").read_text().replace("version: 0", "version: 1"))
    found = {issue.path: issue.cure for issue in read_document(old).validate()[1]}
    assert "Did you mean sites?" in found["plants"]
    assert "Did you mean markets?" in found["customers"]


def test_an_old_document_is_not_edited_in_place(old):
    with pytest.raises(UsageError, match="older version"):
        edit_value(old, "sites.river.wage_per_h", 3)


def test_there_is_a_way_up_from_every_version():
    assert sorted(UPGRADES) == list(range(DOCUMENT_VERSION))
