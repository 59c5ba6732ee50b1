"""Time from a key press to the new picture, beside two other ways to show it.

Run it by `python3 course.py bench sliders`, with names behind it for some explorers
alone; only the whole table is stored. In JupyterLab, in a headless browser, each
explorer stands above the same controls and the same picture shown by `interact` with a
new pyplot figure at each change, and by ipympl, where one figure lives on in the page.
A key moves the first control of each in turn, there and back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from playwright.sync_api import Locator

from benchmarks._side_by_side import Mark, Times, publish, table
from benchmarks._ways import HARDEST, MOVES
from rnncourse.explorers import explorers
from tools.browser import find_browser
from tools.lab import Browser, first_control, jupyterlab, press
from tools.notebooks import of_cells

ROUNDS = 9
REST = 150  # milliseconds before a key is pressed
MOST_IN_KERNEL, MOST_TO_FRAME = 0.3, 1.4  # times "nothing drawn"
OURS, INTERACT, IPYMPL, READY = "explorer", "with_interact", "with_ipympl", "ready"
AREAS = {
    OURS: ".rnnlib-explorer",
    INTERACT: ".interact",
    IPYMPL: ".ipympl",
    READY: ".ready",
}
SHOW = "from benchmarks._ways import show_{way}\n\nshow_{way}({name!r})"
NUMBERS = "from benchmarks._ways import kernel_numbers\n\nprint(kernel_numbers())"
HEAD = (
    *("explorer", "kernel, ms", "bytes a frame", "key press to frame, ms"),
    *("`interact` + pyplot, ms", "times as long", "ipympl, ms", "times as long"),
    *("nothing drawn, ms", "explorer / nothing drawn", "kernel / nothing drawn"),
)
WATCH = """([control, area]) => {
  const source = () => area.querySelector('img[src]')?.src;
  const before = source(), canvas = CanvasRenderingContext2D.prototype;
  const paint = canvas.drawImage, task = new MessageChannel();
  let start;
  control.addEventListener(
    'keydown', () => { start = performance.now(); }, {once: true, capture: true}
  );
  window.frame = new Promise((resolve, reject) => {
    task.port1.onmessage = () => resolve(performance.now() - start);
    const loaded = () => {
      canvas.drawImage = paint;
      requestAnimationFrame(() => task.port2.postMessage(''));
    };
    const look = () => {
      if (!source() || source() === before) return;
      observer.disconnect();
      const image = area.querySelector('img[src]');
      image.complete ? loaded() : image.addEventListener('load', loaded, {once: true});
    };
    const observer = new MutationObserver(look);
    observer.observe(area, {subtree: true, childList: true, attributeFilter: ['src']});
    canvas.drawImage = function (...image) {
      paint.apply(this, image);
      if (area.contains(this.canvas)) loaded();
    };
    setTimeout(() => reject(new Error('no new picture')), 20000);
  });
}"""


@dataclass(frozen=True)
class Row:
    """What was measured of one explorer: milliseconds, and bytes of a frame."""

    name: str
    kernel: float
    size: int
    frames: Times

    @property
    def in_kernel(self) -> float:
        """The kernel's part of the time that a change takes with nothing drawn."""
        return self.kernel / self.frames.ms(READY)

    @property
    def to_frame(self) -> float:
        """How many times as long as with nothing drawn."""
        return self.frames.ratio(OURS, READY)

    def cells(self) -> list[object]:
        """Return the row of the table."""
        ms, ratio = self.frames.ms, self.frames.ratio
        return [
            *(self.name, self.kernel, self.size, ms(OURS)),
            *(ms(INTERACT), ratio(INTERACT, OURS), ms(IPYMPL), ratio(IPYMPL, OURS)),
            *(ms(READY), self.to_frame, self.in_kernel),
        ]


def measure(program: str, names: Sequence[str]) -> list[Row]:
    """Return what was measured of each of these explorers."""
    in_kernel = numbers()
    with TemporaryDirectory() as folder:
        nbformat.write(of_cells(*AREAS), Path(folder) / "ways.ipynb")
        with jupyterlab(Path(folder)) as address, Browser(program) as browser:
            browser.open(address, "ways.ipynb")
            return [
                Row(name, *in_kernel[name], frames=frames(browser, name))
                for name in names
            ]


def numbers() -> dict[str, tuple[float, int]]:
    """Return milliseconds and bytes of each explorer, in a kernel without a page."""
    done = NotebookClient(of_cells(NUMBERS), kernel_name="python3").execute()
    return dict(json.loads(done.cells[0].outputs[0].text))


def frames(browser: Browser, name: str) -> Times:
    """Press a key in turn for each way to show an explorer; return the seconds."""
    browser.write([SHOW.format(way=way, name=name) for way in AREAS])
    errors = browser.run_all()
    if errors:
        raise RuntimeError(f"{name}: {'; '.join(errors)}")
    seconds: dict[str, list[float]] = {way: [] for way in AREAS}
    for turn in range(ROUNDS):
        for way, area in AREAS.items():
            pressed = press_to_frame(browser.page.locator(area), back=turn % 2 == 1)
            seconds[way].append(pressed / 1e3)
    return Times(seconds)


def press_to_frame(area: Locator, back: bool) -> float:
    """Return the milliseconds from a key press to the new picture on the screen."""
    page, control = area.page, first_control(area)
    area.locator("img[src], canvas").first.wait_for()
    control.scroll_into_view_if_needed()
    control.focus()
    page.wait_for_timeout(REST)
    page.evaluate(WATCH, [control.element_handle(), area.element_handle()])
    press(control, back=back)
    return float(page.evaluate("window.frame"))


def report(rows: Sequence[Row]) -> list[str]:
    """Return the lines of the report."""
    packages = ("matplotlib", "ipywidgets", "ipympl", "jupyterlab")
    return [
        *("# Sliders", ""),
        *table(HEAD, [row.cells() for row in rows]),
        "",
        f"Kernel: median of {MOVES} moves of the first control, with computing,",
        "drawing and sending. Key press to frame: JupyterLab in a headless browser,",
        f"medians of {ROUNDS} interleaved presses on the first control that keys move,",
        "until the animation frame with the loaded picture. `interact` and ipympl show",
        "the same artists, of the same data, under the same controls; ratios are",
        "medians over pairs of presses. Nothing drawn: the same controls send what",
        "was ready before: the way from the key to the kernel and back alone, which",
        "no explorer can be much sooner.",
        *(f"{name}: at {_words(values)}." for name, values in HARDEST.items()),
        ", ".join(f"{name} {version(name)}" for name in packages) + ".",
    ]


def _words(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def marks(rows: Sequence[Row]) -> list[Mark]:
    """Return what is asked for, and the explorer that is farthest from it."""
    slowest = max(rows, key=lambda row: row.to_frame)
    busiest = max(rows, key=lambda row: row.in_kernel)
    late = sum(row.to_frame > MOST_TO_FRAME for row in rows)
    busy = sum(row.in_kernel > MOST_IN_KERNEL for row in rows)
    return [
        Mark(
            f"key press to frame at most {MOST_TO_FRAME:g} times as long as with "
            "nothing drawn, every explorer",
            f"{len(rows) - late} of {len(rows)}, up to {slowest.to_frame:.2f} times "
            f"({slowest.name})",
            not late,
        ),
        Mark(
            f"the kernel's part at most {MOST_IN_KERNEL:g} of that, every explorer",
            f"{len(rows) - busy} of {len(rows)}, up to {busiest.in_kernel:.2f} "
            f"({busiest.name})",
            not busy,
        ),
    ]


def main(names: Sequence[str] = ()) -> int:
    """Print the table, and store it if it is whole; return 0 if all marks are met."""
    program = find_browser()
    if program is None:
        print("This measurement needs Chromium, Chrome or Edge: none is installed.")
        return 1
    unknown = sorted({*names} - {*explorers()})
    if unknown:
        print(f"These are no explorers: {', '.join(unknown)}.")
        return 1
    rows = measure(program, list(names or explorers()))
    if not names:
        return publish("sliders", report(rows), marks(rows))
    print("\n".join([*report(rows), "", *map(str, marks(rows))]))
    return 0 if all(mark.met for mark in marks(rows)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
