"""What is checked before the hub starts, and the one sentence for what is wrong."""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from classroom.hub.class_folder import ClassFolder
from classroom.hub.spawner import FIRST_NUMBER
from tools.launcher.sentences import ROOT, CourseError

__all__ = [
    "EVERYWHERE",
    "LOOPBACK",
    "address",
    "made",
    "numbers",
    "reach",
    "remains",
    "seen_as",
    "take_names",
]

assert sys.platform != "win32"

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"
OF_NOBODY = "192.0.2.1", 9  # an address for examples; nothing is sent there
PORT_TAKEN = (
    "Port {port} at {address} cannot be had ({why}): choose another number with --port."
)
SERVED = (
    "A hub serves the class in {folder} already: end it (process {pid}) before you "
    "start another, or name another --folder."
)
BAD_FOLDER = "The folder {folder} cannot be used: {why}. Name another with --folder."
BAD_SIZE = "--memory is a size such as 512M or 1.5G, not {got}."
BAD_NUMBER = "--{name} is a number from {least} on, not {got}."
NO_NAMES = "The list of names {file} cannot be read: {why}. One name a line is wanted."
UNREACHABLE = (
    "A learner cannot reach the course, its Python ({python}) or the folder of the "
    "class: {said}. Move all three out of folders that only root may read (as /root), "
    "or serve with --one-user, which lets every learner read and change what you can."
)


def numbers(options: argparse.Namespace) -> None:
    """Refuse numbers that mean nothing."""
    for name, least in {"learners": 1, "port": 1, "idle": 1}.items():
        got = getattr(options, name)
        if got is not None and got < least:
            raise CourseError(BAD_NUMBER, name=name, least=least, got=got)
    if not re.fullmatch(r"\d+(\.\d+)?[KMGT]", options.memory):
        raise CourseError(BAD_SIZE, got=options.memory)


def made(place: Path) -> ClassFolder:
    """Return the folder of the class, made if it was not there."""
    folder = ClassFolder(place)
    try:
        folder.make()
        folder.password()
    except OSError as error:
        raise CourseError(BAD_FOLDER, folder=place, why=error.strerror) from error
    return folder


def take_names(file: Path, folder: ClassFolder) -> None:
    """Copy the teacher's list of names to where the hub reads it."""
    try:
        folder.take_names(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CourseError(NO_NAMES, file=file, why=error.strerror) from error
    except ValueError as error:
        raise CourseError(NO_NAMES, file=file, why=error) from error


def address(ip: str, port: int) -> None:
    """Refuse an address that is not this computer's, or a port that is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            names = {"port": port, "address": ip, "why": why}
            raise CourseError(PORT_TAKEN, **names) from error


def remains(folder: ClassFolder) -> None:
    """Refuse a class that is served already; end the proxy that a killed hub has left.

    The learners' servers that it left go on, and the next hub finds them.
    """
    hub = running(folder.hub / "hub.pid", "jupyterhub")
    if hub:
        raise CourseError(SERVED, folder=folder.root, pid=hub.pid)
    left = running(folder.hub / "proxy.pid", "configurable-http-proxy")
    if left:
        left.terminate()
        left.wait(10)


def running(file: Path, name: str) -> psutil.Process | None:
    """Return the process whose number a file holds, if it is still that program."""
    try:
        process = psutil.Process(int(file.read_text(encoding="utf-8")))
        return process if name in " ".join(process.cmdline()) else None
    except (OSError, ValueError, psutil.Error):
        return None


def reach(folder: ClassFolder) -> None:
    """Try as a learner's user number whether their server could start."""
    number, python = FIRST_NUMBER, Path(sys.executable).resolve()
    command = [sys.executable, "-c", "import jupyterhub, rnncourse"]
    known = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(
            command,
            cwd=folder.learners,
            env=known,
            capture_output=True,
            user=number,
            group=number,
            extra_groups=[],
        )
    except OSError as error:
        raise CourseError(UNREACHABLE, said=error, python=python) from error
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise CourseError(UNREACHABLE, said=said, python=python)


def seen_as(ip: str) -> str:
    """Return what others type to reach an address: of all addresses, one of the room.

    >>> seen_as("127.0.0.1")
    '127.0.0.1'
    """
    if ip != EVERYWHERE:
        return ip
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(OF_NOBODY)
            return str(probe.getsockname()[0])
        except OSError:  # no network at all
            return socket.gethostname()
