"""Time the course in a browser tab: the way to the first explorer, and its sliders.

Run it by `python3 course.py bench site`; RNNLIB_PYODIDE names a folder of Pyodide.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks._side_by_side import Times, publish, table
from benchmarks.course import SHOWN, START
from benchmarks.sliders import press_to_frame
from tools.browser import find_browser
from tools.site.building import build
from tools.tab import Refusing, Tab, running, site_served

ROUNDS, PRESSES = 3, 20
OPENING, LESSON = "start_here.ipynb", "02_the_forward_pass.ipynb"
PAGE = "02_the_forward_pass"
COLD, WARM = "stored nothing", "opened again"
STAGES = "Python has started, s", "first explorer, s", "both, s"
NO_PYODIDE = (
    "This measurement needs a folder of Pyodide, which RNNLIB_PYODIDE names: "
    "python3 course.py site my_site --pyodide FOLDER --fetch fills one."
)
ABOUT = f"""# The course in a browser tab

The site with Pyodide in it, served from this computer's disk to a headless browser for
which no other place answers.

## From opening the site to the first explorer

{OPENING}, in seconds: Python has started in the tab; Run-All until the picture of an
explorer is on the screen. The browser has stored nothing, or has opened the same page
before. Medians of {ROUNDS} rounds.
"""
KEYS = f"""
## From a key to the new picture

The first control of each explorer of lesson 02, in milliseconds. Medians of {PRESSES}
presses of an arrow key, there and back.
"""
READING = f"""
## The page to read

{PAGE}: seconds until its first picture is on the screen, and pictures
that follow each other in a second while the slider under it moves. Medians of {ROUNDS}.
"""
SIZES = """
## Size

What a browser fetches is less: whatever no page asks for stays where it is.
"""
PICTURE = """() => {
  const image = document.querySelector('.explorer img');
  return image.complete && image.naturalWidth > 0;
}"""
MOVES = f"""async (explorer) => {{
  const control = explorer.querySelector('.move input');
  const image = explorer.querySelector('img'), start = performance.now();
  for (let turn = 0; turn < {PRESSES}; turn += 1) {{
    const before = image.src;
    control.value = Number(control.value) + (control.value < control.max ? 1 : -1);
    control.dispatchEvent(new Event('input'));
    while (image.src === before) await new Promise(done => setTimeout(done));
    await image.decode();
    await new Promise(requestAnimationFrame);
  }}
  return {PRESSES} / (performance.now() - start) * 1000;
}}"""


def main() -> int:
    """Print and store the tables."""
    program, pyodide = find_browser(), os.environ.get("RNNLIB_PYODIDE", "none")
    if program is None or pyodide == "none":
        print(NO_PYODIDE if program else "This measurement needs Chromium or Chrome.")
        return 1
    proxy = Refusing()
    with TemporaryDirectory() as place, running(proxy) as refusing:
        site = Path(place) / "site"
        build(site, Path(pyodide))
        with site_served(site) as address:
            rounds = [opened(Tab(program, address, refusing)) for _ in range(ROUNDS)]
            keys = pressed(Tab(program, address, refusing))
            read = [leafed(Tab(program, address, refusing)) for _ in range(ROUNDS)]
        return publish("site", report(rounds, keys, read, sizes(site)), [])


def opened(tab: Tab) -> dict[str, dict[str, float]]:
    """Return the seconds until the first explorer, cold and warm, by stage."""
    found = {}
    with tab:
        for kind in (COLD, WARM):
            start = time.perf_counter()
            tab.show(OPENING)
            started = time.perf_counter()
            tab.page.evaluate(START)
            tab.page.wait_for_function(SHOWN)
            seen = time.perf_counter()
            stages = (started - start, seen - started, seen - start)
            found[kind] = dict(zip(STAGES, stages, strict=True))
            tab.page.goto("about:blank")
    return found


def pressed(tab: Tab) -> Times:
    """Return the seconds from a key to the picture, for each explorer of a lesson."""
    with tab:
        tab.show(LESSON)
        tab.run_all()
        areas = tab.explorers(1)
        return Times(
            {
                area.inner_text().partition(". Predict")[0]: [
                    press_to_frame(area, back=turn % 2 == 1) / 1e3
                    for turn in range(PRESSES)
                ]
                for area in areas
            }
        )


def leafed(tab: Tab) -> tuple[float, float]:
    """Return seconds to the first picture of a page, and moves that a second sees."""
    with tab:
        start = time.perf_counter()
        tab.page.goto(f"{tab.site}/read/{PAGE}.html")
        first = tab.page.locator(".explorer").first
        first.scroll_into_view_if_needed()
        tab.page.wait_for_function(PICTURE)
        seen = time.perf_counter() - start
        return seen, float(first.evaluate(MOVES))


def sizes(site: Path) -> Iterator[list[object]]:
    """Yield parts of the site with their megabytes."""
    lesson = [*site.glob(f"read/{PAGE}*"), *site.glob(f"read/{PAGE}*/**/*")]
    parts = {
        "the site": [*site.rglob("*")],
        "Python and its packages": [*site.glob("static/**/*")],
        "the course and what it adds to them": [*site.glob("pypi/*")],
        "lesson 02 in JupyterLab": [site / "files" / LESSON],
        "lesson 02 to read, with its pictures": lesson,
    }
    for name, paths in parts.items():
        yield [name, sum(path.stat().st_size for path in paths if path.is_file()) / 1e6]


def report(
    rounds: Sequence[dict[str, dict[str, float]]],
    keys: Times,
    read: Sequence[tuple[float, float]],
    parts: Iterator[list[object]],
) -> list[str]:
    """Return the lines of the report."""
    ways = [
        [kind, *(median(each[kind][stage] for each in rounds) for stage in STAGES)]
        for kind in (COLD, WARM)
    ]
    waits, moves = zip(*read, strict=True)
    return [
        *ABOUT.splitlines(),
        "",
        *table(["the browser has", *STAGES], ways),
        *KEYS.splitlines(),
        "",
        *table(["explorer", "ms"], [[name, keys.ms(name)] for name in keys.seconds]),
        *READING.splitlines(),
        "",
        *table(
            ["s to the first picture", "moves a second"],
            [[*map(median, (waits, moves))]],
        ),
        *SIZES.splitlines(),
        "",
        *table(["part", "MB"], parts),
    ]


if __name__ == "__main__":
    sys.exit(main())
