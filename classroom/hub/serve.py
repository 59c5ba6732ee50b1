"""Check what the hub needs, say who gets in how, and serve the class."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import psutil

from classroom.hub import checks, proxy
from classroom.hub.class_folder import ClassFolder
from tools.launcher.sentences import ROOT, CourseError

__all__ = ["main"]

assert sys.platform != "win32"

LEARNERS_A_CORE = 4
CONFIG = Path(__file__).with_name("jupyterhub_config.py")
MEGABYTES_A_LEARNER = 375  # 1.5 times what benchmarks/results/hub.md has measured

ENDED = "The hub ended by itself (exit code {code}): {said} More is in {log}."
NO_CONFIG = "There is no file {file} for --config: name one with settings of yours."
WELCOME = """\
The hub of {folder} is starting; Ctrl-C in this window stops it.
  address     {address}
  password    {password}   (in {folder}/hub/password; change it there)
  names       {names}
  folders     {folder}/learners/NAME/my_lessons
  log         {folder}/hub/hub.log
  room        {learners} learners at once; the free memory holds about {fit}, and the
              processors serve about {quick} who run a lesson at the same moment
"""
OF_A_LIST = "the {count} names in hub/names.txt"
OF_ALL = "any: whoever has the password may come in under any name (see --names)"
ONE_USER = (
    "Every learner's server runs as {user} and can read what {user} can: good enough "
    "for a room where all trust each other. Started by root, each gets a user number."
)
OPEN_TO_ALL = (
    "The address is open to the network, and what passes is not encrypted: see "
    "classroom/README.md on certificates."
)


def main(words: Sequence[str]) -> int:
    """Serve until Ctrl-C; say in one sentence why it cannot be."""
    try:
        return serve(parse(words))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="course.py class hub", description=__doc__)
    add = parser.add_argument
    add("--folder", type=Path, default=Path("my_class"), help="of the class: my_class")
    add("--names", type=Path, metavar="FILE", help="who may come in, one name a line")
    add("--config", type=Path, metavar="FILE", help="settings of yours, read last")
    add("--learners", type=int, metavar="N", help="at once; without it, as many as fit")
    add("--port", type=int, default=8000, help="it and the next two: 8000")
    add(
        "--address",
        default=checks.LOOPBACK,
        help="0.0.0.0 lets the room in; else you alone",
    )
    add("--memory", default="1G", metavar="SIZE", help="the most of one kernel: 1G")
    add(
        "--idle", type=int, default=60, metavar="MINUTES", help="then a server ends: 60"
    )
    add("--one-user", action="store_true", help="run every server as yourself, as root")
    add("--install", action="store_true", help="fetch the proxy, and no more")
    return parser.parse_args(words)


def serve(options: argparse.Namespace) -> int:
    """Check all that can be checked, then run the hub to its end."""
    proxy.install()
    if options.install:
        print("The hub's proxy is installed; course.py class hub starts the hub.")
        return 0
    checks.numbers(options)
    folder = checks.made(options.folder.resolve())
    if options.names:
        checks.take_names(options.names, folder)
    if options.config and not options.config.is_file():
        raise CourseError(NO_CONFIG, file=options.config)
    checks.remains(folder)
    checks.address(options.address, options.port)
    for port in inner_ports(options):
        checks.address(checks.LOOPBACK, port)
    one_user = options.one_user or os.geteuid() != 0
    if not one_user:
        checks.reach(folder)
    welcome(options, folder, one_user)
    return run(folder, flags(options, one_user), options)


def welcome(options: argparse.Namespace, folder: ClassFolder, one_user: bool) -> None:
    """Say who gets in how, and what to know about this way to serve."""
    free = psutil.virtual_memory().available / 1e9
    fit = max(1, int(1000 * free / MEGABYTES_A_LEARNER))
    options.learners = options.learners or fit
    names = folder.names()
    print(
        WELCOME.format(
            folder=folder.root,
            address=f"http://{checks.seen_as(options.address)}:{options.port}",
            password=folder.password(),
            names=OF_ALL if names is None else OF_A_LIST.format(count=len(names)),
            learners=options.learners,
            fit=fit,
            quick=LEARNERS_A_CORE * (os.cpu_count() or 1),
        )
    )
    if one_user:
        print(ONE_USER.format(user=getpass.getuser()))
    if options.address != checks.LOOPBACK:
        print(OPEN_TO_ALL)


def inner_ports(options: argparse.Namespace) -> tuple[int, int]:
    """Return the ports of the hub and of the proxy's own interface: always the same.

    So a hub that was killed finds the learners' servers again, and they find it.
    """
    return options.port + 1, options.port + 2


def flags(options: argparse.Namespace, one_user: bool) -> list[str]:
    """Return what the hub is told beside its configuration."""
    hub, inner = (f"http://{checks.LOOPBACK}:{port}" for port in inner_ports(options))
    told = {
        "JupyterHub.bind_url": f"http://{options.address}:{options.port}",
        "JupyterHub.hub_bind_url": hub,
        "JupyterHub.active_server_limit": options.learners,
        "ConfigurableHTTPProxy.api_url": inner,
        "LearnerSpawner.mem_limit": options.memory,
        "LearnerSpawner.one_user": one_user,
    }
    return [f"--{name}={value}" for name, value in told.items()]


def run(folder: ClassFolder, words: list[str], options: argparse.Namespace) -> int:
    """Run the hub until it ends or is told to end; return its exit code."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):  # first, so that the hub hears both
        signal.signal(number, lambda number, _: told.append(number))
    log = folder.hub / "hub.log"
    hub = start(folder, words, log, options)
    ready = False
    while hub.poll() is None and not told:
        if not ready and answers(options):
            ready = True
            print("The hub is ready.", flush=True)
        time.sleep(0.2)
    if told:
        hub.terminate()
        hub.wait()
    elif hub.returncode:
        said = log.read_text(encoding="utf-8", errors="replace").strip()
        last = said.rpartition("\n")[2]
        raise CourseError(ENDED, code=hub.returncode, said=last, log=log)
    return 0


def start(
    folder: ClassFolder, words: list[str], log: Path, options: argparse.Namespace
) -> subprocess.Popen[bytes]:
    """Start the hub; what it says goes into its log."""
    known = {
        "RNNLIB_CLASS": str(folder.root),
        "RNNLIB_IDLE_SECONDS": str(60 * options.idle),
        "PYTHONPATH": str(ROOT),
    }
    if options.config:
        known["RNNLIB_MORE"] = str(options.config.resolve())
    with open(log, "ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG), *words],
            cwd=folder.hub,
            env=os.environ | known,
            stdout=file,
            stderr=file,
            start_new_session=True,  # Ctrl-C in the window is for this process
        )


def answers(options: argparse.Namespace) -> bool:
    """Return whether the hub answers."""
    everywhere = options.address == checks.EVERYWHERE
    here = checks.LOOPBACK if everywhere else options.address
    with contextlib.suppress(OSError):
        urllib.request.urlopen(f"http://{here}:{options.port}/hub/health").close()
        return True
    return False
