"""The explorer: controls, a computation and a picture that follows them."""

import base64
import html
import inspect
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import ipywidgets as widgets
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.canvas import Canvas
from rnncourse.exploring import fitting
from rnncourse.exploring.cells import OfCell
from rnncourse.exploring.controls import Control
from rnncourse.exploring.live import DRAWING, Live, Training
from rnncourse.exploring.speaker import Speaker

__all__ = ["Data", "Explorer", "ExplorerWidget", "View"]


class Data(Protocol):
    """What a computation returns: numbers, and one sentence about them."""

    @property
    def verdict(self) -> str:
        """What is seen, in words."""


class View(Protocol):
    """A picture whose artists are made once and then follow the data."""

    size: tuple[int, int]  # width and height in pixels
    figure: Figure

    @property
    def moving(self) -> Sequence[Artist]:
        """What may change between frames, in the order of painting."""

    def __init__(self, figure: Figure) -> None:
        """Make the artists in an empty figure of that size."""

    def draw(self, data: Any) -> None:
        """Let the artists show `data`."""

    def describe(self, data: Any) -> str:
        """Return what the picture shows, for those who cannot see it."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Explorer:
    """What makes up an explorer; calling it opens one, as `gate_desk(f=0.5)`.

    Parameters
    ----------
    title, question, claim : str
        What it is called, what to predict first, and what one can say afterwards.
    controls : mapping of str to Control
        By the name of the argument of `compute` that each of them sets.
    presets : mapping of str to mapping
        Values by the words on a button. What a preset does not name is as at the
        opening.
    compute : callable
        Takes the values by name and returns the data.
    view : type of View
        Draws the data into a figure of its `size`.
    training : Training, optional
        What a click trains. `compute` then takes one argument more, `trained`: see
        `rnncourse.exploring.live`.
    tells_moved : bool
        Whether `compute` takes one argument more, `moved`: the name of the control that
        was moved last, empty at the opening and after a preset.
    needs : mapping of str to str
        Controls that mean nothing, and are grey, while another one is off:
        `{"amplitude": "driven"}`.
    sound : callable, optional
        Takes the data and returns it as a WAV file, for a button that plays it.
    answer : str, optional
        The numbers that the question asks for: a teacher's sheet says them.
    """

    title: str
    question: str
    claim: str
    controls: Mapping[str, Control]
    presets: Mapping[str, Mapping[str, Any]]
    compute: Callable[..., Data]
    view: type[View]
    training: Training | None = None
    tells_moved: bool = False
    needs: Mapping[str, str] = field(default_factory=dict)
    sound: Callable[[Any], bytes] | None = None
    answer: str = ""

    def __post_init__(self) -> None:
        computed = inspect.getdoc(self.compute) or ""
        words = f"{self.title}. {self.question}", f"Opens as {self!r}.", computed
        object.__setattr__(self, "__doc__", "\n\n".join(words))

    @property
    def name(self) -> str:
        """What it is called in code: the folder in which its view is."""
        return self.view.__module__.removesuffix(".view").rpartition(".")[2]

    def __call__(self, **opening: Any) -> "ExplorerWidget":
        """Return the widget, opened with these values instead of the usual ones.

        Raises
        ------
        ValueError
            If there is no control of that name.
        """
        return ExplorerWidget(self, opening)

    def __repr__(self) -> str:
        values = (f"{name}={each.value!r}" for name, each in self.controls.items())
        return f"{self.name}({', '.join(values)})"


class ExplorerWidget(OfCell):
    """A picture that follows its controls, a question before and a claim after.

    At each change the values of all controls go into `compute`, its result into
    `view`, and one frame of the picture to the screen, with one line that says in
    words what is seen. Where widgets cannot run, the frame itself is shown. An
    exception is shown in words too; it is raised if RNNLIB_STRICT is set. When the cell
    that shows it is run again, it is closed.

    Parameters
    ----------
    explorer : Explorer
    opening : mapping
        Values to open with, in place of those of the controls.

    Attributes
    ----------
    controls : dict of str to widget
    presets : dict of str to button
    image, verdict, reset : widget
    live : Live or None
        The buttons of the training, and the records of it.
    speaker : Speaker or None
        The button that plays what is shown.
    view : View
    figure : Figure
        The picture itself, as it stands.
    """

    def __init__(self, explorer: Explorer, opening: Mapping[str, Any]) -> None:
        self._explorer = explorer
        self.view = explorer.view(style.figure(*explorer.view.size))
        self.figure = self.view.figure
        self._canvas = Canvas(self.figure, self.view.moving)
        self._settling = False
        self._alt, self._moved = explorer.title, ""
        self.controls = {
            name: control.widget() for name, control in explorer.controls.items()
        }
        for control in self.controls.values():
            control.observe(self._on_change, "value")
        self.presets = {
            words: fitting.button(words, partial(self._reopen, **values))
            for words, values in explorer.presets.items()
        }
        self.reset = fitting.button("reset", self._forget_and_reopen, "undo")
        self.live = None if explorer.training is None else self._live(explorer.training)
        sound = explorer.sound
        self.speaker = None if sound is None else Speaker(lambda: sound(self._data))
        self.image = fitting.frame(*explorer.view.size)
        self.verdict = fitting.verdict()
        self._opening: dict[str, Any] = {}
        room = {"width": "100%", "max_width": fitting.WIDTH}
        super().__init__(self._rows(), layout=widgets.Layout(**room, margin="4px 0"))
        self.add_class("rnnlib-explorer")
        self.set(**opening)
        self._opening = self.values

    def _live(self, training: Training) -> Live:
        return Live(
            training,
            values=lambda: self.values,
            show=self._refresh,
            fail=lambda error: self._say_error("Training was given up", error),
        )

    @property
    def values(self) -> dict[str, Any]:
        """What the controls are set to, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Move several controls at once; the picture is drawn once.

        Raises
        ------
        ValueError
            If there is no control of that name.
        RuntimeError
            If it is closed.
        """
        if not self.controls:
            raise RuntimeError(
                "an explorer must be open to be set, got one whose cell was run again; "
                f"open another one with {self._explorer.name}()"
            )
        for name in values:
            if name not in self.controls:
                known = ", ".join(self.controls)
                raise ValueError(f"controls are {known}, got {name!r}")
        with DRAWING:
            self._settling, self._moved = True, ""
            try:
                for name, value in values.items():
                    self.controls[name].value = value
            finally:
                self._settling = False
            self._refresh()

    def close(self) -> None:
        """Take it off the page, with all of its widgets, and drop its picture."""
        if self.comm is None:
            return
        if self.live:
            self.live.forget()
        super().close()
        self.controls.clear()
        self.presets.clear()
        for part in ("view", "figure", "image", "_canvas", "_data"):
            self.__dict__.pop(part, None)

    def _on_change(self, change: Any) -> None:
        if not self._settling and not _rounded(change.old, change.new):
            names = {control: name for name, control in self.controls.items()}
            self._moved = names[change.owner]
            self._refresh()

    def data(self, moved: str = "", /, **values: Any) -> Data:
        """Return what these values give; `moved` names the control that moved last."""
        if self.live:
            values["trained"] = tuple(self.live.records)
        if self._explorer.tells_moved:
            values["moved"] = moved
        return self._explorer.compute(**values)

    def _refresh(self) -> None:
        values = self.values
        for name, switch in self._explorer.needs.items():
            self.controls[name].disabled = not values[switch]
        try:
            with DRAWING:
                self._show(self.data(self._moved, **values))
        except Exception as error:
            self._say_error("This picture could not be made", error)
            if os.environ.get("RNNLIB_STRICT"):
                raise

    def _say_error(self, what: str, error: Exception) -> None:
        self._say(
            f"{what}: {error} ({type(error).__name__}). "
            "The one above is the last that could be made. Press reset.",
            "var(--jp-error-color1, #b00020)",
        )

    def _show(self, data: Data) -> None:
        self._data = data
        if self.speaker:
            self.speaker.forget()
        self.view.draw(data)
        frame = self._canvas.frame()
        self._alt = self.view.describe(data)
        with self.image.hold_sync():
            self.image.tooltip, self.image.value = self._alt, frame
        self._say(data.verdict)

    def _say(self, words: str, colour: str = "var(--jp-content-font-color1)") -> None:
        speaks = "off" if self.live and self.live.is_running else "polite"
        self.verdict.value = (
            f'<div role="status" aria-live="{speaks}" style="'
            f'line-height: 20px; color: {colour}">{html.escape(words)}</div>'
        )

    def _reopen(self, **values: Any) -> None:
        """Go back to the opening, but for these values."""
        self.set(**{**self._opening, **values})

    def _forget_and_reopen(self) -> None:
        if self.live:
            self.live.forget()
        self._reopen()

    def _rows(self) -> list[Any]:
        """Return the explorer from top to bottom."""
        row = widgets.Layout(flex_flow="row wrap", margin="0")
        words = self._explorer
        title, question, claim = map(
            html.escape, (words.title, words.question, words.claim)
        )
        return [
            fitting.words(f"<b>{title}.</b> <i>{question}</i>"),
            widgets.HBox([*self.presets.values(), self.reset], layout=row),
            widgets.HBox([*self.controls.values()], layout=row),
            *(part for part in (self.live, self.speaker) if part),
            self.image,
            fitting.with_room(self.verdict),
            fitting.words(
                f"<details><summary>What you can now claim</summary>{claim}</details>"
            ),
        ]

    def __repr__(self) -> str:
        return f"{self._explorer.title}. {self._alt}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the widget, and the frame it stands at for where no widget runs."""
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = repr(self)
        bundle["image/png"] = base64.b64encode(self.image.value).decode("ascii")
        return bundle, {"image/png": {"alt": repr(self)}}


def _rounded(old: Any, new: Any) -> bool:
    """Return whether a page has only sent back a number as it rounds it to a step."""
    return isinstance(new, float) and math.isclose(old, new, rel_tol=1e-9)
