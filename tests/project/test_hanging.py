"""An answer that nothing can stop ends its Python, and the next says what it was."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tools.notebooks import environment

SET_UP = """
import os, re
from dataclasses import replace
from rnncourse.catalogue import exercise, exercises_of
from rnncourse.checking import limits
from rnncourse import check

limits.GRACE_SECONDS, limits.WAITING = 0.1, 1
exercises_of("lesson_00")["00.2"] = replace(exercise("00.2"), seconds={seconds})
"""
ANSWER = """
def window_inputs(T, V):
    found = T * V
    {line}
    return found
"""
CHECK = 'print(check("00.2", window_inputs))'
SUM = "found = sum(range(10**13))"
REGEX = 're.match(r"(a+)+$", 60 * "a" + "b")'
NOTHING_IS_LOST = (
    "Nothing is lost: the notebook is saved, and so is your progress. Run the cells "
    "above once more, and change that answer before you check it again."
)
ENDED = (
    "Python had to be started anew: the check of your answer to 00.2 did not come "
    f"back, and nothing else could stop it, in the line `{SUM}`. {NOTHING_IS_LOST}\n"
)
BROKEN = (
    "Python had to be started anew: the check of your answer to 00.2 ended it: it "
    "needed more memory than there is, or broke a compiled library. "
    f"{NOTHING_IS_LOST}\n"
)
NOT_YET = "✘ 00.2 · How many numbers a window holds: not yet right\n"
PASSED = "✔ 00.2 · How many numbers a window holds: right\n"


def python(folder: Path, line: str) -> tuple[int, str]:
    """Return the exit code and the output of a program that checks an answer."""
    file = folder / "answer.py"
    set_up = SET_UP.format(seconds=0.5)
    file.write_text(set_up + ANSWER.format(line=line) + CHECK, "utf-8")
    run = subprocess.run(
        [sys.executable, file],
        env=environment(folder, strict=False),
        capture_output=True,
        encoding="utf-8",
    )
    assert run.stderr == ""
    return run.returncode, run.stdout


def notes(folder: Path) -> list[str]:
    names = {path.name for path in folder.glob("progress.json.*")}
    return sorted(names - {"progress.json.lock"})


def test_the_next_python_says_it_refuses_the_same_answer_and_forgets(
    tmp_path: Path,
) -> None:
    assert python(tmp_path, SUM) == (1, "")
    assert len(notes(tmp_path)) == 1
    assert python(tmp_path, SUM) == (0, ENDED + NOT_YET + ENDED)
    assert notes(tmp_path) == []
    assert python(tmp_path, SUM) == (1, "")
    code, said = python(tmp_path, "pass")
    assert code == 0
    assert said.startswith(ENDED + PASSED)
    assert notes(tmp_path) == []


def test_an_answer_that_breaks_python_is_known_afterwards(tmp_path: Path) -> None:
    if sys.platform == "win32":
        return  # it has no such signal
    line = f"os.kill(os.getpid(), {signal.SIGKILL})"
    assert python(tmp_path, line) == (-9, "")
    assert python(tmp_path, "pass")[1].startswith(BROKEN + PASSED)


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[KernelManager]:
    """Start a kernel, as Jupyter and VS Code do."""
    manager = KernelManager()
    manager.start_kernel(env=environment(tmp_path, strict=False), cwd=str(tmp_path))
    yield manager
    manager.shutdown_kernel(now=True)


def ready(manager: KernelManager) -> BlockingKernelClient:
    client: BlockingKernelClient = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=300)
    return client


def said_by(client: BlockingKernelClient, code: str) -> str:
    """Run a cell; return what it prints, or the name of its error."""
    said: list[str] = []

    def listen(message: dict[str, dict[str, str]]) -> None:
        said.append(
            message["content"].get("text") or message["content"].get("ename", "")
        )

    client.execute_interactive(
        code, output_hook=listen, timeout=300, store_history=False
    )
    return "".join(said)


def test_a_kernel_that_was_ended_says_so_when_it_is_restarted(
    kernel: KernelManager,
) -> None:
    client, set_up = ready(kernel), SET_UP.format(seconds=0.5)
    assert said_by(client, set_up + ANSWER.format(line=SUM)) == ""
    client.execute(CHECK)
    while client.is_alive():
        pass
    client.stop_channels()
    kernel.restart_kernel(now=True)
    client = ready(kernel)
    assert said_by(client, set_up) == ENDED
    assert said_by(client, ANSWER.format(line=SUM) + CHECK) == NOT_YET + ENDED
    assert said_by(client, ANSWER.format(line="pass") + CHECK).startswith(PASSED)
    client.stop_channels()


def test_interrupt_ends_a_check_wherever_python_lets_it(kernel: KernelManager) -> None:
    client = ready(kernel)
    set_up = SET_UP.format(seconds=600)
    assert said_by(client, set_up + ANSWER.format(line=REGEX)) == ""
    message = client.execute("print('begun', flush=True)\n" + CHECK)
    while client.get_iopub_msg(timeout=300)["msg_type"] != "stream":
        pass
    kernel.interrupt_kernel()
    reply = client.get_shell_msg(timeout=300)
    while reply["parent_header"]["msg_id"] != message:
        reply = client.get_shell_msg(timeout=300)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert said_by(client, ANSWER.format(line="pass") + CHECK).startswith(PASSED)
    client.stop_channels()
