"""Run the notebooks and store them with their outputs, or check what is stored.

``python3 course.py build [--check] [name ...]`` comes here. The first letters of a
notebook's name are enough: ``05`` or ``start_here``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from traitlets.config import Config

from tools.notebooks import NOTEBOOKS, faults

CELL_SECONDS = 60
VOLATILE = {"execution", "ExecuteTime", "collapsed", "scrolled"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PIXELS = {"image/png", "image/jpeg"}


def build(path: Path) -> str:
    """Run a notebook and store it; return in words what is wrong, or nothing."""
    notebook = execute(path)
    wrong = "\n".join(faults(notebook, path.name))
    if not wrong:
        beside = path.with_suffix(".new")
        beside.write_text(
            nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n"
        )
        os.replace(beside, path)
    return wrong


def check(path: Path) -> str:
    """Run a notebook; return in words where its stored outputs differ, or nothing."""
    stored = nbformat.read(path, as_version=4)
    return "\n".join(f"{path.name}: {drift}" for drift in drifts(stored, execute(path)))


def execute(path: Path) -> Any:
    """Return a notebook with fresh outputs, free of all that changes by itself."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        config=Config(KernelManager={"transport_encryption": "auto"}),
        store_widget_state=False,
        coalesce_streams=True,
    ).execute()
    tidy(notebook)
    return notebook


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
            if "image/png" in output.get("data", {}):
                output.data.pop(WIDGET_VIEW, None)


def drifts(stored: Any, fresh: Any) -> Iterator[str]:
    """Yield where a fresh run differs from what is stored; pixels are not compared."""
    if len(stored.cells) != len(fresh.cells):
        yield f"{len(stored.cells)} cells are stored, {len(fresh.cells)} expected"
    for number, (old, new) in enumerate(
        zip(stored.cells, fresh.cells, strict=False), 1
    ):
        for part in ("id", "cell_type", "source", "execution_count"):
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
    """Return the notebooks of these names, all if there are no names."""
    stems = [Path(name).stem for name in names]
    unknown = [s for s in stems if not any(p.stem.startswith(s) for p in NOTEBOOKS)]
    if unknown:
        known = ", ".join(path.stem for path in NOTEBOOKS)
        raise SystemExit(
            f"There is no notebook {' '.join(unknown)}; there are: {known}."
        )
    return [p for p in NOTEBOOKS if not stems or p.stem.startswith(tuple(stems))]


def main() -> int:
    """Build or check the notebooks that were named."""
    parser = argparse.ArgumentParser(prog="course.py build")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    failed = 0
    for path in choose(options.names):
        try:
            wrong = check(path) if options.check else build(path)
        except (CellExecutionError, CellTimeoutError) as error:
            wrong = f"{path.name}: {error}"
        print(wrong or f"{path.name}: {'up to date' if options.check else 'stored'}")
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
