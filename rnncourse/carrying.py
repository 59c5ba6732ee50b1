"""Progress carried as a file: from one computer or browser to another."""

import base64
import html
from typing import Any

import ipywidgets as widgets

from rnncourse.checking import progress_file
from rnncourse.checking.reports import PASSED
from rnncourse.exploring.cells import OfCell
from rnncourse.exploring.fitting import FIT, WIDTH
from rnncourse.shared.wording import count

__all__ = ["Carrier", "carry_progress"]

NAME = "progress.json"
LARGEST = 2**20  # bytes


class Carrier(OfCell):
    """A link that saves what is solved as a file, and a button that takes one in.

    Attributes
    ----------
    link, note : HTML
    upload : FileUpload
    """

    def __init__(self) -> None:
        self.link, self.note = widgets.HTML(), widgets.HTML()
        self.upload = widgets.FileUpload(
            accept=".json",
            description=f"take in a {NAME}",
            layout=widgets.Layout(width="auto", max_width=FIT, align_self="flex-start"),
        )
        self.upload.observe(lambda change: self._take_in(change.new), "value")
        super().__init__(
            [self.link, self.upload, self.note],
            layout=widgets.Layout(width="100%", max_width=WIDTH, margin="4px 0"),
        )
        self._show("")

    def _take_in(self, files: Any) -> None:
        for file in files:
            self._show(self._taken_in(bytes(file["content"])))

    def _taken_in(self, content: bytes) -> str:
        """Take in a file; return what came of it in words."""
        try:
            if len(content) > LARGEST:
                raise ValueError(f"This file is too large for a {NAME}.")
            states = progress_file.states_in(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return f"This file is no {NAME} of the course. Nothing was changed."
        except ValueError as error:
            return f"{error} Nothing was changed."
        before = solved()
        trouble = progress_file.add(states)
        right = count(solved(), "right answer")
        return trouble or f"Taken in. {right} now, {before} before."

    def _show(self, words: str) -> None:
        text = progress_file.text_of(progress_file.read())
        data = base64.b64encode(text.encode()).decode("ascii")
        self.link.value = (
            f'<a download="{NAME}" href="data:application/json;base64,{data}" '
            f'style="text-decoration: underline">save {NAME}</a> '
            f"({count(solved(), 'right answer')})"
        )
        self.note.value = f'<div role="status">{html.escape(words)}</div>'


def solved() -> int:
    """Return how many answers are right."""
    return [*progress_file.read().values()].count(PASSED)


def carry_progress() -> Carrier:
    """Return a link that saves your progress as a file, and a button that takes one in.

    The file carries it to another computer, or from a browser tab to a computer. What
    is right here or in the file is right afterwards.
    """
    return Carrier()
