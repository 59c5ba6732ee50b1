"""What a student gets back: a page with the report and its hint for each exercise."""

from pathlib import Path
from typing import Any

from tools.pages.filling import filled

__all__ = ["page"]

PAGE = Path(__file__).with_name("feedback.html")


def page(name: str, result: dict[str, Any]) -> str:
    """Return the page of a graded submission; what a student wrote cannot run in it."""
    filters = {"points": lambda n: "–" if n is None else f"{n:g}"}
    items = {id: {"not_graded": "", **i} for id, i in result["exercises"].items()}
    known = {"note": "", **result, "exercises": items}
    total = f"{sum(item['points'] or 0 for item in items.values()):g}"
    most = f"{sum(item['max'] for item in items.values()):g}"
    got = "not graded" if result["not_graded"] else f"{total} of {most} points"
    return filled(PAGE, filters, name=name, got=got, **known)
