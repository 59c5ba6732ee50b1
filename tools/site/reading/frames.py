"""The stored frames of an explorer: what its first controls reach, and its presets.

Each frame is made as a learner makes it: a control is moved, or a preset taken, and
the explorer draws.
"""

from __future__ import annotations

import ast
import html
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

from rnncourse.exploring.engine import Explorer
from tools.pages.lessons import shown
from tools.site.reading.stops import is_range, label, said, stops, thinned

__all__ = ["Frame", "Gallery", "Moved", "chosen_of", "gallery", "opening"]

MOST, LEAST = 48, 4  # frames of all stops together; stops of a slider that is thinned
TAG = re.compile("<[^>]*>")


@dataclass(frozen=True)
class Frame:
    """What an explorer shows at some values.

    Parameters
    ----------
    picture : bytes
        A PNG file.
    alt, verdict : str
        The picture in words, and the line under it.
    values : str
        What each control is set to: its label and its value.
    """

    picture: bytes
    alt: str
    verdict: str
    values: str


@dataclass(frozen=True)
class Moved:
    """A control that moves through stored frames.

    Parameters
    ----------
    label : str
    is_range : bool
        Whether it is a slider, and not a list.
    stops : tuple of str
        The values it stops at, in words.
    at : int
        The stop it opens at.
    """

    label: str
    is_range: bool
    stops: tuple[str, ...]
    at: int


@dataclass(frozen=True)
class Preset:
    """A button: its words, the frame it shows, and the stops the controls go to."""

    words: str
    frame: Frame
    at: tuple[int, ...]


@dataclass(frozen=True)
class Gallery:
    """An explorer that answers without a kernel.

    Parameters
    ----------
    explorer : Explorer
    moved : tuple of Moved
        The controls that can be moved.
    frames : tuple of Frame
        One for each setting of them; the last control changes fastest.
    presets : tuple of Preset
    """

    explorer: Explorer
    moved: tuple[Moved, ...]
    frames: tuple[Frame, ...]
    presets: tuple[Preset, ...]

    @property
    def first(self) -> Frame:
        """What it opens with."""
        place = 0
        for each in self.moved:
            place = place * len(each.stops) + each.at
        return self.frames[place]


def opening(cell: Any) -> dict[str, Any]:
    """Return the values that a cell opens its explorer with.

    Raises
    ------
    ValueError
        If its last line is not a call with plain values by name.
    """
    last = ast.parse(cell.source).body[-1]
    call = last.value if isinstance(last, ast.Expr) else None
    try:
        if isinstance(call, ast.Call) and not call.args:
            return {str(x.arg): ast.literal_eval(x.value) for x in call.keywords}
    except ValueError:
        pass
    raise ValueError(
        "a cell must open its explorer in its last line, with plain values by name, "
        f"got {cell.source!r}"
    )


class Camera:
    """An open explorer, of which frames are taken while it is moved."""

    def __init__(self, explorer: Explorer, given: Mapping[str, Any]) -> None:
        self._controls = explorer.controls
        self._made = explorer(**given)
        self.values = self._made.values

    def moved(self, setting: Mapping[str, Any]) -> Frame:
        """Return what is shown when controls are moved, as a learner moves them."""
        controls = self._made.controls
        changed = {n: v for n, v in setting.items() if controls[n].value != v}
        if len(changed) != 1:
            return self.taken(changed)
        for name, value in changed.items():
            controls[name].value = value
        return self.seen()

    def taken(self, values: Mapping[str, Any]) -> Frame:
        """Return what is shown when several controls are set at once."""
        self._made.set(**values)
        return self.seen()

    def seen(self) -> Frame:
        """Return what is shown now."""
        made, self.values = self._made, self._made.values
        words = [
            f"{label(name, self._controls[name])}: {said(self._controls[name], value)}"
            for name, value in self.values.items()
        ]
        told = html.unescape(TAG.sub("", made.verdict.value))
        return Frame(bytes(made.image.value), repr(made), told, " · ".join(words))

    def close(self) -> None:
        """Drop the explorer."""
        self._made.close()


def gallery(cell: Any) -> Gallery:
    """Return the explorer that a cell opens, with all frames that are stored."""
    explorer = shown(cell)
    with _strict():
        camera = Camera(explorer, opening(cell))
        opens, first = camera.values, camera.seen()
        chosen = chosen_of(explorer, opens)
        frames = [
            first if opens | setting == opens else camera.moved(setting)
            for setting in _settings(chosen)
        ]
        presets = []
        for words, values in explorer.presets.items():
            frame = camera.taken(opens | {**values})
            presets.append(Preset(words, frame, _places(chosen, camera.values)))
        camera.close()
    moved = [
        Moved(
            label(name, explorer.controls[name]),
            is_range(explorer.controls[name]),
            tuple(said(explorer.controls[name], value) for value in values),
            values.index(opens[name]),
        )
        for name, values in chosen.items()
    ]
    return Gallery(explorer, tuple(moved), tuple(frames), tuple(presets))


def _settings(chosen: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in product(*chosen.values()):
        yield dict(zip(chosen, values, strict=True))


def chosen_of(explorer: Explorer, opens: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the controls to move, with the values to store.

    The first one always is; then the first slider, and others, as long as the frames
    are few enough.
    """
    names = [name for name, each in explorer.controls.items() if stops(each)]
    sliders = [name for name in names if is_range(explorer.controls[name])]
    chosen: dict[str, list[Any]] = {}
    for name in dict.fromkeys([*names[:1], *sliders[:1], *names]):
        control, room = explorer.controls[name], MOST // _count(chosen)
        every, kept = stops(control), [opens[name], *_of_presets(explorer, name)]
        if is_range(control) and len(every) > room >= LEAST:
            values = thinned(every, room, kept)
        else:
            values = list(dict.fromkeys([*every, *kept]))
        if not chosen or len(values) <= room:
            chosen[name] = values
    return {name: chosen[name] for name in names if name in chosen}


def _count(chosen: Mapping[str, Sequence[Any]]) -> int:
    return math.prod(map(len, chosen.values()))


def _of_presets(explorer: Explorer, name: str) -> Iterator[Any]:
    for values in explorer.presets.values():
        if name in values:
            yield values[name]


def _places(chosen: Mapping[str, Sequence[Any]], now: Mapping[str, Any]) -> Any:
    return tuple(values.index(now[name]) for name, values in chosen.items())


@contextmanager
def _strict() -> Iterator[None]:
    """Let an explorer raise what it would otherwise say in words."""
    before = os.environ.get("RNNLIB_STRICT")
    os.environ["RNNLIB_STRICT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["RNNLIB_STRICT"]
        else:
            os.environ["RNNLIB_STRICT"] = before
