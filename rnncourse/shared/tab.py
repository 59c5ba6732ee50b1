"""Whether this Python runs in a browser tab: on one thread, and without processes."""

import sys

__all__ = ["IN_TAB"]

IN_TAB = sys.platform == "emscripten"
