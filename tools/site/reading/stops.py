"""Which values of a control are stored, and how a value is said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import Any

from rnncourse.exploring.controls import (
    Choice,
    Control,
    IntSlider,
    LogSlider,
    Slider,
    Steps,
    Stops,
    Switches,
    Text,
    Toggle,
)

__all__ = ["is_range", "label", "said", "stops", "thinned"]

CLOSE = 1e-9  # two numbers are the same stop if they differ by so little


@singledispatch
def stops(control: Control) -> Sequence[Any]:
    """Return all values that a control stops at; none, where anything can be typed."""
    return control.corners()


@stops.register(Text)
@stops.register(Switches)
def _(control: Control) -> Sequence[Any]:
    return ()


@stops.register
def _(control: Slider) -> Sequence[float]:
    count = round((control.high - control.low) / control.step)
    return [round(control.low + n * control.step, 9) for n in range(count + 1)]


@stops.register
def _(control: LogSlider) -> Sequence[float]:
    count = round(math.log10(control.high / control.low) * control.per_decade)
    return [control.low * 10 ** (n / control.per_decade) for n in range(count + 1)]


@stops.register(IntSlider)
@stops.register(Steps)
def _(control: Any) -> Sequence[int]:
    return range(control.low, control.high + 1, control.step)


@stops.register
def _(control: Stops) -> Sequence[int]:
    return control.options


def thinned(values: Sequence[float], most: int, kept: Iterable[float]) -> list[float]:
    """Return at most that many of some numbers in their order, ends and `kept` too.

    >>> thinned(range(101), 6, [50, 64])
    [0, 33, 50, 64, 67, 100]
    """
    own = sorted(set(kept))
    room = max(most - len(own), 2)
    last = len(values) - 1
    spread = [values[round(n * last / (room - 1))] for n in range(room)]
    free = [value for value in spread if not any(is_close(value, k) for k in own)]
    return sorted([*free, *own])


def is_close(one: float, other: float) -> bool:
    """Return whether two numbers are the same but for rounding."""
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def is_range(control: Control) -> bool:
    """Return whether a control is a slider over numbers."""
    return isinstance(control, Slider | IntSlider | LogSlider | Stops | Steps)


def label(name: str, control: Control) -> str:
    """Return the words beside a control, or its name in code."""
    return str(getattr(control, "label", name))


def said(control: Control, value: Any) -> str:
    """Return a value of a control as its read-out says it.

    >>> said(Slider("gain", 0, 2, 1), 0.9)
    '0.90'
    """
    if isinstance(control, Slider):
        return format(value, control.digits)
    if isinstance(control, LogSlider):
        return format(value, ".3g")
    if isinstance(control, Toggle):
        return "yes" if value else "no"
    if isinstance(control, Choice):
        return control.words.get(value, value)
    if isinstance(control, Text):
        return f"“{value}”"
    return f"{value:,}" if isinstance(value, int) else str(value)
