"""What a learner can move: each control builds its widget and knows its extremes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log10
from typing import Any, Protocol

import ipywidgets as widgets
from traitlets import Int, Unicode, link

from rnncourse.exploring.fitting import FIT, button

__all__ = [
    "HALF",
    "THIRD",
    "Choice",
    "Control",
    "IntSlider",
    "LogSlider",
    "Slider",
    "Stepper",
    "Steps",
    "Stops",
    "Switches",
    "Text",
    "Toggle",
    "look",
]

HALF, THIRD = "416px", "276px"


class Control(Protocol):
    """A control of an explorer, before it is on the screen."""

    @property
    def value(self) -> Any:
        """What it is set to when the explorer opens."""

    def corners(self) -> tuple[Any, ...]:
        """Return the values that a test must try."""

    def widget(self) -> Any:
        """Return a new widget with a `value`."""


def look(width: str, words: str = "118px") -> dict[str, Any]:
    """Return the size of a control: its whole width, and that of its description."""
    return {
        "layout": widgets.Layout(width=width, max_width=FIT, margin="1px 2px"),
        "style": {"description_width": words},
    }


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high`."""

    label: str
    low: float
    high: float
    value: float

    def corners(self) -> tuple[float, float]:
        """Return both ends."""
        return self.low, self.high


@dataclass(frozen=True)
class Slider(Range):
    """A number from `low` to `high`; the handle may have the quantity's colour."""

    step: float = 0.01
    digits: str = ".2f"
    colour: str | None = None

    def widget(self) -> widgets.FloatSlider:
        """Return a slider with equal steps."""
        slider = widgets.FloatSlider(
            self.value,
            min=self.low,
            max=self.high,
            step=self.step,
            readout_format=self.digits,
            description=self.label,
            **look(HALF),
        )
        slider.style.handle_color = self.colour
        return slider


@dataclass(frozen=True)
class IntSlider(Range):
    """A whole number from `low` to `high`."""

    step: int = 1

    def widget(self) -> widgets.IntSlider:
        """Return a slider over whole numbers."""
        return widgets.IntSlider(
            self.value,
            min=self.low,
            max=self.high,
            step=self.step,
            description=self.label,
            **look(HALF),
        )


@dataclass(frozen=True)
class LogSlider(Range):
    """A positive number from `low` to `high`, over several decades.

    `low` and `value` lie a whole number of steps apart, and there are `per_decade`
    steps to a factor of ten.
    """

    per_decade: int = 20

    def widget(self) -> widgets.FloatLogSlider:
        """Return a slider with equal ratios."""
        return widgets.FloatLogSlider(
            self.value,
            base=10,
            min=log10(self.low),
            max=log10(self.high),
            step=1 / self.per_decade,
            readout_format=".3g",
            description=self.label,
            **look(HALF),
        )


@dataclass(frozen=True)
class Stops:
    """One of a few numbers, in their order, such as sizes over many decades."""

    label: str
    options: tuple[int, ...]
    value: int

    def corners(self) -> tuple[int, int]:
        """Return both ends."""
        return self.options[0], self.options[-1]

    def widget(self) -> widgets.SelectionSlider:
        """Return a slider that stops at these alone."""
        return widgets.SelectionSlider(
            options=[(f"{number:,}", number) for number in self.options],
            value=self.value,
            description=self.label,
            **look(HALF),
        )


@dataclass(frozen=True)
class Toggle:
    """Yes or no."""

    label: str
    value: bool

    def corners(self) -> tuple[bool, bool]:
        """Return both values."""
        return False, True

    def widget(self) -> widgets.Checkbox:
        """Return a box to tick."""
        return widgets.Checkbox(
            self.value,
            description=self.label,
            indent=False,
            layout=widgets.Layout(width="auto", margin="1px 2px 1px 30px"),
        )


@dataclass(frozen=True)
class Choice:
    """One of a few names; `words` are shown in place of some of them."""

    label: str
    options: tuple[str, ...]
    value: str
    words: Mapping[str, str] = field(default_factory=dict)
    width: str = THIRD

    def corners(self) -> tuple[str, ...]:
        """Return all of them."""
        return self.options

    def widget(self) -> widgets.Dropdown:
        """Return a drop-down list."""
        return widgets.Dropdown(
            options=[(self.words.get(name, name), name) for name in self.options],
            value=self.value,
            description=self.label,
            **look(self.width),
        )


@dataclass(frozen=True)
class Switches:
    """A row of switches, one a step: the value is a text of ones and zeros."""

    label: str
    value: str

    def corners(self) -> tuple[str, ...]:
        """Return all off, all on, and the opening."""
        return "0" * len(self.value), "1" * len(self.value), self.value

    def widget(self) -> "SwitchRow":
        """Return a row of buttons that stay down."""
        return SwitchRow(self)


@dataclass(frozen=True)
class Text:
    """A line of text; `tries` are the texts that a test must try, beside none."""

    label: str
    value: str
    tries: tuple[str, ...] = ()

    def corners(self) -> tuple[str, ...]:
        """Return the empty text, the opening one and `tries`."""
        return "", self.value, *self.tries

    def widget(self) -> widgets.Text:
        """Return a field to type in."""
        return widgets.Text(self.value, description=self.label, **look(HALF))


@dataclass(frozen=True)
class Steps:
    """A count of steps that can be played, taken one by one, and taken back."""

    label: str
    high: int
    value: int
    low: int = 0
    milliseconds: int = 200
    step: int = 1

    def corners(self) -> tuple[int, int]:
        """Return both ends."""
        return self.low, self.high

    def widget(self) -> "Stepper":
        """Return a slider with buttons."""
        return Stepper(self)


class Stepper(widgets.HBox):
    """A slider over steps beside buttons that play, take one step, and go back.

    Attributes
    ----------
    value, min, max, step : int
        The step it stands at, and the limits and the step of its slider.
    """

    value = Int()

    def __init__(self, steps: Steps) -> None:
        whole = IntSlider(
            steps.label, steps.low, steps.high, steps.value, step=steps.step
        )
        self.slider = whole.widget()
        self.slider.layout.min_width = "0"  # it gives way, the buttons do not
        self.player = widgets.Play(
            steps.value,
            min=steps.low,
            max=steps.high,
            step=steps.step,
            interval=steps.milliseconds,
            show_repeat=False,
            layout=widgets.Layout(width="auto", flex="0 0 auto", margin="1px 2px"),
        )
        self.forward = button(
            "one step", self._step, "step-forward", flex="0 0 auto", margin="1px 2px"
        )
        self.value, self.min, self.max = steps.value, steps.low, steps.high
        self.step = steps.step
        super().__init__(
            [self.slider, self.player, self.forward],
            layout=widgets.Layout(max_width="100%"),
        )
        link((self, "value"), (self.slider, "value"))
        link((self, "value"), (self.player, "value"))

    def _step(self) -> None:
        self.value = min(self.value + self.step, self.slider.max)


class SwitchRow(widgets.HBox):
    """Buttons that stay down, numbered from 1, after their label.

    Attributes
    ----------
    value : str
        A 1 for each that is down, a 0 for each that is up.
    switches : list of ToggleButton
    """

    value = Unicode()

    def __init__(self, row: Switches) -> None:
        left = widgets.Layout(
            width="118px", justify_content="flex-end", margin="2px 8px 2px 0"
        )
        label = widgets.Label(row.label, layout=left)
        self.switches = [
            widgets.ToggleButton(
                False,
                description=str(number),
                tooltip=f"{row.label}, step {number}",
                layout=widgets.Layout(width="32px", margin="1px", padding="0"),
            )
            for number, _ in enumerate(row.value, start=1)
        ]
        self._settling = False
        for switch in self.switches:
            switch.observe(self._pressed, "value")
        self.observe(self._moved, "value")
        place = widgets.Layout(
            width=HALF, max_width=FIT, flex_flow="row wrap", margin="1px 2px"
        )
        super().__init__([label, *self.switches], layout=place)
        self.value = row.value

    def _pressed(self, _: Any) -> None:
        if not self._settling:
            self.value = "".join("01"[switch.value] for switch in self.switches)

    def _moved(self, change: Any) -> None:
        self._settling = True
        for switch, digit in zip(self.switches, change.new, strict=True):
            switch.value = digit == "1"
        self._settling = False
