"""A cell that is run again closes what it showed, in a real kernel, and no other's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from rnncourse import quiz
from rnncourse.explorers import explorers
from rnncourse.exploring.cells import running
from tools.notebooks import environment

RUNS = 20
SETUP = """
import gc, tracemalloc
from ipywidgets.widgets.widget import _instances
from rnncourse import quiz
from rnncourse.explorers import beam_tree, one_neuron

def measured():
    gc.collect()
    return len(_instances), tracemalloc.get_traced_memory()[0]
"""


class Notebook:
    """A kernel that is told which cell it runs, as a page tells it."""

    def __init__(self, folder: Path) -> None:
        self.manager, self.client = start_new_kernel(
            kernel_name="python3", env=environment(folder, strict=False)
        )

    def run(self, cell: str, code: str) -> str:
        """Run a cell, and return what it has printed."""
        content = {"code": code, "silent": False, "store_history": True}
        request = self.client.session.msg(
            "execute_request", content, metadata={"cellId": cell}
        )
        self.client.shell_channel.send(request)
        printed = ""
        while True:
            message = self.client.get_iopub_msg(timeout=300)
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            kind, content = message["msg_type"], message["content"]
            assert kind != "error", content
            if kind == "stream":
                printed += content["text"]
            if (kind, content.get("execution_state")) == ("status", "idle"):
                return printed

    def measured(self) -> tuple[int, int]:
        """Return how many widgets are open, and how many bytes are in use."""
        widgets, used = map(
            int, re.findall(r"\d+", self.run("count", "print(measured())"))
        )
        return widgets, used


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    made = Notebook(tmp_path_factory.mktemp("kernel"))
    made.run("set-up", SETUP)
    yield made
    made.client.stop_channels()
    made.manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("code", ["beam_tree()", 'quiz("00.1")'])
def test_a_cell_that_runs_twenty_times_keeps_what_it_shows_once(
    notebook: Notebook, code: str
) -> None:
    notebook.run("trace", "tracemalloc.start()")  # it slows down all that follows
    before, _ = notebook.measured()
    for _ in range(RUNS // 4):
        notebook.run("again", code)
    once, at_first = notebook.measured()
    assert once > before
    for _ in range(RUNS - RUNS // 4):
        notebook.run("again", code)
    widgets, at_last = notebook.measured()
    assert widgets == once
    assert at_last - at_first < 2_000_000  # fifteen pictures would take 45 million
    notebook.run("again", "pass")
    assert notebook.measured()[0] == before
    notebook.run("trace", "tracemalloc.stop()")


def test_the_explorer_of_another_cell_stays_open(notebook: Notebook) -> None:
    notebook.run("kept", "kept = one_neuron()\nkept")
    for _ in range(3):
        notebook.run("other", "beam_tree()")
    printed = notebook.run("use", "kept.set(w=1.5); print(kept.values['w'])")
    assert printed.strip() == "1.5"


def test_two_explorers_of_one_cell_stay_open_together(notebook: Notebook) -> None:
    for _ in range(2):
        notebook.run("pair", "one, two = one_neuron(), one_neuron()\none")
    printed = notebook.run("use", "one.set(w=1.0); two.set(w=0.5); print(two.values)")
    assert "'w': 0.5" in printed


def test_what_two_cells_show_stays_until_both_have_let_it_go(
    notebook: Notebook,
) -> None:
    notebook.run("made", "shared = one_neuron()")
    notebook.run("shown", "shared")
    notebook.run("made", "pass")
    assert notebook.run("use", "shared.set(w=0.5); print('open')") == "open\n"
    notebook.run("shown", "shared")
    assert notebook.run("use", "shared.set(w=0.5); print('open')") == "open\n"
    notebook.run("shown", "pass")
    printed = notebook.run(
        "use", "try:\n    shared.set(w=1.0)\nexcept RuntimeError as e:\n    print(e)"
    )
    assert "whose cell was run again; open another one with one_neuron()" in printed
    assert notebook.run("use", "print(shared)").startswith("One neuron's memory")


def test_outside_a_notebook_an_explorer_opens_and_closes_as_well() -> None:
    assert running() == (None, "")
    made: Any
    for made in (explorers()["forget_bias_race"](), quiz("00.1")):
        parts = list(made.children)
        made.close()
        made.close()
        assert all(part.comm is None for part in (made, *parts, made.layout))
