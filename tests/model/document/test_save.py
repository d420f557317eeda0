import os
from pathlib import Path

import pytest

from manyworks.errors import DocumentError, UsageError
from manyworks.model.document import load_network, read_document, save_network
from manyworks.model.document.writer import INLINE_ROWS


def test_only_what_differs_from_the_defaults_is_written(jam, tmp_path):
    save_network(load_network(jam), tmp_path / "out", with_schema=False)
    text = (tmp_path / "out/network.yaml").read_text()
    assert text.startswith(
        "version: 1\nname: jam\n\nfinance:\n  start: 2027-01-01\n\npolicy:\n  default_calendar: day\n"
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["network.yaml"]


def test_long_collections_get_a_file_and_short_ones_do_not(jam, tmp_path):
    network = load_network(jam)
    rows = [network.sites[0].model_copy(update={"id": f"s{number}"}) for number in range(INLINE_ROWS + 1)]
    save_network(network.model_copy(update={"sites": rows}), tmp_path)
    assert "sites:\n  from: sites.csv\n" in (tmp_path / "network.yaml").read_text()
    assert (tmp_path / "sites.csv").read_text().startswith("id,name,lat,lon,wage_per_h\n")
    save_network(network, tmp_path)
    assert not (tmp_path / "sites.csv").exists()
    assert [issue.rule for issue in read_document(tmp_path).validate()[1] if issue.rule.startswith("file")] == []


def test_files_that_the_document_never_used_are_left_alone(jam, tmp_path):
    (tmp_path / "markets.csv").write_text("mine")
    save_network(load_network(jam), tmp_path)
    assert (tmp_path / "markets.csv").read_text() == "mine"


def test_the_same_network_gives_the_same_bytes(jam, tmp_path):
    network = load_network(jam)
    for name in ("a.xlsx", "b.xlsx", "a.json", "b.json"):
        save_network(network, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_failed_save_leaves_the_old_document(jam, monkeypatch):
    network = load_network(jam)
    before = {path.name: path.read_bytes() for path in jam.iterdir()}
    rename, calls = Path.replace, []

    def fails_at_the_last_file(self, target):
        calls.append(target)
        if Path(target).name == "network.yaml" and len(calls) == 3:
            raise OSError("disk full")
        return rename(self, target)

    rows = [network.sites[0].model_copy(update={"id": f"s{number}"}) for number in range(20)]
    monkeypatch.setattr(Path, "replace", fails_at_the_last_file)
    with pytest.raises(OSError, match="disk full"):
        save_network(network.model_copy(update={"sites": rows}), jam)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in jam.iterdir()} == before


def test_permissions_of_a_file_stay(jam):
    path = jam / "network.yaml"
    path.chmod(0o640)
    save_network(load_network(jam), jam)
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.access(path, os.R_OK)


def test_new_files_are_readable_like_any_other(jam, tmp_path):
    save_network(load_network(jam), tmp_path / "new")
    (tmp_path / "plain").write_text("")
    assert (tmp_path / "new/network.yaml").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("text", ["a\x07b", "a\rb", "\ud800", "\uffff"])
def test_texts_that_no_format_can_keep_are_refused_before_writing(jam, tmp_path, text):
    network = load_network(jam).model_copy(update={"note": text})
    with pytest.raises(DocumentError, match="note: must not hold control characters"):
        save_network(network, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["out.yaml", "out.csv", "out.xls"])
def test_other_suffixes_are_refused(jam, tmp_path, name):
    with pytest.raises(UsageError, match=name):
        save_network(load_network(jam), tmp_path / name)
