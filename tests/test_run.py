"""run.py decides what to install and when; here its steps are recorded instead of run."""

import importlib.util
import os
import shutil
import subprocess
import sys

import pytest


@pytest.fixture
def run(root, tmp_path, monkeypatch):
    """run.py of a small checkout in which uv and pip always work; `run.steps` records what they were told."""
    for name in ("run.py", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
        shutil.copy(root / name, tmp_path)
    spec = importlib.util.spec_from_file_location("run_of_checkout", tmp_path / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.steps = []
    module.broken = set()

    def step(name, command):
        module.steps.append(name)
        if name in module.broken:
            raise module.StepError(name, "broken in this test")
        if name.startswith("environment"):
            module.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            module.PYTHON.touch()

    monkeypatch.setattr(module, "step", step)
    monkeypatch.setattr(module, "check", lambda name, command: None)
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}")
    return module


def libraries(run, lock):
    return f"about {sum(line[:1].isalnum() for line in lock.read_text().splitlines())} libraries"


def test_the_first_run_makes_the_environment_and_installs_the_list_then_the_project(run):
    run.set_up(run.MAIN_LOCK)
    assert run.steps == ["environment, with uv", libraries(run, run.MAIN_LOCK), "manyworks itself"]


def test_the_second_run_installs_nothing(run):
    run.set_up(run.MAIN_LOCK)
    run.steps.clear()
    run.set_up(run.MAIN_LOCK)
    assert run.steps == []


def test_an_environment_made_for_the_tests_serves_the_main_job(run):
    run.set_up(run.TEST_LOCK)
    run.steps.clear()
    run.set_up(run.MAIN_LOCK)
    assert run.steps == []


def test_an_environment_made_for_the_main_job_is_extended_for_the_tests(run):
    run.set_up(run.MAIN_LOCK)
    run.steps.clear()
    run.set_up(run.TEST_LOCK)
    assert run.steps == [libraries(run, run.TEST_LOCK), "manyworks itself"]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_list_or_project_file_installs_again(run, name):
    run.set_up(run.MAIN_LOCK)
    run.steps.clear()
    with (run.ROOT / name).open("a") as file:
        file.write("# changed\n")
    run.set_up(run.MAIN_LOCK)
    assert "manyworks itself" in run.steps


def test_an_interrupted_set_up_starts_afresh(run, monkeypatch):
    def interrupt(installer, lock):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "install_with", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run.set_up(run.MAIN_LOCK)
    (run.VENV / "half-written").touch()
    run.steps.clear()
    run.set_up(run.MAIN_LOCK)
    assert run.steps[0] == "environment, with uv"
    assert not (run.VENV / "half-written").exists()
    assert run.is_current(run.MAIN_LOCK)


def test_another_python_makes_the_environment_anew(run, monkeypatch):
    run.set_up(run.MAIN_LOCK)
    run.steps.clear()
    monkeypatch.setattr(run, "interpreter", lambda: "another Python")
    run.set_up(run.MAIN_LOCK)
    assert run.steps[0] == "environment, with uv"


def test_an_environment_that_somebody_else_made_is_left_alone(run, capsys):
    run.VENV.mkdir()
    (run.VENV / "theirs").touch()
    with pytest.raises(SystemExit):
        run.set_up(run.MAIN_LOCK)
    assert "was not made by run.py" in capsys.readouterr().err
    assert (run.VENV / "theirs").exists()


def test_pip_takes_over_where_uv_cannot_install(run, monkeypatch):
    real, calls = run.install_with, []

    def uv_without_network(installer, lock):
        calls.append(installer[0])
        if installer[0].endswith("uv"):
            raise run.StepError("libraries", "no network")
        real(installer, lock)

    monkeypatch.setattr(run, "install_with", uv_without_network)
    monkeypatch.setattr(run, "with_venv_and_pip", recorded_way(run, "environment, with venv and pip"))
    run.set_up(run.MAIN_LOCK)
    assert run.steps[:2] == ["environment, with uv", "environment, with venv and pip"]
    assert run.is_current(run.MAIN_LOCK)


def recorded_way(run, name):
    def way():
        run.step(name, [])
        return [str(run.PYTHON), "-m", "pip", "install"]

    return way


def test_the_systems_pip_takes_over_where_venv_has_none(run, monkeypatch):
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    run.broken.add("environment, with venv and pip")

    def no_pip_in_the_environment(name, command):
        if name == "pip of .venv":
            raise run.StepError(name, "No module named pip")

    monkeypatch.setattr(run, "check", no_pip_in_the_environment)
    run.set_up(run.MAIN_LOCK)
    assert run.steps[:2] == ["environment, with venv and pip", "environment, with venv"]
    assert run.is_current(run.MAIN_LOCK)


def test_where_nothing_works_it_names_the_one_line_that_helps(run, capsys):
    run.broken |= {"environment, with uv", "environment, with venv and pip", "environment, with venv"}
    run.check = lambda name, command: (_ for _ in ()).throw(run.StepError(name, "no pip"))
    with pytest.raises(SystemExit) as end:
        run.set_up(run.MAIN_LOCK)
    assert end.value.code == 1
    assert "apt-get install -y python3-venv python3-pip" in capsys.readouterr().err
    assert not run.is_current(run.MAIN_LOCK)


def test_the_kernels_are_compiled_only_where_there_are_kernels(run):
    run.compile_kernels()
    assert run.steps == []
    (run.ROOT / "src" / "manyworks" / "cli").mkdir(parents=True)
    (run.ROOT / "src" / "manyworks" / "cli" / "compilation.py").touch()
    run.compile_kernels()
    assert run.steps == ["kernels, compiled once"]


def test_settings_that_lead_installers_astray_are_left_out(run, monkeypatch):
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    assert {"PIP_TARGET", "PYTHONPATH"}.isdisjoint(run.clean_environment())


def test_help_is_shown_without_any_set_up(root, tmp_path):
    shutil.copy(root / "run.py", tmp_path)
    result = subprocess.run(
        [sys.executable, "run.py", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ
    )
    assert "python3 run.py test" in result.stdout
    assert not (tmp_path / ".venv").exists()
