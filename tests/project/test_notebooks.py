"""The stored notebooks say what a fresh run says, on an old CPU, too.

Of each notebook there are two builds: the source with the solutions, where an exercise
that is not solved is an error, runs here; the learner's, where it is a sentence, is run
and compared in a browser by `test_browser`, on this CPU.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest

from tools.build import (
    OPEN,
    STUB,
    build,
    check,
    choose,
    drifts,
    learners_path,
    tidy,
    without_solutions,
)
from tools.notebooks import (
    CAPSTONES,
    FOLDER,
    LEARNERS,
    LEARNERS_CAPSTONES,
    SOURCES,
    environment,
    faults,
    title,
)

LIMIT_NOTEBOOK, LIMIT_CELL = 25, 5
NBVAL = "--nbval --nbval-current-env --nbval-cell-timeout=600 --quiet --no-header"

ALL = SOURCES + CAPSTONES
each_build = pytest.mark.parametrize(
    "path", ALL + LEARNERS + LEARNERS_CAPSTONES, ids=title
)
CPU = "Prescott"  # rounds in another order than the CPUs of today


@pytest.mark.parametrize("path", ALL, ids=title)
def test_a_fresh_run_on_an_old_cpu_gives_the_stored_outputs(
    path: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    times = tmp_path / "times.xml"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *NBVAL.split(), f"--junit-xml={times}", path],
        cwd=FOLDER.parent,
        env=clean_environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    name = f"{title(path)} on {CPU}"
    if run.returncode:
        pytest.fail(f"{name}\n{run.stdout}{run.stderr}", pytrace=False)
    record_property("notice", f"{name}: {spent(times)}")


def clean_environment(folder: Path) -> dict[str, str]:
    """Return the variables of a run on an old CPU, without settings of the user's."""
    mine = {"JUPYTER_CONFIG_DIR": str(folder), "OPENBLAS_CORETYPE": CPU}
    return environment(folder, strict=True) | mine


def spent(times: Path) -> str:
    """Return in words how long a notebook and its slowest cell took."""
    cells = {
        case.get("name", ""): float(case.get("time", 0))
        for case in ElementTree.parse(times).iter("testcase")
    }
    total, slowest = sum(cells.values()), max(cells, key=lambda name: cells[name])
    late = total > LIMIT_NOTEBOOK or cells[slowest] > LIMIT_CELL
    words = f"{total:.1f} s, of which {slowest} {cells[slowest]:.1f} s"
    return f"{words}: TOO SLOW" if late else words


@each_build
def test_a_stored_notebook_keeps_the_rules(path: Path) -> None:
    assert faults(json.loads(path.read_text(encoding="utf-8")), title(path)) == []


HELP = {"hint", "progress", "solution", "source"}


@pytest.mark.parametrize("path", ALL, ids=title)
def test_every_notebook_brings_the_help_that_a_learner_may_ask_for(path: Path) -> None:
    code = "\n".join(
        "".join(cell["source"])
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    )
    lines = [line for line in code.splitlines() if "rnncourse import" in line]
    brought = set(re.findall(r"\w+", " ".join(lines)))
    assert ({"capstone", "check"} if path in CAPSTONES else HELP) <= brought


def test_each_source_has_its_learners_build() -> None:
    assert list(map(learners_path, ALL)) == LEARNERS + LEARNERS_CAPSTONES


@pytest.mark.parametrize("source", ALL, ids=title)
def test_the_learners_build_is_what_nbgrader_makes_of_the_source(source: Path) -> None:
    made, stored = (
        [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in book.cells]
        for book in (
            without_solutions(nbformat.read(source, as_version=4)),
            nbformat.read(learners_path(source), as_version=4),
        )
    )
    assert stored == made


def png(width: int, height: int) -> str:
    size = width.to_bytes(4) + height.to_bytes(4)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size).decode()


def notebook(source: str = "1 + 1", output: Any = None, **metadata: Any) -> Any:
    cell = nbformat.v4.new_code_cell(source, execution_count=1, metadata=metadata)
    cell.outputs = [] if output is None else [output]
    return nbformat.v4.new_notebook(cells=[cell])


def display(**data: str) -> Any:
    mimetypes = {kind.replace("_", "/"): text for kind, text in data.items()}
    return nbformat.v4.new_output("display_data", mimetypes)


def stream(text: str, name: str = "stdout") -> Any:
    return nbformat.v4.new_output("stream", name=name, text=text)


ALT = "The norm of the gradient falls from 1 to 0.03 in 40 steps."
SICK = {
    "stores a picture as SVG": notebook(output=display(**{"image_svg+xml": "<svg/>"})),
    "ends with a semicolon": notebook("plot();"),
    "is empty": notebook(" "),
    "has 21 lines": notebook("\n".join(["x = 1"] * 21)),
    "more than 88 characters": notebook("x" * 89),
    "switches off the comparison": notebook("# NBVAL_SKIP\n1"),
    "off the comparison of its output": notebook(tags=["nbval-ignore-output"]),
    "shows a memory address": notebook(output=stream("<Cell object at 0x7f11>")),
    "shows an absolute path": notebook(output=stream("see /home/ada/rnn")),
    "shows a timing": notebook(output=stream("took 12.5 ms")),
    "writes to stderr": notebook(output=stream("careful", "stderr")),
    "stores an error: KeyError": notebook(
        output=nbformat.v4.new_output(
            "error", ename="KeyError", evalue="", traceback=[]
        )
    ),
    "without alt text": notebook(
        output=display(image_png=png(800, 400), text_plain="<Figure size 800x400>")
    ),
    "larger than 840 x 420": notebook(
        output=display(image_png=png(900, 400), text_plain=ALT)
    ),
}


@pytest.mark.parametrize("fault", SICK)
def test_the_rules_see_the_fault(fault: str) -> None:
    assert [fault in found for found in faults(SICK[fault], "sick")] == [True]


@pytest.mark.parametrize("count", [None, 2])
def test_the_rules_see_a_cell_that_was_not_run_in_order(count: int | None) -> None:
    unrun = notebook()
    unrun.cells[0].execution_count = count
    assert faults(unrun, "sick") == ["sick was not run from top to bottom"]


def test_the_rules_see_a_missing_and_a_doubled_id() -> None:
    missing, doubled = notebook(), notebook()
    del missing.cells[0]["id"]
    doubled.cells.append(nbformat.v4.new_markdown_cell("", id=doubled.cells[0].id))
    for sick in (missing, doubled):
        assert faults(sick, "sick") == ["sick has cells without an id of their own"]


def test_the_rules_see_the_state_of_widgets() -> None:
    sick = notebook()
    sick.metadata.widgets = {}
    assert faults(sick, "sick") == ["sick stores the state of widgets"]


def test_the_rules_see_a_heavy_notebook() -> None:
    sick = notebook()
    sick.cells.append(nbformat.v4.new_markdown_cell("x" * 800_000))
    assert [fault.split(", ")[1] for fault in faults(sick, "sick")] == [
        "more than 800000"
    ]


def test_a_sound_notebook_has_no_fault() -> None:
    assert (
        faults(notebook(output=display(image_png=png(840, 420), text_plain=ALT)), "")
        == []
    )


def test_a_changed_text_is_drift_and_changed_pixels_are_not() -> None:
    stored = notebook(output=display(image_png=png(840, 420), text_plain=ALT))
    repainted = notebook(output=display(image_png=png(800, 400), text_plain=ALT))
    reworded = notebook(output=display(image_png=png(840, 420), text_plain="It falls."))
    for fresh in (repainted, reworded):
        fresh.cells[0].id = stored.cells[0].id
    assert list(drifts(stored, repainted)) == []
    assert list(drifts(stored, reworded)) == [
        "cell 1 gives another output than the stored one"
    ]


@pytest.mark.parametrize("still", ["image_png", "text_html"])
def test_a_widget_with_a_still_form_is_stored_as_that(still: str) -> None:
    shown = display(**{still: "still", "text_plain": ALT})
    shown.data["application/vnd.jupyter.widget-view+json"] = {"model_id": "1f3b"}
    both = notebook(output=shown)
    tidy(both)
    assert set(both.cells[0].outputs[0].data) == {still.replace("_", "/"), "text/plain"}


def test_tidying_leaves_the_tags_and_drops_the_clock() -> None:
    timed = notebook(tags=["exercise"], execution={"iopub.execute_input": "12:00"})
    tidy(timed)
    assert timed.cells[0].metadata == {"tags": ["exercise"]}
    assert timed.metadata.language_info == {"name": "python"}


def source_in(folder: Path, small: Any) -> Path:
    """Store a notebook as a source; return its path."""
    path = folder / "solutions" / "small.ipynb"
    path.parent.mkdir()
    nbformat.write(small, path)
    return path


def test_building_twice_stores_the_same_bytes(tmp_path: Path) -> None:
    source = source_in(tmp_path, notebook("[value**2 for value in range(3)]"))
    both = source, learners_path(source)
    assert build(source) == ""
    first = [path.read_bytes() for path in both]
    assert build(source) == ""
    assert [path.read_bytes() for path in both] == first
    assert check(source) == ""
    both[1].write_bytes(first[1].replace(b"[0, 1, 4]", b"[0, 1, 3]"))
    assert check(source) == (
        "small.ipynb: cell 1 gives another output than the stored one"
    )


SOLVED = """\
def cube(value):
    \"""Return the third power.\"""
    ### BEGIN SOLUTION
    return value * value * value
    ### END SOLUTION"""
GRADER = {
    "schema_version": 3,
    "solution": True,
    "grade": False,
    "locked": False,
    "task": False,
    "grade_id": "cube",
}


def test_the_learners_build_has_a_stub_and_all_else_unchanged(tmp_path: Path) -> None:
    small = notebook(SOLVED, nbgrader=GRADER, tags=["exercise"])
    small.cells.append(nbformat.v4.new_code_cell("# cube(3) would be\n27", id="after"))
    source = source_in(tmp_path, small)
    assert build(source) == ""
    solved = nbformat.read(source, as_version=4)
    learners = nbformat.read(learners_path(source), as_version=4)
    head = SOLVED.split("    ###")[0]
    assert learners.cells[0].source == f"{head}    {STUB}"
    learners.cells[0].source = solved.cells[0].source
    assert learners == solved


OPEN_CELL = """\
answer = None
### BEGIN SOLUTION
answer = 3 * 14
### END SOLUTION
answer"""


def test_what_is_answered_outside_of_a_function_is_left_open(tmp_path: Path) -> None:
    source = source_in(tmp_path, notebook(OPEN_CELL, nbgrader=GRADER))
    assert build(source) == ""
    (cell,) = nbformat.read(learners_path(source), as_version=4).cells
    assert cell.source == f"answer = None\n{OPEN}\nanswer"
    assert cell.outputs == []


def test_a_capstone_is_built_beside_the_capstones(tmp_path: Path) -> None:
    source = tmp_path / "solutions" / "capstones" / "small.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook("1 + 1"), source)
    assert title(source) == "solutions/capstones/small.ipynb"
    assert build(source) == ""
    assert learners_path(source) == tmp_path / "capstones" / "small.ipynb"
    assert title(learners_path(source)) == "capstones/small.ipynb"
    assert learners_path(source).exists()


def test_only_the_solutions_are_run_strictly_and_nothing_is_solved_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNLIB_STRICT", "1")
    monkeypatch.setenv("RNNLIB_PROGRESS", str(tmp_path / "mine.json"))
    asked = notebook(
        'import os\n\nstrict = "RNNLIB_STRICT" in os.environ\n'
        'strict, os.path.exists(os.environ["RNNLIB_PROGRESS"])'
    )
    source = source_in(tmp_path, asked)
    assert build(source) == ""
    said = [
        nbformat.read(path, as_version=4).cells[0].outputs[0].data["text/plain"]
        for path in (source, learners_path(source))
    ]
    assert said == ["(True, False)", "(False, False)"]


def test_a_learners_build_that_was_edited_by_hand_is_drift(tmp_path: Path) -> None:
    source = source_in(tmp_path, notebook("1 + 1"))
    assert build(source) == ""
    path = learners_path(source)
    path.write_text(path.read_text("utf-8").replace("1 + 1", "3 - 1"), "utf-8")
    assert check(source) == "small.ipynb: cell 1 has another source"


@pytest.mark.parametrize(
    ("sick", "words"),
    [
        (notebook("1 + 1;"), "small.ipynb cell 1 ends with a semicolon"),
        (
            notebook(SOLVED + "\n\n# value * value * value", nbgrader=GRADER),
            "small.ipynb cell 1 gives away a solution: value * value * value",
        ),
    ],
    ids=["rule", "leak"],
)
def test_a_notebook_that_breaks_a_rule_is_not_stored(
    tmp_path: Path, sick: Any, words: str
) -> None:
    source = source_in(tmp_path, sick)
    before = source.read_bytes()
    assert words in build(source)
    assert source.read_bytes() == before
    assert list(tmp_path.rglob("*.*")) == [source]


def test_an_error_says_in_which_build_it_is(tmp_path: Path) -> None:
    source = source_in(tmp_path, notebook("1 / 0"))
    with pytest.raises(RuntimeError, match=r"(?s)^with the solutions: .*ZeroDivision"):
        build(source)


def test_a_solution_outside_a_solution_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="non-solution cell"):
        build(source_in(tmp_path, notebook(SOLVED)))


def test_an_unknown_notebook_gets_the_list() -> None:
    with pytest.raises(SystemExit, match=r"no notebook 99; there are: .*start"):
        choose(["99"])


def test_the_first_letters_of_a_notebook_are_enough() -> None:
    assert [path.stem for path in choose(["start"])] == ["start_here"]
    assert [path.stem for path in choose(["capstones/forecast"])] == ["forecast"]
    assert choose([]) == ALL
