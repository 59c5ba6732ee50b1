"""One sentence for each thing that can go wrong: what it is, and what helps."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALL = "py course.py" if os.name == "nt" else "python3 course.py"
MEGABYTES = 400  # what the packages of the lessons take on a disk

NO_VENV = (
    "This Python cannot make virtual environments: install its venv module (on Debian"
    " and Ubuntu: sudo apt install python3-venv), then type {call} again."
)
READ_ONLY = (
    "The folder {root} cannot be written to: type {call} --to FOLDER, with a folder of"
    " your own, and packages and lessons go there."
)
PORT_TAKEN = (
    "Port {port} cannot be had; perhaps another program uses it. Choose another number,"
    " or leave --port out and JupyterLab finds one."
)
NO_BENCHMARK = "There is no {name} to measure; there are: {known}."
LEFT_OUT = (
    "This is the edition for learners, which has no {name}: your teacher has the rest."
)
NO_LESSON = "There is no lesson {name}; there are: {known}."
NO_WHEELS = (
    "The folder {folder} holds no packages: name one that {call} pack has filled."
)
UNKNOWN = "The course could not be set up: {error}"
FOREIGN = "{venv} was not made by course.py: move it away, then type {call} again."
IN_USE = (
    "The packages cannot be exchanged while the course is open: close every window of"
    " it, then type {call} again."
)
DISK_FULL = (
    "The disk is full: the packages need about {needed} MB{free}. Make room, then type"
    " {call} again."
)
UNWRITABLE = {errno.ENOSPC: DISK_FULL, errno.EROFS: READ_ONLY, errno.EACCES: READ_ONLY}
COMPLAINTS = (
    (r"No space left on device|\[Errno 28\]|\[WinError 112\]", DISK_FULL),
    (
        r"Windows Long Path",
        "The path {root} is too long for Windows: move the course nearer to the top of"
        " the disk, then type {call} again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that this course was tested with: try"
        " another network, then type {call} again.",
    ),
    (
        r"NewConnection|NameResolution|Timeout|Proxy|SSL|RemoteDisconnected|refused",
        "The packages could not be downloaded: connect to the internet (behind a proxy,"
        " set HTTPS_PROXY), then type {call} again.",
    ),
    (
        r"No matching distribution found for (?P<package>[^\s=]+)",
        "There is no ready-made {package} for this Python on this machine: install a"
        " 64-bit Python from python.org/downloads, then type {call} again.",
    ),
)


class CourseError(Exception):
    """One sentence for the learner: what is wrong, and what to do about it."""

    def __init__(self, sentence: str, **names: object):
        usual = {"call": CALL, "root": ROOT, "needed": MEGABYTES, "free": ""}
        super().__init__(sentence.format(**{**usual, **names}))


def explain(words: str, **names: object) -> CourseError:
    """Return in one sentence why pip failed."""
    for pattern, sentence in COMPLAINTS:
        match = re.search(pattern, words)
        if match:
            return CourseError(sentence, **names, **match.groupdict())
    return CourseError(UNKNOWN, error=(words.splitlines() or ["pip failed"])[-1])
