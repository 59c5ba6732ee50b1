"""Each verdict of lessons 00 to 04, at every corner, against a second computation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnncourse.explorers import LESSON_OF, explorers
from rnncourse.exploring.controls import IntSlider, LogSlider, Slider, Steps
from rnncourse.exploring.engine import Explorer
from tests.course import looks_00_02, looks_03_04
from tests.course.looks import Said, every

EARLY = [name for name, lesson in LESSON_OF.items() if lesson <= "lesson_04"]
BETWEEN = 12

each = pytest.mark.parametrize("name", EARLY)


def second_look(name: str) -> Callable[..., None]:
    for module in (looks_00_02, looks_03_04):
        if name in vars(module):
            look: Callable[..., None] = vars(module)[name]
            return look
    raise AssertionError(f"{name} has no second look")


def check(make: Explorer, values: dict[str, Any]) -> None:
    data = make.compute(**values)
    second_look(make.name)(Said(data.verdict, values, data), **values)


@each
def test_a_verdict_says_at_every_corner_what_a_second_computation_finds(
    name: str,
) -> None:
    make = explorers()[name]
    for values in every(make):
        check(make, values)


def within(control: Any, rng: np.random.Generator) -> Any:
    """Return a value between the ends of a slider, or one of the other corners."""
    if isinstance(control, IntSlider | Steps):
        return int(rng.integers(int(control.low), int(control.high) + 1))
    if isinstance(control, LogSlider):
        low, high = np.log10([control.low, control.high])
        return float(10 ** rng.uniform(low, high))
    if isinstance(control, Slider):
        count = round((control.high - control.low) / control.step)
        return float(control.low + control.step * rng.integers(count + 1))
    corners = control.corners()
    return corners[int(rng.integers(len(corners)))]


@each
def test_a_verdict_holds_between_the_corners_too(name: str) -> None:
    make, rng = explorers()[name], np.random.default_rng(16)
    for _ in range(BETWEEN):
        check(make, {key: within(one, rng) for key, one in make.controls.items()})
