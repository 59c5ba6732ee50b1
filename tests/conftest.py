"""What all tests share: a browser, PyTorch, strict explorers, and no silent skip.

Environment variables: ``RNNLIB_STRICT`` (set to 1 here) makes an explorer raise its
errors and an exercise that is not solved, ``RNNLIB_BROWSER`` names the browser to use,
and ``RNNLIB_NO_SKIPS=1`` turns every skip into a failure. ``RNNLIB_PYODIDE`` names a
folder of Pyodide; where it says ``none``, since Pyodide cannot be had, the skips for
want of it are no failures.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tools.browser import find_browser

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter
    from xdist.scheduler import LoadFileScheduling

os.environ.setdefault("RNNLIB_STRICT", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None
)
hypothesis.settings.register_profile(  # for mutants: that a test fails is enough
    "unexplained",
    parent=hypothesis.settings.get_profile("steady"),
    max_examples=20,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
hypothesis.settings.load_profile("steady")

# JupyterHub does not run there.
collect_ignore_glob = ["classroom/test_hub*.py"] if sys.platform == "win32" else []
LONG = ("test_notebooks.py", "test_learning.py", "test_teaching.py")
NO_BROWSER = "a browser: install Chromium, Chrome or Edge, or name it in RNNLIB_BROWSER"
PYODIDE = "Pyodide 0.27.7"
NO_PYODIDE = (
    f"{PYODIDE}: python3 course.py site my_site --pyodide FOLDER --fetch fills a folder"
    " with it, which RNNLIB_PYODIDE names"
)
NO_TORCH = f'PyTorch: "{sys.executable}" -m pip install torch==2.13.0'


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the installed browser, or skip the test."""
    return find_browser() or pytest.skip(NO_BROWSER)


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """Return the folder of Pyodide, or skip the test."""
    named = os.environ.get("RNNLIB_PYODIDE", "none")
    return pytest.skip(NO_PYODIDE) if named == "none" else Path(named).resolve()


@pytest.fixture(scope="session")
def torch() -> ModuleType:
    """Return PyTorch on one thread, or skip the test."""
    if importlib.util.find_spec("torch") is None:
        pytest.skip(NO_TORCH)
    module = importlib.import_module("torch")
    module.set_num_threads(1)
    return module


@pytest.fixture(autouse=True)
def _explorers_are_closed() -> Iterator[None]:
    """Close what a test has opened, which the widgets' register would keep."""
    yield
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].Widget.close_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[
    None, pytest.TestReport, pytest.TestReport
]:
    """Report a skipped test, as failed where skips are forbidden."""
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[
    None, pytest.CollectReport, pytest.CollectReport
]:
    """Report a skipped file, as failed where skips are forbidden."""
    report = yield
    _forbid_skip(report)
    return report


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    forbidden = os.environ.get("RNNLIB_NO_SKIPS") == "1"
    if report.skipped and _reason(report).startswith(PYODIDE):
        forbidden &= os.environ.get("RNNLIB_PYODIDE") != "none"
    if forbidden and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which RNNLIB_NO_SKIPS=1 forbids: {_reason(report)}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    return str(text).removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the notices of the tests, then what this machine could not test."""
    for notice in _notices(terminalreporter):
        terminalreporter.write_line(notice)
    missing = Counter(map(_reason, terminalreporter.stats.get("skipped", [])))
    if missing:
        wants = "; ".join(f"{n} for want of {reason}" for reason, n in missing.items())
        terminalreporter.write_line(f"NOT TESTED HERE: {wants}", red=True, bold=True)


def _notices(terminalreporter: TerminalReporter) -> Iterator[str]:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, text in report.user_properties:
                if name == "notice":
                    yield str(text)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: object
) -> LoadFileScheduling | None:
    """Hand out whole files, but each notebook, training and class by itself."""
    from xdist.scheduler import LoadFileScheduling

    class LongOnesApart(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            alone = any(name in nodeid for name in LONG)
            return nodeid if alone else super()._split_scope(nodeid)

    return (
        LongOnesApart(config, log) if config.getoption("dist") == "loadfile" else None
    )
