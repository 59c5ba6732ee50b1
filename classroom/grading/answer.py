"""An answer in a process of its own, for the judge a function like any other."""

import compileall
import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import numpy as np

from classroom.grading.codec import Codec, put_back
from classroom.grading.peer import Peer, error_named
from classroom.grading.wire import Frame, WireError, read, write
from rnncourse.checking.limits import TimeLimitError
from rnncourse.checking.plain import Strange

__all__ = ["Answer", "EndedError", "Library", "library"]

ROOT = Path(__file__).resolve().parents[2]
NEEDED = "wire", "codec", "peer", "fence", "child"
MOST_WARNINGS = 20
OUTSIDE = "numpy", "numpy.libs", "tqdm", "threadpoolctl.py"
SYSTEM = "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/dev/null"
INSTALLED = "site-packages", "dist-packages"  # where the course itself may be
TICK, ASLEEP_SECONDS, START_SECONDS, GRACE_SECONDS = 0.05, 10.0, 120.0, 5.0
KINDS = (
    *(Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD),
    *(Parameter.VAR_POSITIONAL, Parameter.KEYWORD_ONLY, Parameter.VAR_KEYWORD),
)
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class EndedError(Exception):
    """The process of an answer has ended."""


class _GoneError(Exception):
    """Nothing comes from a process, or can be sent to it, any more."""


class Library:
    """A folder with all that a child may import: the mathematics, not the course."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.empty = folder, folder / "empty"
        self.empty.mkdir(exist_ok=True)
        packages = Path(str(find_spec("numpy").origin)).parents[1]  # type: ignore[union-attr]
        self.path = [str(folder), str(packages)]
        standard = Path(sysconfig.get_path("stdlib"))
        python = [path for path in standard.iterdir() if path.name not in INSTALLED]
        python += Path(sys.base_prefix, "lib").glob("*.so*")
        outside = [packages / name for name in OUTSIDE]
        self.readable = [*SYSTEM, *map(str, [*python, folder, *outside])]


@contextlib.contextmanager
def library() -> Iterator[Library]:
    """Make the folder, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="rnnlib-answers-") as name:
        place = Path(name)
        shutil.copytree(ROOT / "rnnlib", place / "rnnlib")
        inside = place / "classroom" / "grading"
        inside.mkdir(parents=True)
        for folder in (inside.parent, inside):
            (folder / "__init__.py").touch()
        for module in NEEDED:
            shutil.copy(Path(__file__).with_name(f"{module}.py"), inside)
        compileall.compile_dir(place, quiet=2)
        yield Library(place)


class Answer:
    """Calls a function that is defined in a process of its own.

    Parameters
    ----------
    cells : list
        What defines it, from `program`.
    name : str
    seconds : float
        Of processor time for a call.
    library : Library

    Attributes
    ----------
    about : dict
        What is known of the function: `defined`, `untouched`, `fault` and more.
    open_ends : list of str
        What the system could not limit.
    ended : str
        Why its process has ended, in words; empty if only `close` has ended it.
    line : str
        The line in which the last exception was raised.
    """

    def __init__(
        self, cells: list[Any], name: str, seconds: float, library: Library
    ) -> None:
        self.ended = self.line = ""
        self._seconds, self._results = seconds, list[Any]()
        self._process = _start(library, seconds)
        self._inbox: queue.Queue[Any] = queue.Queue(2)  # who floods it has to wait
        threading.Thread(target=self._listen, daemon=True).start()
        self._peer = Peer(self._send, self._receive, _codec, _refuse)
        self._begin(START_SECONDS)
        self.open_ends = [str(what) for what in self._receive()[0]]
        self._begin(seconds)
        try:
            self.about = dict(self._ask("define", {"cells": cells, "name": name}))
        except (EndedError, TimeLimitError):
            self.about = {"defined": False, "fault": self.ended}
        self._tell_signature()

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End its process, and wait for that."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]

    def _tell_signature(self) -> None:
        found = self.about.get("parameters")
        if found is None:
            return
        with contextlib.suppress(Exception):
            self.__signature__ = Signature(
                [
                    Parameter(
                        str(name),
                        KINDS[kind],
                        default=None if has_default else Parameter.empty,
                    )
                    for name, kind, has_default in found
                ]
            )

    def __call__(self, *args: Any) -> Any:
        """Return what the answer returns; change here what it has changed there."""
        if self.ended:
            raise EndedError(self.ended)
        if self.about.get("untouched"):
            raise NotImplementedError
        self._begin(self._seconds)
        told = self._ask("call", list(args))
        self._replay(told, args)
        if told["error"] is not None:
            kind, said, self.line = map(str, told["error"])
            raise error_named(kind, said)
        return told["result"]

    def _replay(self, told: dict[str, Any], args: tuple[Any, ...]) -> None:
        """Do here what the call did there."""
        if told["args"] is not None:
            put_back(list(args), told["args"])
        for number, value in told["earlier"].items():
            put_back(self._results[number], value)
        self._results.append(told["result"])
        if told["printed"]:
            print(told["printed"], end="")
        for words in told["warned"][:MOST_WARNINGS]:
            warnings.warn(str(words), RuntimeWarning, stacklevel=2)
        if told["chance"]:
            np.random.random()  # noqa: NPY002

    def _ask(self, what: str, values: Any) -> Any:
        try:
            return self._peer.ask(what, values)
        except TimeLimitError:
            self._stop("it did not come back in time")
            raise
        except _GoneError as error:
            raise EndedError(self._stop(self._reason())) from error
        except WireError as error:
            words = "it sent what cannot be read"
            raise EndedError(self._stop(words)) from error

    def _reason(self) -> str:
        try:
            code = self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return "it closed the pipe for its results"
        if code < 0:
            return f"the system ended it (signal {-code})"
        return f"it ended its own process (exit code {code})"

    def _stop(self, why: str) -> str:
        self.ended = self.ended or why
        self._process.kill()
        return self.ended

    def _send(self, message: Any, blobs: list[bytes]) -> None:
        assert self._process.stdin is not None
        try:
            write(self._process.stdin, message, blobs)
        except OSError as error:
            raise _GoneError from error

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                self._inbox.put(read(self._process.stdout))
        except Exception as error:
            self._inbox.put(error)

    def _begin(self, seconds: float) -> None:
        self._most = seconds
        self._start: float | None = None

    def _receive(self) -> Frame:
        """Return what comes next, unless the answer computes or sleeps too long."""
        while True:
            try:
                came = self._inbox.get(timeout=TICK)
            except queue.Empty:
                self._look_at_the_clock()
                continue
            if isinstance(came, EOFError | OSError):
                raise _GoneError from came
            if isinstance(came, Exception):
                raise came
            return came

    def _look_at_the_clock(self) -> None:
        used, now = computed(self._process.pid), time.monotonic()
        if used is None:
            return
        if self._start is None:
            self._start = used
            self._moved = used, now
        if used > self._moved[0]:
            self._moved = used, now
        asleep = now - self._moved[1] > ASLEEP_SECONDS
        if asleep or used - self._start > self._most:
            raise TimeLimitError


def computed(pid: int) -> float | None:
    """Return the processor time of a process in seconds; only Linux tells it.

    Elsewhere the judge's own limit holds, on the wall clock.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rsplit(")")[-1]
        ticks = sum(map(int, fields.split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return None


def _start(library: Library, seconds: float) -> subprocess.Popen[bytes]:
    asked = {
        "path": library.path,
        "modules": ["rnnlib"],
        "folder": str(library.empty),
        "readable": library.readable,
        "seconds": 6 * seconds + 20,
    }
    child = library.folder / "classroom" / "grading" / "child.py"
    variables = {"PATH": os.defpath, **dict.fromkeys(ONE_THREAD, "1")}
    if sys.platform == "win32":
        variables["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", str(child), json.dumps(asked)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=variables,
        cwd=library.empty,
    )


def _codec(peer: Peer) -> Codec:
    def borrow(name: str, about: str) -> Callable[..., Any]:
        def borrowed(*args: Any, **options: Any) -> Any:
            return peer.use(name, "", args, options)

        borrowed.__name__ = about if about.isidentifier() else "function"
        return borrowed

    return Codec("p", borrow, lambda value: True, Strange)


def _refuse(what: str, values: Any) -> Any:
    raise ValueError(f"nobody serves {what!r}")
