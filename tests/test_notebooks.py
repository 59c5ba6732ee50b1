"""The stored notebooks say what a fresh run says, on this CPU and on an old one."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest

from tools.build import build, check, choose, drifts, tidy
from tools.notebooks import FOLDER, NOTEBOOKS, faults

LIMIT_NOTEBOOK, LIMIT_CELL = 25, 5
NBVAL = "--nbval --nbval-current-env --nbval-cell-timeout=60 --quiet --no-header"

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.mark.parametrize("cpu", ["this CPU", "Prescott"])
@each_notebook
def test_a_fresh_run_gives_the_stored_outputs(
    path: Path, cpu: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    times = tmp_path / "times.xml"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *NBVAL.split(), f"--junit-xml={times}", path],
        cwd=FOLDER.parent,
        env=clean_environment(cpu, tmp_path),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if run.returncode:
        pytest.fail(f"{path.name} on {cpu}\n{run.stdout}{run.stderr}", pytrace=False)
    record_property("notice", f"{path.name} on {cpu}: {spent(times)}")


def clean_environment(cpu: str, folder: Path) -> dict[str, str]:
    """Return the variables of a run that knows no settings of the user's."""
    mine = {"IPYTHONDIR": str(folder), "JUPYTER_CONFIG_DIR": str(folder)}
    old = {"OPENBLAS_CORETYPE": cpu} if cpu == "Prescott" else {}
    return {**os.environ, **mine, **old}


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


@each_notebook
def test_a_stored_notebook_keeps_the_rules(path: Path) -> None:
    assert faults(json.loads(path.read_text(encoding="utf-8")), path.name) == []


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


def test_tidying_leaves_the_tags_and_drops_the_clock() -> None:
    timed = notebook(tags=["exercise"], execution={"iopub.execute_input": "12:00"})
    tidy(timed)
    assert timed.cells[0].metadata == {"tags": ["exercise"]}
    assert timed.metadata.language_info == {"name": "python"}


def test_building_twice_stores_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "small.ipynb"
    nbformat.write(notebook("[value**2 for value in range(3)]"), path)
    assert build(path) == ""
    first = path.read_bytes()
    assert build(path) == ""
    assert path.read_bytes() == first
    assert check(path) == ""
    path.write_bytes(first.replace(b"[0, 1, 4]", b"[0, 1, 3]"))
    assert check(path).startswith("small.ipynb: cell 1 gives another output")


def test_a_notebook_that_breaks_a_rule_is_not_stored(tmp_path: Path) -> None:
    path = tmp_path / "sick.ipynb"
    nbformat.write(notebook("1 + 1;"), path)
    before = path.read_bytes()
    assert build(path) == "sick.ipynb cell 1 ends with a semicolon"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_notebook_gets_the_list() -> None:
    with pytest.raises(SystemExit, match=r"no notebook 99; there are: .*start"):
        choose(["99"])


def test_the_first_letters_of_a_notebook_are_enough() -> None:
    assert [path.stem for path in choose(["start"])] == ["start_here"]
    assert choose([]) == NOTEBOOKS
