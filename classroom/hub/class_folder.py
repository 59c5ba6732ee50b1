"""The folder of a class: what the hub keeps for itself, and the learners' folders."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from tools.launcher.lessons import write

__all__ = ["NAME", "ClassFolder"]

NAME = r"\w[\w.@-]{0,39}\Z"  # of a learner: also the name of a folder
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


@dataclass(frozen=True)
class ClassFolder:
    """Where a class lies on the disk of its teacher.

    Parameters
    ----------
    root : path
        `hub` in it is for the teacher alone, `learners` holds a folder for each name.
    """

    root: Path

    @property
    def hub(self) -> Path:
        """The hub's own files: password, database, log."""
        return self.root / "hub"

    @property
    def learners(self) -> Path:
        """The folders of the learners, by name."""
        return self.root / "learners"

    def make(self) -> None:
        """Make both folders; a learner can reach their own, and list no others."""
        self.hub.mkdir(parents=True, exist_ok=True)
        self.hub.chmod(0o700)
        self.learners.mkdir(exist_ok=True)
        self.learners.chmod(0o711)

    def password(self) -> str:
        """Return the password of the class, drawn on the first day."""
        file = self.hub / "password"
        if not file.exists() or not file.stat().st_size:
            parts = ("".join(secrets.choice(LETTERS) for _ in "xxxx") for _ in "xxx")
            file.touch(mode=0o600)
            write(file, "-".join(parts) + "\n")
        return file.read_text(encoding="utf-8").strip()

    def names(self) -> set[str] | None:
        """Return who may come in: the lines of `hub/names.txt`; None for everybody."""
        file = self.hub / "names.txt"
        if not file.exists() or not file.stat().st_size:
            return None
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        return {line.strip().lower() for line in lines if line.strip()}

    def take_names(self, text: str) -> None:
        """Let the names of a list come in, and no others.

        Raises
        ------
        ValueError
            If a line is no name that a folder can have, or there is no line.
        """
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not lines:
            raise ValueError("it is empty")
        for line in lines:
            if not re.match(NAME, line):
                raise ValueError(f"{line!r} is not of letters, digits and . _ @ -")
        write(self.hub / "names.txt", "\n".join(lines) + "\n")
