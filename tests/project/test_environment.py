"""pyproject.toml, both locks, environment.yml, course.py and the public tests agree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import rattler
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import course
from tools import oldest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
OLDEST = oldest.LOCK.read_text(encoding="utf-8")

EXTRAS = PROJECT["project"]["optional-dependencies"]
LIBRARY = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
RUN_TIME = LIBRARY + [Requirement(line) for line in EXTRAS["course"]]
TEST = [Requirement(line) for line in EXTRAS["test"]]
ON_BINDER = RUN_TIME + [wanted for wanted in TEST if wanted.name == "nbval"]
ALL = RUN_TIME + [Requirement(line) for extra in EXTRAS.values() for line in extra]
SPECS = {
    re.split(r"[<>=]", line)[0]: rattler.MatchSpec(line, strict=True)
    for line in CONDA["dependencies"]
    if isinstance(line, str)
}

each_dependency = pytest.mark.parametrize("wanted", ALL, ids=lambda wanted: wanted.name)
each_on_binder = pytest.mark.parametrize(
    "wanted", ON_BINDER, ids=lambda wanted: wanted.name
)
each_lock = pytest.mark.parametrize(
    "lock", [pytest.param(LOCK, id="newest"), pytest.param(OLDEST, id="oldest")]
)


def locked(name: str, lock: str = LOCK) -> list[str]:
    """Return the versions of a package in a lock, for one Python or another."""
    return re.findall(rf"^{re.escape(name)}==([^\s;]+)", lock, re.MULTILINE)


@each_dependency
def test_the_lock_holds_a_version_in_the_range(wanted: Requirement) -> None:
    versions = locked(wanted.name)
    assert versions
    assert all(version in wanted.specifier for version in versions)


@pytest.mark.parametrize("wanted", RUN_TIME + TEST, ids=lambda wanted: wanted.name)
def test_the_oldest_lock_holds_the_least_that_is_allowed(wanted: Requirement) -> None:
    floors = [part.version for part in wanted.specifier if part.operator == ">="]
    versions = locked(wanted.name, OLDEST)
    assert versions
    assert all(f"{version}.".startswith(f"{floors[0]}.") for version in versions)
    assert all(version in wanted.specifier for version in versions)


@each_on_binder
def test_conda_gets_the_same_range(wanted: Requirement) -> None:
    assert SpecifierSet(SPECS[wanted.name].version or "") == wanted.specifier


@each_on_binder
def test_conda_would_take_the_locked_version(wanted: Requirement) -> None:
    allowed = rattler.VersionSpec(SPECS[wanted.name].version or "*")
    versions = locked(wanted.name)
    assert all(allowed.matches(rattler.Version(version)) for version in versions)


@pytest.mark.parametrize("name", SPECS)
def test_conda_reads_the_name_that_is_meant(name: str) -> None:
    assert SPECS[name].name.normalized == name


def test_conda_gets_what_runs_and_compares_notebooks_and_this_checkout() -> None:
    assert set(SPECS) == {wanted.name for wanted in ON_BINDER} | {"python", "pip"}
    assert CONDA["dependencies"][-1] == {"pip": ["--editable ."]}
    assert CONDA["channels"] == ["conda-forge"]


def test_the_launcher_conda_and_the_project_want_the_same_pythons() -> None:
    oldest, newest = course.OLDEST, course.NEWEST
    after = f"{newest[0]}.{newest[1] + 1}"
    assert PROJECT["project"]["requires-python"] == ">={}.{}".format(*oldest)
    assert SPECS["python"].version == ">={}.{},<{}".format(*oldest, after)


def test_the_public_tests_take_the_oldest_and_the_newest_python() -> None:
    matrix = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]
    ends = ["{}.{}".format(*version) for version in (course.OLDEST, course.NEWEST)]
    assert matrix["python"] == ends


def test_the_public_tests_take_the_oldest_packages_on_the_oldest_python() -> None:
    steps = WORKFLOW["jobs"]["oldest"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [
        f"python -m {oldest.__name__}"
    ]
    pythons = [step["with"]["python-version"] for step in steps if "with" in step]
    assert pythons == ["{}.{}".format(*course.OLDEST)]
    assert course.OLDEST in oldest.PYTHONS


@each_lock
def test_each_entry_of_a_lock_is_pinned_and_hashed(lock: str) -> None:
    for entry in re.split(r"\n(?=\w)", lock.strip()):
        head = entry.splitlines()[0]
        assert re.match(r"[\w.-]+==[\w.]+", head)
        assert "--hash=sha256:" in entry


@each_lock
def test_each_condition_in_a_lock_can_be_read(lock: str) -> None:
    for condition in re.findall(r"^\w\S* ; (.*) \\$", lock, re.MULTILINE):
        assert str(Marker(condition))


@each_lock
def test_a_lock_names_no_place_to_download_from(lock: str) -> None:
    assert "://" not in lock
    assert "index-url" not in lock
    assert "find-links" not in lock


@each_lock
def test_a_lock_keeps_to_the_constraints(lock: str) -> None:
    for line in PROJECT["tool"]["uv"]["constraint-dependencies"]:
        wanted = Requirement(line)
        versions = locked(wanted.name, lock)
        assert all(version in wanted.specifier for version in versions)


def test_pytorch_is_no_dependency() -> None:
    assert locked("torch") == []
