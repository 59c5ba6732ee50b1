"""A button that plays what an explorer shows: the sound is made when it is pressed."""

from collections.abc import Callable

import ipywidgets as widgets

from rnncourse.exploring.fitting import button

__all__ = ["Speaker"]


class Speaker(widgets.HBox):
    """A play button, and beside it the player once the button has been pressed.

    A sound is much larger than a picture, so that it is not made at each change of a
    control, and not stored with the notebook.

    Parameters
    ----------
    sound : callable
        Returns a WAV file of what is shown now.

    Attributes
    ----------
    play : button
    player : Audio or None
        None if what is shown has not been played.
    """

    def __init__(self, sound: Callable[[], bytes]) -> None:
        self._sound = sound
        self.player: widgets.Audio | None = None
        self.play = button("play it", self._press, "volume-up")
        super().__init__([self.play], layout=widgets.Layout(height="40px"))

    def _press(self) -> None:
        self.forget()
        self.player = widgets.Audio(
            value=self._sound(),
            format="wav",
            autoplay=True,
            loop=False,
            layout=widgets.Layout(height="36px", flex="0 1 300px", min_width="0"),
        )
        self.children = [self.play, self.player]

    def forget(self) -> None:
        """Take the player away: it plays what is no longer shown."""
        if self.player is not None:
            self.children = [self.play]
            self.player.close()
            self.player = None
