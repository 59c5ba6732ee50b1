"""Pages of the kit that are filled in by jinja2."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["filled"]


def filled(page: Path, filters: dict[str, Callable[..., Any]], **values: Any) -> str:
    """Return a page of HTML with values in it; what it asks for has to be there."""
    environment = Environment(
        loader=FileSystemLoader(page.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment.get_template(page.name).render(**values)
