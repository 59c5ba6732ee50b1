"""What CONTRIBUTING, CHANGELOG and CITATION say agrees with the project."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
CONTRIBUTING, CHANGELOG = (
    (ROOT / f"{name}.md").read_text(encoding="utf-8")
    for name in ("CONTRIBUTING", "CHANGELOG")
)
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
RECIPES = dict(
    re.findall(r"^## (An? \w+)\n(.*?)(?=^## |\Z)", CONTRIBUTING, re.M | re.S)
)
PLACES = r"`((?:rnnlib|rnncourse|notebooks|tests|docs|tools)/[^`\s]*)`"


@pytest.mark.parametrize("name", ["An explorer", "An exercise", "A lesson"])
def test_a_recipe_has_at_most_twenty_lines(name: str) -> None:
    assert len(RECIPES[name].strip().splitlines()) <= 20


def test_every_place_that_is_named_is_there() -> None:
    text = CONTRIBUTING.replace("lesson_NN/NAME", "lesson_12/fast_weights")
    text = re.sub("NN_[a-z*_]+", "12_*", text).replace("_NN", "_12")
    places = re.findall(PLACES, text) + re.findall(r"\]\(([^):]+)\)", text)
    assert len(places) > 10
    assert [place for place in places if not list(ROOT.glob(place))] == []


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"tests/\w+/test_[\w*]+\.py", CONTRIBUTING)
    assert len(named) > 6
    assert [name for name in named if not list(ROOT.glob(name))] == []


def test_every_module_and_command_that_is_named_is_there() -> None:
    for module in re.findall(r"python -m (rnncourse\.[\w.]+)", CONTRIBUTING):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module
    run = subprocess.run(
        [sys.executable, "course.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    known = re.findall(r"^ {4}(\w+)(?: |$)", run.stdout, re.MULTILINE)
    typed = set(re.findall(r"course\.py (\w+)", CONTRIBUTING))
    listed = set(re.findall(r"`course\.py`: ([^.]*)\.", CHANGELOG)[0].split("`")[1::2])
    assert typed <= set(known)
    assert listed == set(known)


def test_the_citation_names_the_version_and_the_licences_of_the_project() -> None:
    assert CITATION["cff-version"] == "1.2.0"
    assert str(CITATION["version"]) == PROJECT["version"]
    assert " AND ".join(CITATION["license"]) == PROJECT["license"]
    assert {"title", "message", "authors"} <= set(CITATION)


def test_the_changelog_has_the_form_that_it_names() -> None:
    versions = re.findall(r"^## \[(.+?)\](?: - \d{4}-\d\d-\d\d)?$", CHANGELOG, re.M)
    assert versions[0] == "Unreleased"
    kinds = re.findall(r"^### (\w+)$", CHANGELOG, re.MULTILINE)
    assert set(kinds) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }
    assert re.findall(r"^## (?!\[)", CHANGELOG, re.MULTILINE) == []
    assert PROJECT["version"] in CHANGELOG
