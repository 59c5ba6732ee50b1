"""Live training: a button that trains, and a picture that grows while it does.

An explorer never trains by itself. Give it a `Training`, and it has a button that says
how long it takes, a button that stops it, and a bar:

    def run(*, steps, seed):                     # takes the values of the controls
        for update in range(600):
            ...                                  # one update, some milliseconds
            yield Record(...)                    # what there is to show by now

    def compute(*, steps, seed, trained):        # the usual one, and what was trained
        ...

    Explorer(..., training=Training("train at this T", 2, run))

`trained` is a tuple of records, the last one of each run since the explorer opened or
was reset, so that the picture is a function of the controls and of what was trained,
at every moment. A record has a number `progress`, from 0 to 1. It is not changed after
it was yielded.

A kernel answers no button while it computes. So training has a thread of its own, or
takes turns with the page where there are none, and draws the picture ten times a
second. Products use one BLAS thread meanwhile: two wait for each other by spinning,
which beside a busy browser takes ten to thirty times as long. Kernels may answer two
widgets in two threads, as JupyterLab lets them (its subshells): whoever touches a
picture holds `DRAWING`.
`explorer.live.wait()` returns when a run has ended, and raises what went wrong.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event, RLock
from typing import Any, Protocol

import ipywidgets as widgets

from rnncourse.exploring.background import InThread, InTurns, in_background
from rnncourse.exploring.fitting import button
from rnncourse.shared.tab import IN_TAB
from rnnlib.training.threads import blas_threads

__all__ = ["DRAWING", "Live", "Record", "Training"]

DRAWING = RLock()
FRAME_SECONDS = 0.1
SLOWER_IN_TAB = 4  # times as long as elsewhere, training takes in a browser tab


class Record(Protocol):
    """What a training has brought so far."""

    @property
    def progress(self) -> float:
        """How much of the training is done, from 0 to 1."""


@dataclass(frozen=True)
class Training:
    """What a click trains.

    Parameters
    ----------
    words : str
        What is trained, on the button: "train all three".
    seconds : float
        What that takes on a quiet machine.
    run : callable
        Takes the values of the controls by name, and yields a record after each piece
        of work, of a few milliseconds.
    """

    words: str
    seconds: float
    run: Callable[..., Iterator[Record]]


class Live(widgets.HBox):
    """The buttons and the bar of a training, and what it has brought.

    Parameters
    ----------
    training : Training
    values : callable
        Returns the values of the controls.
    show : callable
        Draws what there is now.
    fail : callable
        Says an exception in words.

    Attributes
    ----------
    records : list of Record
        The last one of each run.
    is_running : bool
        Whether a run has begun and not ended.
    start, stop, bar, note : widget
    """

    def __init__(
        self,
        training: Training,
        *,
        values: Callable[[], dict[str, Any]],
        show: Callable[[], None],
        fail: Callable[[Exception], None],
    ) -> None:
        self._training, self._values = training, values
        self._show, self._fail = show, fail
        self._work: InThread | InTurns | None = None
        self.is_running = False
        self._told_to_stop = Event()
        self._error: Exception | None = None
        self.records: list[Record] = []
        seconds = training.seconds * (SLOWER_IN_TAB if IN_TAB else 1)
        words = f"{training.words} (about {seconds:g} s)"
        self.start = button(words, self.train, "play")
        self.stop = button("stop", self.end, "stop")
        self.bar = widgets.FloatProgress(
            0,
            min=0,
            max=1,
            layout=widgets.Layout(
                flex="1 1 80px", width="auto", max_width="200px", margin="4px 8px"
            ),
        )
        self.note = widgets.Label(layout=widgets.Layout(width="160px", margin="2px"))
        self.note.add_class("rnnlib-progress")
        super().__init__(
            [self.start, self.stop, self.bar, self.note],
            layout=widgets.Layout(flex_flow="row wrap"),
        )

    def train(self) -> None:
        """Begin a run, unless there is one."""
        with DRAWING:
            if self.is_running:
                return
            self.is_running = True
            self._told_to_stop.clear()
            self._work = in_background(self._run(self._values()))

    def end(self) -> None:
        """Tell the run, if there is one, to stop; what it has brought is kept."""
        self._told_to_stop.set()

    def wait(self) -> None:
        """Return when no run is left; raise what the last one was given up for."""
        if self._work is not None:
            self._work.join()
        if self._error is not None:
            raise self._error

    def forget(self) -> None:
        """End the run, if there is one, and drop what was trained."""
        self.end()
        if self._work is not None:
            self._work.join()
        self.records.clear()
        self._say(0, "")

    def _run(self, values: dict[str, Any]) -> Iterator[None]:
        """Train, a step a record, and say how it ended."""
        begin, self._error = time.perf_counter(), None
        self.stop.button_style = "warning"
        self._say(0, "starting")
        try:
            with blas_threads(1):
                yield from self._follow(self._training.run(**values), begin)
        except Exception as error:
            self._error = error
        with DRAWING:
            self.is_running, self.stop.button_style = False, ""
            self._conclude()
            done, spent = self.bar.value, time.perf_counter() - begin
            self._say(done, f"{self._ending()} {done:.0%}, {spent:.1f} s")

    def _follow(self, records: Iterator[Record], begin: float) -> Iterator[None]:
        """Keep the last record, and draw now and then, until told to stop."""
        before, drawn = len(self.records), begin
        for record in records:
            self.records[before:] = [record]
            now, done = time.perf_counter(), record.progress
            if self._told_to_stop.is_set() or done >= 1:
                self._say(done, "")
                break
            if now - drawn > FRAME_SECONDS:
                drawn = now
                self._say(done, f"{done:.0%}, {now - begin:.0f} s")
                self._show()
            yield

    def _conclude(self) -> None:
        """Show the end of a run, or say what it was given up for."""
        try:
            if self._error is None:
                self._show()
        except Exception as error:
            self._error = error
        if self._error is not None:
            self._fail(self._error)

    def _ending(self) -> str:
        if self._error is not None:
            return "failed at"
        return "stopped at" if self.bar.value < 1 else "done:"

    def _say(self, done: float, words: str) -> None:
        self.bar.value, self.note.value = done, words
