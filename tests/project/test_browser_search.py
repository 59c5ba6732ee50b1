"""The browser tests find what is installed, or what they are told to take."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tools.browser import find_browser


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the set of programs that this machine is taken to have."""
    programs: set[str] = set()
    monkeypatch.delenv("RNNLIB_BROWSER", raising=False)
    monkeypatch.setattr(
        shutil, "which", lambda name: name if name in programs else None
    )
    return programs


def test_a_machine_without_a_browser_has_none(installed: set[str]) -> None:
    assert find_browser() is None


@pytest.mark.parametrize("command", ["chromium", "google-chrome", "microsoft-edge"])
def test_a_command_is_found(installed: set[str], command: str) -> None:
    installed.add(command)
    assert find_browser() == command


def test_an_application_of_a_mac_is_found(installed: set[str]) -> None:
    chrome = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    installed.add(str(chrome))
    assert find_browser() == str(chrome)


def test_a_program_of_windows_is_found(
    installed: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    edge = tmp_path / "Microsoft/Edge/Application/msedge.exe"
    installed.add(str(edge))
    assert find_browser() == str(edge)


def test_the_browser_that_is_named_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_BROWSER", sys.executable)
    found = find_browser()
    assert found is not None
    assert Path(found).samefile(sys.executable)


def test_a_browser_that_is_named_but_missing_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RNNLIB_BROWSER", "netscape")
    with pytest.raises(FileNotFoundError, match="RNNLIB_BROWSER names no program"):
        find_browser()
