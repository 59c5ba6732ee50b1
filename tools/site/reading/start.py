"""The start of the site: what the course is, and a way into each lesson."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin

from tools.notebooks import FOLDER, LEARNERS
from tools.pages.converting import SHARED
from tools.pages.filling import environment
from tools.pages.lessons import Lesson
from tools.site.reading.page import TEMPLATES, Shown

__all__ = ["check_name", "start"]

COLAB = "https://colab.research.google.com/github/{}/blob/main/notebooks/{}"
BINDER = "https://mybinder.org/v2/gh/{}/HEAD?labpath=notebooks/{}"
NAME = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True)
class Row:
    """A lesson on the start page.

    Parameters
    ----------
    lesson : Lesson
    read, lab : str
        Its page, and where it can be run.
    elsewhere : mapping of str to str
        Where else, by the name of the place.
    """

    lesson: Lesson
    read: str
    lab: str
    elsewhere: dict[str, str]

    @property
    def title(self) -> str:
        """What the list calls it; the title of the first one is that of the course."""
        first = self.lesson.name == "start_here"
        return "Start here" if first else self.lesson.title


def check_name(repository: str) -> None:
    """Refuse a repository that is not named OWNER/NAME; an empty name is none."""
    if repository and not NAME.fullmatch(repository):
        raise ValueError(f"The repository must be OWNER/NAME, got {repository!r}.")


def start(
    lessons: Sequence[Lesson],
    labs: Sequence[str],
    repository: str = "",
    example: Shown | None = None,
) -> str:
    """Return the start page as HTML.

    Parameters
    ----------
    lessons : sequence of Lesson
        Those that have a page.
    labs : sequence of str
        Where each can be run, seen from its page.
    repository : str, optional
        OWNER/NAME at GitHub.
    example : Shown, optional
        An explorer of a lesson, as on the page of it.
    """
    rows = [
        Row(
            lesson,
            f"read/{lesson.path.stem}.html",
            urljoin("read/page.html", lab),
            _elsewhere(lesson, repository),
        )
        for lesson, lab in zip(lessons, labs, strict=True)
    ]
    taught = [row for row in rows if row.lesson.path in LEARNERS]
    others = [row for row in rows if not row.lesson.is_taught]
    capstones = [row for row in rows if row not in taught and row not in others]
    groups = {"The lessons": taught, "Capstones": capstones, "To look up": others}
    page = environment(TEMPLATES, SHARED).get_template("start.html.j2")
    return page.render(
        groups=groups,
        first=rows[0],
        repository=repository,
        example=example and _here(example),
    )


def _here(example: Shown) -> Shown:
    """Return an explorer of a lesson's page as it is seen from the start page."""
    folder = urljoin("read/page.html", example.folder)
    return replace(example, folder=folder, lab=urljoin("read/page.html", example.lab))


def _elsewhere(lesson: Lesson, repository: str) -> dict[str, str]:
    path = quote(lesson.path.relative_to(FOLDER).as_posix())
    if not repository or not lesson.is_taught:
        return {}
    places = {"Colab": COLAB, "Binder": BINDER}
    return {name: place.format(repository, path) for name, place in places.items()}
