"""Time from a key press to the new picture, beside two other ways to show it.

Run it by `python3 course.py bench sliders`, with names behind it for some explorers
alone; only the whole table is stored, and what was measured before it was stopped is
printed. In JupyterLab, in a headless browser, each explorer stands above the same
controls and the same picture shown by `interact` with a new pyplot figure at each
change, and by ipympl, where one figure lives on in the page. A key moves the first
control of each in turn, there and back; then the first slider of the explorer is
dragged.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from math import inf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from playwright.sync_api import Locator

from benchmarks._side_by_side import Mark, Times, of_each, one_by_one, table
from benchmarks._ways import HARDEST, MOVES
from tools.browser import find_browser
from tools.lab import Browser, first_control, jupyterlab, press
from tools.notebooks import of_cells

ROUNDS = 7
REST = 100  # milliseconds before a key is pressed
MOST_IN_KERNEL, MOST_TO_FRAME = 0.25, 1.2  # times "nothing drawn"
MOST_TO_SETTLE, MOST_BETWEEN = 2.0, 1.2
OURS, INTERACT, IPYMPL, READY = "explorer", "with_interact", "with_ipympl", "ready"
AREAS = {
    OURS: ".rnnlib-explorer",
    INTERACT: ".interact",
    IPYMPL: ".ipympl",
    READY: ".ready",
}
SHOW = "from benchmarks._ways import show_{way}\n\nshow_{way}({name!r})"
NUMBERS = "from benchmarks._ways import kernel_numbers\n\nprint(kernel_numbers({}))"
HEAD = (
    *("explorer", "kernel, ms", "bytes a frame", "key press to frame, ms"),
    *("`interact` + pyplot, ms", "times as long", "ipympl, ms", "times as long"),
    *("nothing drawn, ms", "explorer / nothing drawn", "kernel / nothing drawn"),
    *("drag: settles / nothing drawn", "drag: picture every / nothing drawn"),
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
DRAG = """async ([handle, area]) => {
  const image = area.querySelector('img[src]'), frames = [];
  const moment = () => new Promise(done => setTimeout(done, 16));
  const loaded = () => requestAnimationFrame(() => frames.push(performance.now()));
  const place = () => handle.parentElement.style.transform;
  const press = key => handle.dispatchEvent(
    new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})
  );
  let keys = ['ArrowRight', 'ArrowLeft'], first, last;
  image.addEventListener('load', loaded);
  for (let moves = 0; moves < 80; moves++) {
    const before = place();
    press(keys[0]);
    if (place() === before) press((keys = keys.reverse())[0]);
    last = performance.now();
    first ??= last;
    await moment();
  }
  for (let quiet = 0; quiet < 30; quiet++) {
    const count = frames.length;
    await moment();
    if (frames.length > count) quiet = 0;
  }
  image.removeEventListener('load', loaded);
  return [first, last, frames];
}"""


@dataclass(frozen=True)
class Drag:
    """A drag of 80 moves, in milliseconds."""

    settles: float  # from the last move to the last picture
    between: float  # the median from one picture to the next


@dataclass(frozen=True)
class Row:
    """What was measured of one explorer: milliseconds, and bytes of a frame."""

    name: str
    kernel: float
    size: int
    frames: Times
    drag: Drag | None = None

    @property
    def in_kernel(self) -> float:
        """The kernel's part of the time that a change takes with nothing drawn."""
        return self.kernel / self.frames.ms(READY)

    @property
    def to_frame(self) -> float:
        """How many times as long as with nothing drawn."""
        return self.frames.ratio(OURS, READY)

    @property
    def dragged(self) -> tuple[float, float] | None:
        """When a drag settles and a picture follows another, over "nothing drawn"."""
        if self.drag is None:
            return None
        ready = self.frames.ms(READY)
        return self.drag.settles / ready, self.drag.between / ready

    @property
    def told(self) -> str:
        """What is said of it meanwhile."""
        return f"{self.name}, {self.to_frame:.2f} times nothing drawn"

    def cells(self) -> list[object]:
        """Return the row of the table."""
        ms, ratio = self.frames.ms, self.frames.ratio
        return [
            *(self.name, self.kernel, self.size, ms(OURS)),
            *(ms(INTERACT), ratio(INTERACT, OURS), ms(IPYMPL), ratio(IPYMPL, OURS)),
            *(ms(READY), self.to_frame, self.in_kernel),
            *(self.dragged or ("no slider", "")),
        ]


def measure(program: str, names: Sequence[str]) -> Iterator[Row]:
    """Yield what was measured of each of these explorers."""
    in_kernel = numbers(names)
    with TemporaryDirectory() as folder:
        nbformat.write(of_cells(*AREAS), Path(folder) / "ways.ipynb")
        with jupyterlab(Path(folder)) as address, Browser(program) as browser:
            browser.open(address, "ways.ipynb")
            for name in names:
                seconds = frames(browser, name)
                yield Row(name, *in_kernel[name], seconds, drag(browser))


def numbers(names: Sequence[str]) -> dict[str, tuple[float, int]]:
    """Return milliseconds and bytes of explorers, in a kernel without a page."""
    cell = of_cells(NUMBERS.format(list(names)))
    done = NotebookClient(cell, kernel_name="python3").execute()
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


def drag(browser: Browser) -> Drag | None:
    """Drag the explorer's first slider, there and back where it ends; None without."""
    area = browser.page.locator(AREAS[OURS])
    handle = area.locator(".noUi-handle:visible").first
    if not handle.count():
        return None
    handle.scroll_into_view_if_needed()
    here = [handle.element_handle(), area.element_handle()]
    return Drag(*timed(*browser.page.evaluate(DRAG, here)))


def timed(first: float, last: float, frames: Sequence[float]) -> tuple[float, float]:
    """Return how long a drag takes to settle, and from one picture to the next.

    Both are infinite if it showed no picture at all.
    """
    if not frames:
        return inf, inf
    shown = [first, *(at for at in frames if at <= last), last]
    return frames[-1] - last, median(b - a for a, b in pairwise(shown))


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
        "no explorer can be much sooner. Drag: the first slider gets 80 moves, one in",
        "16 ms; from the last move to the last picture, and the median between two.",
        *(f"{name}: at {_words(values)}." for name, values in HARDEST.items()),
        ", ".join(f"{name} {version(name)}" for name in packages) + ".",
    ]


def _words(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def marks(rows: Sequence[Row]) -> list[Mark]:
    """Return what is asked for, and the explorer that is farthest from it."""
    slow = {row.name: row.to_frame for row in rows}
    busy = {row.name: row.in_kernel for row in rows}
    asked = f"key press to frame at most {MOST_TO_FRAME:g} times that of nothing drawn"
    found = [of_each(asked, MOST_TO_FRAME, slow)]
    asked = f"the kernel's part at most {MOST_IN_KERNEL:g} of that"
    found.append(of_each(asked, MOST_IN_KERNEL, busy))
    dragged = {row.name: row.dragged for row in rows if row.dragged}
    if dragged:
        settled = {name: settles for name, (settles, _) in dragged.items()}
        between = {name: often for name, (_, often) in dragged.items()}
        asked = f"a drag settles within {MOST_TO_SETTLE:g} of these times"
        found.append(of_each(asked, MOST_TO_SETTLE, settled))
        asked = f"it shows a picture every {MOST_BETWEEN:g} of these times"
        found.append(of_each(asked, MOST_BETWEEN, between))
    return found


def main(names: Sequence[str] = ()) -> int:
    """Print the table, and store it if it is whole; return 0 if all marks are met."""
    program = find_browser()
    if program is None:
        print("This measurement needs Chromium, Chrome or Edge: none is installed.")
        return 1
    return one_by_one("sliders", names, partial(measure, program), report, marks)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
