"""The launcher does what was typed, or says in one sentence why it cannot."""

from __future__ import annotations

import argparse
import ast
import errno
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import course
from tests.project.course_copies import ROOT
from tools.launcher import (
    commands,
    environment,
    locking,
    packing,
    requirements,
    sentences,
)
from tools.launcher.environment import Environment

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that the launcher takes for the checkout."""
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def say(home: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return a function that types words and gives back exit code and last line."""

    def typed(*words: str) -> tuple[int, str]:
        code = commands.main(words)
        said = capsys.readouterr()
        return code, (said.out + said.err).strip().rpartition("\n")[2]

    return typed


def test_ctrl_c_during_the_installation_leaves_nothing(
    home: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Environment, "make", lambda self: self.folder.mkdir())
    monkeypatch.setattr(Environment, "install", interrupt)
    assert say("setup") == (130, f"Stopped; {sentences.CALL} starts again.")
    assert not list(home.glob(".venv*/"))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 15, 0)])
def test_too_old_or_too_new_a_python_is_told_which_to_get(
    version: tuple[int, ...],
) -> None:
    with pytest.raises(SystemExit, match=rf"3.11 to 3.14 .* Python 3\.{version[1]}:"):
        course.check_python(version)


def test_an_old_python_can_read_the_launcher() -> None:
    ast.parse((ROOT / "course.py").read_text("utf-8"), feature_version=(3, 6))


def test_the_launcher_needs_nothing_that_is_not_yet_installed() -> None:
    for path in (ROOT / "tools" / "launcher").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = [
            getattr(node, "module", None) or node.names[0].name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        foreign = {name.split(".")[0] for name in names} - sys.stdlib_module_names
        assert foreign <= (
            {"tools", "packaging"} if path.stem == "packing" else {"tools"}
        )


def test_a_python_without_venv_is_told_what_to_install(
    home: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    code, said = say("setup")
    assert code == 1
    assert "sudo apt install python3-venv" in said
    assert not list(home.glob(".venv*/"))


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EROFS, "--to FOLDER, with a folder of your own"),
        (errno.EACCES, "--to FOLDER, with a folder of your own"),
        (errno.ENOSPC, "The disk is full"),
        (errno.EIO, "could not be set up"),
    ],
)
def test_a_folder_that_cannot_be_written_gets_advice(
    say: Say, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Environment, "make", refuse)
    code, said = say("setup")
    assert code == 1
    assert advice in said


def test_a_disk_that_is_nearly_full_is_named_before_anything_is_made(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(free=16_000_000)
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda path: full)
    code, said = say("setup")
    assert code == 1
    assert re.search(
        r"The disk is full: .* about \d+ MB, and there are 16 MB free", said
    )


def test_a_read_only_checkout_takes_its_packages_where_the_learner_may_write(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = home / "mine"
    options = argparse.Namespace(to=mine)
    assert commands.environment_of(options).folder == home / ".venv"
    monkeypatch.setattr(commands.os, "access", lambda path, mode: path != home)
    assert commands.environment_of(options).folder == mine / ".venv"


def test_a_taken_port_is_refused_before_anything_is_installed(
    home: Path, say: Say
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = say("lab", "--port", str(port))
    assert code == 1
    assert said.startswith(f"Port {port} cannot be had")
    assert not (home / ".venv").exists()


def test_a_port_that_does_not_exist_is_refused(say: Say) -> None:
    code, said = say("lab", "--port", "99999")
    assert code == 1
    assert said.startswith("Port 99999 cannot be had")


def test_an_unknown_measurement_gets_the_list(home: Path, say: Say) -> None:
    (home / "benchmarks").mkdir()
    (home / "benchmarks" / "sliders.py").write_text("", encoding="utf-8")
    expected = "There is no slider to measure; there are: sliders."
    assert say("bench", "slider") == (1, expected)


def test_some_explorers_alone_can_be_measured(
    home: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "benchmarks").mkdir()
    for name in ("growth", "sliders"):
        (home / "benchmarks" / f"{name}.py").write_text("", encoding="utf-8")
    runs: list[tuple[str, ...]] = []
    monkeypatch.setattr(Environment, "prepare", lambda *_, **__: None)

    def run(_: Any, path: Path, *names: str) -> int:
        runs.append((path.stem, *names))
        return 3

    monkeypatch.setattr(commands, "run", run)
    assert say("bench", "growth", "sliders", "cliff", "latch")[0] == 3
    assert runs == [("growth",), ("sliders", "cliff", "latch")]
    assert say("bench", "growth", "cliff")[0] == 1


@pytest.mark.parametrize(
    "words",
    [("tets",), ("setup", "--ale"), ("reset",), ("exam",), ("exam", "--seed", "x")],
)
def test_an_unknown_word_is_refused(home: Path, say: Say, words: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        say(*words)
    assert not (home / ".venv").exists()


@pytest.mark.parametrize(
    ("words", "called", "extras"),
    [
        (
            ["test", "-k", "floors", "-x"],
            ["pytest", "-n", "3", "-k", "floors", "-x"],
            ("test", "build", "bench", "hub", "site"),
        ),
        (
            ["build", "--check", "05"],
            ["tools.build", "--check", "05"],
            ("build",),
        ),
        (
            ["reference", "pages"],
            ["tools.reference", Path("pages").resolve()],
            ("build",),
        ),
        (
            ["exam", "--seed", "7", "--answers", "--lessons", "00-04"],
            ["rnncourse.exam", "--seed=7", "--lessons=00-04", "--answers"],
            (),
        ),
        (["class"], ["classroom"], ("build",)),
        (
            ["class", "hub", "--port=8001"],
            ["classroom", "hub", "--port=8001"],
            ("build", "hub"),
        ),
        (["--no-browser"], ["jupyterlab", "--no-browser"], ()),
        ([], ["jupyterlab", "--KernelManager.transport_encryption=auto"], ()),
    ],
)
def test_the_words_reach_the_program_and_its_exit_code_comes_back(
    home: Path,
    say: Say,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    called: list[str],
    extras: tuple[str, ...],
) -> None:
    received: list[str] = []
    prepared: list[tuple[str, ...]] = []

    def run(_: Any, *arguments: str, **__: Any) -> int:
        received.extend(arguments)
        return 7

    monkeypatch.setattr(
        Environment, "prepare", lambda self, extras, **_: prepared.append(extras)
    )
    monkeypatch.setattr(commands, "run", run)
    code, _ = say(*words)
    assert code == 7
    assert prepared == [extras]
    assert [word for word in received if word in called] == called


def test_programs_run_in_the_checkout_with_its_python_first(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = Path(sys.executable)
    monkeypatch.setattr(
        commands,
        "environment_of",
        lambda _: SimpleNamespace(python=python, folder=python.parents[1]),
    )
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    seen = home / "seen.json"
    script = (
        "import json, os, sys; v = os.environ; json.dump([os.getcwd(), v['PATH'],"
        " 'PYTHONPATH' in v, v['PYTHONUTF8']], open(sys.argv[1], 'w')); sys.exit(5)"
    )
    assert commands.run(argparse.Namespace(), "-c", script, seen) == 5
    here, path, foreign, utf8 = json.loads(seen.read_text("utf-8"))
    assert Path(here).samefile(home)
    assert path.split(os.pathsep)[0] == str(python.parent)
    assert (foreign, utf8) == (False, "1")


def test_who_cannot_write_at_home_gets_a_folder_for_what_programs_store(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: home / "nowhere")
    variables = commands.variables_of(Environment(home, home / ".venv"))
    for name in commands.OF_THE_USER.split():
        assert os.access(variables[name], os.W_OK)


def test_what_the_lessons_need_is_a_part_of_the_lock() -> None:
    learning, everything = (
        requirements.required(ROOT),
        requirements.required(ROOT, ("all",)),
    )
    lock = requirements.locked_entries((ROOT / "requirements.lock").read_text("utf-8"))
    assert everything == lock
    assert {"numpy", "matplotlib", "ipywidgets", "jupyterlab", "ipykernel"} <= set(
        learning
    )
    assert {"playwright", "mypy", "py-rattler", "nbgrader", "pytest", "ruff"} & set(
        learning
    ) == set()
    assert {"playwright", "pytest"} <= set(requirements.required(ROOT, ("test",)))


def test_what_a_package_needs_is_needed_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[project]\ndependencies = ['A_a>=1']\n[project.optional-dependencies]\n"
        "course = ['b']\ntest = ['c']\n",
        encoding="utf-8",
    )
    (tmp_path / "requirements.lock").write_text(
        "a-a==1 \\\n    --hash=x\nb==1 ; os_name == 'nt' \\\n    --hash=x\n"
        "b==2 ; os_name != 'nt' \\\n    --hash=x\nc==1\nd==1\n    # via e\n"
        "e==1\n    # via\n    #   b\n    #   c\nf==1\n    # via c\n",
        encoding="utf-8",
    )
    found = requirements.required(tmp_path)
    assert list(found) == ["a-a", "b", "d", "e"]
    assert found["b"].count("b==") == 2
    assert set(requirements.required(tmp_path, ("test",))) == {*found, "c", "f"}


@pytest.mark.parametrize(
    ("platform", "python", "there", "missing"),
    [
        ("win_amd64", "3.12", "pywinpty", "appnope"),
        ("macosx_11_0_arm64", "3.13", "appnope", "pywinpty"),
        ("manylinux2014_x86_64", "3.11", "ptyprocess", "pywinpty"),
        (None, None, "numpy", "mypy"),
    ],
)
def test_the_packages_of_another_system_are_packed(
    platform: str | None, python: str | None, there: str, missing: str
) -> None:
    entries = packing.entries_for(platform, python)
    names = [requirements.plain(entry) for entry in entries]
    assert len(names) == len(set(names))
    assert there in names
    assert missing not in names
    assert all(" ; " not in entry.splitlines()[0] for entry in entries)


def test_progress_counts_what_is_fetched_and_then_what_is_installed() -> None:
    words = "Ignoring b: markers don't match\nCollecting a==1\nCollecting c==3\n"
    assert environment.progress("", [], 3) == "asking for the packages"
    assert environment.progress(words, [], 3) == "fetching 2 of 2: c"
    assert environment.progress(words, ["a"], 3) == "installing 1 of 2: a"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fcntl")
def test_where_there_are_no_locks_no_start_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    with locking.locked(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text("utf-8") == str(os.getpid())
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("ERROR: [Errno 28] No space left on device", "Make room"),
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
def test_what_pip_says_becomes_one_sentence(words: str, advice: str) -> None:
    sentence = str(sentences.explain(words))
    assert advice in sentence
    assert not {"\n", "?"} & {*sentence}


def test_the_lab_shows_the_learners_copies_to_whoever_has_the_token(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mine = tmp_path / "mine"
    script = (
        "import pathlib, sys, types; from tools.launcher import commands;"
        " here = pathlib.Path(sys.executable);"
        " ready = types.SimpleNamespace(python=here, folder=here.parents[1],"
        " prepare=lambda *_, **__: None);"
        " commands.environment_of = lambda _: ready;"
        " sys.exit(commands.main(sys.argv[1:]))"
    )
    own = {
        f"JUPYTER_{kind}_DIR": str(tmp_path) for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    words = ["lab", "--no-browser", "--port", str(port), "--to", str(mine)]
    lab = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        cwd=ROOT,
        env={**os.environ, **own, "JUPYTER_TOKEN": "abc"},
    )
    try:
        page = ask(port, "lab/tree/start_here.ipynb?token=abc")
        settings = ask(port, "lab/api/settings?token=abc")
        locked = ask(port, "lab/tree/start_here.ipynb")
        lesson = ask(port, "api/contents/start_here.ipynb?token=abc")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask(port, "formgrader?token=abc")
        ask(port, "api/shutdown", data=b"", headers={"Authorization": "token abc"})
        assert lab.wait(30) == 0
    finally:
        lab.kill()
    assert "JupyterLab" in page
    assert "password" in locked.lower()
    assert all(not c.get("outputs") for c in json.loads(lesson)["content"]["cells"])
    assert (mine / "start_here.ipynb").is_file()
    news = [s for s in json.loads(settings)["settings"] if "notification" in s["id"]]
    assert news[0]["schema"]["properties"]["fetchNews"]["default"] == "false"
    (config,) = re.findall(r'id="jupyter-config-data"[^>]*>([^<]*)<', page)
    hidden = json.loads(config)["disabledExtensions"]
    assert {"@jupyter/nbgrader", "@jupyter-notebook/lab-extension"} <= set(hidden)


def ask(port: int, path: str, **options: Any) -> str:
    """Return what the server answers, as soon as it is there."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", **options)
    for _ in range(3000):
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return answer.read().decode()
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            time.sleep(0.1)
    raise TimeoutError(f"nobody answers at port {port}")
