"""The process in which an answer runs: it hears arguments, and tells results.

It is started as a file, by `answer`, with what it may read. It knows neither what is
right nor where that could be found.
"""

import contextlib
import dis
import inspect
import io
import json
import linecache
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any

USUAL_ERRORS: Any = dict(divide="warn", over="warn", under="ignore", invalid="warn")
IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
MOST_LETTERS, MOST_RESULTS, MOST_WARNINGS = 20_000, 64, 20
CELL = "<cell {}>"


class Bounded(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str, /) -> int:
        """Keep what there is room for."""
        super().write(text[: max(MOST_LETTERS - self.tell(), 0)])
        return len(text)


class Desk:
    """Where one answer is defined and called.

    Parameters
    ----------
    encode : function
        As that of a codec.
    """

    def __init__(self, encode: Callable[[Any], Any]) -> None:
        self._encode = encode
        self._answer: Any = None
        self._results: dict[int, tuple[Any, Any]] = {}
        self._calls = 0

    def serve(self, what: str, values: Any) -> Any:
        """Do what is asked."""
        return self.define(**values) if what == "define" else self.call(values)

    def define(self, cells: list[dict[str, Any]], name: str) -> dict[str, Any]:
        """Run the statements that define the answer; tell what it is."""
        names: dict[str, Any] = {"__name__": "__main__"}
        found: dict[str, Any] = {"fault": ""}
        with quietly():
            for number, cell in enumerate(cells):
                for fault in run_cell(CELL.format(number), cell, names):
                    found["fault"] = found["fault"] or fault
        self._answer = names.get(name)
        found.update(
            defined=name in names,
            callable=callable(self._answer),
            kind=type(self._answer).__name__,
            untouched=is_untouched(self._answer),
            parameters=parameters(self._answer),
        )
        return found

    def call(self, args: list[Any]) -> dict[str, Any]:
        """Return what the answer returns, or raises, and all that has changed."""
        import numpy as np

        before, chance = self._encode(args), chance_now()
        told: dict[str, Any] = {"error": None}
        result = None
        with quietly() as (printed, warned):
            try:
                with np.errstate(**USUAL_ERRORS):
                    result = self._answer(*args)
            except BaseException as error:
                told["error"] = described(error)
        told.update(
            result=result,
            args=args if self._encode(args) != before else None,
            earlier=self._changed(),
            printed=printed.getvalue(),
            warned=[str(w.message)[:300] for w in warned[:MOST_WARNINGS]],
            chance=chance_now() != chance,
        )
        self._keep(result)
        return told

    def _keep(self, result: Any) -> None:
        can_change = not isinstance(result, int | float | str | None)
        if can_change and len(self._results) < MOST_RESULTS:
            self._results[self._calls] = result, self._encode(result)
        self._calls += 1

    def _changed(self) -> dict[int, Any]:
        """Return the earlier results that are no longer what they were."""
        changed = {}
        for number, (value, encoded) in self._results.items():
            now = self._encode(value)
            if now != encoded:
                changed[number] = value
                self._results[number] = value, now
        return changed


def chance_now() -> bytes:
    """Return where numpy's global random numbers stand."""
    from numpy import random

    state: Any = random.get_state()  # noqa: NPY002
    return bytes(state[1].tobytes()) + bytes(str(state[2]), "ascii")


@contextlib.contextmanager
def quietly() -> Iterator[Any]:
    """Keep what is printed and warned of."""
    printed = Bounded()
    with (
        warnings.catch_warnings(record=True) as warned,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("always")
        yield printed, warned


def run_cell(file: str, cell: dict[str, Any], names: dict[str, Any]) -> Iterator[str]:
    """Run some statements of a cell; yield what goes wrong, and go on."""
    import ast

    source = cell["source"]
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    body = ast.parse(source).body
    for place, imported in cell["keep"]:
        statement: Any = body[place]
        if imported is not None:
            statement.names = [statement.names[n] for n in imported]
        code = compile(ast.Module([statement], []), file, "exec")
        try:
            exec(code, names)
        except BaseException as error:
            kind, said, line = described(error)
            yield f"{f'The line `{line}`' if line else 'It'} stops with {kind}: {said}"


def described(error: BaseException) -> list[str]:
    """Return the kind of an exception, its message, and the line it came from."""
    try:
        said = str(error)[:1000]
    except Exception:
        said = "its message cannot be read."
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.line or "" for frame in frames if frame.filename.startswith("<cell")]
    return [type(error).__name__, said, lines[-1] if lines else ""]


def is_untouched(answer: Any) -> bool:
    """Return whether a function does nothing."""
    return isinstance(answer, FunctionType) and all(
        step.opname in IDLE and (step.argval is None or step.opname == "RESUME")
        for step in dis.get_instructions(answer)
    )


def parameters(answer: Any) -> list[Any] | None:
    """Return the name and kind of each argument, and whether it has a default."""
    try:
        found: Mapping[str, Any] = inspect.signature(answer).parameters
    except (TypeError, ValueError):
        return None
    return [[p.name, int(p.kind), p.default is not p.empty] for p in found.values()]


def main() -> None:
    """Serve one answer, over the file that was standard output."""
    asked = json.loads(sys.argv[1])
    sys.path[:] = asked["path"] + [p for p in sys.path if p not in asked["path"]]
    from classroom.grading.codec import Codec
    from classroom.grading.fence import fence
    from classroom.grading.peer import Lent, Peer
    from classroom.grading.wire import read, write

    load_all(asked["modules"])
    for name in ("rnncourse", "nbgrader"):
        sys.modules[name] = None  # type: ignore[assignment]
    hears, tells = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.chdir(asked["folder"])
    open_ends = fence(asked["seconds"], asked["readable"])
    write(tells, open_ends, [])

    def codec(peer: Peer) -> Codec:
        return Codec("c", lambda name, about: Lent(peer, name), callable, str)

    peer = Peer(
        lambda message, blobs: write(tells, message, blobs),
        lambda: read(hears),
        codec,
        lambda what, values: desk.serve(what, values),
    )
    desk = Desk(peer.codec.encode)
    with contextlib.suppress(EOFError):
        peer.serve_all()


def load_all(packages: list[str]) -> None:
    """Import the library as a whole, as long as its files can be read."""
    import pkgutil
    from importlib import import_module

    for package in packages:
        found = import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            with contextlib.suppress(ImportError):
                import_module(module.name)


if __name__ == "__main__":
    main()
