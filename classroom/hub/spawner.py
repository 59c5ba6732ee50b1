"""How a learner's server is started: a folder of their own, and limits.

Started by root, the hub gives each learner a user number of their own: nobody reads
another's folder or ends another's kernel, and nobody has to make accounts. The number
is the owner of the folder, so it stays the same. Started by anybody else, it starts
all servers as that user, which is for a room where all trust each other.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Bool, Integer, Unicode

__all__ = ["FIRST_NUMBER", "LearnerSpawner"]

assert sys.platform != "win32"

FIRST_NUMBER = 300_000  # above the accounts of people, below those of containers


class LearnerSpawner(SimpleLocalProcessSpawner):
    """Start servers on this computer, each in a folder that belongs to its learner.

    `mem_limit` holds for each process, so for each kernel: what asks for more gets a
    MemoryError, and the other cells and learners go on.
    """

    learners = Unicode(help="The folder of the learners' folders.").tag(config=True)
    one_user = Bool(
        os.geteuid() != 0, help="Start every server as the user who runs the hub."
    ).tag(config=True)
    most_processes = Integer(
        512, help="The most processes and threads of a learner with a number."
    ).tag(config=True)

    async def start(self) -> tuple[str, int]:
        """Make the learner's folder on their first day, and start their server."""
        self.home_dir = str(self.folder())
        started: tuple[str, int] = await super().start()
        return started

    def folder(self) -> Path:
        """Return the learner's folder, made and given to them if it was not there."""
        folder = Path(self.learners) / self.user.name
        if folder.parent != Path(self.learners) or folder.is_symlink():
            raise ValueError(f"{self.user.name!r} is no name of a folder")
        if not folder.is_dir():
            beside = folder.with_name(f".{folder.name}.new")
            beside.mkdir(mode=0o700, exist_ok=True)
            if not self.one_user:
                number = free_number(folder.parent)
                os.chown(beside, number, number)
            beside.rename(folder)
        if not self.one_user and folder.stat().st_uid < FIRST_NUMBER:
            raise ValueError(f"{folder} belongs to a person: see chown in the README")
        return folder

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """Return what a server does before it begins: limits, then the learner."""
        home, number = self.home_dir, os.stat(self.home_dir).st_uid
        limits = {resource.RLIMIT_CORE: 0}
        if self.mem_limit:
            limits[resource.RLIMIT_DATA] = int(self.mem_limit)
        if not self.one_user:
            limits[resource.RLIMIT_NPROC] = self.most_processes

        def begin() -> None:
            for kind, most in limits.items():
                resource.setrlimit(kind, (most, most))
            if not self.one_user:
                os.setgroups([])
                os.setgid(number)
                os.setuid(number)
            os.chdir(home)

        return begin


def free_number(learners: Path) -> int:
    """Return a user number that owns none of the learners' folders."""
    owners = (folder.stat().st_uid for folder in learners.iterdir())
    return max([FIRST_NUMBER, *(owner + 1 for owner in owners)])
