"""Tables come into a document whole or not at all."""

import pytest

from manyworks.errors import DocumentError, UsageError
from manyworks.examples import copy_example
from manyworks.model.document import import_rows, load_network, save_network


@pytest.fixture
def folder(tmp_path):
    copy_example("first_network", tmp_path / "network")
    return tmp_path / "network"


@pytest.fixture
def table(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_upsert_overwrites_stated_cells_and_adds_new_rows(folder, table):
    rows = table("sites.csv", "id,wage_per_h,name,lat,lon\nhillside,25,,,\nvale,22,Vale,37,-98\n")
    (change,) = import_rows(folder, [rows])
    assert (change.added, change.changed, change.removed, change.unchanged) == (1, 1, 0, 1)
    network = load_network(folder)
    assert [(site.id, site.wage_per_h) for site in network.sites] == [("riverton", 20), ("hillside", 25), ("vale", 22)]
    assert network.get("sites", "hillside").templates == ["micro"]


def test_import_keeps_the_comments_of_the_document(folder, table):
    import_rows(folder, [table("sites.csv", "id,wage_per_h\nhillside,25\n")])
    text = (folder / "network.yaml").read_text(encoding="utf-8")
    assert "# Freight is stated per jar" in text
    assert "{from: sites.csv}" in text


def test_rows_without_ids_are_told_apart_by_what_names_them(folder, table):
    before = load_network(folder).demand
    first = before[0]
    rows = table("demand.csv", f"market,product,period,units\n{first.market},{first.product},{first.period},7\n")
    (change,) = import_rows(folder, [rows])
    assert (change.added, change.changed) == (0, 1)
    assert load_network(folder).demand[0].units == 7
    assert len(load_network(folder).demand) == len(before)


def test_a_row_whose_name_leaves_a_part_unsaid_is_found_again(folder, table):
    network = load_network(folder)
    line, product = network.lines[0].id, network.products[0].id
    for rate, change in ((40, "added"), (50, "changed")):
        text = "site,template,line,product,nominal_rate_per_min,effective_rate_per_min,method\n"
        (found,) = import_rows(folder, [table("capabilities.csv", f"{text},,{line},{product},100,{rate},twin\n")])
        assert getattr(found, change) == 1
    assert [row.effective_rate_per_min for row in load_network(folder).capabilities] == [50]


def test_replace_makes_the_table_the_whole_collection(folder, table):
    rows = table("evidence.csv", "target,basis\nsites.*.wage_per_h,assumption\n")
    (change,) = import_rows(folder, [rows], mode="replace")
    assert change.added + change.changed + change.unchanged == 1
    assert change.removed > 0
    assert len(load_network(folder).evidence) == 1


def test_a_dry_run_counts_and_writes_nothing(folder, table):
    before = contents(folder)
    (change,) = import_rows(folder, [table("sites.csv", "id,wage_per_h\nhillside,25\n")], dry_run=True)
    assert change.changed == 1
    assert contents(folder) == before


def test_a_faulty_row_is_named_by_its_own_file_and_nothing_is_written(folder, table):
    before = contents(folder)
    rows = table("sites.csv", "id,wage_per_h\nhillside,25\nnowhere,-3\n")
    with pytest.raises(DocumentError, match=r"sites\.csv:3: .*wage_per_h"):
        import_rows(folder, [rows])
    assert contents(folder) == before


def test_importing_what_is_there_changes_nothing(folder, tmp_path):
    save_network(load_network(folder), tmp_path / "same.xlsx")
    before = load_network(folder)
    changes = import_rows(folder, [tmp_path / "same.xlsx"])
    assert not any(change.added or change.changed or change.removed for change in changes)
    assert load_network(folder) == before


def test_a_file_of_no_collection_suggests_the_nearest_name(folder, table):
    with pytest.raises(UsageError, match="sites"):
        import_rows(folder, [table("site.csv", "id\nx\n")])


@pytest.mark.parametrize("suffix", ["json", "xlsx"])
def test_workbooks_and_json_take_rows_too(folder, table, tmp_path, suffix):
    path = tmp_path / f"whole.{suffix}"
    save_network(load_network(folder), path)
    import_rows(path, [table("sites.csv", "id,wage_per_h\nhillside,25\n")])
    assert load_network(path).get("sites", "hillside").wage_per_h == 25
