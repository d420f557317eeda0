"""What a person at a terminal is promised: data on stdout, words on stderr, exit codes, nothing half-written."""

import json
import shutil
from pathlib import Path

import pytest

from manyworks.cli.main import run
from manyworks.examples import copy_example


@pytest.fixture
def folder(tmp_path):
    copy_example("first_network", tmp_path / "network")
    return tmp_path / "network"


def spoil(folder):
    main = folder / "network.yaml"
    main.write_text(main.read_text(encoding="utf-8").replace("wage_per_h: 20", "wage_per_h: -20"), encoding="utf-8")


def test_help_lists_every_command(capsys):
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("init", "check", "plan", "compare", "report", "import", "export", "schema"))


@pytest.mark.parametrize(
    "words",
    [["plam"], ["plan"], ["plan", "x", "--gap", "two"], ["check", "x", "--unknown"], ["plan", "x", "--gap", "2"]],
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(words, capsys):
    assert run(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"manyworks {words[0]} --help" in captured.err or "manyworks --help" in captured.err


@pytest.mark.parametrize("words", [["check"], ["plan"], ["compare"], ["export"]])
def test_a_document_that_is_not_there_is_a_fault_with_its_cure(words, tmp_path, capsys):
    target = [str(tmp_path / "out.json")] if words == ["export"] else []
    assert run([*words, str(tmp_path / "nowhere"), *target]) == 1
    captured = capsys.readouterr()
    assert "nowhere" in captured.out + captured.err


def test_init_makes_a_document_that_checks(tmp_path, capsys):
    assert run(["init", str(tmp_path / "mine"), "--example", "first_network"]) == 0
    assert run(["check", str(tmp_path / "mine")]) == 0
    assert "no fault" in capsys.readouterr().out


def test_init_makes_a_workbook_that_checks(tmp_path):
    assert run(["init", str(tmp_path / "plant.xlsx")]) == 0
    assert run(["check", str(tmp_path / "plant.xlsx")]) == 0


def test_init_never_overwrites(folder, capsys):
    assert run(["init", str(folder)]) == 2
    assert "must not exist" in capsys.readouterr().err


def test_init_lists_the_examples(capsys):
    assert run(["init", ".", "--list"]) == 0
    assert "first_network" in capsys.readouterr().out


def test_check_lists_every_fault_with_its_place(folder, capsys):
    spoil(folder)
    assert run(["check", str(folder)]) == 1
    shown = capsys.readouterr().out
    assert shown.count("network.yaml:") == shown.count("wage_per_h") == 2
    assert "must be > 0" in shown


def test_check_as_json_holds_every_issue_as_data(folder, capsys):
    spoil(folder)
    assert run(["check", str(folder), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["ok"] is False
    assert {issue["rule"] for issue in data["issues"]} == {"value-range"}


def test_check_explains_a_rule(capsys):
    assert run(["check", "--explain", "value-range"]) == 0
    assert "Cure:" in capsys.readouterr().out
    assert run(["check", "--explain", "value-rang"]) == 2
    assert "Did you mean value-range?" in capsys.readouterr().err


def test_set_changes_a_value_and_prints_how_to_take_it_back(folder, capsys):
    before = (folder / "network.yaml").read_bytes()
    assert run(["set", str(folder), "sites.hillside.wage_per_h=25"]) == 0
    undo = capsys.readouterr().out.rpartition("sites.hillside.wage_per_h=")[2].strip("'\n")
    assert (folder / "network.yaml").read_bytes() != before
    assert run(["set", str(folder), f"sites.hillside.wage_per_h={undo}"]) == 0
    assert float(undo) == 20


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        ("sites.riverton.wage=20", "Did you mean wage_per_h?"),
        ("sites.*.wage_per_h=20", "what-if"),
        ("sites.riverton.wage_per_h*=1.1", "what-ifs"),
        ("sites.rome.wage_per_h=20", "Known: riverton, hillside."),
        ("=20", "found nothing"),
    ],
)
def test_set_says_what_could_be_meant(assignment, says, folder, capsys):
    assert run(["set", str(folder), assignment]) == 2
    assert says in capsys.readouterr().err


def test_set_writes_nothing_that_would_be_wrong(folder, capsys):
    before = (folder / "network.yaml").read_bytes()
    assert run(["set", str(folder), "sites.hillside.wage_per_h=-1"]) == 1
    assert "must be > 0" in capsys.readouterr().err
    assert (folder / "network.yaml").read_bytes() == before


def test_export_and_back_keeps_the_input_hash(folder, tmp_path, capsys):
    hashes = set()
    source = folder
    for name in ("a.xlsx", "b.json", "c"):
        assert run(["export", str(source), str(tmp_path / name), "--json"]) == 0
        hashes.add(json.loads(capsys.readouterr().out)["input_hash"])
        source = tmp_path / name
    assert len(hashes) == 1


def test_export_does_not_overwrite_unless_forced(folder, tmp_path):
    target = tmp_path / "a.json"
    assert run(["export", str(folder), str(target)]) == 0
    assert run(["export", str(folder), str(target)]) == 2
    assert run(["export", str(folder), str(target), "--force"]) == 0


def test_a_table_that_is_not_there_is_missing_and_not_misnamed(folder, tmp_path, capsys):
    assert run(["import", str(folder), str(tmp_path / "mine.csv")]) == 1
    assert "file-missing" in capsys.readouterr().err


def test_import_counts_what_changes(folder, tmp_path, capsys):
    (tmp_path / "sites.csv").write_text("id,wage_per_h\nhillside,25\n", encoding="utf-8")
    assert run(["import", str(folder), str(tmp_path / "sites.csv"), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "sites: 0 added, 1 changed, 0 removed, 1 unchanged" in shown
    assert "Nothing was written" in shown


def test_schema_is_json_with_every_collection(capsys):
    assert run(["schema"]) == 0
    assert "sites" in json.loads(capsys.readouterr().out)["properties"]


def test_plan_prints_a_summary_and_writes_report_workbook_and_run(folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(["plan", str(folder), "--out", str(out), "--jobs", "1"]) == 0
    captured = capsys.readouterr()
    assert "NPV" in captured.out
    assert {path.name for path in out.iterdir()} == {"report.html", "report.xlsx", "run.json"}
    assert "Writing the report" in captured.err


@pytest.mark.parametrize("words", [["plan", "--out"], ["export"]])
def test_a_place_that_cannot_be_written_is_said_in_words_and_before_solving(words, folder, tmp_path, capsys):
    (tmp_path / "taken").write_text("a file stands here", encoding="utf-8")
    assert run([words[0], str(folder), *words[1:], str(tmp_path / "taken" / "below")]) == 2
    said = capsys.readouterr().err
    assert "cannot be read or written" in said
    assert "Solving" not in said


def test_a_warning_is_not_listed_as_a_fault(folder, capsys):
    steps = "".join(f"  - {{id: {a}, template: micro, weeks: 4, after: [{b}]}}\n" for a, b in ("xy", "yx"))
    with (folder / "network.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nstand_up_steps:\n{steps}")
    assert run(["plan", str(folder), "--quiet"]) == 1
    fault, *rest = capsys.readouterr().err.splitlines()[1:]
    assert fault.startswith("  network.yaml")
    assert rest
    assert all(line.startswith("  warning: ") for line in rest)


def test_a_stored_run_gives_the_same_report_without_solving(folder, tmp_path):
    out = tmp_path / "out"
    run(["plan", str(folder), "--out", str(out), "--jobs", "1", "--quiet"])
    assert run(["report", str(out), "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "report.html").read_bytes() == (out / "report.html").read_bytes()


def test_compare_as_json_is_one_document_on_stdout(folder, capsys):
    assert run(["compare", str(folder), "--json", "--jobs", "1"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["rivals"]["best"]["npv"] >= data["rivals"]["do_nothing"]["npv"] - 1e-6
    assert data["recommended"] in data["rivals"]
    figures, nothing = data["rivals"][data["recommended"]], data["rivals"]["do_nothing"]
    assert figures["against_nothing"] == pytest.approx(figures["npv"] - nothing["npv"])
    assert figures["internal_rate_of_return"] > 0
    assert figures["payback_years"] > 0
    assert nothing["against_nothing"] is None


def test_what_ifs_on_the_command_line_change_the_answer_and_not_the_file(folder, capsys):
    before = (folder / "network.yaml").read_bytes()
    npvs = []
    for words in ([], ["--set", "products.jam.price*=1.5"]):
        assert run(["compare", str(folder), "--json", "--jobs", "1", *words]) == 0
        npvs.append(json.loads(capsys.readouterr().out)["rivals"]["best"]["npv"])
    assert npvs[1] > npvs[0]
    assert (folder / "network.yaml").read_bytes() == before


def test_no_plan_ends_with_3_and_names_the_rules_that_conflict(folder, capsys):
    words = ["compare", str(folder), "--json", "--jobs", "1", "--set", "policy.is_demand_optional=false"]
    assert run([*words, "--set", "lines.jar_line.nominal_rate_per_min=5"]) == 3
    captured = capsys.readouterr()
    assert json.loads(captured.out)["conflicts"]
    assert "demand" in captured.err


def test_no_plan_leaves_no_empty_folder(folder, tmp_path):
    rules = ["--set", "policy.is_demand_optional=false", "--set", "lines.jar_line.nominal_rate_per_min=5"]
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--jobs", "1", "--quiet", *rules]) == 3
    assert not (tmp_path / "out").exists()


def test_a_stored_run_of_another_kind_is_refused(tmp_path, capsys):
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    assert run(["report", str(tmp_path)]) == 2
    assert "must be a stored run" in capsys.readouterr().err


@pytest.fixture(scope="module")
def planned_once(tmp_path_factory):
    root = tmp_path_factory.mktemp("planned")
    copy_example("first_network", root / "network")
    assert run(["plan", str(root / "network"), "--out", str(root / "out"), "--jobs", "1", "--quiet"]) == 0
    return root / "out"


@pytest.fixture
def planned(planned_once, tmp_path):
    return Path(shutil.copytree(planned_once, tmp_path / "planned"))


def test_a_run_stored_before_later_columns_came_gives_the_same_report(planned):
    report = (planned / "report.html").read_bytes()
    data = json.loads((planned / "run.json").read_text(encoding="utf-8"))
    later = {"lines": ["upgrades"], "production": ["upgrades"], "shipments": ["via", "opportunity"]}
    for plan in data["plans"].values():
        for table, columns in later.items():
            for column in columns:
                del plan["tables"][table][column]
        plan["tables"]["unmet"].pop("opportunity", None)
        del plan["tables"]["purchases"], plan["tables"]["co_packed"]
    (planned / "run.json").write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")
    assert run(["report", str(planned)]) == 0
    assert (planned / "report.html").read_bytes() == report


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("plans"),
        lambda data: data["plans"]["best"].pop("seed"),
        lambda data: data["plans"]["best"]["tables"]["openings"].pop("starts"),
        lambda data: data["plans"]["best"]["tables"].pop("stock"),
        lambda data: data["plans"].update(biggest=data["plans"]["best"]),
        lambda data: data["network"].pop("finance"),
    ],
)
def test_a_stored_run_that_lacks_something_is_refused_in_one_message(planned, spoil, capsys):
    data = json.loads((planned / "run.json").read_text(encoding="utf-8"))
    spoil(data)
    (planned / "run.json").write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")
    assert run(["report", str(planned)]) == 2
    shown = capsys.readouterr().err
    assert "must be a run that this version can read" in shown
    assert "again, which writes the run anew" in shown


def test_stress_of_a_stored_run_plans_nothing_again_and_writes_its_data(folder, tmp_path, capsys):
    planned, out = tmp_path / "planned", tmp_path / "stressed"
    assert run(["plan", str(folder), "--out", str(planned), "--jobs", "1", "--quiet"]) == 0
    capsys.readouterr()
    words = ["stress", str(planned / "run.json"), "--part", "scenarios", "--part", "outages", "--jobs", "1", "--quiet"]
    assert run([*words, "--out", str(out), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data["parts"]) == {"scenarios"}
    assert data["absent"] == {"outages": "the document names no outage class"}
    assert {file.name for file in out.iterdir()} == {"report.html", "report.xlsx", "run.json", "stress.json"}
    assert json.loads((out / "stress.json").read_text(encoding="utf-8"))["parts"] == data["parts"]
    written = {name: (out / name).read_bytes() for name in ("report.html", "report.xlsx")}
    assert "Which rival wins in other worlds" in written["report.html"].decode()

    assert run(["report", str(out), "--out", str(tmp_path / "again")]) == 0
    assert {name: (tmp_path / "again" / name).read_bytes() for name in written} == written


def test_stress_that_belongs_to_another_plan_is_not_shown(planned, capsys):
    old = {"records": {}, "absent": {}, "seconds": 1, "cpu_seconds": 1, "seed": 0, "version": "0", "input_hash": "0"}
    for data, fault in ((old, "must belong to the plan beside it"), ({"parts": {}}, "must be a stored stress run")):
        (planned / "stress.json").write_text(json.dumps(data), encoding="utf-8")
        assert run(["report", str(planned)]) == 2
        assert fault in capsys.readouterr().err


def test_stress_names_a_part_that_is_not_there(folder, capsys):
    assert run(["stress", str(folder), "--part", "earthquakes"]) == 2
    assert "earthquakes" in capsys.readouterr().err
