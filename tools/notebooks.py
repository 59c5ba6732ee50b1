"""The rules that a stored notebook keeps, so that it reads the same everywhere."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
SOLUTIONS = FOLDER / "solutions"
SOURCES = sorted(SOLUTIONS.glob("*.ipynb"))
PAGES = ("glossary", "notation")  # without code: tools/handouts.py makes them
LEARNERS = sorted(path for path in FOLDER.glob("*.ipynb") if path.stem not in PAGES)
CAPSTONES = sorted(SOLUTIONS.glob("capstones/*.ipynb"))
LEARNERS_CAPSTONES = sorted(FOLDER.glob("capstones/*.ipynb"))
FOLDERS = "solutions", "capstones"

MAX_BYTES = 800_000
MAX_LINES, MAX_COLUMNS = 20, 88
MAX_PIXELS = (840, 420)
FORBIDDEN_TEXT = {
    "a memory address": r"<[^<>]* at 0x[0-9a-fA-F]+",
    "an absolute path": r"(?<![\w./])/(home|root|Users|tmp|work|usr)/\w|\b[A-Z]:\\\w",
    "a timing": r"\b\d[\d.]*\s?(?:ms|µs|us|ns|it/s)\b|Wall time|CPU times",
}


def of_cells(*code: str) -> Any:
    """Return a notebook of cells with this code, not yet run."""
    made = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, code)))
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return made


def title(path: Path) -> str:
    """Return the name of a notebook, with its folder if it is no learner's lesson."""
    folders = [name for name in path.parts[-3:-1] if name in FOLDERS]
    return "/".join([*folders, path.name])


def environment(clean: Path, *, strict: bool) -> dict[str, str]:
    """Return the variables of a kernel that knows this checkout and no user.

    With `strict` an unsolved or wrong exercise is an error, without it a sentence.
    """
    path = filter(None, [str(FOLDER.parent), os.environ.get("PYTHONPATH")])
    kept = {key: value for key, value in os.environ.items() if key != "RNNLIB_STRICT"}
    return kept | {
        "PYTHONPATH": os.pathsep.join(path),
        "IPYTHONDIR": str(clean),
        "RNNLIB_PROGRESS": str(clean / "progress.json"),
        **({"RNNLIB_STRICT": "1"} if strict else {}),
    }


def faults(notebook: Any, name: str) -> list[str]:
    """Return in words each rule that a notebook breaks, and where."""
    cells = [(f"{name} cell {n}", cell) for n, cell in enumerate(notebook["cells"], 1)]
    code = [(where, cell) for where, cell in cells if cell["cell_type"] == "code"]
    found = [f"{name} {fault}" for fault in whole(notebook)]
    for where, cell in code:
        found += [f"{where} {fault}" for fault in (*source(cell), *outputs(cell))]
    return found


def whole(notebook: Any) -> Iterator[str]:
    """Yield the faults of the notebook as a whole."""
    ids = [cell.get("id") for cell in notebook["cells"]]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in code]
    size = len(json.dumps(notebook, ensure_ascii=False).encode())
    if None in ids or len(set(ids)) < len(ids):
        yield "has cells without an id of their own"
    if "widgets" in notebook["metadata"]:
        yield "stores the state of widgets"
    if counts != list(range(1, len(code) + 1)):
        yield "was not run from top to bottom"
    if size > MAX_BYTES:
        yield f"has {size} bytes, more than {MAX_BYTES}"


def source(cell: Any) -> Iterator[str]:
    """Yield the faults of a code cell's source."""
    text = "".join(cell["source"])
    lines = text.splitlines()
    if not text.strip():
        yield "is empty"
    if len(lines) > MAX_LINES:
        yield f"has {len(lines)} lines, more than {MAX_LINES}"
    if any(len(line) > MAX_COLUMNS for line in lines):
        yield f"has a line of more than {MAX_COLUMNS} characters"
    if text.rstrip().endswith(";"):
        yield "ends with a semicolon"
    if "nbval" in (text + " ".join(cell["metadata"].get("tags", []))).lower():
        yield "switches off the comparison of its output"


def said(notebook: Any) -> list[str]:
    """Return what each code cell of a notebook shows, in words."""
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return ["".join(map(_words, cell["outputs"])) for cell in code]


def _words(output: Any) -> str:
    shown = output.get("text") or output.get("data", {}).get("text/plain", "")
    return "".join(shown)


def outputs(cell: Any) -> Iterator[str]:
    """Yield the faults of a code cell's outputs."""
    for output in cell["outputs"]:
        data = output.get("data", {})
        if output["output_type"] == "error":
            yield f"stores an error: {output['ename']}"
        if output.get("name") == "stderr":
            yield "writes to stderr"
        if "image/svg+xml" in data:
            yield "stores a picture as SVG"
        if "image/png" in data:
            yield from picture(data)
        shown = [output.get("text", ""), *(v for k, v in data.items() if "text/" in k)]
        for what, pattern in FORBIDDEN_TEXT.items():
            if any(re.search(pattern, "".join(text)) for text in shown):
                yield f"shows {what}"


def picture(data: Any) -> Iterator[str]:
    """Yield the faults of a picture: its size, or no words that say what it shows."""
    header = base64.b64decode("".join(data["image/png"]))[16:24]
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:])
    words = _words({"data": data})
    if width > MAX_PIXELS[0] or height > MAX_PIXELS[1]:
        most = "{} x {}".format(*MAX_PIXELS)
        yield f"stores a picture of {width} x {height}, larger than {most}"
    if words.startswith("<") or len(words) < 20:
        yield "stores a picture without alt text"
