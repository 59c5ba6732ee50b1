"""Drive the site in a headless browser to which nothing else answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partialmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.lab import READY, Browser
from tools.notebooks import said
from tools.site.serve import server

START_SECONDS = 300  # for Python in a tab, on a machine that others keep busy
SAVED = """async () => {
  const {context} = window.jupyterapp.shell.currentWidget;
  await context.save();
  return context.model.dirty;
}"""
WRITE_CELL = """([id, code]) => {
  const {cells} = window.jupyterapp.shell.currentWidget.content.model;
  [...cells].find(cell => cell.id === id).sharedModel.setSource(code);
}"""
RUN_CELL = """async (id) => {
  const {commands, shell} = window.jupyterapp, {content} = shell.currentWidget;
  content.activeCellIndex = content.widgets.findIndex(({model}) => model.id === id);
  await commands.execute('notebook:run-cell');
}"""
CODE_OF_CELL = """(id) => {
  const {cells} = window.jupyterapp.shell.currentWidget.content.model;
  return [...cells].find(cell => cell.id === id).sharedModel.getSource();
}"""
SILENT = (  # of what a browser asks its maker for on its own
    "--disable-features=AutofillServerCommunication,NetworkTimeServiceQuerying,"
    "OptimizationHints --gaia-url=http://127.0.0.1:9"
    " --component-updater=url-source=http://127.0.0.1:9"
)
NAME = "window.jupyterapp.shell.currentWidget.title.label"
THEME = """(theme) => window.jupyterapp.commands.execute(
  'apputils:change-theme', {theme})"""


@contextmanager
def running(serving: ThreadingHTTPServer) -> Iterator[str]:
    """Let a server answer while the block runs; yield its address."""
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    try:
        yield "http://{}:{}".format(*serving.server_address[:2])
    finally:
        serving.shutdown()
        serving.server_close()


def site_served(folder: Path) -> AbstractContextManager[str]:
    """Let a site be served while the block runs, as learners serve it."""
    return running(server(folder))


class Refusing(ThreadingHTTPServer):
    """A proxy that refuses whatever it is asked for, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Refusal)


class Refusal(BaseHTTPRequestHandler):
    """Refuse one request."""

    server: Refusing

    def refuse(self, kind: str) -> None:
        """Remember what was asked for."""
        self.server.asked.append(f"{kind} {self.path}")
        self.send_error(403)

    do_CONNECT = partialmethod(refuse, "CONNECT")  # noqa: N815
    do_GET = partialmethod(refuse, "GET")  # noqa: N815
    do_HEAD = partialmethod(refuse, "HEAD")  # noqa: N815
    do_POST = partialmethod(refuse, "POST")  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


class Tab(Browser):
    """A headless browser with the site in its tab, and no other place to ask.

    Browsers ask a proxy for all that does not lie on this computer, from pages and from
    workers alike; `proxy` is one that refuses, so its list is what was asked elsewhere.

    Parameters
    ----------
    program : str
        The browser.
    site : str
        The address of the site.
    proxy : str
        The address of a proxy.
    """

    def __init__(self, program: str, site: str, proxy: str) -> None:
        super().__init__(program)
        self.site, self.options = site, (f"--proxy-server={proxy}", *SILENT.split())

    def show(self, notebook: str) -> None:
        """Open a notebook, or JupyterLab alone, and wait until Python has started."""
        self.page.set_default_timeout(1000 * START_SECONDS)
        asked = f"?path={notebook}" if notebook else ""
        self.page.goto(f"{self.site}/lab/index.html{asked}")
        self.page.wait_for_function(READY)

    def save(self) -> bool:
        """Store the notebook; return whether something in it is not stored."""
        return bool(self.page.evaluate(SAVED))

    def write_cell(self, id: str, code: str) -> None:
        """Put other code into a cell."""
        self.page.evaluate(WRITE_CELL, [id, code])

    def code_of(self, id: str) -> str:
        """Return the code of a cell."""
        return str(self.page.evaluate(CODE_OF_CELL, id))

    def run_cell(self, id: str, code: str) -> str:
        """Run other code in a cell; return what it shows, in words."""
        self.write_cell(id, code)
        self.page.evaluate(RUN_CELL, id)
        return self.said_by(id)

    def said_by(self, id: str) -> str:
        """Return what a cell shows, in words."""
        notebook = self.notebook
        code = [each["id"] for each in notebook["cells"] if each["cell_type"] == "code"]
        return said(notebook)[code.index(id)]

    @property
    def title(self) -> str:
        """The name of the notebook that is shown."""
        return str(self.page.evaluate(NAME))

    def paint(self, theme: str) -> None:
        """Choose the light or the dark theme."""
        self.page.evaluate(THEME, f"JupyterLab {theme}")
        self.page.locator(f"body[data-jp-theme-name='JupyterLab {theme}']").wait_for(
            state="attached"
        )
