"""The pages of the reference, made by pdoc (https://pdoc.dev)."""

from __future__ import annotations

import posixpath
import re
from functools import partial
from pathlib import Path

from pdoc import render
from pdoc.doc import Module

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r'<a href="([^"#]*)#([^"]+)">(.*?)</a>')


def public_modules() -> list[str]:
    """Return the modules of the library without an underscore in their names."""
    files = (ROOT / "rnnlib").glob("**/*.py")
    names = (
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in files
    )
    return sorted(name for name in names if "._" not in name)


def pages(*, with_source: bool = True) -> dict[str, str]:
    """Return the text of each file of the reference, by its path."""
    render.configure(
        docformat="numpy",
        show_source=with_source,
        template_directory=Path(__file__).parent,
    )
    modules = {name: Module.from_name(name) for name in public_modules()}
    found = {
        f"{name.replace('.', '/')}.html": render.html_module(module, modules)
        for name, module in modules.items()
    }
    return linked(found) | {
        "index.html": render.html_index(modules),
        "search.js": render.search_index(modules),
    }


def linked(found: dict[str, str]) -> dict[str, str]:
    """Return the pages with plain words where a link leads to what is not public."""
    places = {name: set(re.findall(r' id="([^"]+)"', found[name])) for name in found}
    return {
        name: LINK.sub(partial(checked, name, places), text)
        for name, text in found.items()
    }


def checked(name: str, places: dict[str, set[str]], link: re.Match[str]) -> str:
    """Return a link of the page `name` as it is, or its words if it leads nowhere."""
    file, place, words = link.groups()
    page = posixpath.normpath(posixpath.join(posixpath.dirname(name), file))
    return link[0] if place in places[page if file else name] else words


def write(folder: Path) -> None:
    """Write the reference of the whole library into `folder`."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
