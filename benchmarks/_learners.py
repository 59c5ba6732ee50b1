"""A learner at the other end of a hub: what a browser sends, without the browser.

They sign in, open a notebook, run its cells and move a slider: by the hub's pages, the
server's REST interface and the websocket of the kernel, all through the hub's proxy.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self, cast
from urllib.parse import quote

import requests
import websocket
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)

from tools.lab import free_port
from tools.launcher.sentences import ROOT

__all__ = ["Learner", "hub"]

SECONDS = 900  # that an answer may take where many share two cores
PROTOCOL = "v1.kernel.websocket.jupyter.org"
SLIDERS = ("IntSliderModel", "FloatSliderModel", "FloatLogSliderModel")


class Learner:
    """One learner with their cookies, their server and one kernel.

    Parameters
    ----------
    address : str
        Of the hub, as ``http://127.0.0.1:8000``.
    name, password : str
        What they type to come in.

    Attributes
    ----------
    widgets : dict
        The state of each widget that the kernel has made, by its id.
    """

    def __init__(self, address: str, name: str, password: str) -> None:
        self.address, self.name = address, name.lower()
        self.typed = {"username": name, "password": password}
        self.here = f"{address}/user/{quote(self.name)}"
        self.browser = requests.Session()
        self.session = Session(key=b"", debug=False)
        self.widgets: dict[str, dict[str, Any]] = {}
        self.kernel: websocket.WebSocket | None = None
        self.kernel_id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self.browser.close()

    def leave(self) -> None:
        """Close the connection to the kernel, if there is one."""
        if self.kernel:
            self.kernel.close()
        self.kernel = None

    def sign_in(self) -> requests.Response:
        """Type name and password into the hub's page; return the page that follows."""
        page = f"{self.address}/hub/login"
        self.browser.get(page, timeout=SECONDS)
        typed = self.typed | {"_xsrf": self.cookie("_xsrf", "/hub/")}
        return self.browser.post(page, data=typed, timeout=SECONDS)

    def start_server(self) -> None:
        """Press the hub's start button until the learner's own server answers."""
        end = time.monotonic() + SECONDS
        steps = f"{self.address}/hub/api/users/{quote(self.name)}/server/progress"
        while time.monotonic() < end:
            self.browser.get(f"{self.address}/hub/spawn", timeout=SECONDS)
            known = {"_xsrf": self.cookie("_xsrf", "/hub/")}
            self.browser.get(steps, params=known, timeout=SECONDS)
            page = self.browser.get(f"{self.here}/lab", timeout=SECONDS)
            if page.ok and page.url.startswith(self.here):
                return
            time.sleep(1)  # the hub has not yet noticed that a server has ended
        raise TimeoutError(f"the server of {self.name} does not answer")

    def cookie(self, name: str, path: str) -> str:
        """Return a cookie of a path, not that of the same name for another one."""
        return next(
            c.value or ""
            for c in self.browser.cookies
            if c.name == name and c.path == path
        )

    def ask(self, method: str, place: str, **body: Any) -> Any:
        """Ask the learner's server for something; return what it says."""
        path = f"/user/{quote(self.name)}/"
        answer = self.browser.request(
            method,
            f"{self.here}/api/{place}",
            headers={"X-XSRFToken": self.cookie("_xsrf", path)},
            json=body or None,
            timeout=SECONDS,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def open(self, notebook: str) -> Any:
        """Return a notebook of the learner, its kernel started and connected."""
        self.leave()
        opened = self.ask("GET", f"contents/{quote(notebook)}")["content"]
        kernel = {"name": "python3"}
        made = self.ask(
            "POST", "sessions", path=notebook, name="", type="notebook", kernel=kernel
        )
        self.kernel_id = made["kernel"]["id"]
        cookies = "; ".join(
            f"{c.name}={c.value}"
            for c in self.browser.cookies
            if f"/user/{quote(self.name)}/".startswith(c.path)
        )
        self.kernel = websocket.create_connection(
            f"ws{self.here[4:]}/api/kernels/{self.kernel_id}/channels",
            timeout=SECONDS,
            cookie=cookies,
            origin=self.address,
            subprotocols=[PROTOCOL],
        )
        return opened

    def save(self, notebook: str, content: Any) -> None:
        """Save a notebook, as Ctrl-S does."""
        self.ask("PUT", f"contents/{quote(notebook)}", type="notebook", content=content)

    def send(self, kind: str, content: dict[str, Any]) -> str:
        """Send a message to the kernel; return its id."""
        assert self.kernel
        message = self.session.msg(kind, content)
        sent = serialize_msg_to_ws_v1(message, "shell", self.session.pack)
        self.kernel.send_binary(sent)
        return str(message["header"]["msg_id"])

    def messages(self) -> Iterator[tuple[str, dict[str, Any], list[bytes]]]:
        """Yield kind, message and buffers of what the kernel says; keep the widgets."""
        assert self.kernel
        while True:
            _, parts = deserialize_msg_from_ws_v1(self.kernel.recv())
            header, parent, _, content = map(json.loads, parts[:4])
            message = {"parent": parent, "content": content}
            if header["msg_type"] == "comm_open":
                self.widgets[content["comm_id"]] = content["data"].get("state", {})
            yield header["msg_type"], message, parts[4:]

    def run(self, code: str) -> list[dict[str, Any]]:
        """Run a cell to its end; return what it shows."""
        asked = self.send(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": False,
            },
        )
        shown = []
        for kind, message, _ in self.messages():
            content = message["content"]
            if message["parent"].get("msg_id") != asked:
                continue
            if kind in ("execute_result", "display_data", "stream", "error"):
                shown.append(content)
            if kind == "status" and content["execution_state"] == "idle":
                return shown
        raise AssertionError("unreachable")

    def explorer(self) -> tuple[str, str] | None:
        """Return the ids of a slider and of the picture above it, if one is shown."""
        for parts in map(self.parts, self.widgets):
            kinds = {self.widgets[id].get("_model_name"): id for id in parts}
            slider = next((kinds[kind] for kind in SLIDERS if kind in kinds), None)
            if slider and "ImageModel" in kinds:
                return slider, kinds["ImageModel"]
        return None

    def parts(self, id: str) -> set[str]:
        """Return the ids of a widget and of all that stands in it."""
        inside = re.findall(r"IPY_MODEL_(\w+)", json.dumps(self.widgets[id]))
        known = [child for child in inside if child in self.widgets]
        return {id}.union(*map(self.parts, known))

    def move(self, slider: str, value: float, picture: str) -> float:
        """Move a slider; return the seconds until the picture that follows is here."""
        start = time.perf_counter()
        state = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        self.send("comm_msg", {"comm_id": slider, "data": state})
        for kind, message, buffers in self.messages():
            if (
                kind == "comm_msg"
                and message["content"]["comm_id"] == picture
                and buffers
            ):
                return time.perf_counter() - start
        raise AssertionError("unreachable")


@contextmanager
def hub(folder: Path, *options: str) -> Iterator[tuple[str, str]]:
    """Serve a class while the block runs; yield address and password.

    Raises
    ------
    RuntimeError
        If the hub does not answer.
    """
    port = free_port()
    words = [f"--folder={folder}", f"--port={port}", *options]
    if os.name != "nt" and os.geteuid() == 0:
        words.append("--one-user")
    command = [sys.executable, "-m", "classroom", "hub", *words]
    known = os.environ | {"PYTHONPATH": str(ROOT)}
    program = subprocess.Popen(command, env=known, stdout=subprocess.PIPE, text=True)
    heard, said = cast(IO[str], program.stdout), []
    try:
        for line in heard:
            said.append(line)
            if "is ready" in line:
                break
        else:
            raise RuntimeError("the hub did not start: " + "".join(said))
        password = (folder / "hub" / "password").read_text("utf-8").strip()
        yield f"http://127.0.0.1:{port}", password
    finally:
        program.terminate()
        program.wait()
        heard.close()
