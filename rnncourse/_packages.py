"""The packages that the lessons need: whether this Python has them."""

from importlib.util import find_spec

__all__ = ["require_packages"]

PACKAGES = ("numpy", "matplotlib", "ipywidgets", "tqdm", "threadpoolctl")


def require_packages() -> None:
    """Refuse a Python that lacks a package, in one sentence about all that are missing.

    Raises
    ------
    ModuleNotFoundError
        If a package is missing.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise ModuleNotFoundError(
            f"this Python lacks {', '.join(missing)}: it is not the one of the course. "
            "Close the notebook and start it with: python3 course.py (Windows: py "
            "course.py)"
        )
