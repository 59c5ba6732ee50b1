"""Pages of HTML that are filled in by jinja2."""

from __future__ import annotations

import html
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["environment", "words"]

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


def words(text: str) -> Markup:
    """Return plain words as HTML, with what is in backticks as code."""
    return Markup(CODE.sub(r"<code>\1</code>", html.escape(str(text), quote=False)))
