import pytest

from manyworks.errors import DocumentError, VersionError
from manyworks.model.document import load_network, read_document
from manyworks.model.document.validation import _FORMS
from manyworks.model.record import ID_PATTERN
from tests.model.document.networks import PATTERNS


def test_a_sound_document_loads(jam):
    network = load_network(jam)
    assert network.sites[0].name == "Hill, upper\nside"
    assert network.sites[1].name == "NO"
    assert network.sites[1].region == "007"
    assert network.demand[0].period == "2027"
    assert load_network(jam / "network.yaml") == network


def test_every_fault_is_told_at_once_with_file_and_line(jam, faults):
    faults.issues(network=("price: 2.50", "price: -3"), sites=("-98.0,21.50", "-98.0,-5"))
    faults.issues(network=("mass_kg", "mas_kg"))
    with pytest.raises(DocumentError) as found:
        load_network(jam)
    lines = str(found.value).splitlines()
    assert [line.partition(" Meaning")[0].strip() for line in lines[1:]] == [
        "network.yaml:13: products.jam.mass_kg: must be stated.",
        "network.yaml:16: products.jam.price: must be > 0 USD, found -3.",
        "network.yaml:17: products.jam.mas_kg: must be a known field. Did you mean mass_kg? [field-unknown]",
        "sites.csv:5: sites.river.wage_per_h: must be > 0 USD/h, found -5.",
    ]
    assert lines[-1].endswith("Meaning: Loaded cost of one hour of direct labour. [value-range]")


@pytest.mark.parametrize(
    ("change", "rule", "place", "cure"),
    [
        (("price: 2.50", "price: 2,50"), "value-number-format", "network.yaml:16", "Write 2.50."),
        (("price: 2.50", "price: '1.234,5'"), "value-number-format", "network.yaml:16", "Write 1234.5."),
        (("price: 2.50", "price: 1 234.5"), "value-number-format", "network.yaml:16", "Write 1234.5."),
        (("price: 2.50", "price: 1,234"), "value-number-format", "network.yaml:16", "Write 1234 if the comma"),
        (("price: 2.50", "price: $2.50"), "value-number-format", "network.yaml:16", "Write 2.50; the unit"),
        (("tax_rate: 0.25", "tax_rate: 25 %"), "value-number-format", "network.yaml:4", "Write 0.25: shares"),
        (("price: 2.50", "price: 1_000"), "value-number-format", "network.yaml:16", "Write 1000."),
        (("price: 2.50", "price: nan"), "value-type", "network.yaml:16", ""),
        (("price: 2.50", "price: 1e999"), "value-type", "network.yaml:16", ""),
        (("price: 2.50", "price: [2.5]"), "value-type", "network.yaml:16", "Write one value."),
        (("lines: [jar_line]", "lines: jar_line"), "value-type", "network.yaml:29", "Write [jar_line]."),
        (("maximum_lines: 1", "maximum_lines: 1.5"), "value-type", "network.yaml:29", "Write 2."),
        (("2027-01-01", "01.01.2027"), "value-type", "network.yaml:4", "year-month-day"),
        (("2027-01-01", "2027-02-30"), "value-type", "network.yaml:4", "month and day"),
        (("scale: micro", "scale: mikro"), "word-unknown", "network.yaml:29", "Did you mean micro?"),
        (("id: jar_line", "id: Jar Line"), "id-pattern", "network.yaml:25", "Write jar_line, say"),
        (("currency: USD", "currency: dollars"), "text-pattern", "network.yaml:4", "ISO 4217"),
        (("lines: [jar_line]", "lines: []"), "value-range", "network.yaml:29", ""),
        (("materials:", "matrials:"), "collection-unknown", "network.yaml:20", "Did you mean materials?"),
        (("materials:\n  - {", "materials:\n  {"), "collection-type", "network.yaml:20", "from: NAME.csv"),
        (("  - {id: day, shifts_per_day: 1}", "  - day"), "collection-type", "network.yaml:26", "list of rows"),
        (("sites.csv", "site.csv"), "file-missing", "network.yaml:31", "Did you mean sites.csv?"),
        (("sites.csv", "../sites.csv"), "file-outside", "network.yaml:31", "Move the file"),
        (("sites.csv", "/etc/passwd"), "file-outside", "network.yaml:31", "Move the file"),
        (("version: 1", "version: 99"), "version-unknown", "network.yaml:2", "Install a newer"),
        (("version: 1", "version: one"), "version-unknown", "network.yaml:2", "Write 1."),
        (("name: jam  ", "nam: jam  "), "field-missing", "network.yaml:1", ""),
        (("{id: day, shifts", "{id: day, <<: x, shifts"), "field-unknown", "network.yaml:27", "Merge keys"),
    ],
)  # fmt: skip
def test_a_fault_says_its_rule_place_and_cure(faults, change, rule, place, cure):
    found = [issue for issue in faults.issues(network=change) if issue.rule == rule]
    assert [issue.place for issue in found[:1]] == [place]
    assert cure in found[0].cure


def test_every_pattern_of_a_field_has_words():
    patterns = {*PATTERNS} - {ID_PATTERN}
    assert patterns == set(_FORMS)


def test_a_version_from_the_future_is_an_error_of_its_own(jam, faults):
    faults.issues(network=("version: 1", "version: 2"))
    with pytest.raises(VersionError, match="must be 0 to 1, found 2"):
        load_network(jam)


def test_an_unused_table_is_a_warning(jam):
    (jam / "markets.csv").write_text("id\n")
    network, issues = read_document(jam).validate()
    assert network is not None
    assert [issue.path for issue in issues if issue.rule == "file-unused"] == ["markets"]


def test_findings_of_the_checks_get_their_place(jam, faults):
    issues = faults.issues(sites=("river,NO", "hill,NO"))
    assert any(issue.place == "sites.csv:5" and issue.path.startswith("sites") for issue in issues)


def test_a_path_finds_its_line(jam):
    document = read_document(jam)
    assert document.place("sites.river.wage_per_h") == "sites.csv:5"
    assert document.place("sites.nowhere") == "sites.csv:1"
    assert document.place("products.jam.price") == "network.yaml:16"
    assert document.place("bill[0].material") == "network.yaml:23"
    assert document.place("bill[9]") == "network.yaml:22"
    assert document.place("finance.start") == "network.yaml:4"
    assert document.place("policy.review_days") == "network.yaml:9"
    assert document.place("name") == "network.yaml:3"


@pytest.mark.parametrize("name", ["nothing_here", "nothing.yaml", "nothing.json", "nothing.xlsx"])
def test_a_missing_document_is_said_to_be_missing(tmp_path, name):
    with pytest.raises(DocumentError, match="must exist") as found:
        load_network(tmp_path / name)
    assert [issue.rule for issue in found.value.issues] == ["file-missing"]


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "plan.docx").write_bytes(b"x")
    with pytest.raises(DocumentError, match=r"must be a folder, \.yaml, \.json or \.xlsx"):
        load_network(tmp_path / "plan.docx")


def test_an_empty_document_is_one_fault(tmp_path):
    (tmp_path / "network.yaml").write_text("")
    assert [str(issue) for issue in read_document(tmp_path).validate()[1]] == [
        "network.yaml:1: must be a mapping of field names, found nothing. Begin with `version: 1`. [collection-type]"
    ]
