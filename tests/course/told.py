"""What the tests of trials share: a lesson's text, and names for their experiments."""

import re
from pathlib import Path

import nbformat

from rnncourse.shared.trials import Trials

__all__ = ["SOLUTIONS", "named", "prose"]

SOLUTIONS = Path(__file__).resolve().parents[2] / "notebooks/solutions"


def prose(number: str) -> str:
    """Return what a lesson's text says, in one line."""
    (path,) = SOLUTIONS.glob(f"{number}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    text = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"\s+", " ", text)


def named(part: object) -> str:
    """Return what a test is called after: the folder of the trials, or their name."""
    return part.place.parent.name if isinstance(part, Trials) else str(part)
