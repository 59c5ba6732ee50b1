"""LaTeX formulas as MathML, which browsers show without a network."""

import re
from functools import cache

from latex2mathml.converter import convert

__all__ = ["display", "mathml"]

# What the converter does not know, as something that it does.
SAME = {
    r"\big\lVert": r"\big‖",
    r"\big\rVert": r"\big‖",
    "{aligned}": "{align*}",
}
ALIGNED = re.compile(
    r"[\s\\;]*\\begin\{aligned\}(.*)\\end\{aligned\}[\s\\;]*", re.DOTALL
)
BOX = re.compile(r"\s*\\boxed\{(.*)\}\s*", re.DOTALL)
LEFT = re.compile(r">[^<]*?(\\\w+|\\\W|\$|&(?!#?\w+;))")  # what stayed LaTeX
WORDS = re.compile(r"\\mathrm\{(\w{2,})\}")  # a name, not a product of letters
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'


@cache
def mathml(latex: str, *, block: bool = False) -> str:
    r"""Return a formula as MathML.

    Parameters
    ----------
    latex : str
        Without the dollars.
    block : bool
        Whether it stands on a line of its own.

    Raises
    ------
    ValueError
        If a command of it is not known.

    >>> mathml(r"h_t")
    '<math display="inline"><mrow><msub><mi>h</mi><mi>t</mi></msub></mrow></math>'
    """
    known = WORDS.sub(r"\\operatorname{\1}", latex)
    for command, instead in SAME.items():
        known = known.replace(command, instead)
    try:
        made = str(convert(known, display="block" if block else "inline"))
    except Exception as error:
        raise ValueError(f"formula must be LaTeX, got {latex!r}: {error}") from error
    made = made.replace(NAMESPACE, "").replace(r"\_", "_")
    if left := LEFT.search(made):
        raise ValueError(f"formula must have known commands, got {left[1]} in {latex}")
    return made


def display(latex: str) -> str:
    r"""Return a displayed formula as HTML: its parts wrap, and a box is around all.

    Parts stand apart by ``\qquad`` in LaTeX; a line of MathML does not break.

    >>> display(r"\boxed{a, \qquad b}").count("<math")
    2
    """
    boxed = BOX.fullmatch(latex)
    kind = "formula boxed" if boxed else "formula"
    apart = [
        columns
        for part in _parts(boxed[1] if boxed else latex)
        for columns in _columns(part)
    ]
    made = [mathml(part, block=True) for part in apart]
    return f'<span class="{kind}">{" ".join(made)}</span>'


def _parts(latex: str) -> list[str]:
    """Return what stands apart by a wide space, outside of all brackets."""
    parts, depth = [""], 0
    for piece in re.split(r"(\\qquad|\\begin|\\end|\\.|[{}])", latex):
        depth += (piece in ("{", r"\begin")) - (piece in ("}", r"\end"))
        if piece == r"\qquad" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return [part for part in parts if part.strip()]


def _columns(latex: str) -> list[str]:
    """Return equations that are aligned in several columns column by column."""
    table = ALIGNED.fullmatch(latex)
    if not table or r"\begin" in table[1]:
        return [latex]
    rows = [row.split("&") for row in table[1].split(r"\\")]
    width = max(map(len, rows))
    starts = [n for n in range(0, width, 2) if any(_filled(row, n) for row in rows)]
    if 0 not in starts:
        return [latex]
    return [
        r"\begin{aligned}"
        + r"\\".join("&".join(row[begin:end]) for row in rows)
        + r"\end{aligned}"
        for begin, end in zip(starts, [*starts[1:], width], strict=True)
    ]


def _filled(row: list[str], place: int) -> bool:
    return place < len(row) and bool(row[place].strip())
