"""Drive JupyterLab in a headless browser, with the keys a learner would press."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Locator, Page, ViewportSize, sync_playwright

from tools.notebooks import environment

SETTINGS = Path(__file__).resolve().parent.parent / "settings"
OVERRIDES = "overrides.json"
THEME = "@jupyterlab/apputils-extension:themes"
SERVER = (
    "-m jupyterlab --no-browser --allow-root --expose-app-in-browser --log-level=ERROR"
    " --LabApp.log_level=ERROR"
    " --IdentityProvider.token= --ServerApp.port_retries=0"
    " --KernelManager.transport_encryption=auto --LabApp.extension_manager=readonly"
)
BROWSER = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)
SCREEN = ViewportSize(width=1366, height=768)
SMALL_SCREEN = ViewportSize(width=1024, height=768)
START_SECONDS, RUN_SECONDS, CHANGE_SECONDS = 300, 600, 120  # of a busy machine
KEYS = {
    ".noUi-handle": ("ArrowRight", "ArrowLeft"),
    "select": ("ArrowDown", "ArrowUp"),
    "input[type=checkbox]": ("Space", "Space"),
    "input": ("a", "Backspace"),
}
PANEL = """const app = window.jupyterapp;
  const panels = app?.shell ? [...app.shell.widgets('main')] : [];
  const panel = [app?.shell?.currentWidget, ...panels].find(it => it?.sessionContext);
"""
READY = f"""() => {{
  {PANEL}
  return panel?.context.isReady && panel.sessionContext.session?.kernel?.info
    && panel.sessionContext.kernelDisplayStatus === 'idle';
}}"""
RUN = f"""async () => {{
  {PANEL}
  app.shell.activateById(panel.id);
  await app.commands.execute('notebook:run-all-cells');
}}"""
NOTEBOOK = f"""() => {{
  {PANEL}
  return panel.content.model.toJSON();
}}"""
WRITE = f"""(sources) => {{
  {PANEL}
  const {{cells}} = panel.content.model;
  sources.forEach((code, place) => cells.get(place).sharedModel.setSource(code));
}}"""
BYTES = """async (image) => {
  for (let tries = 0; tries < 50; tries++) {
    try {
      await image.decode();
      const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
      return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
    } catch (replaced) {  // by a newer frame
      await new Promise(done => setTimeout(done, 100));
    }
  }
  throw new Error('the picture cannot be read');
}"""
LENGTH = """async (audio) => {
  while (audio.readyState < HTMLMediaElement.HAVE_METADATA && !audio.error)
    await new Promise(resolve => setTimeout(resolve, 50));
  if (audio.error) throw new Error(audio.error.message);
  return audio.duration;
}"""

CUT = """(shown) => {
  const cell = shown.closest('.jp-OutputArea-output');
  const edge = cell.getBoundingClientRect().right + 0.5;
  const narrow = list => {  // for the longest of what it offers
    const free = list.cloneNode(true);
    free.style.cssText = 'position: absolute; max-width: none; width: max-content';
    list.after(free);
    const missing = free.offsetWidth - list.offsetWidth;
    free.remove();
    return missing > 1;
  };
  return [cell, ...cell.querySelectorAll('*')]
    .filter(part => !part.closest('.slider-container'))
    .filter(part => getComputedStyle(part).display !== 'inline')
    .filter(part => part.getBoundingClientRect().right > edge
      || part.scrollWidth > part.clientWidth + 1
      || part.scrollHeight > part.clientHeight + 2
      || part.matches('select') && narrow(part))
    .map(part => `${part.className || part.tagName}: ${part.textContent}`);
}"""
SHAPE = """async (image) => {
  await image.decode();
  const {clientWidth, clientHeight, naturalWidth, naturalHeight} = image;
  return [clientWidth, clientHeight, naturalWidth, naturalHeight];
}"""
SAYING = """(shown, words) => {
  const verdict = shown.querySelector('[role=status]'), said = verdict.textContent;
  verdict.textContent = words;
  const {height} = shown.getBoundingClientRect();
  verdict.textContent = said;
  return height;
}"""


@contextmanager
def jupyterlab(folder: Path, theme: str = "JupyterLab Light") -> Iterator[str]:
    """Serve the notebooks of `folder` while the block runs; yield the address.

    JupyterLab starts on a free port, with the settings of the course, none of the
    user's, and no exercise solved.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as clean:
        shutil.copytree(SETTINGS, clean, dirs_exist_ok=True)
        overrides = json.loads((SETTINGS / OVERRIDES).read_text(encoding="utf-8"))
        overrides[THEME] = {"theme": theme}
        (Path(clean) / OVERRIDES).write_text(json.dumps(overrides), "utf-8")
        port = free_port()
        command = [
            *(sys.executable, *SERVER.split(), f"--port={port}"),
            f"--ServerApp.root_dir={folder}",
            f"--LabApp.app_settings_dir={clean}",
        ]
        known = environment(Path(clean), strict=False) | clean_folders(Path(clean))
        with serving(command, port, env=known, cwd=folder) as address:
            yield address


@contextmanager
def serving(command: list[str], port: int, **options: Any) -> Iterator[str]:
    """Let a command serve while the block runs; yield the address once it answers.

    The options are those of `subprocess.Popen`.
    """
    server = subprocess.Popen(command, **options)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/api", server)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def free_port() -> int:
    """Return a port of the loopback that no program uses.

    It is below those that a system gives to a program that asks for any: one of these
    may be given away before it is served.
    """
    while True:
        port = SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def clean_folders(clean: Path) -> dict[str, str]:
    """Return the variables that keep Jupyter away from the user's own folders."""
    names = "JUPYTER_CONFIG_DIR JUPYTER_DATA_DIR JUPYTER_RUNTIME_DIR"
    names += " JUPYTERLAB_WORKSPACES_DIR JUPYTERLAB_SETTINGS_DIR"
    folders = {name: str(clean / name.lower()) for name in names.split()}
    return folders | {"JUPYTER_CONFIG_PATH": str(SETTINGS)}


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers.

    Raises
    ------
    RuntimeError
        If it ends, or does not answer within some minutes.
    """
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"JupyterLab does not answer at {address}")


class Browser:
    """A headless browser with one page, and what went wrong in it.

    Parameters
    ----------
    program : str
        The browser, of the Chromium family.

    Attributes
    ----------
    page : Page
    faults : list of str
        Uncaught exceptions of the page and errors on its console.
    options : tuple of str
        More options of the browser, besides those of `BROWSER`.
    """

    page: Page
    options: tuple[str, ...] = ()

    def __init__(self, program: str) -> None:
        self._program = program
        self.faults: list[str] = []

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        chromium = self._playwright.chromium
        self._browser = chromium.launch(
            executable_path=self._program,
            args=[*BROWSER.split(), *self.options],
            headless=True,
        )
        self.page = self.new_page()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def new_page(self) -> Page:
        """Return a page that knows nothing of another one."""
        page = self._browser.new_page(viewport=SCREEN)
        page.set_default_timeout(1000 * START_SECONDS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._on_console)
        return page

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"{message.text} ({message.location.get('url')})")

    def open(self, address: str, notebook: str, place: str = "doc") -> None:
        """Show a notebook of the server, alone (doc) or in the whole of lab."""
        self.page.goto(f"{address}/{place}/tree/{notebook}")
        self.page.wait_for_function(READY)

    def show_files(self) -> None:
        """Open the list of files beside the notebook."""
        self.page.evaluate("window.jupyterapp.commands.execute('filebrowser:activate')")
        self.page.locator(".jp-DirListing-content").wait_for()

    def write(self, sources: Sequence[str]) -> None:
        """Put other code into the first cells of the notebook."""
        self.page.evaluate(WRITE, list(sources))

    def run_all(self) -> list[str]:
        """Run all cells; return the errors that cells ended with."""
        self.page.set_default_timeout(1000 * RUN_SECONDS)
        self.page.evaluate(RUN)
        outputs = [out for c in self.notebook["cells"] for out in c.get("outputs", [])]
        errors = [out for out in outputs if out["output_type"] == "error"]
        return [f"{error['ename']}: {error['evalue']}" for error in errors]

    @property
    def notebook(self) -> Any:
        """The notebook as it stands on the page, with its outputs."""
        return self.page.evaluate(NOTEBOOK)

    def explorers(self, count: int) -> list[Locator]:
        """Return the explorers on the page, as soon as there are that many."""
        found = self.page.locator(".rnnlib-explorer:has(img.widget-image)")
        if count:
            found.nth(count - 1).wait_for(state="attached")
        return found.all()


def first_control(explorer: Locator) -> Locator:
    """Return the first control of an explorer that keys can move."""
    return explorer.locator(", ".join(KEYS)).first


def press(control: Locator, *, back: bool = False) -> None:
    """Change a control with the keyboard alone, or change it back."""
    control.focus()
    fits = "(control, kind) => control.matches(kind)"
    keys = next(keys for kind, keys in KEYS.items() if control.evaluate(fits, kind))
    control.press(keys[back])


def picture(explorer: Locator) -> bytes:
    """Return the frame that an explorer shows, as it came from the kernel."""
    return base64.b64decode(explorer.locator("img.widget-image").evaluate(BYTES))


def changed_picture(explorer: Locator, before: bytes) -> bytes:
    """Return the frame of an explorer as soon as it differs from the one before.

    Raises
    ------
    TimeoutError
        If it is still the same after two minutes.
    """
    end = time.monotonic() + CHANGE_SECONDS
    while time.monotonic() < end:
        if (now := picture(explorer)) != before:
            return now
        time.sleep(0.05)
    raise TimeoutError("the picture has not changed")


def cut(shown: Locator) -> list[str]:
    """Return what of an explorer or a question its cell does not show as a whole."""
    return list(shown.evaluate(CUT))


def shape(explorer: Locator) -> tuple[int, int, int, int]:
    """Return width and height of a picture on the page, and those of its frame."""
    wide, high, width, height = explorer.locator("img.widget-image").evaluate(SHAPE)
    return wide, high, width, height


def height_saying(explorer: Locator, words: str) -> float:
    """Return how high an explorer is when these words are its verdict."""
    return float(explorer.evaluate(SAYING, words))


def seconds_heard(explorer: Locator) -> float:
    """Press the play button of an explorer; return how long its sound lasts."""
    explorer.get_by_role("button", name="play it").press("Space")
    return float(explorer.locator("audio").evaluate(LENGTH))
