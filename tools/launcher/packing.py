"""Collect the packages of the lessons for computers without a network.

``course.py pack FOLDER [--platform win_amd64 ...] [--python 3.12 ...]`` comes here. On
those computers ``course.py --from FOLDER`` installs from the folder, hashes checked.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from packaging.markers import Marker, default_environment
from packaging.tags import mac_platforms

from tools.launcher.requirements import required
from tools.launcher.sentences import ROOT, explain

PIP = (
    "pip download --no-deps --require-hashes --only-binary :all: -q"
    " --disable-pip-version-check"
)
LINUX = ("manylinux1", "manylinux2010", "manylinux2014")
GLIBC = tuple(f"manylinux_2_{minor}" for minor in range(5, 35))
SYSTEMS = {"win": ("nt", "win32", "Windows"), "mac": ("posix", "darwin", "Darwin")}


def tags(platform: str) -> list[str]:
    """Return all platforms whose wheels run on one: those of older systems, too.

    >>> tags("win_amd64"), tags("macosx_11_0_arm64")[:2]
    (['win_amd64'], ['macosx_11_0_arm64', 'macosx_11_0_universal2'])
    """
    mac = re.fullmatch(r"macosx_(\d+)_(\d+)_(\w+)", platform)
    if mac:
        major, minor, machine = mac.groups()
        return list(mac_platforms((int(major), int(minor)), machine))
    linux = re.fullmatch(r"(?:many)?linux(?:\d+|_\d+_\d+)?_(x86_64|aarch64)", platform)
    if linux:
        return [f"{family}_{linux[1]}" for family in (*GLIBC, *LINUX, "linux")]
    return [platform]


def entries_for(platform: str | None, python: str | None) -> list[str]:
    """Return the entries of the lock that count on a system, their markers answered."""
    where: dict[str, Any] = dict(default_environment())
    if python:
        where.update(python_version=python, python_full_version=f"{python}.0")
    if platform:
        names = SYSTEMS.get(platform[:3], ("posix", "linux", "Linux"))
        keys = ("os_name", "sys_platform", "platform_system")
        where.update(zip(keys, names, strict=True))
        where.update(platform_machine=platform.rpartition("_")[2])
        if "x86_64" in platform or "amd64" in platform:
            where.update(platform_machine="AMD64" if names[0] == "nt" else "x86_64")
    chosen = []
    for text in required(ROOT).values():
        for entry in re.split(r"\n(?=\w)", text):
            head, _, rest = entry.partition("\\\n")
            name, _, marker = head.partition(";")
            if not marker.strip() or Marker(marker).evaluate(where):
                chosen.append(f"{name.strip()} \\\n{rest}")
    return chosen


def collect(folder: Path, platform: str | None, python: str | None) -> None:
    """Fetch the wheels for one system into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        lock = Path(scratch) / "requirements.txt"
        lock.write_text("\n".join(entries_for(platform, python)), encoding="utf-8")
        system = [f"--platform={tag}" for tag in tags(platform)] if platform else []
        system += [f"--python-version={python}"] if python else []
        places = ["-d", str(folder), "-r", str(lock)]
        run = subprocess.run(
            [sys.executable, "-m", *PIP.split(), *system, *places],
            capture_output=True,
            text=True,
        )
    if run.returncode:
        raise explain(run.stderr)


def main() -> int:
    """Fetch the wheels for every system that was named."""
    parser = argparse.ArgumentParser(prog="course.py pack")
    parser.add_argument("--platform", action="append", default=[])
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for platform in options.platform or [None]:
        for python in options.python or [None]:
            collect(options.folder, platform, python)
    wheels = list(options.folder.glob("*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels) / 1e6
    folder = os.path.relpath(options.folder)
    print(f"{len(wheels)} packages, {size:.0f} MB, are in {folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
