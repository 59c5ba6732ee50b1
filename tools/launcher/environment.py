"""The environment of the course, and how it is exchanged as a whole.

Packages are never installed where the course runs from. A copy is made beside it (of
links, so it costs a second), pip works on the copy, and the copy takes its place.
Whatever ends a start in between, the old environment or the new one is there, whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path
from typing import Any

from tools.launcher.locking import locked
from tools.launcher.requirements import required
from tools.launcher.sentences import (
    DISK_FULL,
    FOREIGN,
    IN_USE,
    MEGABYTES,
    NO_VENV,
    NO_WHEELS,
    UNKNOWN,
    UNWRITABLE,
    CourseError,
    explain,
)

STAMP, DIGEST = "course.stamp", 16
OF_SITES = "jupyter/labextensions/@jupyterlite", "jupyterlite/@jupyterlite"
PIP = "install --no-user --no-input --progress-bar off --no-deps"
PINNED = "--disable-pip-version-check --require-hashes --only-binary :all: -r"
# pip ends with the launcher: the pipe between them breaks when the launcher is killed.
CHILD = (
    "import os, runpy, sys, threading;"
    "threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True)"
    ".start();"
    "sys.argv[0] = 'pip'; runpy.run_module('pip', run_name='__main__')"
)


class Environment:
    """A folder of packages for this Python and for one checkout.

    Parameters
    ----------
    root : path
        The checkout.
    folder : path
        Where the packages go: `.venv`.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        python = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        self.python = folder / python

    @property
    def site_packages(self) -> Path:
        """The folder of the packages."""
        base = {"base": str(self.folder), "platbase": str(self.folder)}
        return Path(sysconfig.get_path("purelib", "venv", base))

    def prepare(
        self,
        extras: tuple[str, ...] = (),
        *,
        wheels: Path | None = None,
        again: bool = False,
    ) -> None:
        """Install what is missing; all of it or nothing.

        Parameters
        ----------
        extras : tuple of str
            Of pyproject.toml, beside what the lessons need; "all" for every one.
        wheels : path, optional
            A folder to take the packages from, in place of the network.
        again : bool
            Make all of it anew.
        """
        wanted = required(self.root, extras)
        if not (again or self.faults(wanted) or self.leaves_remains()):
            return
        if wheels is not None and not any(wheels.glob("*.whl")):
            raise CourseError(NO_WHEELS, folder=wheels)
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.folder.with_name(self.folder.name + ".lock")):
                self.recover()
                if again or self.faults(wanted):
                    self.exchange(wanted, wheels, again)
        except OSError as error:
            sentence = UNWRITABLE.get(error.errno or 0, UNKNOWN)
            raise CourseError(sentence, root=self.root, error=error) from error

    def faults(self, wanted: dict[str, str]) -> list[str]:
        """Return in words what is missing from the environment."""
        stamp = self.stamp()
        if not stamp:
            return ["no environment"]
        if stamp["python"] != this_python() or not self.python.exists():
            return ["another Python"]
        there = set(os.listdir(self.site_packages))
        return [
            *(f"no {name}" for name in stamp["files"] if name not in there),
            *(
                f"{name} is out of date"
                for name, text in wanted.items()
                if stamp["packages"].get(name) != fingerprint(text)
            ),
            *(["moved"] if stamp["folder"] != str(self.folder) else []),
        ]

    def stamp(self) -> dict[str, Any]:
        """Return what the environment is made of; nothing if it is not whole."""
        try:
            found = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def recover(self) -> None:
        """Bring a start that was interrupted to an end, or clear it away."""
        beside = self.beside()
        if not self.folder.exists():
            whole = [path for path in beside if (path / STAMP).is_file()]
            if whole:
                os.replace(whole[-1], self.folder)
        for _ in range(20):  # while a child of what was killed still writes there
            if not self.beside():
                break
            for path in self.beside():
                shutil.rmtree(path, ignore_errors=True)
            time.sleep(0.5)

    def leaves_remains(self) -> bool:
        """Return whether an interrupted start is still to be cleared away."""
        return bool(self.beside()) and os.access(self.folder.parent, os.W_OK)

    def beside(self) -> list[Path]:
        """Return the environments beside this one, half made or replaced."""
        name = self.folder.name
        kinds = (self.folder.parent.glob(f"{name}.{kind}-*") for kind in ("old", "new"))
        return [path for found in kinds for path in sorted(found)]

    def exchange(
        self, wanted: dict[str, str], wheels: Path | None, again: bool
    ) -> None:
        """Make a whole environment beside this one, and let it take its place."""
        if not self.stamp() and self.folder.exists() and not self.is_ours():
            raise CourseError(FOREIGN, venv=self.folder)
        new = Environment(self.root, self.twin("new"))
        same_python = self.stamp().get("python") == this_python()
        try:
            if same_python and self.python.exists() and not again:
                shutil.copytree(self.folder, new.folder, True, copy_function=link)
                new.forget_damaged()
            else:
                self.check_room()
                new.make()
            new.install(wanted, wheels)
            new.move_to(self.folder, {**self.kept(again), **wanted})
        except BaseException:
            shutil.rmtree(new.folder, ignore_errors=True)
            raise

    def twin(self, kind: str) -> Path:
        """Return the folder of an environment beside this one."""
        return self.folder.with_name(f"{self.folder.name}.{kind}-{os.getpid()}")

    def is_ours(self) -> bool:
        """Return whether a launcher, this one or an older, began what is there."""
        return (self.folder / STAMP).is_file() or not any(self.folder.iterdir())

    def kept(self, again: bool) -> dict[str, str]:
        """Return the packages that an exchange leaves as they are, by fingerprint."""
        return {} if again else self.stamp().get("packages", {})

    def check_room(self) -> None:
        """Refuse a disk that is too full to begin."""
        free = shutil.disk_usage(self.folder.parent).free // 10**6
        if free < MEGABYTES:
            raise CourseError(DISK_FULL, free=f", and there are {free} MB free")

    def make(self) -> None:
        """Make an empty environment."""
        if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
            raise CourseError(NO_VENV)
        print("The packages of the course are going into", self.folder.parent)
        try:
            venv.create(self.folder, symlinks=os.name != "nt", with_pip=True)
        except (subprocess.CalledProcessError, SystemExit) as error:
            self.check_room()
            raise CourseError(NO_VENV) from error

    def forget_damaged(self) -> None:
        """Let pip believe that packages of which a part is missing are not there."""
        names = set(os.listdir(self.site_packages))
        for about in self.site_packages.glob("*.dist-info"):
            record = about / "RECORD"
            lines = record.read_text("utf-8").splitlines() if record.is_file() else []
            tops = {line.split("/")[0].split(",")[0] for line in lines} - {".."}
            if not lines or not tops <= names:
                shutil.rmtree(about)

    def install(self, wanted: dict[str, str], wheels: Path | None) -> None:
        """Install the wanted packages, counting them as they come."""
        start = time.monotonic()
        lock, log = self.folder / "requirements.txt", self.folder / "pip.log"
        lock.write_text("\n".join(wanted.values()) + "\n", encoding="utf-8")
        source = [] if wheels is None else ["--no-index", "--find-links", str(wheels)]
        command = [self.python, "-c", CHILD, *PIP.split(), *source, *PINNED.split()]
        with open(log, "wb") as words:
            pip = subprocess.Popen(
                [*map(str, command), str(lock)],
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=words,
                env=clean_variables(),
            )
            try:
                self.watch(pip, log, len(wanted))
            finally:
                pip.kill()
                pip.wait()
        if pip.returncode:
            raise explain(said(log), root=self.root)
        self.set_apart()
        print(f"The packages are installed ({time.monotonic() - start:.0f} s).")

    def set_apart(self) -> None:
        """Take from JupyterLab what sites are made of, which does not run in it."""
        found, place = (self.folder / "share" / name for name in OF_SITES)
        if found.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.parent.mkdir(exist_ok=True)
            os.replace(found, place)

    def watch(self, pip: subprocess.Popen[bytes], log: Path, total: int) -> None:
        """Show how far pip has come, until it ends."""
        already = set(self.site_packages.glob("*.dist-info"))
        new: list[Path] = []
        while pip.poll() is None:
            time.sleep(0.1)
            new += set(self.site_packages.glob("*.dist-info")) - already - set(new)
            show(progress(said(log), [path.name.split("-")[0] for path in new], total))
        show("")

    def move_to(self, place: Path, packages: dict[str, str]) -> None:
        """Take the place of another environment, or of none."""
        checkout = os.path.relpath(self.root, self.site_packages)
        if place.parent != self.root:  # not inside the checkout: say where it is
            checkout = str(self.root)
        (self.site_packages / "rnnlib-checkout.pth").write_text(checkout, "utf-8")
        self.rename_scripts(
            {self.folder, Path(self.stamp().get("folder", place))}, place
        )
        stamp = {
            "python": this_python(),
            "folder": str(place),
            "packages": {
                name: text if len(text) == DIGEST else fingerprint(text)
                for name, text in packages.items()
            },
            "files": sorted(os.listdir(self.site_packages)),
        }
        (self.folder / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        old = Environment(self.root, place).twin("old")
        try:
            if place.exists():
                os.replace(place, old)
            os.replace(self.folder, place)
        except PermissionError as error:
            if old.exists() and not place.exists():
                os.replace(old, place)
            raise CourseError(IN_USE) from error
        shutil.rmtree(old, ignore_errors=True)

    def rename_scripts(self, earlier: set[Path], place: Path) -> None:
        """Let the programs of the environment start the Python of its last place."""
        names = b"|".join(re.escape(os.fsencode(path)) for path in earlier - {place})
        for script in self.python.parent.iterdir():
            if script.is_symlink() or script.suffix == ".exe" or not script.is_file():
                continue
            text = script.read_bytes()
            moved = re.sub(b"(?<![\\w/.-])(?:" + names + b")", os.fsencode(place), text)
            if moved != text:
                renamed = script.with_name(script.name + ".renamed")
                renamed.write_bytes(moved)
                shutil.copymode(script, renamed)
                os.replace(renamed, script)


def fingerprint(text: str) -> str:
    """Return a short name of a text, which no other text has."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def this_python() -> str:
    """Return which Python this is, as far as packages depend on it."""
    return "{}.{} {}".format(*sys.version_info[:2], sysconfig.get_platform())


def link(source: str, target: str) -> None:
    """Give a file a second name; copy it where that cannot be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def said(log: Path) -> str:
    """Return what pip has said until now."""
    return log.read_text(encoding="utf-8", errors="replace")


def progress(words: str, installed: list[str], total: int) -> str:
    """Return one line on how far pip has come, from its words and its packages."""
    fetched = re.findall(r"^Collecting ([^\s=]+)", words, re.MULTILINE)
    passed = re.findall(r"^(?:Ignoring|Requirement already)", words, re.MULTILINE)
    if installed:
        return f"installing {len(installed)} of {total - len(passed)}: {installed[-1]}"
    if fetched:
        return f"fetching {len(fetched)} of {total - len(passed)}: {fetched[-1]}"
    return "asking for the packages"


def show(text: str) -> None:
    """Write over the current line of a terminal."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + text[:width].ljust(width), end="" if text else "\r", flush=True)


def clean_variables() -> dict[str, str]:
    """Return the variables of this process without those that lead pip astray."""
    foreign = "PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT"
    return {k: v for k, v in os.environ.items() if k not in foreign.split()}
