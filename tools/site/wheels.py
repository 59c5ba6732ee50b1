"""What Pyodide installs beside its own packages: wheels of the course, and of others.

The course is packed from this checkout. Of other packages, what the environment has
installed is packed again, so that nothing has to be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
import zipfile
from collections.abc import Mapping
from email.message import Message
from importlib.metadata import distribution
from pathlib import Path

from tools.site import fonts

__all__ = ["OTHERS", "write_wheels"]

ROOT = Path(__file__).resolve().parents[2]
COURSE = "rnnlib", "rnncourse"
OTHERS = "comm", "ipywidgets", "tqdm"
IN_NAME = "jedi"  # the kernel asks for it; without it Tab answers at once
NAMED = f"Metadata-Version: 2.1\nName: {IN_NAME}\nVersion: 0\n"
LEFT_OUT = {"__pycache__"}
WHEEL = "Wheel-Version: 1.0\nGenerator: rnnlib\nRoot-Is-Purelib: true\nTag: {tag}\n"
TAG = "py3-none-any"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that equal files make equal wheels


def write_wheels(folder: Path) -> list[Path]:
    """Write a wheel of the course and one of each other package; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    others = [installed(name, folder) for name in OTHERS]
    return [course(folder), *others, pack(folder, IN_NAME, "0", {}, NAMED)]


def course(folder: Path) -> Path:
    """Pack rnnlib and rnncourse in one wheel, with a list of matplotlib's fonts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    about = Message()
    about["Metadata-Version"] = "2.1"
    about["Name"], about["Version"] = project["name"], project["version"]
    for needed in project["dependencies"]:
        about["Requires-Dist"] = needed
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for package in COURSE
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not LEFT_OUT & set(path.parts)
    }
    files[f"{fonts.FOLDER}/{fonts.NAME}"] = fonts.font_list().encode()
    return pack(folder, project["name"], project["version"], files, str(about))


def installed(name: str, folder: Path) -> Path:
    """Pack again what is installed of a package that is Python alone."""
    found = distribution(name)
    files = {
        path.as_posix(): Path(str(found.locate_file(path))).read_bytes()
        for path in found.files or []
        if path.parts[0] == name and not LEFT_OUT & set(path.parts)
    }
    return pack(folder, name, found.version, files, found.read_text("METADATA") or "")


def pack(
    folder: Path, name: str, version: str, files: Mapping[str, bytes], about: str
) -> Path:
    """Write a wheel of these files, by their names in it; return its path."""
    inside = f"{name}-{version}.dist-info"
    whole = {
        **files,
        f"{inside}/METADATA": about.encode(),
        f"{inside}/WHEEL": WHEEL.format(tag=TAG).encode(),
    }
    record = [f"{path},sha256={digest(it)},{len(it)}" for path, it in whole.items()]
    whole[f"{inside}/RECORD"] = "\n".join([*record, f"{inside}/RECORD,,", ""]).encode()
    wheel = folder / f"{name}-{version}-{TAG}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(whole):
            archive.writestr(zipfile.ZipInfo(path, LONG_AGO), whole[path])
    return wheel


def digest(content: bytes) -> str:
    """Return the fingerprint of a file as a wheel's record states it."""
    hashed = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return hashed.decode().rstrip("=")
