"""Time what a learner waits for: lessons, the import, the way to the first explorer.

Run it by `python3 course.py bench course`. Nothing is compared here but two floors: a
notebook that imports pyplot and does no more, and Python with numpy.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat

from benchmarks._side_by_side import Mark, Times, interleaved, publish, table
from benchmarks._ways import opened
from tools.browser import find_browser
from tools.build import execute
from tools.lab import RUN, Browser, clean_folders, free_port, jupyterlab, serving
from tools.notebooks import CAPSTONES, FOLDER, SOURCES, environment, of_cells

ROUNDS = 5
BUSY, BUSY_ROUNDS, BUSY_LESSON = 6, 3, "05_vanishing_and_exploding_gradients"
OPENING = "start_here.ipynb"
PYPLOT = "import matplotlib.pyplot"
EXPLORER = (
    "from rnncourse.explorers import gradient_microscope\n\ngradient_microscope()"
)
IMAGE = """import ipywidgets
from pathlib import Path

ipywidgets.Image(value=Path("picture.png").read_bytes())"""
START = f"() => {{ ({RUN})(); }}"
SHOWN = """() => [...document.querySelectorAll('img.widget-image')]
  .some(image => image.complete && image.naturalWidth)"""
OPEN_TO_SCRIPTS = {
    "LabApp": {"expose_app_in_browser": True},
    "IdentityProvider": {"token": ""},
}
OURS, PLAIN, MOST = "all of these", "plain JupyterLab, all of it", 1.3
ALONE, ALONE_HERE, BY_HAND = "Python alone", "alone", "OPENBLAS_NUM_THREADS=1"
ABOUT = f"""# What a learner waits for

Medians of {ROUNDS} rounds. What is on the disk has been read before.
"""
LESSONS = f"""
## Run-All, with the solutions

From the start of a fresh kernel to the end of the last cell, without a browser, as
`course.py build` runs them. The floor is a notebook of one cell, `{PYPLOT}`.
"""
IMPORTS = """
## Import

From the start of a fresh process to its end.
"""
BESIDE = f"""
## Run-All on a busy machine

Lesson 05, with {BUSY} processes beside it that never rest, and the same with BLAS told
by hand to use one thread. The last column is the time over what the lesson's share of
the processors explains: 1 says that nothing else was lost. {BUSY_ROUNDS} rounds.
"""
FIRST = f"""
## From the command to the first explorer

`course.py --no-browser` serves; a headless browser that is already running opens
{OPENING} in JupyterLab; Run-All; an explorer's picture is decoded on the screen.
Then a plain JupyterLab in its place, and a notebook of one cell: the opening picture of
the same explorer as an `Image` widget. Then a fresh notebook with one cell, which shows
the gradient microscope, on a server that is running.
"""
Stages = dict[str, float]


def main() -> int:
    """Print and store the tables."""
    program = find_browser()
    if program is None:
        print(
            "This measurement needs Chromium, Chrome or Edge, which is not installed."
        )
        return 1
    stages = first_explorer(program)
    return publish(
        "course",
        report(lessons(), imports(), beside_others(), stages),
        [beside_plain(stages)],
    )


def beside_plain(stages: Times) -> Mark:
    """Return how the way to the first explorer is to compare with the plainest one."""
    times = stages.ratio(OURS, PLAIN)
    asked = f"the first explorer: at most {MOST:g} times the time of plain JupyterLab"
    return Mark(asked, f"{times:.2f}", times <= MOST)


def lessons() -> Times:
    """Time Run-All of each notebook, and of one that does nothing."""
    notebooks = {PYPLOT: of_cells(PYPLOT)}
    for path in SOURCES + CAPSTONES:
        notebooks[path.stem] = nbformat.read(path, as_version=4)
    return interleaved(
        {name: runs(notebook) for name, notebook in notebooks.items()},
        ROUNDS,
        warm=False,
    )


def beside_others() -> Times:
    """Time Run-All of a lesson that trains, alone and with busy processes beside it."""
    (source,) = (path for path in SOURCES if path.stem == BUSY_LESSON)
    run = runs(nbformat.read(source, as_version=4))
    return interleaved(
        {
            ALONE_HERE: run,
            f"beside {BUSY}": lambda: beside(BUSY, run),
            f"beside {BUSY}, {BY_HAND}": lambda: beside(BUSY, run, by_hand=True),
        },
        BUSY_ROUNDS,
        warm=False,
    )


def beside(count: int, run: Callable[[], None], *, by_hand: bool = False) -> None:
    """Run beside processes that never rest."""
    never = [sys.executable, "-c", "while True: pass"]
    others = [subprocess.Popen(never) for _ in range(count)]
    name, value = BY_HAND.split("=")
    try:
        os.environ.update({name: value} if by_hand else {})
        run()
    finally:
        os.environ.pop(name, None)
        for other in others:
            other.kill()
            other.wait()


def runs(notebook: Any) -> Callable[[], None]:
    """Return a function that runs a copy of a notebook in a fresh kernel."""
    return lambda: execute(deepcopy(notebook), SOURCES[0].parent, strict=True)


def imports() -> Times:
    """Time fresh processes that import a package and end."""
    packages = ["numpy", "rnnlib"]
    if importlib.util.find_spec("torch"):
        packages.append("torch")
    code = {ALONE: ""} | {name: f"import {name}" for name in packages}
    return interleaved({name: process(line) for name, line in code.items()}, ROUNDS)


def process(code: str) -> Callable[[], object]:
    """Return a function that runs a line in a fresh Python, with stored bytecode."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    return lambda: subprocess.run(command, env=kept, check=True)


def first_explorer(program: str) -> Times:
    """Time the stages until an explorer is on the screen."""
    rounds = []
    with TemporaryDirectory() as folder, jupyterlab(Path(folder)) as address:
        for number in range(ROUNDS):
            fresh = f"{number}.ipynb"
            nbformat.write(of_cells(EXPLORER), Path(folder) / fresh)
            with Browser(program) as browser:
                stages = from_the_command(browser) | in_plain_lab(browser)
                rounds.append(stages | in_a_fresh_notebook(browser, address, fresh))
    return Times({stage: [each[stage] for each in rounds] for stage in rounds[0]})


def from_the_command(browser: Browser) -> Stages:
    """Return the seconds of each stage, from `course.py` to the first explorer."""
    stages = {}
    start = time.perf_counter()
    with course() as address:
        stages["`course.py --no-browser` serves"] = time.perf_counter() - start
        for stage, seconds in show(browser, address, OPENING, "lab").items():
            stages[f"{OPENING}: {stage}"] = seconds
        stages[OURS] = time.perf_counter() - start
    return stages


def in_plain_lab(browser: Browser) -> Stages:
    """Return the seconds from starting JupyterLab to a picture in an Image widget."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "picture.png").write_bytes(opened("parameter_race").image.value)
        nbformat.write(of_cells(IMAGE), Path(folder) / "plain.ipynb")
        start = time.perf_counter()
        with jupyterlab(Path(folder)) as address:
            show(browser, address, "plain.ipynb", "lab")
            return {PLAIN: time.perf_counter() - start}


def in_a_fresh_notebook(browser: Browser, address: str, notebook: str) -> Stages:
    """Return the seconds until the gradient microscope is on the screen."""
    stages = show(browser, address, notebook, "doc")
    return {f"fresh notebook: {stage}": seconds for stage, seconds in stages.items()}


def show(browser: Browser, address: str, notebook: str, place: str) -> Stages:
    """Open a notebook and run it; return the seconds until both have happened."""
    start = time.perf_counter()
    browser.open(address, notebook, place)
    opened = time.perf_counter()
    browser.page.evaluate(START)
    browser.page.wait_for_function(SHOWN)
    shown = time.perf_counter()
    browser.page.goto("about:blank")
    return {
        "its kernel is ready": opened - start,
        "Run-All, first explorer": shown - opened,
    }


@contextmanager
def course() -> Iterator[str]:
    """Serve by `course.py --no-browser`, with none of the user's settings."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as clean:
        known = environment(Path(clean), strict=False) | clean_folders(Path(clean))
        settings = Path(known["JUPYTER_CONFIG_DIR"])
        settings.mkdir()
        (settings / "jupyter_lab_config.json").write_text(json.dumps(OPEN_TO_SCRIPTS))
        port = free_port()
        launcher = str(FOLDER.parent / "course.py")
        command = [sys.executable, launcher, "--no-browser", f"--port={port}"]
        command.append(f"--to={Path(clean) / 'lessons'}")
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with serving(command, port, env=known, **silent) as address:
            yield address


def report(lessons: Times, imports: Times, busy: Times, stages: Times) -> list[str]:
    """Return the lines of the report."""
    return [
        *ABOUT.splitlines(),
        *LESSONS.splitlines(),
        "",
        *table(["notebook", "s", "s above the floor"], above(lessons, PYPLOT, 1)),
        *IMPORTS.splitlines(),
        "",
        *table(["import", "ms", "ms above Python alone"], above(imports, ALONE, 1e3)),
        *BESIDE.splitlines(),
        "",
        *table(["lesson 05", "s", "s over its share"], over_its_share(busy)),
        *FIRST.splitlines(),
        "",
        *table(
            ["stage", "s"], [[name, stages.ms(name) / 1e3] for name in stages.seconds]
        ),
    ]


def over_its_share(times: Times) -> Iterator[list[object]]:
    """Yield each way with its time, and that over the time that its share explains."""
    alone, processors = times.ms(ALONE_HERE), os.cpu_count() or 1
    for way in times.seconds:
        others = 0 if way == ALONE_HERE else BUSY
        explained = alone * max(1, (others + 1) / processors)
        yield [way, times.ms(way) / 1e3, times.ms(way) / explained]


def above(times: Times, floor: str, unit: float) -> Iterator[list[object]]:
    """Yield each way with its time, and how far that is above the lowest one."""
    lowest = times.ms(floor)
    for way in times.seconds:
        seconds, more = times.ms(way) / 1e3, (times.ms(way) - lowest) / 1e3
        yield [way, seconds * unit, more * unit if way != floor else ""]


if __name__ == "__main__":
    sys.exit(main())
