"""The spreadsheet RNN: every number of a pass over five letters."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
from traitlets import Unicode

from rnncourse.exploring.controls import THIRD, Choice, Slider, look
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_02.spreadsheet_rnn.compute import ENTRIES, LETTERS, compute
from rnncourse.lesson_02.spreadsheet_rnn.view import SpreadsheetView

MATRICES = tuple(dict.fromkeys(entry.matrix for entry in ENTRIES.values()))


@dataclass(frozen=True)
class EntryChoice:
    """One entry of the weights, by two lists: first the matrix, then the entry."""

    value: str

    def corners(self) -> tuple[str, ...]:
        """Return the first and the last entry of each matrix."""
        return tuple(_of(matrix)[end] for matrix in MATRICES for end in (0, -1))

    def widget(self) -> "EntryPicker":
        """Return both lists."""
        return EntryPicker(self.value)


class EntryPicker(widgets.HBox):
    """Two drop-down lists; the second one holds the entries of the first.

    Attributes
    ----------
    value : str
        The chosen entry, a key of ENTRIES; it can be set, as that of any widget.
    """

    value = Unicode()

    def __init__(self, value: str) -> None:
        self.matrix = widgets.Dropdown(
            options=MATRICES, description="weights", **look(THIRD, "64px")
        )
        self.entry = widgets.Dropdown(description="entry", **look(THIRD, "64px"))
        self._settling = False
        super().__init__(
            [self.matrix, self.entry],
            layout=widgets.Layout(max_width="100%", flex_flow="row wrap"),
        )
        self.matrix.observe(self._on_matrix, "value")
        self.entry.observe(self._on_entry, "value")
        self.observe(self._on_value, "value")
        self.value = value

    def _on_matrix(self, change: Any) -> None:
        if not self._settling:
            self.value = _of(change.new)[0]

    def _on_entry(self, change: Any) -> None:
        if not self._settling:
            self.value = change.new

    def _on_value(self, change: Any) -> None:
        self._settling = True
        matrix = ENTRIES[change.new].matrix
        self.matrix.value = matrix
        self.entry.options = [(_way(name), name) for name in _of(matrix)]
        self.entry.value = change.new
        self._settling = False


def _of(matrix: str) -> tuple[str, ...]:
    return tuple(name for name in ENTRIES if ENTRIES[name].matrix == matrix)


def _way(name: str) -> str:
    """Return the place of an entry, and what leads where there.

    >>> _way("W_xh[1, 2]"), _way("W_hy[0, 3]"), _way("b_h[2]")
    ('[1, 2]  e → unit 2', '[0, 3]  unit 0 → score of o', '[2]  unit 2')
    """
    entry = ENTRIES[name]
    is_score = entry.matrix.endswith("y")
    to = f"score of {LETTERS[entry.column]}" if is_score else f"unit {entry.column}"
    place = name.removeprefix(entry.matrix)
    if entry.row is None:
        return f"{place}  {to}"
    source = LETTERS[entry.row] if entry.matrix == "W_xh" else f"unit {entry.row}"
    return f"{place}  {source} → {to}"


spreadsheet_rnn = Explorer(
    title="Spreadsheet RNN",
    question="Predict first: you move one weight of W_hh. Which of the numbers will "
    "stay as they are?",
    claim="The same few weights make every number of every step. An entry of W_hh "
    "moves the states from step 2 on, for at step 1 there is no state to multiply. An "
    "entry of W_xh moves them from the first step at which its letter comes in. W_hy "
    "moves scores and probabilities, and no state. And the first letter is still felt "
    "at step 5, through the states.",
    controls={
        "entry": EntryChoice("W_hh[0, 1]"),
        "letter": Choice("first letter", tuple(LETTERS), "h"),
        "moved": Slider("add to it", -2, 2, 0, step=0.05),
    },
    presets={
        "a weight from state to state": {"entry": "W_hh[0, 1]", "moved": 0.8},
        "from input to state": {"entry": "W_xh[2, 0]", "moved": 0.8},
        "from state to score": {"entry": "W_hy[2, 3]", "moved": -2.0},
        "another first letter": {"letter": "l"},
    },
    compute=compute,
    view=SpreadsheetView,
)
