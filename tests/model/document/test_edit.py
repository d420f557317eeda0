import pytest

from manyworks.errors import DocumentError, UsageError
from manyworks.model.document import edit_value, load_network, save_network
from manyworks.model.document.yaml_edit import set_yaml_value


def texts(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("path", "value", "old", "find", "put"),
    [
        ("products.jam.price", 3.25, 2.5, "price: 2.50      # delivered", "price: 3.25      # delivered"),
        ("name", "1e5", "jam", "name: jam            # the", 'name: "1e5"            # the'),
        ("finance.tax_rate", 0.3, 0.25, "tax_rate: 0.25}  # real", "tax_rate: 0.3}  # real"),
        ("lines.jar_line.kw_execute", 15, None, "capex: 30000}", "capex: 30000, kw_execute: 15}"),
        ("policy.review_days", "14", 7, "review_days: 7     # weekly", "review_days: 14     # weekly"),
        ("templates.micro.ramp", "0.5; 0.8", None, "quarters: 1}", "quarters: 1, ramp: [0.5, 0.8]}"),
        ("demand[0].units", 5e5, 1e5, "units: 100000}", "units: 500000}"),
    ],
)
def test_an_edit_of_yaml_changes_one_value_and_keeps_comments_and_layout(jam, path, value, old, find, put):
    before = texts(jam)
    edit = edit_value(jam, path, value)
    after = texts(jam)
    assert edit.old == old
    assert after == before | {"network.yaml": before["network.yaml"].replace(find.encode(), put.encode())}
    assert after != before
    load_network(jam)
    edit.undo()
    assert texts(jam) == before


def test_a_field_that_is_not_written_yet_is_added(jam):
    edit_value(jam, "products.jam.label", "NO")
    assert '  - id: jam\n    label: "NO"\n    name: ' in (jam / "network.yaml").read_text()
    assert load_network(jam).products[0].label == "NO"


def test_a_part_that_is_not_written_yet_is_added(jam):
    text = (jam / "network.yaml").read_text()
    start, end = text.index("policy:"), text.index("products:")
    (jam / "network.yaml").write_text(text[:start] + text[end:])
    edit_value(jam, "policy.review_days", 10)
    assert load_network(jam).policy.review_days == 10


def test_an_edit_of_csv_changes_one_cell(jam):
    path = jam / "sites.csv"
    before = path.read_bytes()
    edit = edit_value(jam, "sites.river.wage_per_h", 22)
    assert edit.old == 21.5
    assert path.read_bytes() == before.replace(b"21.50", b"22")
    edit_value(jam, "sites.hill.name", 'The "hill", new')
    assert path.read_bytes() == before.replace(b"21.50", b"22").replace(
        b'"Hill, upper\nside"', b'"The ""hill"", new"'
    )  # fmt: skip
    assert load_network(jam).sites[0].name == 'The "hill", new'


def test_a_new_column_of_csv_is_empty_for_the_others(jam):
    path = jam / "sites.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    edit_value(jam, "sites.river.labour_pool", 500)
    assert path.read_bytes().decode("utf-8-sig").split("\r\n")[0] == "id,name,lat,lon,wage_per_h,region,labour_pool"
    assert [site.labour_pool for site in load_network(jam).sites] == [None, 500]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_field_goes_back_to_its_default(jam):
    edit_value(jam, "sites.river.region", None)
    edit_value(jam, "policy.review_days", None)
    network = load_network(jam)
    assert (network.sites[1].region, network.policy.review_days) == ("", 7)


def test_undo_after_another_change_keeps_that_change(jam):
    first = edit_value(jam, "sites.river.wage_per_h", 22)
    edit_value(jam, "sites.hill.wage_per_h", 23)
    first.undo()
    assert [site.wage_per_h for site in load_network(jam).sites] == [23, 21.5]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("sites.river.wage_per_h", -5, r"sites.csv:5: sites.river.wage_per_h: must be > 0 USD/h, found -5"),
        ("sites.river.wage_per_h", "22,5", r"must have a decimal point"),
        ("templates.micro.scale", "mikro", r"network.yaml:29: templates.micro.scale: must be one of big, micro"),
        ("templates.micro.lines", ["jar_lin"], r"jar_lin"),
        ("version", 7, "version"),
    ],
)
def test_nothing_is_written_when_anything_is_wrong(jam, path, value, words):
    before = texts(jam)
    with pytest.raises(DocumentError, match=words):
        edit_value(jam, path, value)
    assert texts(jam) == before


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("site.river.wage_per_h", "Did you mean sites"),
        ("sites.rivr.wage_per_h", "Did you mean river"),
        ("sites.river.wage", "must end with a field"),
        ("sites.river", "must end with a field"),
        ("sites", "must"),
        ("bill[7].material", "must name a row"),
        ("", "must begin"),
    ],
)
def test_a_path_that_names_nothing_is_refused(jam, path, words):
    with pytest.raises(UsageError, match=words):
        edit_value(jam, path, 1)


def test_a_value_shared_by_an_alias_is_not_changed_behind_your_back(jam):
    path = jam / "network.yaml"
    text = path.read_text()
    text = text.replace("materials:\n  - {", "materials:\n  - &m {").replace(
        "price_per_unit: 0.2}", "price_per_unit: 0.2}\n  - *m"
    )
    path.write_text(text.replace("  - *m", "  - {id: sugar, name: Sugar, unit: &u kg, price_per_unit: 1}"))
    edit_value(jam, "materials.sugar.unit", "t")
    assert [row.unit for row in load_network(jam).materials] == ["kg", "t"]


def test_workbooks_are_not_edited_in_place(jam, tmp_path):
    save_network(load_network(jam), tmp_path / "jam.xlsx")
    with pytest.raises(UsageError, match="only folders and YAML documents"):
        edit_value(tmp_path / "jam.xlsx", "name", "x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:  # why\n- x\n# of b\nb: 1\n", "a: [y]  # why\n# of b\nb: 1\n"),
        ("a:\n  - x\n  - z\n\n# of b\nb: 1\n", "a: [y]\n\n# of b\nb: 1\n"),
        ("a:\nb: 1\n", "a: [y]\nb: 1\n"),
        ("b: 1\na:", "b: 1\na: [y]"),
        ("a: # nothing\nb: 1\n", "a: [y] # nothing\nb: 1\n"),
        ("a: >\n  long\n  text\nb: 1\n", "a: [y]\nb: 1\n"),
        ("a: [x,\n  z] # two\nb: 1\n", "a: [y] # two\nb: 1\n"),
        ("b: 1 # one\n", "b: 1 # one\na: [y]\n"),
        ("{b: 1}\n", "{b: 1, a: [y]}\n"),
        ("{b: 1,\n}\n", "{b: 1,\na: [y]}\n"),
        ("b:\n  c: 1\n", "a: [y]\nb:\n  c: 1\n"),
    ],
)
def test_remarks_around_a_value_stay(before, after):
    assert set_yaml_value(before, ["a"], "[y]") == after


@pytest.mark.parametrize("folder", ["tables", "."])
def test_a_table_in_a_folder_of_its_own_is_edited(jam, folder):
    (jam / folder).mkdir(exist_ok=True)
    (jam / "sites.csv").rename(jam / folder / "places.csv")
    text = (jam / "network.yaml").read_text()
    (jam / "network.yaml").write_text(text.replace("sites.csv", f"{folder}/places.csv"))
    edit_value(jam, "sites.river.wage_per_h", 22)
    assert load_network(jam).sites[1].wage_per_h == 22
