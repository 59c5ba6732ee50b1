"""Pyodide, which is Python for the browser: a folder of it, or its public release.

A folder is what one unpacks from a release, or what `fetch` fills. Each package in it
is compared with the hash that Pyodide's own list states.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

__all__ = ["PACKAGES", "VERSION", "copy", "fetch", "public_url"]

VERSION = "0.27.7"  # what goes with the kernel that pyproject.toml pins
ENTRY, LOCK = "pyodide.js", "pyodide-lock.json"
RUNTIME = (
    ENTRY,
    "pyodide.mjs",
    "pyodide.asm.js",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
)
PACKAGES = (
    "numpy",
    "matplotlib",
    "threadpoolctl",
    "ipython",
    "micropip",
    "sqlite3",
    "ssl",
)
SHARE = Path(sys.prefix) / "share"
EXTENSIONS = SHARE / "jupyter" / "labextensions"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
KERNEL_FOLDER = SHARE / "jupyterlite" / KERNEL  # where the launcher sets it apart
SCHEMA = KERNEL_FOLDER / "static" / "schema" / "kernel.v0.schema.json"
NOT_HERE = (
    "The folder {folder} is not a whole Pyodide {version}: it lacks {missing}. Name a "
    "folder with that release, or add --fetch to fill it from the network."
)
WRONG = (
    "{name} in {folder} is not the file that Pyodide {version} states (its sha256 is "
    "another one): fetch it anew."
)
OTHER = (
    "The folder {folder} holds Pyodide {found}, and the site needs {version}: name a "
    "folder with that release."
)
NO_NETWORK = "Pyodide {version} cannot be fetched: {error}. Connect, and try again."


def public_url() -> str:
    """Return where the public release begins, as JupyterLite's kernel names it."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    named = schema["properties"]["pyodideUrl"]["default"]
    return re.sub(r"v\d+\.\d+\.\d+", f"v{VERSION}", named)


def copy(source: Path, target: Path) -> None:
    """Copy what the course needs of a Pyodide, each package compared with its hash.

    Raises
    ------
    ValueError
        If the folder holds another version, lacks a file, or holds a changed one.
    """
    packages = needed(read_lock(source))
    names = [*RUNTIME, *(each["file_name"] for each in packages.values())]
    missing = [name for name in names if not (source / name).is_file()]
    if missing:
        raise told(NOT_HERE, folder=source, missing=", ".join(missing))
    target.mkdir(parents=True)
    for name in names:
        shutil.copyfile(source / name, target / name)
    for each in packages.values():
        check((target / each["file_name"]).read_bytes(), each, source)
    lock = {"info": read_lock(source)["info"], "packages": packages}
    (target / LOCK).write_text(json.dumps(lock, sort_keys=True), encoding="utf-8")


def fetch(folder: Path, url: str | None = None) -> str:
    """Fill a folder from the public release; return in words what was done.

    What is there already is not fetched again.

    Raises
    ------
    ValueError
        If a file cannot be had, or is not the one that Pyodide states.
    """
    base = (url or public_url()).removesuffix(ENTRY)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*RUNTIME, LOCK):
        store(folder / name, base)
    for package in needed(read_lock(folder)).values():
        store(folder / package["file_name"], base, package)
    return f"Pyodide {VERSION} is in {folder}."


def store(path: Path, base: str, package: dict[str, Any] | None = None) -> None:
    """Write a file of the release unless it is there, all of it or nothing."""
    if path.is_file():
        return
    content = read_url(base + path.name)
    if package:
        check(content, package, base)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)


def read_url(url: str) -> bytes:
    """Return what an address serves."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return bytes(answer.read())
    except (OSError, HTTPException) as error:
        raise told(NO_NETWORK, error=error) from error


def read_lock(folder: Path) -> dict[str, Any]:
    """Return Pyodide's list of its packages."""
    try:
        lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
        found = lock["info"]["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise told(NOT_HERE, folder=folder, missing=LOCK) from error
    if found != VERSION:
        raise told(OTHER, folder=folder, found=found)
    return dict(lock)


def needed(lock: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of the packages of the course and of all that they need."""
    found: dict[str, Any] = {}
    waiting = list(PACKAGES)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in found:
            found[name] = lock["packages"][name]
            waiting += found[name]["depends"]
    return found


def check(content: bytes, package: dict[str, Any], place: object) -> None:
    """Refuse a package's file whose hash is not the one that is stated."""
    if hashlib.sha256(content).hexdigest() != package["sha256"]:
        raise told(WRONG, name=package["file_name"], folder=place)


def told(sentence: str, **names: object) -> ValueError:
    """Return an error that says one sentence."""
    return ValueError(sentence.format(version=VERSION, **names))
