"""The launcher does what was typed, or says in one sentence why it cannot."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.project.course_copies import ROOT, copy_of_the_course, load

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def launcher(tmp_path: Path) -> Any:
    """Return the launcher of a fresh copy."""
    return load(copy_of_the_course(tmp_path))


@pytest.fixture
def say(
    launcher: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Say:
    """Return a function that types words and gives back exit code and last line."""

    def typed(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["course.py", *words])
        code = launcher.main()
        said = capsys.readouterr()
        return code, (said.out + said.err).strip().rpartition("\n")[2]

    return typed


def test_ctrl_c_during_the_installation_leaves_nothing(
    launcher: Any, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(launcher.time, "sleep", lambda seconds: interrupt())
    assert say("setup") == (130, f"Stopped; {launcher.CALL} starts again.")
    assert not launcher.VENV.exists()


def test_a_folder_of_somebody_else_is_left_alone(launcher: Any, say: Say) -> None:
    launcher.VENV.mkdir()
    (launcher.VENV / "thesis.txt").write_text("", encoding="utf-8")
    code, said = say("setup")
    assert code == 1
    assert "was not made by course.py" in said
    assert (launcher.VENV / "thesis.txt").exists()


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 15, 0)])
def test_too_old_or_too_new_a_python_is_told_which_to_get(
    launcher: Any, say: Say, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    code, said = say()
    assert code == 1
    assert f"needs Python 3.11 to 3.14 and this is Python 3.{version[1]}:" in said


def test_an_old_python_can_read_the_launcher() -> None:
    ast.parse((ROOT / "course.py").read_text("utf-8"), feature_version=(3, 6))


def test_a_python_without_venv_is_told_what_to_install(
    launcher: Any, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    code, said = say("setup")
    assert code == 1
    assert "sudo apt install python3-venv" in said
    assert not launcher.VENV.exists()


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EROFS, "copy the course to a folder of your own"),
        (errno.EACCES, "copy the course to a folder of your own"),
        (errno.ENOSPC, "make room for about 1 GB"),
        (errno.EIO, "could not be set up"),
    ],
)
def test_a_folder_that_cannot_be_written_gets_advice(
    launcher: Any, say: Say, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(launcher, "make_venv", refuse)
    code, said = say("setup")
    assert code == 1
    assert advice in said


def test_a_taken_port_is_refused_before_anything_is_installed(
    launcher: Any, say: Say
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = say("lab", "--port", str(port))
    assert code == 1
    assert said.startswith(f"Port {port} cannot be had")
    assert not launcher.VENV.exists()


def test_a_port_that_does_not_exist_is_refused(say: Say) -> None:
    code, said = say("lab", "--port", "99999")
    assert code == 1
    assert said.startswith("Port 99999 cannot be had")


def test_an_unknown_measurement_gets_the_list(launcher: Any, say: Say) -> None:
    (launcher.ROOT / "benchmarks").mkdir()
    (launcher.ROOT / "benchmarks" / "sliders.py").write_text("", encoding="utf-8")
    assert say("bench", "slider") == (
        1,
        "There is no slider to measure; there are: sliders.",
    )


def test_an_unknown_word_is_refused(launcher: Any, say: Say) -> None:
    with pytest.raises(SystemExit, match="2"):
        say("tets")
    assert not launcher.VENV.exists()


@pytest.mark.parametrize(
    ("words", "called"),
    [
        (["test", "-k", "floors", "-x"], ["pytest", "-n", "2", "-k", "floors", "-x"]),
        (["build", "--check", "05"], ["tools.build", "--check", "05"]),
        (["--no-browser"], ["jupyterlab", "--no-browser"]),
        ([], ["jupyterlab", "--KernelManager.transport_encryption=auto"]),
    ],
)
def test_the_words_reach_the_program_and_its_exit_code_comes_back(
    launcher: Any,
    say: Say,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    called: list[str],
) -> None:
    received: list[str] = []

    def run(*arguments: str) -> int:
        received.extend(arguments)
        return 7

    monkeypatch.setattr(launcher, "prepare", lambda: None)
    monkeypatch.setattr(launcher, "run", run)
    code, _ = say(*words)
    assert code == 7
    assert [word for word in received if word in called] == called


def test_programs_run_in_the_checkout_with_its_python_first(
    launcher: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(launcher, "PYTHON", Path(sys.executable))
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    seen = tmp_path / "seen.json"
    script = (
        "import json, os, sys; v = os.environ; json.dump([os.getcwd(), v['PATH'],"
        " 'PYTHONPATH' in v, v['PYTHONUTF8']], open(sys.argv[1], 'w')); sys.exit(5)"
    )
    assert launcher.run("-c", script, seen) == 5
    here, path, foreign, utf8 = json.loads(seen.read_text("utf-8"))
    assert Path(here).samefile(launcher.ROOT)
    assert path.split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert (foreign, utf8) == (False, "1")


@pytest.mark.parametrize("part", ["python", "place", "packages"])
def test_another_python_place_or_package_is_noticed(
    launcher: Any, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    before = launcher.wanted_stamp().splitlines()
    if part == "python":
        monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    elif part == "place":
        moved = launcher.ROOT.rename(launcher.ROOT.parent / "moved")
        monkeypatch.setattr(launcher, "ROOT", moved)
        monkeypatch.setattr(launcher, "LOCK", launcher.ROOT / "requirements.lock")
    else:
        launcher.LOCK.write_text("", encoding="utf-8")
    after = launcher.wanted_stamp().splitlines()
    changed = ["python", "place", "packages"].index(part)
    assert [i for i in range(3) if before[i] != after[i]] == [changed]


def test_progress_counts_what_is_fetched_and_then_what_is_installed(
    launcher: Any,
) -> None:
    launcher.LOCK.write_text("a==1 \\\nb==2 ; os_name == 'nt' \\\nc==3 \\\n", "utf-8")
    words = "Ignoring b: markers don't match\nCollecting a==1\nCollecting c==3\n"
    assert launcher.progress("", []) == "asking for the packages"
    assert launcher.progress(words, []) == "fetching 2 of 2: c"
    assert launcher.progress(words, ["a"]) == "installing 1 of 2: a"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("ERROR: [Errno 28] No space left on device", "make room"),
        (
            "HINT: ... Windows Long Path support enabled",
            "nearer to the top of the disk",
        ),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "try another network"),
        (
            "NewConnectionError(...)\nNo matching distribution found for a==1",
            "internet",
        ),
        ("ERROR: No matching distribution found for numpy==2.4.6", "ready-made numpy"),
        (
            "all went well\nERROR: the moon is in the way",
            "ERROR: the moon is in the way",
        ),
        ("", "pip failed"),
    ],
)
def test_what_pip_says_becomes_one_sentence(
    launcher: Any, words: str, advice: str
) -> None:
    sentence = str(launcher.explain(words))
    assert advice in sentence
    assert "\n" not in sentence


def test_the_lab_shows_the_first_lesson_to_whoever_has_the_token(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = (
        "import course, pathlib, sys; course.prepare = lambda: None;"
        " course.PYTHON = pathlib.Path(sys.executable); sys.exit(course.main())"
    )
    mine = {
        f"JUPYTER_{kind}_DIR": str(tmp_path) for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    lab = subprocess.Popen(
        [sys.executable, "-c", script, "lab", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **mine, "JUPYTER_TOKEN": "abc"},
    )
    try:
        page = ask(port, "lab/tree/start_here.ipynb?token=abc")
        settings = ask(port, "lab/api/settings?token=abc")
        locked = ask(port, "lab/tree/start_here.ipynb")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask(port, "formgrader?token=abc")
        ask(port, "api/shutdown", data=b"", headers={"Authorization": "token abc"})
        assert lab.wait(30) == 0
    finally:
        lab.kill()
    assert "JupyterLab" in page
    assert "password" in locked.lower()
    news = [s for s in json.loads(settings)["settings"] if "notification" in s["id"]]
    assert news[0]["schema"]["properties"]["fetchNews"]["default"] == "false"
    (config,) = re.findall(r'id="jupyter-config-data"[^>]*>([^<]*)<', page)
    hidden = json.loads(config)["disabledExtensions"]
    assert {"@jupyter/nbgrader", "@jupyter-notebook/lab-extension"} <= set(hidden)


def ask(port: int, path: str, **options: Any) -> str:
    """Return what the server answers, waiting up to 30 s for it to be there."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", **options)
    for _ in range(300):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            time.sleep(0.1)
    raise TimeoutError(f"nobody answers at port {port}")
