"""Build the site: JupyterLite with the lessons, Python, and the pages to read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.launcher.lessons import handed_out, name_of, without_outputs, write
from tools.site import fonts, runtime, wheels
from tools.site.reading.writing import pages
from tools.site.serve import MARK

__all__ = ["build"]

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS, SETTINGS = ROOT / "notebooks", ROOT / "settings" / "overrides.json"
KERNEL, WIDGETS = runtime.KERNEL, "@jupyter-widgets/jupyterlab-manager"
TO_ROOT = "../../../../"  # from the kernel's own program in the site
# It would show a notebook's folder to Python, and makes each look at a file slow.
DRIVE = "@jupyterlite/application-extension:service-worker-manager"
PLACE_OF_FONTS = f"/lib/python3.12/site-packages/{fonts.FOLDER}"
BUILD = {
    "apps": ["lab"],
    "contents": ["contents"],
    "no_sourcemaps": True,
    "no_unused_shared_packages": True,
    "ignore_sys_prefix": True,
}
WHOLE = {"windowingMode": "none"}  # what is scrolled away stays on the page
TRACKER = "@jupyterlab/notebook-extension:tracker"
CONFIGURED = (  # JupyterLite looks for it in each page above its own
    '<script id="jupyter-config-data" type="application/json">{}</script>\n'
)
NOT_EMPTY = (
    "The folder {folder} holds something other than a site of the course: name another "
    "folder, or one that is not there."
)
FAILED = "JupyterLite could not build the site: {words}"


def build(
    folder: Path, pyodide: Path | None = None, *, read: Sequence[str] = ()
) -> None:
    """Build the site, whole, and let it take the place of an older one.

    Parameters
    ----------
    folder : path
        Where it goes: a folder that is not there, is empty, or holds a site.
    pyodide : path, optional
        A folder of Pyodide, which the site carries along. Without it the site names
        Pyodide's public release, from which each reader's browser fetches it.
    read : sequence of str
        The lessons that get a page to read, as "04"; without a name, all of them.

    Raises
    ------
    ValueError
        If the folder holds something else, or Pyodide is not whole.
    """
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise ValueError(NOT_EMPTY.format(folder=folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=folder.parent) as place:
        sources, site, old = (Path(place) / name for name in ("lite", "site", "old"))
        gather(sources, pyodide)
        jupyterlite(sources, site)
        finish(site, read)
        if folder.exists():
            folder.replace(old)
        site.replace(folder)


def gather(sources: Path, pyodide: Path | None) -> None:
    """Lay out what JupyterLite builds a site from."""
    for lesson in handed_out(NOTEBOOKS):
        copy = sources / "contents" / name_of(lesson, NOTEBOOKS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        write(copy, without_outputs(lesson))
    settings = json.loads(SETTINGS.read_text(encoding="utf-8")) | {TRACKER: WHOLE}
    write(sources / SETTINGS.name, json.dumps(settings))
    if pyodide is not None:
        runtime.copy(pyodide, sources / "static" / "pyodide")
    packed = [path.name for path in wheels.write_wheels(sources / "pypi")]
    write(sources / MARK, json.dumps(configuration(packed, pyodide is None)))


def configuration(packed: Sequence[str], public: bool) -> dict[str, Any]:
    """Return what the site says of itself: where Python is, and what it begins with."""
    kernel: dict[str, Any] = {
        "loadPyodideOptions": {
            "packages": [
                *runtime.PACKAGES,
                *(f"{TO_ROOT}pypi/{name}" for name in packed),
            ],
            "env": {"MPLCONFIGDIR": PLACE_OF_FONTS},
        },
    }
    if public:
        kernel["pyodideUrl"] = runtime.public_url()
    else:
        kernel["disablePyPIFallback"] = True
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "exposeAppInBrowser": True,
            "disabledExtensions": [DRIVE],
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }


def jupyterlite(sources: Path, site: Path) -> None:
    """Let JupyterLite build the site."""
    found = [str(runtime.KERNEL_FOLDER), str(runtime.EXTENSIONS / WIDGETS)]
    options = {"LiteBuildConfig": {**BUILD, "federated_extensions": found}}
    (sources / "jupyter_lite_config.json").write_text(json.dumps(options), "utf-8")
    places = [f"--lite-dir={sources}", f"--output-dir={site}"]
    command = [sys.executable, "-m", "jupyterlite_core", "build", *places]
    run = subprocess.run(command, cwd=sources, capture_output=True, text=True)
    if run.returncode:
        words = (run.stdout + run.stderr).strip().splitlines()[-1:]
        raise ValueError(FAILED.format(words="".join(words)))


def finish(site: Path, read: Sequence[str]) -> None:
    """Add the server and the pages to read; let JupyterLab open the first lesson."""
    shutil.copy(Path(__file__).with_name("serve.py"), site)
    shutil.copy(site / "lab" / "favicon.ico", site)
    page = site / "lab" / "index.html"
    text = page.read_text(encoding="utf-8")
    script = Path(__file__).with_name("opening.js").read_text(encoding="utf-8")
    first = f'<html lang="en">\n<head>\n<script>\n{script}</script>'
    write(page, text.replace("<html>\n  <head>", first, 1))
    for _ in pages(site, read):
        pass
    start = site / "index.html"
    text = start.read_text(encoding="utf-8")
    write(start, text.replace("</head>", f"{CONFIGURED}</head>", 1))
