"""Copies of the launcher that can be started without touching this checkout."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def copy_of_the_course(folder: Path) -> Path:
    """Return a folder, its name hard to spell, with a lock of one wheel."""
    home = folder / "el curso de Ángel"
    home.mkdir()
    for name in ("course.py", "pyproject.toml"):
        shutil.copy(ROOT / name, home)
    wheel = make_wheel(folder)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = f"morsel==1.0 \\\n    --hash=sha256:{digest}\n"
    (home / "requirements.lock").write_text(lock, encoding="utf-8")
    return home


def make_wheel(folder: Path) -> Path:
    """Return the smallest package that pip installs."""
    about = "morsel-1.0.dist-info"
    files = {
        "morsel.py": "",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: morsel\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"])
    path = folder / "morsel-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in {**files, f"{about}/RECORD": record}.items():
            wheel.writestr(name, text)
    return path


def load(home: Path) -> Any:
    """Return the launcher of a copy as a module."""
    spec = importlib.util.spec_from_file_location("copied_course", home / "course.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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


def start(home: Path, *words: str, **variables: str) -> tuple[int, str]:
    """Type a command in a copy; return its exit code and all it says."""
    run = subprocess.run(
        [sys.executable, home / "course.py", *words],
        env={**offline(home.parent), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return run.returncode, run.stdout
