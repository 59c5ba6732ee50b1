"""Serve a class from this computer: one address, a server and a folder for each."""

import sys
from collections.abc import Sequence
from importlib import import_module

__all__ = ["main"]

NOT_HERE = (
    "JupyterHub does not run on Windows: serve from a computer with Linux or macOS, or "
    "give each laptop a course of its own (classroom/README.md, Rooms)."
)


def main(words: Sequence[str]) -> int:
    """Serve until Ctrl-C; say in one sentence why it cannot be."""
    if sys.platform == "win32":
        print(NOT_HERE, file=sys.stderr)
        return 1
    return int(import_module("classroom.hub.serve").main(words))
