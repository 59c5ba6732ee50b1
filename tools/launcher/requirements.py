"""Which packages of the lock are needed for what.

The lock holds all of them, each with the packages that ask for it (`# via ...`). So
what an extra of pyproject.toml needs is found by following these lines.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ALWAYS = "course"
EVERYTHING = "all"


def required(root: Path, extras: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the entries of the lock that the library and some extras need, by name.

    Where a package comes in several versions, for one Python or another, its entry
    holds all of them.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    optional = project["project"].get("optional-dependencies", {})
    chosen = optional if EVERYTHING in extras else (ALWAYS, *extras)
    asked = [
        *project["project"].get("dependencies", []),
        *(line for extra in chosen for line in optional.get(extra, [])),
    ]
    entries = locked_entries((root / "requirements.lock").read_text(encoding="utf-8"))
    names = {plain(line) for line in asked} & set(entries)
    grown = True
    while grown:
        more = {name for name, text in entries.items() if names & set(asked_by(text))}
        grown = not more <= names
        names |= more
    return {name: text for name, text in entries.items() if name in names}


def locked_entries(lock: str) -> dict[str, str]:
    """Return the lock's text of each package, by its plain name."""
    entries: dict[str, str] = {}
    for text in re.split(r"\n(?=\w)", lock.strip()):
        if text:
            name = plain(text)
            entries[name] = "\n".join(filter(None, [entries.get(name), text]))
    return entries


def asked_by(entry: str) -> list[str]:
    """Return the names of the packages that ask for this one."""
    return [
        plain(name) for name in re.findall(r"#(?: +via)? +(\w[\w.-]*)$", entry, re.M)
    ]


def plain(requirement: str) -> str:
    """Return the name of a requirement as all spellings of it have in common.

    >>> plain("Jupyter_Core>=5,<6")
    'jupyter-core'
    """
    match = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""
