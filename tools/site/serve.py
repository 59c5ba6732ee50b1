"""Serve the site that this file lies in: python3 serve.py [PORT [ADDRESS]].

Any web server can do it. This one needs no more than Python, and names the kind of each
file as browsers want it. It answers this computer alone; the address 0.0.0.0 lets
others in.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import socket
import sys
from pathlib import Path

KINDS = {
    "": "application/octet-stream",
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".whl": "application/zip",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
LOOPBACK, MARK = "127.0.0.1", "jupyter-lite.json"  # which each site has
SERVING = "The course is at http://{name}:{port}/ and Ctrl-C stops it."
TAKEN = "Port {port} at {address} cannot be had ({why}): choose another."


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answer with files; browsers keep them, and ask whether they are still new."""

    protocol_version = "HTTP/1.1"
    extensions_map = KINDS

    def end_headers(self) -> None:
        """Let browsers ask again before they use what they have kept."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def server(
    folder: Path, port: int = 0, address: str = LOOPBACK
) -> http.server.ThreadingHTTPServer:
    """Return a server of a folder, at this port or at a free one."""
    handler = functools.partial(Handler, directory=str(folder))
    return http.server.ThreadingHTTPServer((address, port), handler)


def serve(folder: Path, port: int = 0, address: str = LOOPBACK) -> int:
    """Serve a folder until Ctrl-C."""
    try:
        serving = server(folder, port, address)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        print(TAKEN.format(port=port, address=address, why=why), file=sys.stderr)
        return 1
    name = address if address == LOOPBACK else socket.gethostname()
    print(SERVING.format(name=name, port=serving.server_address[1]), flush=True)
    with serving:
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def main() -> int:
    """Serve the folder of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("port", nargs="?", type=int, default=0)
    parser.add_argument("address", nargs="?", default=LOOPBACK)
    options = parser.parse_args()
    return serve(Path(__file__).resolve().parent, options.port, options.address)


if __name__ == "__main__":
    sys.exit(main())
