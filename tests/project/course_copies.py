"""Copies of the launcher that can be started without touching this checkout."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tools.launcher.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("morsel", "crumb", "grain")  # what the lessons need, in these copies
FOR_TESTS = "mouthful"


def copy_of_the_course(folder: Path) -> Path:
    """Return a folder, its name hard to spell, with a lock of a few tiny wheels."""
    home = folder / "el curso de Ángel"
    shutil.copytree(
        ROOT / "tools" / "launcher",
        home / "tools" / "launcher",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(ROOT / "tools" / "__init__.py", home / "tools")
    (home / "tests").mkdir()  # without it there is no command to run them
    shutil.copy(ROOT / "course.py", home)
    names = ", ".join(f'"{name}"' for name in PACKAGES)
    project = (
        f"[project]\ndependencies = []\n[project.optional-dependencies]\n"
        f'course = [{names}]\ntest = ["{FOR_TESTS}"]\n'
    )
    (home / "pyproject.toml").write_text(project, encoding="utf-8")
    write_lock(home, [*PACKAGES, FOR_TESTS])
    return home


def write_lock(home: Path, names: list[str], version: str = "1.0") -> None:
    """Write the lock of a copy, and beside the copy the wheels that it names."""
    entries = []
    for name in names:
        wheel = make_wheel(home.parent, name, version)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        entries.append(f"{name}=={version} \\\n    --hash=sha256:{digest}\n")
    (home / "requirements.lock").write_text("".join(entries), encoding="utf-8")


def make_wheel(folder: Path, name: str, version: str = "1.0") -> Path:
    """Return the smallest package that pip installs, with a program."""
    about = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"def main():\n    print('{name} {version}')\n",
        f"{about}/METADATA": (
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        ),
        f"{about}/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{about}/RECORD"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in {**files, f"{about}/RECORD": record}.items():
            wheel.writestr(file, text)
    return path


def environment_of(home: Path) -> Environment:
    """Return the environment of a copy."""
    return Environment(home, home / ".venv")


def said_by(home: Path, name: str) -> str:
    """Return what a package of a copy says when its program is started."""
    program = environment_of(home).python.with_name(name)
    return subprocess.run([program], capture_output=True, text=True).stdout.strip()


def offline(wheels: Path) -> dict[str, str]:
    """Return variables under which pip sees one folder of wheels and no network."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    return {
        **kept,
        **nowhere,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": str(wheels),
    }


def begin(home: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    """Type a command in a copy, and do not wait for its end."""
    return subprocess.Popen(
        [sys.executable, home / "course.py", *words],
        env={**offline(home.parent), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def start(home: Path, *words: str, **variables: Any) -> tuple[int, str]:
    """Type a command in a copy; return its exit code and all it says."""
    program = begin(home, *words, **variables)
    said, _ = program.communicate()
    return program.returncode, said
