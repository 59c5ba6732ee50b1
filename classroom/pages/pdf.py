"""Pages as PDF, printed by an installed browser."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.browser import find_browser

__all__ = ["NO_BROWSER", "print_page"]

NO_BROWSER = (
    "A PDF is printed by Chromium, Chrome or Edge, and none was found. Install one, "
    "name one in RNNLIB_BROWSER, or print the HTML page from the browser that you use."
)
SECONDS = 120
OPTIONS = "--headless --no-sandbox --disable-gpu --no-first-run --no-pdf-header-footer"
OPTIONS += " --disable-background-networking --disable-component-update --disable-sync"


def print_page(page: Path, to: Path) -> None:
    """Print a page of HTML to a PDF file.

    Raises
    ------
    ValueError
        If there is no browser, or it printed nothing.
    """
    browser = find_browser()
    if browser is None:
        raise ValueError(NO_BROWSER)
    with TemporaryDirectory(dir=to.parent, ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "page.pdf"
        places = f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}"
        command = [browser, *OPTIONS.split(), *places, page.resolve().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise ValueError(f"{browser} did not print {page.name}: {error}") from error
        if not made.exists():
            words = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise ValueError(f"{browser} did not print {page.name}. {' '.join(words)}")
        made.replace(to)
