"""The reading edition: pages that answer without a kernel, a server or a network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from playwright.sync_api import Locator

from rnncourse.explorers import explorers
from rnncourse.exploring.controls import LogSlider, Slider, Switches, Text
from tools.lab import Browser
from tools.looks import pale
from tools.notebooks import FOLDER, of_cells
from tools.pages.lessons import find, shown
from tools.site.reading import __main__ as program
from tools.site.reading.frames import MOST, Gallery, chosen_of, gallery, opening
from tools.site.reading.pictures import Pictures, packed
from tools.site.reading.start import start
from tools.site.reading.stops import stops, thinned
from tools.site.reading.writing import Written, pages, write_reading

NAMES = ["start_here", "02", "dates", "glossary"]
LESSON = "read/02_the_forward_pass.html"
MOST_BYTES = 6_000_000
WIDTHS = 360, 768, 1366
THEMES = "light", "dark"
STICKS_OUT = """() => [...document.querySelectorAll('body *')]
  .filter(part => part.getBoundingClientRect().right > innerWidth + 0.5)
  .filter(part => !part.parentElement.closest('pre, .wide, .formula, .long'))
  .map(part => part.outerHTML.slice(0, 80))"""
SEEN = """async part => {
  const [image, verdict, values] = ['img', '.verdict', '.set']
    .map(kind => part.querySelector(kind));
  part.scrollIntoView();  // a picture that is not in view is not loaded
  await image.decode();
  const words = [image.alt, verdict.textContent, values.textContent];
  return [image.getAttribute('src'), ...words];
}"""
UNFOLD = "document.querySelectorAll('details').forEach(part => { part.open = true })"
OUTLINED = """() => {
  const part = document.activeElement, style = getComputedStyle(part);
  return [part.textContent.trim() || part.id, style.outlineStyle, style.outlineWidth];
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site") / "a new one"


@pytest.fixture(scope="module")
def written(folder: Path) -> list[Written]:
    """Write the site; its start page shows the last explorer of lesson 02."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tools.site.reading.writing.EXAMPLE", "one_neuron")
        return list(pages(folder, NAMES, repository=""))


@pytest.fixture(scope="module")
def read(folder: Path, written: list[Written]) -> dict[str, Any]:
    """Return the pages by their places in the folder."""
    return {
        path.relative_to(folder).as_posix(): lxml.html.parse(path).getroot()
        for path in folder.rglob("*.html")
    }


@pytest.fixture(scope="module")
def neuron() -> Gallery:
    """Return the last explorer of lesson 02, made anew from its cell."""
    cells = find(["02"])[0].notebook.cells
    return gallery(next(cell for cell in cells if cell.id == "s6-neuron"))


@pytest.fixture(scope="module")
def asked_elsewhere(folder: Path) -> list[str]:
    return []


@pytest.fixture(scope="module")
def browser(
    browser_path: str,
    folder: Path,
    written: list[Written],
    asked_elsewhere: list[str],
) -> Iterator[Browser]:
    def on_request(request: Any) -> None:
        if not request.url.startswith(folder.as_uri()):
            asked_elsewhere.append(request.url)

    with Browser(browser_path) as found:
        found.page.on("request", on_request)
        yield found


def opened(browser: Browser, folder: Path, place: str = LESSON) -> list[Locator]:
    """Open a page of the site; return its explorers."""
    browser.page.goto((folder / place).as_uri())
    return browser.page.locator(".explorer").all()


def seen(explorer: Locator) -> tuple[str, ...]:
    """Return picture, alt text, verdict and values, as they stand on the page."""
    return tuple(explorer.evaluate(SEEN))


def changed(explorer: Locator, before: tuple[str, ...]) -> tuple[str, ...]:
    """Return what an explorer shows as soon as it shows other values than before."""
    differs = "([part, old]) => part.querySelector('.set').textContent !== old"
    handle = explorer.element_handle()
    explorer.page.wait_for_function(differs, arg=[handle, before[-1]])
    return seen(explorer)


def test_a_page_a_lesson_is_written_and_none_is_large(
    folder: Path, written: list[Written]
) -> None:
    assert [each.path.name for each in written] == [
        "start_here.html",
        "02_the_forward_pass.html",
        "dates.html",
        "glossary.html",
    ]
    for each in written:
        beside = each.path.with_name(f"{each.path.stem}_pictures").glob("*")
        sizes = [path.stat().st_size for path in (each.path, *beside)]
        assert each.size == sum(sizes) < MOST_BYTES
        assert each.pictures == len(sizes) - 1
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {
        ".html",
        ".png",
    }


def test_every_link_leads_to_a_place_or_a_notebook_that_is_there(
    read: dict[str, Any], folder: Path
) -> None:
    for name, page in read.items():
        links = [link.get("href") for link in page.iter("a")]
        assert len(links) > 4, name
        for link in links:
            place = urlsplit(link)
            assert not place.netloc, (name, link)
            if place.query:
                (path,) = parse_qs(place.query)["path"]
                assert (FOLDER / path).is_file(), (name, link)
                assert (folder / name).parent.joinpath(place.path).resolve() == (
                    folder / "lab/index.html"
                )
                continue
            key = name
            if place.path:
                other = (folder / name).parent / place.path
                key = other.resolve().relative_to(folder.resolve()).as_posix()
            assert key in read, (name, link)
            if place.fragment:
                assert read[key].get_element_by_id(place.fragment) is not None


def test_every_page_can_be_reached_and_leads_to_its_lesson_in_the_browser(
    read: dict[str, Any],
) -> None:
    links = [link.get("href") for link in read["index.html"].iter("a")]
    for name, page in read.items():
        if name != "index.html":
            found = {link.get("href") for link in page.iter("a")}
            (lab,) = {href for href in found if "lab/" in href}
            assert name in links
            assert lab.removeprefix("../") in links


def test_every_picture_has_its_words_and_is_there(
    read: dict[str, Any], folder: Path
) -> None:
    count = 0
    for name, page in read.items():
        for image in page.iter("img"):
            assert len(image.get("alt")) > 20
            assert (folder / name).parent.joinpath(image.get("src")).is_file()
            count += 1
    assert count == 6


def test_nothing_is_solved_and_no_formula_is_left_as_latex(
    read: dict[str, Any], written: list[Written]
) -> None:
    text = written[1].path.read_text(encoding="utf-8")
    assert "NotImplementedError" in text
    for words in ("BEGIN SOLUTION", "not tried yet", "$$", "Answer here, or with"):
        assert words not in text, words
    assert len(read[LESSON].findall(".//math")) > 20


def test_a_stored_frame_is_what_the_explorer_shows_there(
    folder: Path, written: list[Written], neuron: Gallery
) -> None:
    made, live = neuron, explorers()["one_neuron"]()
    (moved,) = made.moved
    assert made.first.alt == repr(live)
    shelf = folder / "read/02_the_forward_pass_pictures"
    stored = {path.read_bytes() for path in shelf.iterdir()}
    for stop in (0, 9, len(moved.stops) - 1):
        live.set(w=float(moved.stops[stop]))
        frame = made.frames[stop]
        assert frame.picture == live.image.value
        assert frame.verdict in live.verdict.value
        assert frame.values.startswith(f"{moved.label}: {moved.stops[stop]} · ")
        assert packed(frame.picture) in stored
    for preset in made.presets:
        live.presets[preset.words].click()
        assert preset.frame.picture == live.image.value


def test_each_explorer_follows_the_keys(browser: Browser, folder: Path) -> None:
    shown_there = opened(browser, folder)
    assert len(shown_there) == 4
    kinds, retold = set(), 0
    for explorer in shown_there:
        opens = now = seen(explorer)
        for control in explorer.locator(".move input, .move select").all():
            kinds.add(control.evaluate("part => part.type"))
            control.focus()
            forth, back = ("ArrowDown", "ArrowUp")
            if control.evaluate("part => part.type") == "range":
                forth, back = ("ArrowRight", "ArrowLeft")
            is_last = "part => part.value == (part.max || part.options.length - 1)"
            control.press(back if control.evaluate(is_last) else forth)
            now = changed(explorer, now)
        assert now[0] != opens[0]
        retold += now[1] != opens[1]
        explorer.get_by_role("button", name="reset").press("Space")
        assert changed(explorer, now) == opens
    assert kinds == {"range", "select-one"}
    assert retold >= 3  # one says the same of a step to the side
    assert browser.faults == []


def test_the_start_page_shows_an_explorer_that_moves(
    browser: Browser, folder: Path
) -> None:
    (explorer,) = opened(browser, folder, "index.html")
    opens = seen(explorer)
    explorer.locator("input").press("End")
    last = changed(explorer, opens)
    assert last[0].startswith("read/02_the_forward_pass_pictures/")
    explorer.get_by_role("button", name="grows").press("Space")
    assert len({last[0], opens[0], changed(explorer, last)[0]}) == 3


def test_a_slider_moves_through_all_stops_and_a_preset_shows_its_own_frame(
    browser: Browser, folder: Path
) -> None:
    explorer = opened(browser, folder)[-1]
    made = gallery(
        next(c for c in find(["02"])[0].notebook.cells if c.id == "s6-neuron")
    )
    slider = explorer.locator("input")
    opens = seen(explorer)
    slider.press("Home")
    now = changed(explorer, opens)
    for frame, stop in zip(made.frames[1:], made.moved[0].stops[1:], strict=True):
        slider.press("ArrowRight")
        now = changed(explorer, now)
        assert now[1:3] == (frame.alt, frame.verdict)
        assert slider.get_attribute("aria-valuetext") == stop
        assert explorer.locator("output").inner_text() == stop
    for preset in made.presets:
        button = explorer.get_by_role("button", name=preset.words, exact=True)
        button.press("Space")
        now = changed(explorer, now)
        assert now[1:3] == (preset.frame.alt, preset.frame.verdict)
        assert button.get_attribute("aria-pressed") == "true"
        assert slider.get_attribute("value") is not None
        assert int(slider.input_value()) == preset.at[0]
    assert browser.faults == []


def test_every_control_is_reached_by_tab_and_its_focus_is_seen(
    browser: Browser, folder: Path
) -> None:
    explorer = opened(browser, folder)[-1]
    explorer.locator("button").first.focus()
    reached = []
    for _ in range(explorer.locator("button, input, select, summary, a").count()):
        words, style, width = browser.page.evaluate(OUTLINED)
        reached.append(words)
        assert (style, width) == ("solid", "3px"), words
        browser.page.keyboard.press("Tab")
    assert reached[0] == "decays"
    assert reached[-3].startswith("move-")
    assert reached[-2:] == ["What you can now claim", "Open the lesson"]


@pytest.mark.parametrize("place", ["index.html", LESSON, "read/start_here.html"])
def test_a_page_is_whole_at_every_width_and_easily_read_in_both_themes(
    browser: Browser, folder: Path, place: str
) -> None:
    page = browser.page
    opened(browser, folder, place)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(STICKS_OUT) == []
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true })"
    )
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert pale(page, "body") == []
    page.emulate_media(color_scheme="light")
    assert browser.faults == []


def test_the_switch_changes_the_theme_and_is_remembered(
    browser: Browser, folder: Path
) -> None:
    page, paper = browser.page, "getComputedStyle(document.body).backgroundColor"
    opened(browser, folder)
    light = page.evaluate(paper)
    page.get_by_role("button", name="Switch to dark").press("Space")
    dark = page.evaluate(paper)
    assert dark != light
    opened(browser, folder, "index.html")
    assert page.evaluate(paper) == dark
    page.get_by_role("button", name="Switch to light").press("Space")
    assert page.evaluate(paper) == light


def test_without_a_script_each_explorer_still_shows_how_it_opens(
    browser: Browser, folder: Path
) -> None:
    context = browser.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    page.goto((folder / LESSON).as_uri())
    explorer = page.locator(".explorer").first
    assert explorer.locator("img").is_visible()
    assert explorer.locator(".verdict").is_visible()
    assert not explorer.locator("button").first.is_visible()
    context.close()


def test_nothing_was_asked_of_anywhere_else(
    browser: Browser, folder: Path, asked_elsewhere: list[str]
) -> None:
    for place in (LESSON, "index.html", "read/glossary.html"):
        opened(browser, folder, place)
        browser.page.wait_for_load_state("networkidle")
    assert asked_elsewhere == []
    assert browser.faults == []


def test_what_was_moved_last_is_not_told_at_the_opening() -> None:
    cells = find(["08"])[0].notebook.cells
    (cell,) = (cell for cell in cells if cell.source == "gate_desk()")
    made = gallery(cell)
    assert made.first.alt == cell.outputs[0].metadata["image/png"].alt
    assert len({frame.alt for frame in made.frames}) == len(made.frames)


@pytest.mark.parametrize("name", list(explorers()))
def test_every_explorer_has_something_to_move_and_few_frames(name: str) -> None:
    explorer = explorers()[name]
    opens = {name: each.value for name, each in explorer.controls.items()}
    chosen = chosen_of(explorer, opens)
    moves = [n for n, each in explorer.controls.items() if stops(each)]
    assert next(iter(chosen)) == moves[0]
    assert 2 <= math.prod(map(len, chosen.values())) <= MOST
    for each, values in chosen.items():
        assert values.count(opens[each]) == 1
        assert len(set(values)) == len(values) > 1


def test_a_thinned_slider_keeps_its_ends_and_what_is_named() -> None:
    every = stops(LogSlider("x", 0.01, 10, 1))
    assert len(every) == 61
    assert every[20] == pytest.approx(0.1)
    assert stops(Slider("x", 0, 1, 0.5, step=0.25)) == [0, 0.25, 0.5, 0.75, 1]
    few = thinned(every, 11, [1, 10**0.3])
    assert len(few) <= 11
    assert few[0] == 0.01
    assert few[-1] == pytest.approx(10)
    assert {1, 10**0.3} <= {*few}
    assert few == sorted(few)
    assert stops(Text("x", "")) == stops(Switches("x", "01")) == ()


def test_a_page_that_is_written_again_leaves_no_old_picture(tmp_path: Path) -> None:
    made = explorers()["loss_curve"]()
    first, second = Pictures(tmp_path), Pictures(tmp_path)
    old, width, height = first.add(bytes(made.image.value))
    made.set(p=0.9)
    new, _, _ = second.add(bytes(made.image.value))
    assert (width, height) == made.view.size
    assert {path.name for path in tmp_path.iterdir()} == {old, new}
    second.forget_others()
    assert [path.name for path in tmp_path.iterdir()] == [new]
    assert second.size == (tmp_path / new).stat().st_size


def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert program.main([str(tmp_path / "new"), "44"]) == 1
    assert "There is no lesson '44'" in capsys.readouterr().err
    assert program.main([str(tmp_path / "taken"), "glossary"]) == 1
    assert "taken/read'; name another folder." in capsys.readouterr().err
    words = [str(tmp_path / "new"), "notation", "--repository", "nobody"]
    assert program.main(words) == 1
    assert "OWNER/NAME, got 'nobody'" in capsys.readouterr().err
    (cell,) = of_cells("hello_table(**options())").cells
    assert shown(cell) is explorers()["hello_table"]
    with pytest.raises(ValueError, match="plain values by name, got"):
        opening(cell)


def test_a_workflow_names_its_own_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/rnnlib")
    write_reading(tmp_path, ["notation", "14"])
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "https://mybinder.org/v2/gh/someone/rnnlib/HEAD?labpath=notebooks/14" in page
    assert "git+https://github.com/someone/rnnlib" in page


def test_the_start_page_leads_to_colab_and_binder_if_it_knows_the_repository() -> None:
    lessons = find(["05", "dates", "glossary"])
    labs = ["../lab/index.html?path=x.ipynb"] * 3
    assert "public repository" in start(lessons, labs)
    assert start(lessons, labs).count('class="explorer"') == 0
    page = start(lessons, labs, "someone/rnnlib")
    assert "public repository" not in page
    assert page.count("https://mybinder.org/v2/gh/someone/rnnlib/HEAD") == 2
    assert (
        'href="https://colab.research.google.com/github/someone/rnnlib/blob/main/'
        'notebooks/05_vanishing_and_exploding_gradients.ipynb"' in page
    )
    assert "notebooks/capstones/dates.ipynb" in page
    assert 'href="lab/index.html?path=x.ipynb"' in page
