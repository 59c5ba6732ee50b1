"""What the notebooks of lesson 14 import: two voices to be heard, and a button."""

import html
from typing import Any

import ipywidgets as widgets

from rnncourse.exploring.cells import OfCell
from rnncourse.exploring.speaker import Speaker
from rnncourse.lesson_14.duet.voices import sound
from rnnlib._typing import ArrayLike

__all__ = ["Player", "play"]


class Player(OfCell):
    """Some words, and a button that plays what they are about."""

    def __init__(self, words: str, *voices: ArrayLike) -> None:
        self._words = words
        self.speaker = Speaker(lambda: sound(*voices))
        super().__init__([widgets.HTML(html.escape(words)), self.speaker])

    def __repr__(self) -> str:
        return f"{self._words}: run this cell, and press the button to hear it"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Return the widget, and words for where no widget runs."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = f"<div>{html.escape(repr(self))}</div>"
        return bundle


def play(words: str, *voices: ArrayLike) -> Player:
    """Return a button that plays one or more voices together."""
    sound(*voices)  # says now what it could not play
    return Player(words, *voices)
