"""Sheets and handouts: nothing from a network, nothing lost, nothing given away."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from classroom.pages import command
from classroom.pages.converting import Handout, Slides
from classroom.pages.plan import plan, skippable, stretches
from classroom.pages.sheets import begins, hints, promise, votes
from rnncourse.catalogue import exercises
from rnncourse.checking.capstone import Capstone
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.reports import PASSED
from tools.pages.converting import right
from tools.pages.formulas import display, mathml
from tools.pages.lessons import Lesson, find

LESSONS = find([])
NAMES = ["04", "dates", "glossary"]
MATH = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
PLACES = "src", "href", "srcset", "data", "action", "poster", "xlink:href"


class Page(HTMLParser):
    """What a page holds: its tags, the words outside of code, and its places."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text, self.style, self._open = "", "", list[str]()
        self.feed(html)

    @property
    def ids(self) -> set[str]:
        return {given["id"] for _, given in self.tags if "id" in given}

    def all(self, tag: str) -> list[dict[str, str]]:
        return [given for name, given in self.tags if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("pre", "code", "style", "script"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.text += data
        elif self._open[-1] == "style":
            self.style += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of a lesson, a capstone and the glossary."""
    folder = tmp_path_factory.mktemp("pages") / "a new one"
    assert command.main([str(folder), *NAMES]) == 0
    return folder


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    """Return the pages by their places in the folder."""
    return {
        path.relative_to(folder).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.html")
    }


def test_a_lesson_has_three_pages_and_a_page_to_look_things_up_in_has_one(
    pages: dict[str, Page],
) -> None:
    kinds = "sheets", "slides", "handouts"
    taught = {f"{kind}/{name}.html" for kind in kinds for name in ("04", "dates")}
    assert set(pages) == taught | {"index.html", "handouts/glossary.html"}


def test_no_page_asks_for_anything_from_elsewhere(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert not page.all("link"), name
        assert not re.findall(r"@import|url\(", page.style), name
        for tag, given in page.tags:
            for place in (given[key] for key in PLACES if key in given):
                inside = tag == "a" or place.startswith("data:image/png;base64,")
                assert inside, (name, tag, place[:80])


def test_no_link_is_dead(pages: dict[str, Page], folder: Path) -> None:
    for name, page in pages.items():
        for link in page.all("a"):
            place, _, id = link["href"].partition("#")
            other = (folder / name).parent / place if place else folder / name
            key = other.resolve().relative_to(folder.resolve()).as_posix()
            assert key in pages, (name, link)
            if id and not id.startswith("part-"):  # those are counted by the script
                assert id in pages[key].ids, (name, link)


def test_the_glossary_leads_into_the_lessons_that_were_printed(
    pages: dict[str, Page],
) -> None:
    links = [link["href"] for link in pages["handouts/glossary.html"].all("a")]
    assert "04.html#cell-id=s5" in links
    assert not any(".ipynb" in link for link in links)


@pytest.mark.parametrize("kind", ["slides", "handouts"])
def test_every_picture_is_there_with_its_words(
    pages: dict[str, Page], kind: str
) -> None:
    stored = [
        output.metadata["image/png"].alt
        for cell in _lesson("04").notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(stored) > 2
    assert [each["alt"] for each in pages[f"{kind}/04.html"].all("img")] == stored


def test_nothing_is_solved_and_no_report_of_open_work_is_printed(
    pages: dict[str, Page], folder: Path
) -> None:
    for name in pages:
        text = (folder / name).read_text(encoding="utf-8")
        for words in ("BEGIN SOLUTION", "not tried yet", "delete this line"):
            if not name.startswith("slides") or words != "delete this line":
                assert words not in text, (name, words)


def test_a_handout_has_room_for_each_answer(pages: dict[str, Page]) -> None:
    functions = [id for id, item in _asked("04") if isinstance(item, Exercise)]
    rooms = [
        given
        for given in pages["handouts/04.html"].all("div")
        if given.get("class") == "room"
    ]
    assert len(rooms) == len(functions)


def test_each_question_of_a_lesson_is_in_all_three_pages(
    pages: dict[str, Page],
) -> None:
    questions = [
        item for _, item in _asked("04") if not isinstance(item, Exercise | Capstone)
    ]
    assert len(questions) > 4
    for item in questions:
        assert isinstance(item.prompt, str)
        for kind in ("sheets", "slides", "handouts"):
            assert item.prompt in pages[f"{kind}/04.html"].text, (kind, item.id)


def test_slides_say_below_a_still_what_is_seen(pages: dict[str, Page]) -> None:
    text = pages["slides/04.html"].text
    assert "W_hh reaches the loss along 3 paths." in text
    assert "The forward pass is done: every state and every p is known." in text


def test_a_sheet_tells_promise_mistakes_formulas_and_what_to_leave_out(
    pages: dict[str, Page], folder: Path
) -> None:
    lesson, page = _lesson("04"), pages["sheets/04.html"]
    written = (folder / "sheets" / "04.html").read_text(encoding="utf-8")
    words = " ".join(page.text.split())
    assert promise(lesson) in words
    for number in (
        "10 with 4 steps, 36 with 8.",
        "In 3: the 3rd, the 6th and the 9th.",
    ):
        assert number in words
    assert "not measured" in words
    for _, item in _asked("04"):
        for mistake in getattr(item, "mistakes", ()):
            assert f": {begins(mistake.hint)}".replace("`", "") in words
            assert f"<code>{mistake.name}</code>: " in written
    formulas = [cell.source.count("$$") // 2 for cell in lesson.notebook.cells]
    boards = [
        given
        for given in page.all("span")
        if given.get("class", "").startswith("formula")
    ]
    assert len(boards) == sum(formulas)
    assert "Leave out 04.6" in words


def test_a_capstones_sheet_tells_the_lines_of_its_rubric(
    pages: dict[str, Page],
) -> None:
    (item,) = (item for _, item in _asked("dates") if isinstance(item, Capstone))
    for line in item.lines:
        assert line.name in pages["sheets/dates.html"].text


def _lesson(name: str) -> Lesson:
    (found,) = find([name])
    return found


def _asked(name: str) -> list[tuple[str, Any]]:
    return [
        (item.id, item) for section in _lesson(name).sections for item in section.items
    ]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_formula_becomes_mathml(lesson: Lesson) -> None:
    exporter = Handout()
    for cell in lesson.notebook.cells:
        if cell.cell_type == "markdown" and "$" in cell.source:
            page = Page(exporter.markdown2html({}, cell.source))
            formulas = MATH.findall(CODE.sub("", cell.source))
            assert len(page.all("math")) >= len(formulas), cell.id
            left = re.findall(r"\$|\\\w+|\\\W|&", page.text)
            assert not left, (cell.id, left)


@pytest.mark.parametrize("latex", [r"\unknown{x}", "a & b"])
def test_a_formula_that_cannot_be_shown_is_refused_with_its_latex(latex: str) -> None:
    with pytest.raises(ValueError, match=re.escape(latex)):
        mathml(latex)


def test_a_displayed_formula_wraps_at_its_wide_spaces_and_keeps_its_box() -> None:
    shown = display(r"\boxed{a = \frac{b \qquad c}{d}, \qquad e}")
    assert shown.startswith('<span class="formula boxed">')
    assert len(Page(shown).all("math")) == 2


@pytest.mark.parametrize(
    "lesson", [each for each in LESSONS if each.is_taught], ids=lambda each: each.name
)
def test_the_minutes_of_the_sections_are_those_of_the_lesson(lesson: Lesson) -> None:
    parts = plan(lesson)
    assert lesson.minutes >= 10
    assert sum(part.minutes for part in parts) == lesson.minutes
    starts = [part.begins for part in parts]
    assert starts == sorted(starts)
    if re.search(r"\bbreak\b", lesson.notebook.cells[0].source):
        assert any(part.ends_with_break for part in parts)


class Small(Lesson):
    """A lesson of two exercises and a stretch; a later cell uses the first."""

    @property
    def notebook(self) -> Any:
        return self.solved

    @property
    def solved(self) -> Any:
        text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
        cells = [
            text(
                "# 15 · Small\n\n**30 minutes.** A class of 20 minutes leaves it out."
            ),
            text("## 1 · One\n\n### Exercise 04.1"),
            code('check("04.1", slope)'),
            text("### Exercise 04.2"),
            code('check("04.2", step)'),
            text("## 2 · Two (*stretch*)\n\n### Exercise 04.3"),
            code('check("04.3", whole)'),
            code("print(slope(3))\nprint(whole(3))"),
        ]
        return nbformat.v4.new_notebook(cells=cells)


def test_late_one_leaves_out_the_stretch_and_then_what_nothing_uses(
    tmp_path: Path,
) -> None:
    lesson = Small("15", tmp_path / "15_small.ipynb")
    assert [item.id for item in stretches(lesson)] == ["04.3"]
    assert [item.id for item in skippable(lesson)] == ["04.2"]


def test_hints_are_told_whole_where_there_is_room_and_by_their_beginnings_else() -> (
    None
):
    known = [item for _, item in _asked("04") if isinstance(item, Exercise)]
    whole = hints(known, 10**6)[0][1][0][1]
    assert whole == known[0].mistakes[0].hint
    assert hints(known, 0)[0][1][0][1] == begins(whole)


def test_the_answer_that_a_page_tells_is_the_one_that_counts() -> None:
    for item in exercises().values():
        if isinstance(item, Exercise | Capstone):
            continue
        assert right(item)
        assert item.judge(item.right).state == PASSED


def test_an_explorers_question_is_voted_on_without_saying_predict_first_again() -> None:
    prompts = [vote.prompt for vote in votes(_lesson("04"))]
    assert "With 4 steps, along how many paths" in " ".join(prompts)
    assert not any("Predict first" in prompt for prompt in prompts)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["99"], "There is no lesson '99'; there are 00, 01"),
        (["../04"], "There is no lesson '../04'"),
        (["4", ""], "There is no lesson ''"),
    ],
)
def test_an_unknown_lesson_is_refused_before_anything_is_written(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(tmp_path / "new"), *words]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_place_of_the_folder_is_kept_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    assert command.main([str(taken), "dates"]) == 1
    assert "taken" in capsys.readouterr().err
    assert taken.read_text(encoding="utf-8") == "mine"


def test_without_a_browser_the_page_is_there_and_the_pdf_is_told_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classroom.pages.pdf.find_browser", lambda: None)
    assert command.main([str(tmp_path), "notation", "--pdf"]) == 1
    assert "none was found" in capsys.readouterr().err
    assert [path.name for path in tmp_path.glob("handouts/*")] == ["notation.html"]


def test_colours_are_read_easily_in_light_and_in_dark(pages: dict[str, Page]) -> None:
    style = pages["index.html"].style
    rules = re.findall(r":root\S* \{(.*?)\}", style, re.DOTALL)
    light, by_system, _, by_switch = rules
    assert by_system == by_switch
    found = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    dark = dict(re.findall(r"--([\w-]+): (#\w+);", by_system))
    for colours in (found, found | dark):
        papers = {colours.pop(name) for name in ("paper", "code")}
        colours.pop("line")
        for name, ink in colours.items():
            for paper in papers:
                assert contrast(ink, paper) >= 4.5, (name, ink, paper)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2 defines it."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return how bright a colour is, from 0 to 1."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    shares = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    ]
    return sum(w * s for w, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_slide_begins_with_the_title_the_contents_and_each_section() -> None:
    page, _ = Slides().from_notebook_node(Small("15", Path("x")).solved)
    assert len([g for g in Page(page).all("section") if g.get("class") == "part"]) == 4
