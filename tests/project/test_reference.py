"""The reference holds every public name of the library, and each of its links leads on.

What stands in it are the docstrings, whose examples run as tests of their own.
"""

from __future__ import annotations

import importlib
import posixpath
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tools.reference.pages import ROOT, pages, public_modules, write

MADE_BY = "https://pdoc.dev"  # named at the foot of each page, asked for by none


class Page(HTMLParser):
    """The places, the links and the parts from elsewhere of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            self.places.append(said["id"])
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        elif "href" in said:
            self.fetched.append(said["href"])
        if "src" in said:
            self.fetched.append(said["src"])


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    return pages(with_source=False)


@pytest.fixture(scope="module")
def read(reference: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in reference.items()}


def page_of(module: str) -> str:
    return f"{module.replace('.', '/')}.html"


def test_every_public_name_stands_on_the_page_of_its_module(
    read: dict[str, Page],
) -> None:
    count = 0
    for module in public_modules():
        names = importlib.import_module(module).__all__
        assert set(names) <= set(read[page_of(module)].places), module
        count += len(names)
    assert count > 400


def test_a_name_is_explained_on_one_page(reference: dict[str, str]) -> None:
    sentence = "Keep a cell state, and let three gates decide what becomes of it."
    explained = {name for name, text in reference.items() if f"<p>{sentence}" in text}
    assert explained == {page_of("rnnlib.cells.lstm"), "search.js"}


def test_every_link_leads_to_a_place_that_is_there(read: dict[str, Page]) -> None:
    broken = []
    for name, page in read.items():
        for link in set(page.links) - {MADE_BY}:
            file, _, place = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file))
            there = read.get(target if file else name)
            if there is None or (place and place not in there.places):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_no_page_fetches_anything_from_elsewhere(read: dict[str, Page]) -> None:
    for name, page in read.items():
        assert [url for url in page.fetched if not url.startswith("data:")] == [], name


def test_no_page_names_this_machine(reference: dict[str, str]) -> None:
    for name, text in reference.items():
        assert str(ROOT) not in text, name
        assert not re.search(r" at 0x[0-9a-f]+", text), name


def test_the_pages_are_written_as_they_were_made(
    tmp_path: Path, reference: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.reference.pages.pages", lambda: reference)
    write(tmp_path / "new" / "reference")
    for name, text in reference.items():
        path = tmp_path / "new" / "reference" / name
        assert path.read_bytes() == text.encode()


def test_a_folder_that_is_a_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    script = (
        "import runpy, sys, tools.reference.pages as p;"
        " p.pages = lambda: {'index.html': ''};"
        " runpy.run_module('tools.reference', run_name='__main__')"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "taken")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("The reference cannot be written: ")
    assert run.stderr.endswith("; name another folder.\n")
