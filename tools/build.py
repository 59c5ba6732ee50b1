"""Make both builds of the notebooks and store them, or check what is stored.

``python3 course.py build [--check] [name ...]`` comes here. The first letters of a
notebook's name are enough: ``05`` or ``start_here``. The source is the notebook in
``notebooks/solutions``; the learner's build, beside that folder, is the same without
the solutions.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from tools.handouts import made
from tools.launcher.lessons import MANIFEST, handed_out, name_of, of_file, write
from tools.leaks import leaks
from tools.notebooks import (
    CAPSTONES,
    FOLDER,
    PAGES,
    SOURCES,
    environment,
    faults,
    title,
)

CELL_SECONDS = 60
STUB = "raise NotImplementedError  # delete this line and write your answer"
OPEN = "pass  # delete this line and write your answer"  # outside of a function
VOLATILE = {"execution", "ExecuteTime", "collapsed", "scrolled"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PIXELS = {"image/png", "image/jpeg"}
STILL = {"image/png", "text/html"}


def build(source: Path) -> str:
    """Run and store both builds; return in words what is wrong, or nothing."""
    builds = make(source)
    wrong = [
        fault
        for path, notebook in builds.items()
        for fault in faults(notebook, title(path))
    ]
    solved = (
        nbformat.read(path, as_version=4) for path in source.parent.glob("*.ipynb")
    )
    wrong += leaks(builds[learners_path(source)], source.name, solved)
    if not wrong:
        for path, notebook in builds.items():
            store(notebook, path)
        write_manifest()
    return "\n".join(wrong)


def write_manifest() -> None:
    """Write down what is handed out, so that a lesson changed in place is noticed."""
    manifest = {name_of(path, FOLDER): of_file(path) for path in handed_out(FOLDER)}
    write(FOLDER / MANIFEST, json.dumps(manifest, indent=1) + "\n")


def check(source: Path) -> str:
    """Run both builds; return in words where the stored ones differ, or nothing."""
    return "\n".join(
        f"{title(path)}: {drift}"
        for path, fresh in make(source).items()
        for drift in drifts(nbformat.read(path, as_version=4), fresh)
    )


def make(source: Path) -> dict[Path, Any]:
    """Return both builds of a source, freshly run, by the files they belong to.

    Raises
    ------
    RuntimeError
        If a cell fails, or if the marks around a solution are not right.
    """
    solved = nbformat.read(source, as_version=4)
    builds = {source: solved, learners_path(source): without_solutions(solved)}
    for path, notebook in builds.items():
        try:
            execute(notebook, path.parent, strict=notebook is solved)
        except (CellExecutionError, CellTimeoutError) as error:
            kind = "with" if notebook is solved else "without"
            raise RuntimeError(f"{kind} the solutions: {error}") from error
    return builds


def learners_path(source: Path) -> Path:
    """Return where the learner's build of a source belongs."""
    (folder,) = (folder for folder in source.parents if folder.name == "solutions")
    return folder.parent / source.relative_to(folder)


def without_solutions(solved: Any) -> Any:
    """Return a copy where nbgrader has put the stub in place of each solution.

    What is answered outside of a function is left open, so that the cells below run.
    """
    clear = ClearSolutions(code_stub={"python": STUB})
    learners = clear.preprocess(deepcopy(solved), {})[0]
    for cell in learners.cells:
        cell.source = re.sub(f"^{re.escape(STUB)}$", OPEN, cell.source, flags=re.M)
    return learners


def execute(notebook: Any, folder: Path, *, strict: bool) -> None:
    """Give a notebook fresh outputs, free of all that changes by itself."""
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(ignore_cleanup_errors=True) as clean:
        NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            config=Config(KernelManager={"transport_encryption": "auto"}),
            store_widget_state=False,
            coalesce_streams=True,
        ).execute(env=environment(Path(clean), strict=strict))
    tidy(notebook)


def tidy(notebook: Any) -> None:
    """Strip what differs between two runs or two machines."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        for name in VOLATILE & set(cell.metadata):
            del cell.metadata[name]
        for output in cell.get("outputs", []):
            if STILL & set(output.get("data", {})):
                output.data.pop(WIDGET_VIEW, None)


def store(notebook: Any, path: Path) -> None:
    """Write a notebook to its file, all of it or nothing."""
    write(path, nbformat.writes(notebook) + "\n")


def drifts(stored: Any, fresh: Any) -> Iterator[str]:
    """Yield where a fresh build differs from what is stored, pixels apart."""
    if len(stored.cells) != len(fresh.cells):
        yield f"{len(stored.cells)} cells are stored, {len(fresh.cells)} expected"
    for number, (old, new) in enumerate(
        zip(stored.cells, fresh.cells, strict=False), 1
    ):
        for part in ("id", "cell_type", "source", "metadata", "execution_count"):
            if old.get(part) != new.get(part):
                yield f"cell {number} has another {part.replace('_', ' ')}"
        if list(map(text, old.get("outputs", []))) != list(
            map(text, new.get("outputs", []))
        ):
            yield f"cell {number} gives another output than the stored one"


def text(output: Any) -> dict[str, Any]:
    """Return an output without its pixels."""
    kept = {key: value for key, value in output.items() if key != "data"}
    data = output.get("data", {})
    return kept | {
        name: True if name in PIXELS else value
        for name, value in data.items()
        if name != WIDGET_VIEW
    }


def choose(names: list[str]) -> list[Path]:
    """Return the sources of these names, all if there are no names."""
    stems, sources = [Path(name).stem for name in names], SOURCES + CAPSTONES
    unknown = [s for s in stems if not any(p.stem.startswith(s) for p in sources)]
    if unknown:
        known = ", ".join([*(path.stem for path in sources), *PAGES])
        raise SystemExit(
            f"There is no notebook {' '.join(unknown)}; there are: {known}."
        )
    return [p for p in sources if not stems or p.stem.startswith(tuple(stems))]


def page(name: str, *, check: bool) -> bool:
    """Store a page without code, or check the stored one; return whether it is old."""
    path = FOLDER / f"{name}.ipynb"
    notebook = made(name)
    tidy(notebook)
    text = nbformat.writes(notebook) + "\n"
    old = check and (not path.exists() or path.read_text(encoding="utf-8") != text)
    if not check:
        write(path, text)
        write_manifest()
    kept = "out of date" if old else "up to date"
    print(f"{path.name}: {kept if check else 'stored'}")
    return old


def main() -> int:
    """Build or check the notebooks that were named."""
    parser = argparse.ArgumentParser(prog="course.py build")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    pages = [name for name in options.names or PAGES if name in PAGES]
    failed = sum(page(name, check=options.check) for name in pages)
    lessons = [name for name in options.names if name not in PAGES]
    for source in choose(lessons) if lessons or not options.names else ():
        try:
            wrong = check(source) if options.check else build(source)
        except (RuntimeError, OSError) as error:
            wrong = f"{source.name} {error}"
        print(wrong or f"{source.name}: {'up to date' if options.check else 'stored'}")
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
