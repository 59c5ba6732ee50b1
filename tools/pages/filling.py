"""Pages of HTML that are filled in by jinja2."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["environment", "filled", "words"]

CODE = re.compile(r"`([^`]+)`")


def environment(*folders: Path) -> Environment:
    """Return what fills in the templates of some folders, words escaped.

    What a template asks for has to be there.
    """
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def filled(page: Path, filters: dict[str, Callable[..., Any]], **values: Any) -> str:
    """Return a page with values in it."""
    made = environment(page.parent)
    made.filters.update(filters)
    return made.get_template(page.name).render(**values)


def words(text: str) -> Markup:
    """Return plain words as HTML, with what is in backticks as code."""
    return Markup(CODE.sub(r"<code>\1</code>", html.escape(str(text), quote=False)))
