"""From folders to learners: whose file is which, and what is in it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from classroom.naming import owner
from classroom.report.assigned import LESSONS, lesson_titles
from classroom.report.notebooks import Notebook, UnreadableError, read
from classroom.report.outcomes import Outcome
from rnncourse.catalogue import exercises
from rnncourse.checking.reports import MARKS, NOT_TRIED

__all__ = ["Learner", "Trouble", "collect"]

States = Mapping[str, str]
SUBMITTED = "submitted"
PROGRESS = re.compile(r"^\.?progress$|^\.rnnlib_progress$")
SKIPPED = {".ipynb_checkpoints", ".git", ".venv", "node_modules", "__pycache__"}
NAMELESS = (
    "It does not say whose it is: put it into a folder of the learner's name, or call "
    "it NAME.json."
)
NO_PROGRESS = (
    "It is no progress file of the course: its JSON is broken, or has no exercises."
)
TWICE = "It has {ids} as well, and is older than {other}, which counts."
NOTHING = "No notebook (.ipynb) and no progress file (.json) is in it."


@dataclass(frozen=True)
class Trouble:
    """A file that could not be used, or not wholly, and why."""

    path: Path
    words: str
    learner: str = ""


@dataclass
class Learner:
    """What one learner has handed in.

    Attributes
    ----------
    programs : dict
        The answers in notebooks, by exercise.
    stored : dict
        What stored outputs say.
    progress : dict
        The states of a progress file.
    minutes : dict
        By lesson, where known.
    sources : dict
        The file that each exercise is taken from.
    """

    name: str
    programs: dict[str, str] = field(default_factory=dict)
    stored: dict[str, Outcome] = field(default_factory=dict)
    progress: dict[str, str] = field(default_factory=dict)
    minutes: dict[str, float] = field(default_factory=dict)
    sources: dict[str, Path] = field(default_factory=dict)

    def add(self, path: Path, book: Notebook) -> str:
        """Take what a notebook holds, older ones last; return what is left out."""
        ids = {*book.programs, *book.stored}
        twice = sorted(ids & {*self.sources})
        for id in ids - {*self.sources}:
            self.sources[id] = path
            if id in book.programs:
                self.programs[id] = book.programs[id]
            if id in book.stored:
                self.stored[id] = book.stored[id]
        if book.minutes is not None and not twice:
            before = self.minutes.get(book.lesson, 0.0)
            self.minutes[book.lesson] = before + book.minutes
        if not twice:
            return ""
        other = self.sources[twice[0]].name
        return TWICE.format(ids=", ".join(twice), other=other)


def collect(
    folders: Sequence[Path],
) -> tuple[dict[str, Learner], list[Trouble]]:
    """Return the learners of some folders by name, and what could not be used.

    A folder is one of nbgrader's (`submitted/NAME/04/x.ipynb`), or one with a folder
    for each learner, or a flat one of files that begin with a name. Progress files are
    called `progress.json` or `.progress.json` in the learner's folder, or `NAME.json`.

    Raises
    ------
    FileNotFoundError
        If a folder is not there.
    """
    learners: dict[str, Learner] = {}
    troubles: list[Trouble] = []
    for folder in folders:
        found = sorted(_files(folder), key=_age)
        if not found:
            troubles.append(Trouble(folder, NOTHING))
        for path, parts in found:
            name = _name(path, parts)
            words = NAMELESS
            if name:
                learner = learners.setdefault(name, Learner(name))
                take = _take_notebook if path.suffix == ".ipynb" else _take_progress
                words = _said(take, learner, path)
            if words:
                troubles.append(Trouble(path, words, name))
    return dict(sorted(learners.items(), key=lambda pair: pair[0].casefold())), troubles


def _files(folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield the files that count, with the folders that they are in."""
    if folder.is_file():
        yield folder, ()
        return
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    base = folder / SUBMITTED if (folder / SUBMITTED).is_dir() else folder
    for path in sorted(base.rglob("*")):
        parts = path.relative_to(base).parts[:-1]
        progress = path.suffix == ".json" and (not parts or PROGRESS.match(path.stem))
        if (progress or path.suffix == ".ipynb") and not SKIPPED & {*parts}:
            yield path, parts


def _age(found: tuple[Path, tuple[str, ...]]) -> tuple[float, str]:
    """Return what sorts files so that the newest comes first."""
    path, _ = found
    try:
        return -path.stat().st_mtime, str(path)
    except OSError:
        return 0.0, str(path)


def _name(path: Path, parts: tuple[str, ...]) -> str:
    """Return whose file it is: by its first folder, or by the beginning of its name.

    >>> _name(Path("ana_lima_04_back_propagation_through_time.ipynb"), ())
    'ana_lima'
    >>> _name(Path("x.ipynb"), ("Ben Ode_412_assignsubmission_file_",))
    'Ben Ode'
    >>> _name(Path("1234567_lesson.ipynb"), ()), _name(Path("04_mine.ipynb"), ())
    ('1234567', '')
    """
    stem = parts[0] if parts else path.stem
    name = owner(stem)
    if parts or name != stem:
        return "" if name in lesson_titles() else name
    for lesson in _lessons():
        name = f"_{name}".removesuffix(f"_{lesson}").removeprefix("_")
    if path.suffix == ".json":
        return re.sub(r"(^|[_. -])progress$|^\.rnnlib_progress$", "", name)
    name = name.partition("_")[0] if name == stem else name
    return "" if name in lesson_titles() else name


@cache
def _lessons() -> list[str]:
    return [path.stem for path in LESSONS.rglob("*.ipynb")]


def _said(take: Callable[[Learner, Path], str], learner: Learner, path: Path) -> str:
    try:
        return take(learner, path)
    except UnreadableError as error:
        return str(error)


def _take_notebook(learner: Learner, path: Path) -> str:
    return learner.add(path, read(path))


def _take_progress(learner: Learner, path: Path) -> str:
    """Take the states of a progress file; what was right in one of them is right."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))["exercises"]
        states = {id: s for id, s in entries.items() if s in [*MARKS]}
    except OSError as error:
        return f"It cannot be opened: {error.strerror}."
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return NO_PROGRESS
    for id in states.keys() & exercises().keys():
        rank = [*MARKS].index
        before = learner.progress.get(id, NOT_TRIED)
        learner.progress[id] = min(before, states[id], key=rank)
    return ""
