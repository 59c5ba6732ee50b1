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

from rnncourse.exploring.engine import Explorer, ExplorerWidget
from tools.pages.lessons import shown
from tools.site.reading.stops import is_range, label, said, stops, thinned

__all__ = ["Frame", "Gallery", "Moved", "gallery", "opening"]

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
    values : tuple of pairs of str
        What each control is set to: its label, and its value in words.
    """

    picture: bytes
    alt: str
    verdict: str
    values: tuple[tuple[str, str], ...]


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


def gallery(cell: Any) -> Gallery:
    """Return the explorer that a cell opens, with all frames that are stored."""
    explorer, given = shown(cell), opening(cell)
    with _strict():
        made = explorer(**given)
        opens, first = made.values, _seen(made)
        chosen = chosen_of(explorer, opens)
        frames = [
            first if opens | setting == opens else _moved(made, setting)
            for setting in _settings(chosen)
        ]
        presets = [
            Preset(
                words, _taken(made, opens | {**values}), _places(chosen, made.values)
            )
            for words, values in explorer.presets.items()
        ]
    made.close()
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


def _moved(made: ExplorerWidget, setting: Mapping[str, Any]) -> Frame:
    """Return what an explorer shows when its controls are moved, as by a learner."""
    changed = {n: v for n, v in setting.items() if made.controls[n].value != v}
    if len(changed) != 1:
        return _taken(made, changed)
    for name, value in changed.items():
        made.controls[name].value = value
    return _seen(made)


def _taken(made: ExplorerWidget, values: Mapping[str, Any]) -> Frame:
    """Return what an explorer shows when several controls are set at once."""
    made.set(**values)
    return _seen(made)


def _seen(made: ExplorerWidget) -> Frame:
    return Frame(
        bytes(made.image.value),
        repr(made),
        html.unescape(TAG.sub("", made.verdict.value)),
        tuple(_words(made)),
    )


def _words(made: ExplorerWidget) -> Iterator[tuple[str, str]]:
    controls = made._explorer.controls
    for name, value in made.values.items():
        yield label(name, controls[name]), said(controls[name], value)


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
