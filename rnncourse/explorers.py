"""All explorers by their names; a lesson is loaded when one of its own is asked for.

Each has a folder of its own: `gate_desk` is in `lesson_08/gate_desk`.
"""

import importlib
from pathlib import Path
from typing import Any

__all__ = ["LESSON_OF", "explorers"]

HERE = Path(__file__).parent
LESSON_OF = {
    path.parent.name: path.parent.parent.name
    for path in sorted(HERE.glob("lesson_??/*/explorer.py"))
}


def explorers() -> dict[str, Any]:
    """Return every explorer by its name, lesson by lesson."""
    return {name: __getattr__(name) for name in LESSON_OF}


def __getattr__(name: str) -> Any:
    if name not in LESSON_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(
        importlib.import_module(f"rnncourse.{LESSON_OF[name]}.explorers"), name
    )


def __dir__() -> list[str]:
    return [*__all__, *LESSON_OF]
