"""What the project promises about itself: arrows, imports, locks, and words that never enter it."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import manyworks

# Each takes longer to import than `manyworks --help` may take in all.
HEAVY = {
    "altair", "asyncua", "fastapi", "highspy", "jinja2", "linopy", "nicegui", "numba", "openpyxl", "ortools", "pandas",
    "polars", "pydantic", "python_calamine", "scipy", "statsforecast", "vl_convert", "xlsxwriter", "yaml",
}  # fmt: skip


@pytest.fixture(scope="session")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def tracked(root):
    """Every text file that belongs to the project."""
    if shutil.which("git") is None or not (root / ".git").exists():
        pytest.skip("needs a git checkout, to know which files belong to the project")
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    return {name: text for name in names if name and (text := read_text(root / name)) is not None}


def read_text(path):
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return None


# ---- arrows ----


def lint_imports(folder):
    """Run the import contract of `folder`; the finished process."""
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=folder, env={"PYTHONPATH": "src", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_arrows_between_packages_go_down_only(root):
    result = lint_imports(root)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("units.py", "import manyworks.model.network", "Arrows go down only BROKEN"),
        ("units.py", "def late():\n    import manyworks.cli.main", "Arrows go down only BROKEN"),
        ("clock.py", "import highspy", "Each heavy library has one home BROKEN"),
        ("nowhere.py", "", "nowhere"),
    ],
)
def test_an_arrow_that_goes_up_would_be_caught(root, tmp_path, file, line, broken):
    shutil.copy(root / "pyproject.toml", tmp_path)
    shutil.copytree(root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "src" / "manyworks" / file).open("a") as module:
        module.write(f"\n{line}\n")
    result = lint_imports(tmp_path)
    assert result.returncode != 0
    assert broken in result.stdout


def test_the_help_loads_no_heavy_library():
    code = """
import sys
sys.argv = ["manyworks", "--help"]
from manyworks.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=source_env())
    assert result.returncode == 0, result.stderr
    loaded = set(result.stdout.rpartition("LOADED")[2].split())
    assert "manyworks" in loaded
    assert loaded & HEAVY == set()


def source_env():
    return {"PYTHONPATH": ":".join(path for path in sys.path if path), "PATH": "/usr/bin:/bin"}


def test_every_package_opens_with_its_question_what_goes_in_and_out_and_where_to_start(root):
    short = []
    for path in sorted((root / "src" / "manyworks").rglob("__init__.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if len(docstring.splitlines()) < 3:
            short.append(str(path.relative_to(root)))
    assert short == []


def test_every_example_is_part_of_the_installed_package(root, project):
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    folders = {f"examples/{path.parent.name}" for path in root.glob("examples/*/network.yaml")}
    assert folders <= set(packed)
    assert all(packed[folder] == f"manyworks/_{folder}" for folder in folders)


def test_every_public_name_can_be_imported():
    assert {name for name in manyworks.__all__ if getattr(manyworks, name, None) is None} == set()


# ---- locks ----


def read_lock(path):
    """Name to pinned versions, and to the number of hashes of each pin."""
    pins = {}
    for entry in re.split(r"\n(?=[a-z0-9])", path.read_text(encoding="utf-8")):
        if found := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry):
            pins.setdefault(canonicalize_name(found[1]), {})[found[2]] = entry.count("--hash=sha256:")
    return pins


def requirements_of(project, lock):
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    if lock == "requirements-test.lock":
        wanted += project["project"]["optional-dependencies"]["dev"]
    return [Requirement(text) for text in wanted]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_the_list_pins_every_declared_dependency_to_versions_that_fit(root, project, lock):
    pins = read_lock(root / lock)
    unmet = [
        str(wanted)
        for wanted in requirements_of(project, lock)
        if not (versions := pins.get(canonicalize_name(wanted.name)))
        or not all(map(wanted.specifier.contains, versions))
    ]
    assert unmet == [], "run: make lock"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_pin_of_the_list_carries_hashes(root, lock):
    pins = read_lock(root / lock)
    assert len(pins) > 20
    assert all(count > 0 for versions in pins.values() for count in versions.values())


def test_the_list_of_the_tests_contains_that_of_the_main_job(root):
    main, test = read_lock(root / "requirements.lock"), read_lock(root / "requirements-test.lock")
    assert {name: main[name] for name in main} == {name: test.get(name) for name in main}


# ---- one version, no strange words ----


def test_the_version_is_written_once(project, tracked):
    assert "version" in project["project"]["dynamic"]
    written = re.compile(rf"""version\w* *= *["']{re.escape(manyworks.__version__)}["']""")
    assert [name for name, text in tracked.items() if written.search(text)] == ["src/manyworks/__init__.py"]


def test_the_change_log_has_a_heading_for_this_version(root):
    assert f"## [{manyworks.__version__}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_installed_version_is_the_one_of_the_source():
    try:
        installed = importlib.metadata.version("manyworks")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the project is not installed here; run.py installs it")
    assert installed == manyworks.__version__


def test_no_file_names_a_package_host_or_a_folder_of_one_machine(tracked):
    # Written in two parts, so that this file may be read as well.
    strange = ["py" + "pi.org", "python" + "hosted.org", "index" + "-url", "/wo" + "rk/", "/tm" + "p/mw", "/ro" + "ot/"]
    allowed = {"Makefile": {"index" + "-url"}}  # the option that keeps it out of the lists
    found = [
        f"{name}: {word}"
        for name, text in tracked.items()
        for word in strange
        if word in text and word not in allowed.get(name, set())
    ]
    assert found == []


def test_no_page_of_the_project_asks_another_host_for_scripts_or_fonts(tracked):
    asked = re.compile(r"https?://(cdn|unpkg|fonts\.|cdnjs)")
    assert [name for name, text in tracked.items() if name != "tests/test_project.py" and asked.search(text)] == []


def test_every_chore_of_the_makefile_says_what_it_does(root):
    text = (root / "Makefile").read_text(encoding="utf-8")
    named = set(re.search(r"^\.PHONY:((?:.*\\\n)*.*)", text, re.M)[1].replace("\\", " ").split())
    described = set(re.findall(r"^([a-z-]+):.*## \S", text, re.M))
    assert named == described
