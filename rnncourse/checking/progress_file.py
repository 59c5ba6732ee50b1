"""What the learner has tried and solved: one small JSON file.

Several notebooks may write at once, each in a kernel of its own: a lock lets one in
after the other. A file that cannot be understood is never overwritten. In a browser
tab the states are kept in its storage, too: see `tab_storage`.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rnncourse.checking.locks import lock, unlock
from rnncourse.checking.reports import MARKS, PASSED
from rnncourse.checking.tab_storage import EXERCISES, STORAGE
from rnncourse.shared.tab import IN_TAB
from rnnlib._files import replacing

__all__ = ["add", "beside", "place", "read", "states_in", "write"]

States = dict[str, str]
VERSION = 1
BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
NEWER = (
    "Your progress could not be stored: {path} was written by a newer version of the "
    "course and is left as it is. Update the course to go on with it."
)


class UnusableError(Exception):
    """A progress file that has to be left alone, and why."""


def place() -> Path:
    """Return where the file is: RNNLIB_PROGRESS, beside the lessons, or at home.

    In somebody else's folder each user has a file at home, and so has everybody in a
    browser tab, where not every lesson has a folder.
    """
    chosen = os.environ.get("RNNLIB_PROGRESS")
    if chosen:
        return Path(chosen)
    here = Path.cwd()
    lessons = here.parent if here.name == "capstones" else here
    near = lessons / ".progress.json"
    at_home = IN_TAB or not _is_mine(near)
    return Path.home() / ".rnnlib_progress.json" if at_home else near


def beside(name: str) -> Path:
    """Return a file beside it: its name, a dot and `name`."""
    path = place()
    return path.with_name(f"{path.name}.{name}")


def _is_mine(path: Path) -> bool:
    """Return whether this user may write the file, and no other user owns it."""
    try:
        owner = path.stat().st_uid
    except OSError:
        return os.access(path.parent, os.W_OK)
    same = not hasattr(os, "getuid") or owner == os.getuid()
    return same and os.access(path, os.W_OK)


def read() -> States:
    """Return the state of each exercise by its id; nothing if there is no file."""
    try:
        return _known(_entries(place()))
    except (OSError, UnusableError, *BROKEN):
        return {}


def states_in(text: str) -> States:
    """Return the state of each exercise by its id, from the text of such a file.

    Raises
    ------
    ValueError
        If it is no such file, or that of a newer version.

    >>> states_in('{"version": 1, "exercises": {"04.2": "right", "04.3": "?"}}')
    {'04.2': 'right'}
    """
    try:
        return _known(_entries_in(text, "this file"))
    except UnusableError as error:
        raise ValueError(str(error)) from None
    except BROKEN:
        raise ValueError("This file is no progress.json of the course.") from None


def text_of(entries: Mapping[str, Any]) -> str:
    """Return the text of a file with these states."""
    return json.dumps({"version": VERSION, "exercises": entries}, indent=1) + "\n"


def write(id: str, state: str) -> str:
    """Store the state of an exercise; return in words why it cannot be, or nothing."""
    return add({id: state})


def add(states: States) -> str:
    """Store the states of exercises; return in words why they cannot be, or nothing.

    What was once right stays right. A file that is no longer JSON is set aside, so that
    nothing in it is lost.
    """
    path = place()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            try:
                entries = _entries(path)
            except BROKEN:
                entries = {}
                _set_aside(path)
            new = {id: s for id, s in states.items() if entries.get(id) != PASSED}
            if not new:
                return ""
            with replacing(path) as file:
                file.write(text_of(entries | new).encode())
    except UnusableError as error:
        return str(error)
    except OSError as error:
        return f"Your progress could not be stored: {error.strerror or error}."
    return STORAGE.keep(EXERCISES, new)


def _known(entries: Mapping[str, Any]) -> States:
    """Return the states that this version knows."""
    known = ((id, state) for id, state in entries.items() if isinstance(state, str))
    return {id: state for id, state in known if state in MARKS}


def _entries(path: Path) -> dict[str, Any]:
    """Return what a file says of each exercise, states of other versions included."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    return _entries_in(text, str(path))


def _entries_in(text: str, origin: str) -> dict[str, Any]:
    """Return what a text says of each exercise; an error names its origin."""
    stored = json.loads(text)
    version, entries = stored.get("version", VERSION), stored["exercises"]
    if isinstance(version, int) and version > VERSION:
        raise UnusableError(NEWER.format(path=origin))
    return dict(entries)


def _set_aside(path: Path) -> None:
    """Give a broken file a name that no other file has."""
    names = ("", *(f"-{number}" for number in range(2, 1000)))
    free = (path.with_name(f"{path.stem}.broken{n}{path.suffix}") for n in names)
    with suppress(FileNotFoundError):
        path.rename(next(name for name in free if not name.exists()))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let nobody else change the file meanwhile; a lock ends with its process."""
    with open(path.with_name(path.name + ".lock"), "a+b") as file:
        lock(file)
        try:
            yield
        finally:
            unlock(file)
