"""The list of matplotlib's own fonts, which it would take seconds to make in a browser.

matplotlib looks for `NAME` in its cache, and reads each font file if it is not there.
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib
from matplotlib.font_manager import get_font, ttfFontProperty

__all__ = ["FOLDER", "NAME", "font_list"]

FOLDER = "matplotlib_cache"  # beside rnnlib, in its wheel: MPLCONFIGDIR names it
VERSION = 330  # of the list, in the matplotlib of Pyodide
NAME = f"fontlist-v{VERSION}.json"
FIELDS = ["name", "style", "variant", "weight", "stretch", "size"]
FAMILIES = {"ttf": "DejaVu Sans", "afm": "Helvetica"}


def font_list() -> str:
    """Return the list, as the matplotlib of Pyodide would write it."""
    data = Path(matplotlib.get_data_path())
    fonts = [entry(path, data) for path in sorted(data.glob("fonts/ttf/*.ttf"))]
    whole = {
        "_version": VERSION,
        "_FontManager__default_weight": "normal",
        "default_size": None,
        "defaultFamily": FAMILIES,
        "afmlist": [],
        "ttflist": fonts,
        "__class__": "FontManager",
    }
    return json.dumps(whole)


def entry(path: Path, data: Path) -> dict[str, object]:
    """Return what the list says of a font file, which it names from `data` on."""
    font = ttfFontProperty(get_font(str(path)))
    known = {field: getattr(font, field) for field in FIELDS}
    name = path.relative_to(data).as_posix()
    return {"fname": name, **known, "__class__": "FontEntry"}
