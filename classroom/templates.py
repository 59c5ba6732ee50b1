"""Pages of the kit that are filled in by jinja2."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.pages.filling import environment

__all__ = ["filled"]


def filled(page: Path, filters: dict[str, Callable[..., Any]], **values: Any) -> str:
    """Return a page of HTML with values in it; what it asks for has to be there."""
    made = environment(page.parent)
    made.filters.update(filters)
    return made.get_template(page.name).render(**values)
