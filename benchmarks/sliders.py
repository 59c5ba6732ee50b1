"""Time from a key press on a slider to the new picture, beside `interact` and pyplot.

Run it by `python3 course.py bench sliders`. Each explorer stands in a notebook above
the usual way to show the same picture: `interact`, a new pyplot figure at each change,
the same computation and the same artists. In JupyterLab, in a headless browser, a key
moves the first slider of the one and of the other in turn.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import ipywidgets
import matplotlib
import nbformat
import numpy as np
from nbclient import NotebookClient
from playwright.sync_api import Locator

from benchmarks._side_by_side import machine
from rnnlib.explorers import ALL, Explorer
from rnnlib.explorers.controls import Slider
from tools.browser import find_browser
from tools.lab import Browser, jupyterlab

RESULTS = Path(__file__).with_name("results") / "sliders.md"
ROUNDS = 15
MOVES = 50
MOST_MILLISECONDS = 15.0
LEAST_RATIO = 3.5
HARDEST: dict[str, dict[str, Any]] = {
    "gradient_microscope": {"steps": 100, "hidden": 32},
    "eigen_picture": {"shear": 1.0},
}
OURS = """from benchmarks.sliders import kernel_numbers
from rnnlib.explorers import {name}

{name}(**{start})"""
USUAL = """from benchmarks.sliders import usual_way
from rnnlib.explorers import {name}

usual_way({name}, {start})"""
NUMBERS = """from benchmarks.sliders import kernel_numbers
from rnnlib.explorers import {name}

print(kernel_numbers({name}(**{start})))"""
WATCH = """([slider, area]) => {
  const shown = () => area.querySelector('img[src]');
  const before = shown().src;
  let start;
  slider.addEventListener(
    'keydown', () => { start = performance.now(); }, {once: true, capture: true}
  );
  window.frame = new Promise((resolve, reject) => {
    const look = async () => {
      const image = shown();
      if (!image || image.src === before) return;
      await image.decode();
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - start));
    };
    const observer = new MutationObserver(() => look().catch(() => {}));
    observer.observe(area, {subtree: true, childList: true, attributeFilter: ['src']});
    setTimeout(() => reject(new Error('no new picture')), 20000);
  });
}"""


@dataclass(frozen=True)
class Row:
    """What was measured of one explorer: milliseconds, and bytes of a frame."""

    name: str
    kernel: float
    size: int
    ours: float
    usual: float

    @property
    def ratio(self) -> float:
        """How many times sooner the explorer's picture is there."""
        return self.usual / self.ours

    @property
    def met(self) -> bool:
        """Whether it is as quick as the course promises."""
        return self.kernel <= MOST_MILLISECONDS and self.ratio >= LEAST_RATIO


def sliders(explorer: Explorer) -> list[tuple[str, Any]]:
    """Return the controls with a handle to drag, and their names."""
    controls = explorer.controls.items()
    return [(name, control) for name, control in controls if hasattr(control, "max")]


def kernel_numbers(explorer: Explorer) -> str:
    """Return, as JSON, the median milliseconds of a change, and bytes of a frame."""
    first, control = sliders(explorer)[0]
    times, sizes = [], []
    for value in np.linspace(control.min, control.max, MOVES):
        start = time.perf_counter()
        explorer.set(**{first: type(control.value)(value)})
        times.append(1e3 * (time.perf_counter() - start))
        sizes.append(len(explorer.image.value))
    return json.dumps({"kernel": median(times), "size": int(median(sizes))})


def usual_way(make: Any, start: dict[str, Any]) -> None:
    """Show the picture of an explorer with `interact` and pyplot."""
    import matplotlib.pyplot as plt

    explorer = make(**start)
    first, slider = sliders(explorer)[0]
    width, height = explorer.figure.get_size_inches()
    rest = explorer.values

    def show(value: float) -> None:
        view = type(explorer._view)(plt.figure(figsize=(width, height), dpi=100))
        moved = {first: type(slider.value)(value)}
        view.draw(explorer._compute(**(rest | moved)))
        plt.show()

    same = Slider(first, slider.min, slider.max, slider.value, slider.step)
    ipywidgets.interact(show, value=same.widget())


def main() -> int:
    """Print and store the table; return 0 if all marks are met."""
    program = find_browser()
    if program is None:
        print(
            "This measurement needs Chromium, Chrome or Edge, which is not installed."
        )
        return 1
    rows = measure(program)
    table = report(rows)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(table, encoding="utf-8")
    print(table)
    return 0 if all(row.met for row in rows) else 1


def measure(program: str) -> list[Row]:
    """Return what was measured of each explorer that has a slider."""
    draggable = [make for make in ALL if sliders(make())]
    with TemporaryDirectory() as folder:
        for make in draggable:
            page = notebook(make.__name__, OURS, USUAL)
            nbformat.write(page, Path(folder) / file(make.__name__))
        with jupyterlab(Path(folder)) as address:
            return [row(program, address, make.__name__) for make in draggable]


def file(name: str) -> str:
    """Return the file name of an explorer's notebook."""
    return f"{name}.ipynb"


def notebook(name: str, *code: str) -> Any:
    """Return a notebook of cells with this code, for one explorer."""
    cells = [
        nbformat.v4.new_code_cell(cell.format(name=name, start=HARDEST.get(name, {})))
        for cell in code
    ]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return made


def numbers(name: str) -> dict[str, Any]:
    """Return what `kernel_numbers` finds in a kernel that nobody looks at."""
    done = NotebookClient(notebook(name, NUMBERS), kernel_name="python3").execute()
    return dict(json.loads(done.cells[0].outputs[0].text))


def row(program: str, address: str, name: str) -> Row:
    """Measure one explorer in a fresh page."""
    with Browser(program) as browser:
        browser.open(address, file(name))
        errors = browser.run_all()
        if errors:
            raise RuntimeError("; ".join(errors))
        (explorer,) = browser.explorers(1)
        usual = browser.page.locator(".widget-interact")
        usual.locator("img").wait_for()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(press_to_frame(explorer))
            theirs.append(press_to_frame(usual))
    return Row(name=name, ours=median(ours), usual=median(theirs), **numbers(name))


def press_to_frame(area: Locator) -> float:
    """Return the milliseconds from a key press to the new picture on the screen."""
    page, slider = area.page, area.locator(".noUi-handle").first
    slider.scroll_into_view_if_needed()
    slider.focus()
    page.wait_for_timeout(300)
    page.evaluate(WATCH, [slider.element_handle(), area.element_handle()])
    slider.press("ArrowRight")
    return float(page.evaluate("window.frame"))


def report(rows: list[Row]) -> str:
    """Return the table in Markdown."""
    lines = [
        "# Sliders",
        "",
        "| explorer | kernel, ms | bytes a frame | key press to frame, ms "
        "| `interact` + pyplot, ms | times sooner |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row.name} | {row.kernel:.1f} | {row.size} | {row.ours:.0f} "
            f"| {row.usual:.0f} | {row.ratio:.1f} |"
            for row in rows
        ),
        "",
        f"Kernel: median of {MOVES} moves of the first slider, with computing, drawing",
        "and sending. Key press to frame: headless browser, medians of",
        f"{ROUNDS} interleaved presses, until the decoded picture is on the screen.",
        f"The microscope runs at T = {HARDEST['gradient_microscope']['steps']}, "
        f"H = {HARDEST['gradient_microscope']['hidden']}.",
        "",
        *(
            f"* {row.name}: at most {MOST_MILLISECONDS:g} ms and at least "
            f"{LEAST_RATIO:g} times sooner: {'met' if row.met else 'NOT MET'}"
            for row in rows
        ),
        "",
        f"{machine()} matplotlib {matplotlib.__version__}, "
        f"ipywidgets {ipywidgets.__version__}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
