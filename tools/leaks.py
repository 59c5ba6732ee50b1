"""Find lines of a solution where the learner would read them too early.

A line tells something if it computes. Headers of loops and functions, imports, names
that are only moved (``return da, dh_prev``), room for numbers that are still to come
(``np.zeros((T, B))``) and lines of less than twelve characters tell nothing. Blanks,
comments and ``return`` make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

REGION = re.compile(r"BEGIN SOLUTION[^\n]*\n(.*?)^[^\n]*END SOLUTION", re.M | re.S)
TELLS_NOTHING = re.compile(
    r"""
    (import|from|def|class|for|while|with|except)\b.*
    | [\w\s.,=]*
    | [\w\s.,=]*\bnp\.(zeros|ones|empty)(_like)?\([\w\s.,=()\[\]]*\)
    """,
    re.VERBOSE,
)
SHORTEST = 12
EXEMPT = "derivation"


def leaks(notebook: Any, name: str, solved: Iterable[Any]) -> list[str]:
    """Return in words where a notebook holds a line of a solution.

    Cells tagged ``derivation`` may: they derive what an exercise asks for afterwards.
    """
    lines = sorted({line for other in solved for line in telling_lines(other)})
    return [
        f"{name} cell {number} gives away a solution: {line}"
        for number, cell in enumerate(notebook["cells"], 1)
        if EXEMPT not in cell["metadata"].get("tags", [])
        for line in given_away(lines, shown(cell))
    ]


def telling_lines(solved: Any) -> Iterator[str]:
    """Yield the lines of a notebook's solutions that tell something."""
    for cell in solved["cells"]:
        for region in REGION.findall("".join(cell["source"])):
            for line in region.splitlines():
                code = re.sub(r"^return\b|\s+#.*", "", line.strip()).strip()
                if len(compact(code)) >= SHORTEST and not TELLS_NOTHING.fullmatch(code):
                    yield code


def given_away(lines: Iterable[str], text: str) -> list[str]:
    """Return the lines that occur in a text, however its blanks are set."""
    packed = compact(text)
    return [line for line in lines if compact(line) in packed]


def shown(cell: Any) -> str:
    """Return all that a cell shows in words: its source and its outputs."""
    texts = ["".join(cell["source"])]
    for output in cell.get("outputs", []):
        texts.append("".join(output.get("text", "")))
        for kind, data in output.get("data", {}).items():
            if kind == "text/html":
                texts.append(unescape(re.sub(r"<[^>]*>", "", "".join(data))))
            elif kind.startswith("text/"):
                texts.append("".join(data))
    return "\n".join(texts)


def compact(text: str) -> str:
    """Return a text without its blanks."""
    return "".join(text.split())
