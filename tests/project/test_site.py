"""The site: built from a folder of Pyodide, and run in a browser with nothing beside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rnncourse.catalogue import exercise
from rnncourse.explorers import explorers
from tools.build import STUB
from tools.lab import changed_picture, first_control, picture, press
from tools.notebooks import FOLDER, said
from tools.site.building import build
from tools.tab import Refusing, Tab, running, site_served

LESSONS = (
    "start_here",
    "02_the_forward_pass",
    "05_vanishing_and_exploding_gradients",
    "12_recurrence_returns",
)


@pytest.fixture(scope="module")
def site(pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    build(folder, pyodide)
    return folder


@pytest.fixture(scope="module")
def tab(site: Path, browser_path: str) -> Iterator[Tab]:
    proxy = Refusing()
    with (
        running(proxy) as refusing,
        site_served(site) as address,
        Tab(browser_path, address, refusing) as found,
    ):
        yield found
        assert proxy.asked == []
