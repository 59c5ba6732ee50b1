"""Slides and handouts in a real browser: nothing is cut off, keys lead on and back."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page

from classroom.pages import command
from classroom.pages.converting import Slides
from tools.lab import Browser

PLACES = """() => [...document.querySelectorAll('.slide')].map(slide => {
  const was = slide.matches('.now');
  slide.classList.add('now');
  const found = [slide.scrollHeight - slide.clientHeight,
    slide.scrollWidth - slide.clientWidth,
    [...slide.querySelectorAll('pre, .formula')]
      .filter(part => part.scrollWidth > part.clientWidth + 1).length];
  slide.classList.toggle('now', was);
  return found;
})"""

SCROLLED = """() => [...document.querySelectorAll('main *')]
  .filter(part => ['auto', 'scroll'].includes(getComputedStyle(part).overflowX))
  .map(part => part.className)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, browser_path: str) -> Path:
    """Return a folder with the pages of lesson 08, and its handout as PDF."""
    folder = tmp_path_factory.mktemp("pages")
    assert command.main([str(folder), "08", "--pdf"]) == 0
    return folder


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    """Return a browser that notes what pages ask for."""
    with Browser(browser_path) as opened:
        opened.page.on("request", lambda request: _note(opened, request.url))
        yield opened


def _note(browser: Browser, url: str) -> None:
    if not url.startswith(("file:", "data:")):
        browser.faults.append(f"asks for {url}")


def opened(browser: Browser, path: Path) -> Page:
    """Show a page of the disk, and return it once it has loaded."""
    browser.page.goto(path.as_uri())
    return browser.page


def test_no_slide_of_a_lesson_is_cut_off(browser: Browser, folder: Path) -> None:
    page = opened(browser, folder / "slides" / "08.html")
    places = page.evaluate(PLACES)
    assert len(places) > 40
    for number, (high, wide, cut) in enumerate(places, 1):
        assert (max(high, 0), max(wide, 0), cut) == (0, 0, 0), number
    assert browser.faults == []


def test_keys_and_contents_lead_through_the_slides(
    browser: Browser, folder: Path
) -> None:
    page = opened(browser, folder / "slides" / "08.html")
    place, shown = page.locator("#place"), page.locator(".slide:visible")
    slides = page.locator(".slide").count()
    assert place.text_content() == f"1 / {slides}"
    page.keyboard.press("ArrowRight")
    assert shown.locator("h2").text_content() == "Contents"
    page.get_by_role("link", name="2 · One unit: keep, write, show").click()
    assert "2 · One unit: keep, write, show" in (shown.text_content() or "")
    page.keyboard.press("ArrowDown")
    assert (
        shown.locator("h2").text_content() == "3 · A whole layer: four products, or one"
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert "1 · How long does a plain RNN remember?" in (shown.text_content() or "")
    page.keyboard.press("End")
    assert place.text_content() == f"{slides} / {slides}"
    page.reload()
    assert place.text_content() == f"{slides} / {slides}"
    page.keyboard.press("Home")
    assert shown.count() == 1
    assert place.text_content() == f"1 / {slides}"
    page.keyboard.press("PageUp")
    assert place.text_content() == f"1 / {slides}"


def test_what_is_too_long_for_a_slide_goes_on_and_nothing_is_lost(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "long.html"
    path.write_text(Slides().from_notebook_node(long_notebook())[0], encoding="utf-8")
    page = opened(browser, path)
    for number, (high, wide, cut) in enumerate(page.evaluate(PLACES), 1):
        assert (max(high, 0), max(wide, 0), cut) == (0, 0, 0), number
    parts = page.locator("li, td:first-child, pre.output").all_text_contents()
    words = "\n".join(parts)
    for kind in ("point", "row", "line", "step"):
        found = [int(number) for number in re.findall(rf"{kind} (\d+)", words)]
        assert found == list(range(60)), kind
    lists = page.locator("ol").evaluate_all(
        "lists => lists.map(list => [list.start, list.children.length])"
    )
    assert [start for start, _ in lists[1:]] == [
        start + length for start, length in lists[:-1]
    ]
    rows = page.locator("tbody").evaluate_all(
        "tables => tables.map(table => table.children.length)"
    )
    assert min(*rows, *(length for _, length in lists)) > 1
    heads = page.locator("thead:has-text('column')").count()
    assert heads == page.locator("table").count() > 1
    picture = page.locator("img")
    assert picture.get_attribute("alt") == "a tall picture, seen whole"
    assert browser.faults == []


def test_an_answer_is_behind_its_question_and_hardly_anything_stands_alone(
    browser: Browser, tmp_path: Path
) -> None:
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    output = nbformat.v4.new_output("stream", text="forty-two")
    words = "word " * 300
    cells = [
        text("# Short"),
        text("## 1 · First\n\nLook. **Predict:** what is it?"),
        code("print()", outputs=[output]),
        text("That was it."),
        text("## 2 · Second\n\nA line."),
        text("### Exercise\n\nAnother line."),
        text(f"## 3 · Third\n\n{words}"),
        text("The last line."),
        text("## 4 · Fourth\n\n" + "\n".join(f"* point {n}" for n in range(17))),
    ]
    path = tmp_path / "short.html"
    notebook = nbformat.v4.new_notebook(cells=cells)
    path.write_text(Slides().from_notebook_node(notebook)[0], encoding="utf-8")
    page = opened(browser, path)
    slides = page.locator(".slide").all_text_contents()
    assert [
        [n for n, slide in enumerate(slides) if piece in slide]
        for piece in ("what is it?", "forty-two", "That was it.", "A line.")
    ] == [[2], [3], [3], [4]]
    assert "Another line." in slides[4]
    assert "The last line." in slides[5]
    assert "point 0" in slides[6]
    assert "point 16" in slides[6]
    assert len(slides) == 7
    for number, place in enumerate(page.evaluate(PLACES), 1):
        assert max(place) <= 0, number


def long_notebook() -> Any:
    """Return a notebook of which each part is too long for one slide."""
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    points = "\n".join(f"* point {n}" for n in range(60))
    steps = "\n".join(f"{n + 1}. step {n}" for n in range(60))
    rows = "\n".join(f"| row {n} | $x_{{{n}}}$ |" for n in range(60))
    lines = "\n".join(f"line {n} " + 120 * "-" for n in range(60))
    wide = "$$" + " + ".join(f"x_{{{n}}}" for n in range(40)) + "$$"
    picture = nbformat.v4.new_output(
        "display_data",
        {"image/png": png(40, 2000), "text/plain": "a tall picture, seen whole"},
    )
    cells = [
        text(f"# Long\n\n{points}"),
        text(f"## 1 · Steps\n\n{steps}\n\n| column | letter |\n|---|---|\n{rows}"),
        code("print()", outputs=[nbformat.v4.new_output("stream", text=lines)]),
        code("picture", outputs=[picture]),
        text(wide),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def png(width: int, height: int) -> str:
    """Return a grey picture of this size."""
    rows = (b"\0" + bytes(width)) * height
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0),
        b"IDAT": zlib.compress(rows),
        b"IEND": b"",
    }
    chunks = (
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


@pytest.mark.parametrize("kind", ["sheets", "handouts"])
@pytest.mark.parametrize("width", [360, 1366])
def test_no_page_is_wider_than_the_screen(
    browser: Browser, folder: Path, kind: str, width: int
) -> None:
    browser.page.set_viewport_size({"width": width, "height": 768})
    page = opened(browser, folder / kind / "08.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    browser.page.set_viewport_size({"width": 1366, "height": 768})
    assert browser.faults == []


def test_a_handout_is_printed_and_a_sheet_has_two_pages_at_most(
    browser: Browser, folder: Path
) -> None:
    assert sheets_of_paper((folder / "handouts" / "08.pdf").read_bytes()) > 5
    page = opened(browser, folder / "handouts" / "08.html")
    page.emulate_media(media="print")
    assert page.evaluate(SCROLLED) == []
    page.emulate_media(media="null")
    assert "counter(page)" in page.content()
    page = opened(browser, folder / "sheets" / "08.html")
    assert 1 <= sheets_of_paper(page.pdf(prefer_css_page_size=True)) <= 2


def sheets_of_paper(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
