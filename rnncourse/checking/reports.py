"""What a check has to say, as text and as HTML."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncourse.shared.colours import GREEN, GREY, ORANGE, translucent
from rnnlib._typing import Array

__all__ = ["NOT_TRIED", "PASSED", "WRONG", "Report", "Words", "card_style", "pair"]

PASSED, WRONG, NOT_TRIED = "right", "not yet right", "not tried yet"
MARKS = {PASSED: "✔", WRONG: "✘", NOT_TRIED: "○"}
COLOURS = {PASSED: GREEN, WRONG: ORANGE, NOT_TRIED: GREY}
MOST = 6  # rows and columns shown


class Words:
    """Words, or code, that a notebook shows as a small card, a terminal as text.

    What is given as the `rest` is behind a fold in a notebook.
    """

    def __init__(
        self, head: str, words: str, *, code: bool = False, rest: str = ""
    ) -> None:
        self.head, self.words, self.code, self.rest = head, words, code, rest

    def __repr__(self) -> str:
        rest = f"\n\n{self._fold}:\n{self.rest}" if self.rest else ""
        return f"{self.head}\n{self.words}{rest}"

    @property
    def _fold(self) -> str:
        return f"All of it, {len(self.rest.splitlines())} lines"

    def _repr_html_(self) -> str:
        shown = _code(self.words) if self.code else f"<div>{_text(self.words)}</div>"
        if self.rest:
            fold = f"<summary>{self._fold}</summary>{_code(self.rest)}"
            shown += f"<details>{fold}</details>"
        return _card(self.head, COLOURS[NOT_TRIED], [shown])


@dataclass(frozen=True)
class Report:
    """The result of a check.

    Attributes
    ----------
    id, title : str
        Of the exercise.
    state : str
        PASSED, WRONG or NOT_TRIED.
    words : str
        The result, in a sentence or two.
    tested : str
        What it was tested with.
    got, expected : ndarray or None
        The part that is wrong, beside what is expected.
    hint : str
        If the mistake is known.
    notes : tuple of str
    mistake : str
        The name of the mistake, for tests.
    """

    id: str
    title: str
    state: str
    words: str = ""
    tested: str = ""
    got: Array | None = None
    expected: Array | None = None
    hint: str = ""
    notes: tuple[str, ...] = ()
    mistake: str = ""

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.state == PASSED

    @property
    def head(self) -> str:
        """The first line: which exercise, and how it stands."""
        return f"{MARKS[self.state]} {self.id} · {self.title}: {self.state}"

    def __repr__(self) -> str:
        lines = [self.head, self.words, self.tested]
        if self._table:
            lines += [*_side_by_side(*self._table), self._worst()]
        lines += [f"Hint: {self.hint}"] if self.hint else []
        return "\n".join(line for line in (*lines, *self.notes) if line)

    def _repr_html_(self) -> str:
        rows = [f"<div>{_text(self.words)}</div>"] if self.words else []
        if self._table:
            rows += [*_tables(*self._table), f"<div>{_text(self._worst())}</div>"]
        if self.hint:
            rows.append(f"<div><b>Hint.</b> {_text(self.hint)}</div>")
        quiet = [line for line in (self.tested, *self.notes) if line]
        rows += [f'<div style="opacity: 0.75">{_text(line)}</div>' for line in quiet]
        return _card(self.head, COLOURS[self.state], rows)

    @property
    def _table(self) -> tuple[Array, Array] | None:
        """The two matrices to show: the slice that holds the worst entry."""
        if self.got is None or self.expected is None:
            return None
        if self.got.shape != self.expected.shape or not self.got.size:
            return None
        index = _worst_index(self.got, self.expected)[: max(self.got.ndim - 2, 0)]
        got, expected = (
            np.atleast_2d(array[index])[:MOST, :MOST]
            for array in (self.got, self.expected)
        )
        return got, expected

    def _worst(self) -> str:
        assert self.got is not None
        assert self.expected is not None
        if self.got.size == 1:
            return ""
        index = _worst_index(self.got, self.expected)
        place = f" at {list(index)}" if index else ""
        shown = self._table
        cut = self.got.ndim > 2 or (shown and shown[0].size < self.got.size)
        part = " A part is shown." if cut else ""
        mine, right = pair(self.got[index], self.expected[index])
        return f"Worst{place}: you have {mine}, expected is {right}.{part}"


def _worst_index(got: Array, expected: Array) -> tuple[int, ...]:
    worst = np.argmax(_apart(got, expected))
    return tuple(map(int, np.unravel_index(worst, got.shape)))


def _apart(got: Array, expected: Array) -> Array:
    """Return how far off each entry is; what is infinite or NaN in both is off by 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        error = abs(got.astype(complex) - expected)
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    return np.where(same, 0.0, np.nan_to_num(error, nan=1e300, posinf=1e300))


def _number(value: Any, digits: int = 4) -> str:
    if value.dtype.kind in "biu":
        return str(value)
    plain = value == 0 or 1e-3 <= abs(value) < 1e4
    return f"{value:.{digits}g}" if plain else f"{value:.{digits - 2}e}"


def pair(mine: Any, right: Any) -> tuple[str, str]:
    """Return two numbers with enough digits to tell them apart, at most twelve."""
    for digits in (4, 5, 6, 8, 10):
        texts = _number(mine, digits), _number(right, digits)
        if texts[0] != texts[1]:
            return texts
    return _number(mine, 12), _number(right, 12)


def _pairs(got: Array, expected: Array, wrong: Array) -> tuple[Array, Array]:
    """Return both matrices as texts, more precise where an entry is wrong."""
    mine, right = (np.empty(got.shape, dtype=object) for _ in range(2))
    for place in np.ndindex(got.shape):
        both = got[place], expected[place]
        texts = pair(*both) if wrong[place] else map(_number, both)
        mine[place], right[place] = texts
    return mine, right


def _wrong(got: Array, expected: Array) -> Array:
    """Return how wrong each entry is, from 0 to 1 at the worst."""
    error = _apart(got, expected)
    scale = float(abs(expected[np.isfinite(expected)]).max(initial=1e-300))
    error = np.where(error <= 1e-9 * scale, 0.0, error)
    return error / (float(error.max()) or 1.0)


def _side_by_side(got: Array, expected: Array) -> Iterator[str]:
    """Yield both matrices as text; an asterisk marks what is wrong."""
    wrong = _wrong(got, expected)
    mine, right = _pairs(got, expected, wrong)
    width = max(11, *(len(text) + 3 for text in (*mine.flat, *right.flat)))
    yield f"{'yours':<{width * got.shape[1] + 3}} expected"
    for row, error, wanted in zip(mine, wrong, right, strict=True):
        marked = "".join(
            f"{text + ('*' if e else ' '):>{width}}"
            for text, e in zip(row, error, strict=True)
        )
        yield f"{marked}    " + "".join(f"{text:>{width}}" for text in wanted)


def _tables(got: Array, expected: Array) -> Iterator[str]:
    """Yield both matrices as HTML; what is wrong is shaded, the worst is framed."""
    wrong = _wrong(got, expected)
    frames = np.zeros(wrong.shape, dtype=bool)
    frames.flat[wrong.argmax()] = True
    nothing = np.zeros_like(wrong)
    mine, right = _pairs(got, expected, wrong)
    yield (
        '<div style="display: flex; gap: 32px; flex-wrap: wrap; margin: 6px 0">'
        + _table("yours", mine, wrong, frames)
        + _table("expected", right, nothing, nothing)
        + "</div>"
    )


def _table(name: str, texts: Array, wrong: Array, frames: Array) -> str:
    rows = "".join(
        f"<tr>{''.join(map(_entry, row, shades, framed))}</tr>"
        for row, shades, framed in zip(texts, wrong, frames, strict=True)
    )
    return (
        '<table style="border-collapse: collapse; font-family: monospace; margin: 0">'
        f'<caption style="text-align: left; caption-side: top">{name}</caption>'
        f"{rows}</table>"
    )


def _entry(text: str, wrong: float, framed: bool) -> str:
    colour = translucent(COLOURS[WRONG], 0.12 + 0.28 * wrong)
    shade = f"background: {colour};" if wrong else ""
    frame = f"outline: 2px solid {COLOURS[WRONG]}; outline-offset: -2px;"
    mark = " *" if wrong else ""
    return (
        '<td style="text-align: right; padding: 2px 10px; '
        f'color: var(--jp-content-font-color1); {shade}{frame if framed else ""}">'
        f"{text}{mark}</td>"
    )


def _text(words: str) -> str:
    """Return words as HTML, `code` between backticks."""
    pieces = html.escape(words, quote=False).split("`")
    return "".join(
        f"<code>{piece}</code>" if odd % 2 else piece
        for odd, piece in enumerate(pieces)
    ).replace("\n", "<br>")


def _code(text: str) -> str:
    return f"<pre>{html.escape(text, quote=False)}</pre>"


def card_style(colour: str = GREY) -> str:
    """Return how a card looks that stands beside a line of some colour."""
    return (
        f"border-left: 4px solid {colour}; padding: 4px 0 4px 12px; line-height: 22px; "
        "color: var(--jp-content-font-color1)"
    )


def _card(head: str, colour: str, rows: list[str]) -> str:
    return (
        f'<div role="status" style="{card_style(colour)}; max-width: 830px">'
        f"<b>{html.escape(head)}</b>{''.join(rows)}</div>"
    )
