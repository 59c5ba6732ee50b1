"""A program as text: to be read, run, changed in a line, and run again."""

import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rnncourse.checking.reports import Words

__all__ = ["Program"]


@dataclass(frozen=True, repr=False)
class Program:
    """The functions of a program, as text. A changed program is another one.

    Parameters
    ----------
    head : str
        What stands above the functions: imports and constants.
    functions : pairs of str
        Name and text of each, in the order of the file.
    """

    head: str
    functions: tuple[tuple[str, str], ...]

    @cached_property
    def names(self) -> dict[str, Any]:
        """All that the program defines, by name; it is run when this is first read."""
        names: dict[str, Any] = {}
        for text in (self.head, *dict(self.functions).values()):
            lines = text.splitlines(keepends=True)
            file = f"<program {hash(text):x}>"
            linecache.cache[file] = len(text), None, lines, file
            exec(compile(text, file, "exec"), names)
        return names

    def __repr__(self) -> str:
        """Return the names of the functions, in the order of the file."""
        return f"Program({', '.join(dict(self.functions))})"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return one of the functions: `program.step`."""
        if name.startswith("__") or name not in dict(self.functions):
            known = ", ".join(dict(self.functions))
            raise AttributeError(f"name must be one of {known}, got {name!r}")
        return self.names[name]

    def mend(self, name: str, edits: Mapping[str, str]) -> "Program":
        """Return a program in which pieces of one function are replaced.

        Parameters
        ----------
        name : str
            Of the function.
        edits : mapping of str to str
            Pieces of its text, each of which stands there once, and what is to stand
            in their place.
        """
        text = self._text(name)
        for old, new in edits.items():
            if text.count(old) != 1:
                raise ValueError(
                    f"old must stand once in {name}, got {old!r}, which stands there "
                    f"{text.count(old)} times; give more of the line"
                )
            text = text.replace(old, new)
        changed = {**dict(self.functions), name: text}
        return Program(self.head, tuple(changed.items()))

    def show(self, *names: str) -> Words:
        """Return the text of some functions, of all without a name."""
        chosen = names or tuple(dict(self.functions))
        return Words(", ".join(chosen), "\n\n".join(map(self._text, chosen)), code=True)

    def _text(self, name: str) -> str:
        known = dict(self.functions)
        if name not in known:
            raise ValueError(f"name must be one of {', '.join(known)}, got {name!r}")
        return known[name]
