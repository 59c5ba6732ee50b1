"""Reading a verdict: the numbers that it shows, against numbers computed elsewhere."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from rnncourse.exploring.controls import Control
from rnncourse.exploring.engine import Explorer

NUMBER = r"−?[\d.]+(?:e-?\d+)?"


def corners_of(explorer: Explorer) -> Iterator[dict[str, Any]]:
    """Yield the values of all controls at each corner."""
    controls: Mapping[str, Control] = explorer.controls
    for values in product(*(control.corners() for control in controls.values())):
        yield dict(zip(controls, values, strict=True))


def opened(explorer: Explorer, preset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of all controls after a preset."""
    return {name: each.value for name, each in explorer.controls.items()} | {**preset}


def parts(pattern: str, verdict: str) -> dict[str, str]:
    """Return what the groups of a pattern match; the whole verdict must match."""
    found = re.fullmatch(pattern, verdict)
    assert found, f"{verdict!r} is not of the form {pattern!r}"
    return {name: text for name, text in found.groupdict().items() if text is not None}


def shows(text: str, value: float, digits: int = 2) -> bool:
    """Return whether a text is `value` to so many digits, as `wording.number` writes.

    >>> shows("3.4e-7", 3.38e-7), shows("84 %", 0.8391), shows("0", 1e-9)
    (True, True, False)
    """
    share = text.endswith(" %")
    shown = float(text.removesuffix(" %").replace("−", "-")) / (100 if share else 1)
    if not value or not shown:
        return shown == value
    last = 10.0 ** (math.floor(math.log10(abs(value)) + 1e-12) - digits + 1)
    return abs(shown - value) <= 0.5001 * last


def shows_fixed(text: str, value: float, decimals: int = 2) -> bool:
    """Return whether a text is `value` with so many decimals.

    >>> shows_fixed("−0.13", -0.1264), shows_fixed("0.13", 0.1364)
    (True, False)
    """
    return abs(float(text.replace("−", "-")) - value) <= 0.5001 * 10.0**-decimals
