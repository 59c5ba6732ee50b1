"""The report names what was planted in a class, with counts, and loses no file."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from classroom.report.assigned import assigned
from classroom.report.collecting import Learner, collect
from classroom.report.command import main
from classroom.report.judging import judged
from classroom.report.outcomes import Outcome, outcomes
from classroom.report.programs import answers
from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.reports import NOT_TRIED, PASSED, WRONG
from tests.classroom.simulated import NAMES, answer, fill, handed_out, on_linux, write

Planted = dict[str, dict[str, str]]

RIGHT, STUB, OTHER = "right", "stub", "returns what it got"
# What the learners have done, in turn, of each exercise.
DONE = {
    "01.2": (RIGHT, "batch_first", RIGHT, "batch_first", "one_too_early", STUB),
    "01.8": (RIGHT, RIGHT, "the_last_one_wins", STUB, "averaged"),
    "04.2": ("forgot_the_slope", RIGHT, RIGHT, "forgot_the_slope", "not_transposed"),
    "04.4": (RIGHT, STUB, "only_the_last_loss", OTHER),
    "04.5": (RIGHT, "lost_the_repeats", STUB),
}
STARTED = datetime(2026, 11, 30, 9, tzinfo=UTC)


def planted() -> Planted:
    """Return what each learner has done of each exercise."""
    return {
        name: {id: done[n % len(done)] for id, done in DONE.items()}
        for n, name in enumerate(NAMES)
    }


def cell(id: str, done: str) -> str:
    if done == OTHER:
        return f"def {assigned()[id].name}(*arguments):\n    return arguments"
    return answer(id, "" if done == RIGHT else done)


def timed(notebook: Any, minutes: float) -> Any:
    """Return a notebook whose cells were run so long, as JupyterLab stores it."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for n, one in enumerate(cells):
        when = STARTED + timedelta(minutes=minutes * n / (len(cells) - 1))
        one["metadata"]["execution"] = {
            "iopub.execute_input": when.isoformat().replace("+00:00", "Z")
        }
    return notebook


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return nbgrader's folder of a class of 30 with planted mistakes."""
    folder = tmp_path_factory.mktemp("class")
    books = {lesson: handed_out(lesson) for lesson in ("01", "04")}
    for name, done in planted().items():
        for lesson, book in books.items():
            cells = {
                id: cell(id, what)
                for id, what in done.items()
                if id.startswith(lesson) and what != STUB
            }
            filled = fill(json.loads(json.dumps(book)), cells)
            if name == NAMES[0]:
                filled = timed(filled, 40)
            write(folder / "submitted" / name / lesson / f"{lesson}.ipynb", filled)
    (folder / "source").mkdir()  # nbgrader's own folders are nobody's answers
    write(folder / "source" / "04" / "04.ipynb", books["04"])
    return folder


@pytest.fixture(scope="module")
def report(classroom: Path) -> tuple[Any, list[dict[str, str]]]:
    """Return the page and the rows of the table of that class."""
    page, table = classroom / "report.html", classroom / "report.csv"
    assert main([str(classroom), f"--html={page}", f"--csv={table}"]) == 0
    return etree.parse(page, etree.HTMLParser()), rows_of(table)


def rows_of(table: Path) -> list[dict[str, str]]:
    with open(table, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


# ---------------------------------------------------------- what the report says


def test_the_table_says_of_each_learner_what_was_planted(report: Any) -> None:
    _, rows = report
    states = {RIGHT: (PASSED, ""), STUB: (NOT_TRIED, ""), OTHER: (WRONG, "")}
    found = {(row["learner"], row["exercise"]): row for row in rows}
    assert len(found) == len(rows) == 30 * (5 + 6)
    for name, done in planted().items():
        for id in assigned():
            if id[:2] in ("01", "04"):
                what = done.get(id, STUB)
                wanted = states.get(what, (WRONG, what))
                row = found[name, id]
                assert (row["state"], row["mistake"]) == wanted, (name, id)


def test_the_page_names_each_mistake_with_its_count_and_hint_most_frequent_first(
    report: Any,
) -> None:
    page, _ = report
    known = {
        (id, what): sum(done[id] == what for done in planted().values())
        for id, every in DONE.items()
        for what in every
        if what not in (RIGHT, STUB, OTHER)
    }
    told = page.findall(".//ol[@class='talk']/li")
    assert len(told) == len(known)
    counts = []
    for one in told:
        count = int(words(one.find(".//div[@class='many']")).split()[0])
        id, mistake = words(one.find(".//b"))[:4], words(one.find("./div/code"))
        item = exercise(id)
        assert isinstance(item, Exercise)
        hint = {m.name: m.hint for m in item.mistakes}[mistake]
        told_of = words(one).replace(f" {mistake}", " ", 1).replace("  ", " ")
        assert f"{id} · {item.title}: {hint}".replace("`", "") in told_of
        assert count == known.pop((id, mistake))
        counts.append(count)
    assert not known
    assert counts == sorted(counts, reverse=True)


def test_a_wrong_answer_without_a_name_is_told_in_the_words_of_the_check(
    report: Any,
) -> None:
    page, _ = report
    (row,) = [r for r in page.findall(".//tr") if words(r).startswith("04.4 ·")]
    unnamed = sum(done["04.4"] == OTHER for done in planted().values())
    assert f"{unnamed} × another fault." in words(row)
    assert "yours returns 3 things." in words(row)


def test_what_most_have_wrong_in_ways_without_a_name_is_to_be_talked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = json.dumps(handed_out("04"))
    one, two = cell("04.4", OTHER), cell("04.4", OTHER).replace("n arguments", "n 0")
    for name, done in zip(NAMES, (one, one, two, answer("04.4")), strict=False):
        cells = {"04.4": done, "04.5": cell("04.5", OTHER if name == NAMES[0] else "")}
        write(tmp_path / name / "04.ipynb", fill(json.loads(book), cells))
    page, table = tmp_path / "a.html", tmp_path / "a.csv"
    assert main([str(tmp_path), f"--html={page}", f"--csv={table}"]) == 0
    title = exercise("04.4").title
    assert f"  3 x 04.4 {title}: another fault" in capsys.readouterr().out
    (told,) = etree.parse(page, etree.HTMLParser()).findall(".//ol[@class='talk']/li")
    assert f"04.4 · {title}: another fault The check said, to 2 of them: " in words(
        told
    )
    assert words(told).endswith(", ".join(NAMES[:3]))


def test_the_page_shows_who_has_solved_what_and_how_long_it_took(report: Any) -> None:
    page, _ = report
    tables = page.findall(".//table[@class='states']")
    assert [len(table.findall(".//tbody/tr")) for table in tables] == [30, 30]
    for table, lesson in zip(tables, ("01", "04"), strict=True):
        head = [words(one) for one in table.findall(".//thead//th")]
        foot = [words(one) for one in table.findall(".//tfoot/tr/*")]
        for id in (id for id in DONE if id.startswith(lesson)):
            right = sum(done[id] == RIGHT for done in planted().values())
            assert foot[head.index(id)] == str(right)
        first, second = table.findall(".//tbody/tr")[:2]
        assert words(first).startswith(NAMES[0])
        assert words(first).endswith(" 40")
        assert words(second).endswith("not known")
    assert all(cell.get("scope") for cell in page.findall(".//th"))
    assert not page.findall(".//script")
    text = etree.tostring(page, encoding="unicode")
    assert not re.search(r"(src|href)=.(?!#)", text)


def test_without_names_the_page_has_the_same_numbers(
    classroom: Path, report: Any, tmp_path: Path
) -> None:
    few = tmp_path / "class"
    for name in NAMES[:3]:
        shutil.copytree(classroom / "submitted" / name, few / "submitted" / name)
    write(few / "submitted" / NAMES[0] / "04" / "old.ipynb", {"cells": []})
    page, table = tmp_path / "a.html", tmp_path / "a.csv"
    main([str(few), "--anonymous", f"--html={page}", f"--csv={table}"])
    text = page.read_text(encoding="utf-8") + table.read_text(encoding="utf-8-sig")
    assert not [name for name in NAMES if name in text]
    assert {"learner 1", "learner 2", "learner 3"} <= {*re.findall(r"learner \d", text)}
    assert "It has no cell of code." in text
    shown = Counter(row["state"] for row in rows_of(table))
    _, rows = report
    assert shown == Counter(r["state"] for r in rows if r["learner"] in NAMES[:3])


# ------------------------------------------------------------------- what comes in


def test_a_flat_folder_and_progress_files_and_no_file_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = fill(handed_out("04"), {"04.2": answer("04.2")})
    name = "04_back_propagation_through_time.ipynb"
    write(tmp_path / f"Zoë_van_Dam_{name}", book)
    write(tmp_path / f"Ana Ash_12345_assignsubmission_file_{name}", book)
    write(tmp_path / name, book)
    (tmp_path / "Ben_04.ipynb").write_text('{"cells": [{"cell', encoding="utf-8")
    (tmp_path / "Cem_list.ipynb").write_text("[1, 2]", encoding="utf-8")
    write(tmp_path / "Cem_odd.ipynb", {"cells": [{"cell_type": "code", "source": 5}]})
    write(tmp_path / "Dora_other.ipynb", {"cells": [
        {"cell_type": "code", "source": "1 + 1", "metadata": {}}
    ]})  # fmt: skip
    check = {"cell_type": "code", "source": 'check("04.2", step_backward)'}
    write(tmp_path / "Hana_04.ipynb", {"cells": [check]})
    states: dict[str, object] = {
        "04.3": [1],
        "04.2": WRONG,
        "A16": WRONG,
        "04.9": PASSED,
        "77.7": PASSED,
    }
    write(tmp_path / "Elif.json", {"version": 1, "exercises": states})
    write(tmp_path / "Femi" / ".progress.json", {"exercises": {"04.1": PASSED}})
    write(tmp_path / "=Gus.json", {"exercises": {"04.1": PASSED}})
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    page, table = tmp_path / "a.html", tmp_path / "a.csv"
    assert main([str(tmp_path), f"--html={page}", f"--csv={table}"]) == 0
    said = capsys.readouterr().err
    for file, sentence in {
        name: "It does not say whose it is",
        "Ben_04.ipynb": "It is no notebook, or a part of one: its JSON is broken.",
        "Cem_list.ipynb": "It is no notebook of version 4",
        "Cem_odd.ipynb": "It is no notebook of version 4",
        "Dora_other.ipynb": "It holds no exercise of the course",
        "package.json": "It is no progress file of the course",
    }.items():
        assert f"{tmp_path / file}: {sentence}" in said
        assert f"{file}</code>" in page.read_text(encoding="utf-8")
    rows = {(r["learner"], r["exercise"]): r["state"] for r in rows_of(table)}
    assert rows["Zoë_van_Dam", "04.2"] == rows["Ana Ash", "04.2"] == PASSED
    assert rows["Zoë_van_Dam", "A16"] == "not known"
    assert rows["Elif", "04.2"] == rows["Elif", "A16"] == WRONG
    assert rows["Elif", "04.1"] == rows["Hana", "04.2"] == NOT_TRIED
    assert rows["Femi", "04.1"] == rows["'=Gus", "04.1"] == PASSED
    assert "The loss of a sequence is the sum" in page.read_text(encoding="utf-8")


def test_of_two_files_the_newer_counts_and_the_other_is_named(tmp_path: Path) -> None:
    book = handed_out("04")
    old, new = (tmp_path / "Ana" / f"{name}.ipynb" for name in ("a", "b"))
    write(old, fill(book, {"04.2": answer("04.2")}))
    write(new, fill(book, {"04.2": answer("04.2", "forgot_the_slope")}))
    os.utime(old, (1, 1))
    learners, (trouble,) = collect([tmp_path])
    assert "1 - h" not in learners["Ana"].programs["04.2"]
    assert trouble.path == old
    assert trouble.words.endswith("older than b.ipynb, which counts.")


def test_as_stored_runs_nothing_and_believes_the_outputs(tmp_path: Path) -> None:
    item = exercise("04.2")
    assert isinstance(item, Exercise)
    book = fill(handed_out("04"), {"04.2": "raise SystemExit"})
    said = {
        "04.1": f"✔ 04.1 · {exercise('04.1').title}: right",
        "04.2": f"✘ 04.2 · {item.title}: not yet right\nAh.\n"
        f"Hint: {item.mistakes[0].hint}",
    }
    for one in book["cells"]:
        for id, text in said.items():
            if "".join(one["source"]).startswith(f'check("{id}"'):
                one["outputs"] = [{"data": {"text/plain": text.splitlines(True)}}]
    write(tmp_path / "Ana" / "04.ipynb", book)
    page, table = tmp_path / "a.html", tmp_path / "a.csv"
    words = [str(tmp_path), "--as-stored", f"--html={page}", f"--csv={table}"]
    assert main(words) == 0
    rows = {row["exercise"]: row for row in rows_of(table)}
    assert rows["04.1"]["state"] == PASSED
    assert rows["04.2"]["mistake"] == item.mistakes[0].name
    assert rows["04.3"]["state"] == NOT_TRIED


def test_capstones_are_read_from_outputs_and_functions_are_not() -> None:
    stored = {"14.1": Outcome(WRONG), "04.1": Outcome(PASSED)}
    learners = {"Ana": Learner("Ana", stored=stored)}
    assert judged(learners) == {"Ana": {"14.1": Outcome(WRONG)}}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere"], "FOLDER must be a folder of submissions, got nowhere"),
        ([], "Nothing to report: no usable file of a learner was found."),
    ],
)
def test_nothing_to_report_is_one_sentence(
    words: list[str], sentence: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(words) == 1
    assert sentence in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


# ------------------------------------------------------------------ running answers


def test_an_answer_brings_what_it_uses_and_leaves_out_what_it_does_not() -> None:
    cells = [
        "%matplotlib inline\nfactor = 2\nraise SystemExit",
        "h = train_for_an_hour()",  # a local variable has the same name
        "def helper(x):\n    h = np.asarray(x)\n    return factor * h",
        "def step_backward(a, b, c, d):\n    return 1",
        "def step_backward(a, b, c, d):\n    return helper(a)",
    ]
    item = assigned()["04.2"]
    assert answers(cells, {"04.2": item})["04.2"].splitlines() == [
        "import numpy as np",
        "factor = 2",
        "def helper(x):",
        "    h = np.asarray(x)",
        "    return factor * h",
        "def step_backward(a, b, c, d):",
        "    return helper(a)",
        "step_backward",
    ]
    broken = ["def step_backward(a, b, c, d)\n    return 1"]
    assert answers(broken, {"04.2": item}) == {"04.2": broken[0]}
    assert answers(["x = 1"], {"04.2": item}) == {}


HOSTILE = {
    "04.1": "import os\nos._exit(0)\nnumerical_gradient",
    "04.2": "def step_backward(*a):\n    print('x' * 10**7)\n    1 / 0\nstep_backward",
    "04.3": "def backward_pass(*a) return 1",
    "04.4": "import os, signal\n"
    "def start_gradient(dh, h, W_hh):\n    os.kill(os.getppid(), 9)\nstart_gradient",
    "04.5": "def token_gradient(tokens, da, vocab_size):\n"
    "    open('big', 'wb').write(bytes(20 * 2**20))\ntoken_gradient",
    "04.6": "from rnncourse.checking import judging\nraise KeyboardInterrupt\nx",
}


@on_linux
def test_a_hostile_answer_costs_itself_alone() -> None:
    right = f"import numpy as np\n{answer('01.2')}\n{assigned()['01.2'].name}"
    handed_in = [*HOSTILE.items(), ("01.2", right)]
    found = dict(zip([id for id, _ in handed_in], outcomes(handed_in), strict=True))
    assert {id: one.state for id, one in found.items()} == {
        **dict.fromkeys(HOSTILE, WRONG),
        "01.2": PASSED,
    }
    assert "ended its process" in found["04.1"].words
    assert "Python cannot read it" in found["04.3"].words
    assert "PermissionError" in found["04.4"].words
    assert "PermissionError" in found["04.5"].words
    assert "'rnncourse' is not a package" in found["04.6"].words


def test_what_a_child_sends_is_read_as_data_alone() -> None:
    forged = (
        "import os, json\nfor n in range(3, 64):\n"
        "    try:\n        os.write(n, b'\\0\\0\\0\\2{}')\n"
        "    except OSError:\n        pass\nos._exit(0)\nx"
    )
    (found,) = outcomes([("04.1", forged)])
    assert (found.state, found.mistake) == (WRONG, "")
