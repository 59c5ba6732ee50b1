"""pyproject.toml, requirements.lock, environment.yml and course.py agree."""

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

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRIES = [entry for entry in re.split(r"\n(?=\w)", LOCK.strip()) if entry]

EXTRAS = PROJECT["project"]["optional-dependencies"]
LIBRARY = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
RUN_TIME = LIBRARY + [Requirement(line) for line in EXTRAS["course"]]
ALL = RUN_TIME + [Requirement(line) for extra in EXTRAS.values() for line in extra]
SPECS = {
    re.split(r"[<>=]", line)[0]: rattler.MatchSpec(line, strict=True)
    for line in CONDA["dependencies"]
    if isinstance(line, str)
}

each_dependency = pytest.mark.parametrize("wanted", ALL, ids=lambda wanted: wanted.name)
each_at_run_time = pytest.mark.parametrize(
    "wanted", RUN_TIME, ids=lambda wanted: wanted.name
)


def locked(name: str) -> list[str]:
    """Return the versions of a package in the lock, for one Python or another."""
    return re.findall(rf"^{re.escape(name)}==([^\s;]+)", LOCK, re.MULTILINE)


@each_dependency
def test_the_lock_holds_a_version_in_the_range(wanted: Requirement) -> None:
    versions = locked(wanted.name)
    assert versions
    assert all(version in wanted.specifier for version in versions)


@each_at_run_time
def test_conda_gets_the_same_range(wanted: Requirement) -> None:
    assert SpecifierSet(SPECS[wanted.name].version or "") == wanted.specifier


@each_at_run_time
def test_conda_would_take_the_locked_version(wanted: Requirement) -> None:
    allowed = rattler.VersionSpec(SPECS[wanted.name].version or "*")
    versions = locked(wanted.name)
    assert all(allowed.matches(rattler.Version(version)) for version in versions)


@pytest.mark.parametrize("name", SPECS)
def test_conda_reads_the_name_that_is_meant(name: str) -> None:
    assert SPECS[name].name.normalized == name


def test_conda_gets_the_run_time_packages_and_this_checkout() -> None:
    assert set(SPECS) == {wanted.name for wanted in RUN_TIME} | {"python", "pip"}
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


def test_each_entry_of_the_lock_is_pinned_and_hashed() -> None:
    for entry in ENTRIES:
        head = entry.splitlines()[0]
        assert re.match(r"[\w.-]+==[\w.]+", head)
        assert "--hash=sha256:" in entry


def test_each_condition_in_the_lock_can_be_read() -> None:
    for condition in re.findall(r"^\w\S* ; (.*) \\$", LOCK, re.MULTILINE):
        assert str(Marker(condition))


def test_the_lock_names_no_place_to_download_from() -> None:
    assert "://" not in LOCK
    assert "index-url" not in LOCK
    assert "find-links" not in LOCK


def test_the_lock_keeps_to_the_constraints() -> None:
    for line in PROJECT["tool"]["uv"]["constraint-dependencies"]:
        wanted = Requirement(line)
        assert all(version in wanted.specifier for version in locked(wanted.name))


def test_pytorch_is_no_dependency() -> None:
    assert locked("torch") == []
