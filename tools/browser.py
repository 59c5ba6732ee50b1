"""Find an installed browser of the Chromium family."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
MAC_APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS_PROGRAMS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
WINDOWS_FOLDERS = ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")


def find_browser() -> str | None:
    """Return the program of an installed Chromium, Chrome or Edge, or None.

    ``RNNLIB_BROWSER`` names another one, by command or by path.

    Raises
    ------
    FileNotFoundError
        If ``RNNLIB_BROWSER`` names a program that is not there.
    """
    chosen = os.environ.get("RNNLIB_BROWSER")
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise FileNotFoundError(f"RNNLIB_BROWSER names no program: {chosen}")
        return found
    return next(
        (found for name in _usual_places() if (found := shutil.which(name))), None
    )


def _usual_places() -> Iterator[str]:
    yield from COMMANDS
    for name in MAC_APPLICATIONS:
        for home in (Path("/"), Path.home()):
            yield str(home / "Applications" / f"{name}.app" / "Contents/MacOS" / name)
    for folder in filter(None, map(os.environ.get, WINDOWS_FOLDERS)):
        for program in WINDOWS_PROGRAMS:
            yield str(Path(folder) / program)
