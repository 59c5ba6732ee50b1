"""What the site is made of: wheels, Pyodide with its hashes, a server, a command."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools.launcher import commands
from tools.launcher.environment import Environment
from tools.notebooks import FOLDER
from tools.site import building, fonts, runtime, serve, wheels
from tools.tab import site_served

ROOT = FOLDER.parent


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Return a folder with the form of a release of Pyodide, its files made up."""
    folder = tmp_path / "release"
    folder.mkdir()
    packages: dict[str, Any] = {}
    for name in (*runtime.PACKAGES, "pillow", "scipy"):
        file = f"{name}-1.whl"
        (folder / file).write_text(name)
        depends = ["Pillow"] if name == "matplotlib" else []
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        packages[name] = {"file_name": file, "sha256": sha256, "depends": depends}
    lock = {"info": {"version": runtime.VERSION}, "packages": packages}
    (folder / runtime.LOCK).write_text(json.dumps(lock))
    for name in runtime.RUNTIME:
        (folder / name).write_text(name)
    return folder


def test_the_site_carries_what_the_course_needs_of_pyodide_and_no_more(
    release: Path, tmp_path: Path
) -> None:
    runtime.copy(release, tmp_path / "carried")
    lock = json.loads((tmp_path / "carried" / runtime.LOCK).read_text())
    assert set(lock["packages"]) == {*runtime.PACKAGES, "pillow"}
    there = {path.name for path in (tmp_path / "carried").iterdir()}
    files = {each["file_name"] for each in lock["packages"].values()}
    assert there == {runtime.LOCK, *runtime.RUNTIME, *files}


def change(folder: Path) -> None:
    (folder / "numpy-1.whl").write_text("another numpy")


def lose(folder: Path) -> None:
    (folder / "pillow-1.whl").unlink()


def age(folder: Path) -> None:
    lock = folder / runtime.LOCK
    lock.write_text(lock.read_text().replace(runtime.VERSION, "0.26.0"))


def garble(folder: Path) -> None:
    (folder / runtime.LOCK).write_text("{")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (change, r"numpy-1.whl in .* is not the file that Pyodide 0\.27\.7 states"),
        (lose, r"not a whole Pyodide 0\.27\.7: it lacks pillow-1\.whl"),
        (age, r"holds Pyodide 0\.26\.0, and the site needs 0\.27\.7"),
        (garble, r"it lacks pyodide-lock\.json"),
        (shutil.rmtree, r"it lacks pyodide-lock\.json"),
    ],
)
def test_a_pyodide_that_is_not_the_right_one_is_refused_in_a_sentence(
    release: Path, tmp_path: Path, spoil: Any, sentence: str
) -> None:
    spoil(release)
    with pytest.raises(ValueError, match=sentence):
        runtime.copy(release, tmp_path / "carried")
    assert not (tmp_path / "carried" / runtime.LOCK).exists()


def test_a_folder_is_filled_from_a_release_with_the_hashes_that_it_states(
    release: Path, tmp_path: Path
) -> None:
    filled = tmp_path / "filled"
    with site_served(release) as address:
        runtime.fetch(filled, f"{address}/{runtime.ENTRY}")
        runtime.copy(filled, tmp_path / "carried")
        assert not (filled / "scipy-1.whl").exists()
        (filled / "numpy-1.whl").unlink()
        change(release)
        with pytest.raises(ValueError, match=r"numpy-1\.whl .* another one"):
            runtime.fetch(filled, f"{address}/{runtime.ENTRY}")
    assert not (filled / "numpy-1.whl").exists()
    with pytest.raises(ValueError, match=r"cannot be fetched: .* Connect"):
        runtime.fetch(filled, f"{address}/{runtime.ENTRY}")


def test_a_file_that_breaks_off_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_off(*_: object, **__: object) -> None:
        raise http.client.IncompleteRead(b"half", 4)

    monkeypatch.setattr(urllib.request, "urlopen", break_off)
    with pytest.raises(ValueError, match=r"fetched: IncompleteRead.* Connect"):
        runtime.read_url("https://example.org/pyodide.js")


def test_the_public_release_is_the_one_that_is_tested() -> None:
    assert runtime.public_url().startswith("https://")
    assert f"/v{runtime.VERSION}/" in runtime.public_url()


def test_the_wheels_hold_the_course_and_what_it_stands_on(tmp_path: Path) -> None:
    course, *others = wheels.write_wheels(tmp_path)
    assert [path.name.split("-")[0] for path in others] == [*wheels.OTHERS, "jedi"]
    target = tmp_path / "unpacked"
    for path in (course, *others):
        with zipfile.ZipFile(path) as wheel:
            (record,) = (n for n in wheel.namelist() if n.endswith("/RECORD"))
            lines = wheel.read(record).decode().splitlines()
            assert {line.split(",")[0] for line in lines} == set(wheel.namelist())
            wheel.extractall(target)
    code = "import rnncourse, tqdm, ipywidgets, comm; print(rnncourse.__file__)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=target,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(run.stdout.strip()).is_relative_to(target)
    kept = {path.relative_to(ROOT) for path in ROOT.glob("rnn*/**/*.*")}
    packed = {path.relative_to(target) for path in target.glob("rnn*/**/*.*")}
    assert {path for path in kept - packed if "__pycache__" not in path.parts} == set()


def test_the_list_of_fonts_names_fonts_that_matplotlib_has() -> None:
    listed = json.loads(fonts.font_list())
    assert listed["_version"] == fonts.VERSION
    names = {font["name"] for font in listed["ttflist"]}
    assert {"DejaVu Sans", "DejaVu Sans Mono", "STIXGeneral", "cmr10"} <= names
    assert all(font["fname"].startswith("fonts/ttf/") for font in listed["ttflist"])


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ValueError, match="something other than a site"):
        building.build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.fixture
def small_site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    for name in ("index.html", serve.MARK, "a.wasm", "a.mjs", "a.js", "a.whl"):
        (folder / name).write_text("{}")
    shutil.copy(Path(serve.__file__), folder)
    return folder


def test_files_are_served_as_what_they_are_and_again_only_when_they_are_new(
    small_site: Path,
) -> None:
    with site_served(small_site) as address:
        kinds = {}
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        for name in ("", "a.wasm", "a.mjs", "a.js"):
            connection.request("GET", f"/{name}")
            answer = connection.getresponse()
            answer.read()
            kinds[name] = answer.headers["Content-Type"]
        since = {"If-Modified-Since": answer.headers["Last-Modified"]}
        connection.request("GET", "/a.js", headers=since)
        assert connection.getresponse().status == 304
        connection.close()
    assert kinds == {
        "": "text/html; charset=utf-8",
        "a.wasm": "application/wasm",
        "a.mjs": "text/javascript",
        "a.js": "text/javascript",
    }


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "course.py", "site", "{site}", "--serve"],
        [sys.executable, "{site}/serve.py"],
    ],
    ids=["course.py", "serve.py"],
)
def test_a_site_that_is_there_is_served_at_once_and_by_itself(
    small_site: Path, command: list[str]
) -> None:
    words = [word.format(site=small_site) for word in command]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdout=pipe, text=True) as server:
        assert server.stdout is not None
        address = re.findall(r"http://[\d.:]+/", server.stdout.readline())[0]
        with urllib.request.urlopen(f"{address}a.wasm") as answer:
            assert answer.read() == b"{}"
        server.terminate()


def test_a_port_that_is_taken_is_told_in_a_sentence(
    small_site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve.server(small_site) as taken:
        assert serve.serve(small_site, taken.server_address[1]) == 1
        assert serve.serve(small_site, 0, "192.0.2.1") == 1
    port, address = capsys.readouterr().err.splitlines()
    assert re.match(r"Port \d+ at 127\.0\.0\.1 cannot be had \(.+\): choose", port)
    assert re.match(r"Port 0 at 192\.0\.2\.1 cannot be had \(.+\): choose", address)


def test_fetching_wants_a_folder_to_fill(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.parse(["site", "--fetch"])
    assert "--pyodide FOLDER" in capsys.readouterr().err


def test_jupyterlab_does_not_see_what_sites_are_made_of(tmp_path: Path) -> None:
    environment = Environment(tmp_path, tmp_path)
    for version in ("1", "2"):
        seen = tmp_path / "share" / "jupyter" / "labextensions" / "@jupyterlite"
        seen.mkdir(parents=True)
        (seen / "kernel").write_text(version, encoding="utf-8")
        environment.set_apart()
        assert not seen.exists()
        apart = tmp_path / "share" / "jupyterlite" / "@jupyterlite" / "kernel"
        assert apart.read_text(encoding="utf-8") == version
    environment.set_apart()
    assert runtime.KERNEL_FOLDER.is_dir()
