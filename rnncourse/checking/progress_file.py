"""What the learner has tried and solved: one small JSON file."""

import json
import os
import tempfile
from pathlib import Path

__all__ = ["place", "read", "write"]

States = dict[str, str]


def place() -> Path:
    """Return where the file is: RNNLIB_PROGRESS, or beside the notebooks."""
    chosen = os.environ.get("RNNLIB_PROGRESS")
    if chosen:
        return Path(chosen)
    notebooks = Path(__file__).resolve().parents[2] / "notebooks"
    return (notebooks if notebooks.is_dir() else Path.cwd()) / ".progress.json"


def read() -> States:
    """Return the state of each exercise by its id; empty if there is no file.

    A file that is no longer JSON is moved aside, so that nothing in it is lost.
    """
    path = place()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(id): str(state) for id, state in content["exercises"].items()}
    except OSError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        os.replace(path, path.with_suffix(".broken.json"))
        return {}


def write(id: str, state: str) -> str:
    """Store the state of an exercise; return a sentence if that fails, else nothing.

    The file is written beside the old one and then replaces it.
    """
    path = place()
    try:
        states = read() | {id: state}
        text = json.dumps({"version": 1, "exercises": states}, indent=1)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.replace(beside, path)
    except OSError as error:
        return f"Your progress could not be stored: {error.strerror or error}."
    return ""
