import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from manyworks.model.document import load_network, read_document, save_network, write_workbook_template
from manyworks.model.document.workbook import column_letters


def book(path, **sheets):
    """A workbook with these rows; a dictionary of cell to value places single cells."""
    with xlsxwriter.Workbook(path) as file:
        for name, rows in sheets.items():
            sheet = file.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


HEADS = {"network": [["field", "value"], ["name", "x"]], "finance": [["field", "value"], ["start", "2027-01-01"]]}


def faults(path):
    return [f"{issue.rule} {issue.place}" for issue in read_document(path).validate()[1] if issue.severity == "error"]


def test_a_fault_names_file_sheet_and_cell(tmp_path):
    rows = [["id", "name", "lat", "lon", "wage_per_h", "status"], [], ["lyon", 7, 45, 4, -5, "exsting"]]
    path = book(tmp_path / "plant.xlsx", **HEADS, sites=rows)
    found = faults(path)
    assert "value-range plant.xlsx!sites!E3" in found
    assert "word-unknown plant.xlsx!sites!F3" in found


def test_faults_of_the_sheets_themselves_are_told(tmp_path):
    path = book(
        tmp_path / "plant.xlsx",
        network=[["field", "value"], ["name", "x"], ["name", "y"], ["nam", 3]],
        finance=[["what", "value"], ["start", "2027-01-01"]],
        sites=[["id", "id"], ["a", "b"]],
        site=[["id"], ["a"]],
    )
    found = faults(path)
    for expected in (
        "yaml-duplicate-key plant.xlsx!network!A3",
        "field-unknown plant.xlsx!network!B4",
        "csv-header plant.xlsx!finance!A1",
        "csv-header plant.xlsx!sites!B1",
        "collection-unknown plant.xlsx!site",
    ):
        assert expected in found


def test_cells_that_a_spreadsheet_turned_into_dates_and_times_are_read(tmp_path):
    path = tmp_path / "plant.xlsx"
    sheet_of = openpyxl.Workbook()
    import datetime

    network, finance = sheet_of.active, sheet_of.create_sheet("finance")
    network.title = "network"
    for row in (["field", "value"], ["name", "x"], ["note", 2027]):
        network.append(row)
    for row in (["field", "value"], ["start", datetime.datetime(2027, 1, 1)], ["quarters", 8.0]):  # noqa: DTZ001
        finance.append(row)
    calendars, shifts = sheet_of.create_sheet("calendars"), sheet_of.create_sheet("shifts")
    calendars.append(["id"])
    calendars.append(["day"])
    shifts.append(["calendar", "id", "days", "starts", "ends"])
    shifts.append(["day", "early", "mon;tue", datetime.time(6), "14:30"])
    sheet_of.save(path)
    from manyworks.model.document.validation import build_network

    found, issues = build_network(read_document(path).raw)
    assert issues == []
    assert (found.note, found.finance.quarters, found.finance.start.isoformat()) == ("2027", 8, "2027-01-01")
    assert found.shifts[0].starts.isoformat() == "06:00:00"


def test_texts_are_never_formulas(jam, tmp_path):
    network = load_network(jam).model_copy(update={"note": "=HYPERLINK(1)"})
    save_network(network, tmp_path / "jam.xlsx")
    cells = openpyxl.load_workbook(tmp_path / "jam.xlsx")["network"]
    assert [(cell.value, cell.data_type) for cell in cells["B"] if cell.value == "=HYPERLINK(1)"] == [
        ("=HYPERLINK(1)", "s")
    ]


def test_a_workbook_helps_to_fill_it_in(jam, tmp_path):
    write_workbook_template(tmp_path / "jam.xlsx", load_network(jam))
    written = openpyxl.load_workbook(tmp_path / "jam.xlsx")
    sheet = written["templates"]
    header = [cell.value for cell in sheet[1]]
    assert "[USD] Site without lines" in sheet[1][header.index("capex")].comment.text
    assert sheet[2][0].value.startswith("# ")
    assert sheet.freeze_panes == "B3"
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists[f"{column_letters(header.index('scale'))}3"] == '"big,micro"'
    assert written.sheetnames[:4] == ["#guide", "network", "finance", "policy"]
    assert load_network(tmp_path / "jam.xlsx") == load_network(jam)


def test_ids_of_other_sheets_are_offered(jam, tmp_path):
    save_network(load_network(jam), tmp_path / "jam.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "jam.xlsx")["bill"]
    assert "=products!$A$2:$A$501" in [
        f"={rule.formula1.lstrip('=')}" for rule in sheet.data_validations.dataValidation
    ]


def test_a_stray_cell_far_away_cannot_fill_the_memory(jam, tmp_path):
    save_network(load_network(jam), tmp_path / "jam.xlsx")
    source, out = zipfile.ZipFile(tmp_path / "jam.xlsx"), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            target.writestr(entry, data)
    (tmp_path / "stray.xlsx").write_bytes(out.getvalue())
    assert faults(tmp_path / "stray.xlsx")[0] == "file-size stray.xlsx"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"<html>"])
def test_what_is_no_workbook_is_a_fault(tmp_path, data):
    (tmp_path / "plant.xlsx").write_bytes(data)
    assert faults(tmp_path / "plant.xlsx")[0] == "workbook-unreadable plant.xlsx"


def test_columns_are_lettered():
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
