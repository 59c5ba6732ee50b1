"""What the hub is told before it runs: refusals, limits, the same on Kubernetes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from classroom.hub import checks, main, proxy, serve
from classroom.hub.class_folder import ClassFolder
from classroom.hub.spawner import FIRST_NUMBER, LearnerSpawner
from tools.launcher.sentences import CourseError

HUB = Path(serve.__file__).parent
Say = Callable[..., str]


@pytest.fixture
def say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Say:
    """Return a function that types words and gives back the sentence of a refusal."""
    monkeypatch.setattr(proxy, "install", lambda: None)
    monkeypatch.setattr(serve, "run", lambda *_: pytest.fail("the hub was started"))

    def typed(*words: str) -> str:
        code = main([f"--folder={tmp_path / 'class'}", *words])
        said = capsys.readouterr()
        assert (code, said.out) == (1, "")
        assert len(said.err.splitlines()) == 1
        return said.err

    return typed


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("--learners=0", "--learners is a number from 1 on, not 0"),
        ("--port=0", "--port is a number from 1 on, not 0"),
        ("--port=70000", "Port 70000 at 127.0.0.1 cannot be had"),
        ("--address=192.0.2.1", "Port 8000 at 192.0.2.1 cannot be had"),
        ("--memory=lots", "a size such as 512M or 1.5G, not lots"),
        ("--names=nowhere.txt", "nowhere.txt cannot be read: No such file"),
        ("--config=nowhere.py", "There is no file nowhere.py for --config"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(
    say: Say, word: str, sentence: str
) -> None:
    assert sentence in say(word)


def test_a_port_that_is_taken_is_named(say: Say) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} at 127.0.0.1 cannot be had (Address al" in say(
            f"--port={port}"
        )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is empty"),
        ("ada\n../hub\n", "'../hub' is not of letters"),
        ("..", "'..' is not of letters"),
        ("a" * 41, "is not of letters"),
    ],
)
def test_a_list_with_a_name_that_no_folder_can_have_is_refused(
    say: Say, tmp_path: Path, text: str, sentence: str
) -> None:
    names = tmp_path / "names.txt"
    names.write_text(text, encoding="utf-8")
    assert sentence in say(f"--names={names}")
    assert ClassFolder(tmp_path / "class").names() is None


def test_a_folder_that_is_a_file_is_refused(say: Say, tmp_path: Path) -> None:
    (tmp_path / "class").write_text("mine", encoding="utf-8")
    assert "cannot be used" in say()
    assert (tmp_path / "class").read_text("utf-8") == "mine"


SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_class_is_served_once_and_the_proxy_of_a_killed_hub_ends(
    say: Say, tmp_path: Path
) -> None:
    folder = ClassFolder(tmp_path / "class")
    folder.make()
    with subprocess.Popen([*SLEEP, "jupyterhub"]) as hub:
        (folder.hub / "hub.pid").write_text(str(hub.pid), encoding="utf-8")
        assert f"serves the class in {folder.root} already: end it" in say()
        assert hub.poll() is None
        hub.kill()
    with subprocess.Popen([*SLEEP, "configurable-http-proxy"]) as left:
        (folder.hub / "proxy.pid").write_text(str(left.pid), encoding="utf-8")
        checks.remains(folder)
        assert checks.running(folder.hub / "proxy.pid", "http-proxy") is None


def test_a_proxy_that_is_missing_or_out_of_date_is_told_how_to_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "PLACE", tmp_path)
    with pytest.raises(CourseError, match="class hub --install, once"):
        proxy.command()


def test_a_proxy_that_cannot_be_fetched_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "PLACE", tmp_path / "share" / "hub")
    monkeypatch.setattr(proxy, "NPM", "ci --offline --cache=nowhere --loglevel=error")
    with pytest.raises(CourseError, match=r"could not be downloaded: .* npm said: npm"):
        proxy.install()
    assert list((tmp_path / "share").iterdir()) == []


@pytest.mark.parametrize("one_user", [True, False][: 2 - (os.geteuid() != 0)])
def test_a_server_begins_with_its_limits_in_a_folder_of_its_learner(
    tmp_path: Path, one_user: bool
) -> None:
    above = Path(tempfile.gettempdir()).resolve()
    for folder in (tmp_path, *tmp_path.parents):  # another user has to come in
        if folder.resolve() == above or above not in folder.resolve().parents:
            break
        folder.chmod(folder.stat().st_mode | 0o011)
    spawner = LearnerSpawner(learners=str(tmp_path), one_user=one_user, mem_limit="64M")
    spawner.user = SimpleNamespace(name="zoë")
    spawner.home_dir = str(spawner.folder())
    asked = "id -u; ulimit -d; ulimit -c; pwd; stat -c '%a %u' ."
    run = subprocess.run(
        ["/bin/sh", "-c", asked],
        preexec_fn=spawner.make_preexec_fn("zoë"),
        capture_output=True,
        text=True,
        check=True,
    )
    number = os.getuid() if one_user else FIRST_NUMBER
    home = tmp_path / "zoë"
    expected = [number, 64 * 1024, 0, home, f"700 {number}"]
    assert run.stdout.splitlines() == list(map(str, expected))
    assert spawner.folder() == home


def test_a_name_is_never_a_way_out_of_the_folder(tmp_path: Path) -> None:
    learners = tmp_path / "learners"
    learners.mkdir()
    (learners / "link").symlink_to(tmp_path)
    spawner = LearnerSpawner(learners=str(learners), one_user=True)
    for name in ("../hub", "a/b", "/etc", "link"):
        spawner.user = SimpleNamespace(name=name)
        with pytest.raises(ValueError, match="is no name of a folder"):
            spawner.folder()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the configuration of one computer, with two lines of a teacher's own."""
    more = tmp_path / "mine.py"
    more.write_text("c.JupyterHub.ssl_key = 'key.pem'\n", encoding="utf-8")
    monkeypatch.setenv("RNNLIB_CLASS", str(tmp_path / "class"))
    monkeypatch.setenv("RNNLIB_MORE", str(more))
    monkeypatch.setattr(proxy, "command", lambda: ["proxy"])
    return PyFileConfigLoader("jupyterhub_config.py", path=str(HUB)).load_config()


def test_the_hub_keeps_to_this_computer_and_to_its_list(
    config: Any, tmp_path: Path
) -> None:
    assert config.JupyterHub.bind_url == "http://127.0.0.1:8000"
    assert config.JupyterHub.ssl_key == "key.pem"
    password = config.SharedPasswordAuthenticator.user_password
    assert password == ClassFolder(tmp_path / "class").password()
    (service,) = config.JupyterHub.services
    assert service["command"] == [
        *(sys.executable, "-m", "jupyterhub_idle_culler"),
        "--timeout=3600",
    ]


def test_kubernetes_is_told_the_same_as_one_computer(config: Any) -> None:
    values = yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf-8"))
    single = values["singleuser"]
    assert single["cmd"][1:] == config.LearnerSpawner.cmd[1:]
    assert single["defaultUrl"] == config.LearnerSpawner.default_url
    assert single["memory"]["limit"] == config.LearnerSpawner.mem_limit
    assert f"--timeout={values['cull']['timeout']}" in str(config.JupyterHub.services)
    assert values["hub"]["config"]["JupyterHub"]["authenticator_class"] == "null"


def test_its_help_is_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        serve.parse(["--help"])
    said = capsys.readouterr().out
    assert "Check what the hub needs, say who gets in how" in said
    assert "`" not in said
