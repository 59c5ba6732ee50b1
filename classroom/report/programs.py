"""A learner's answer as a program of its own: the function, and what it uses."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from symtable import symtable

from classroom.report.assigned import Assigned, definitions

__all__ = ["answers"]


def answers(cells: Iterable[str], items: Mapping[str, Assigned]) -> dict[str, str]:
    r"""Return the program that answers each exercise; a stub counts as one.

    The last definition of a name is the one that counts, as in a notebook that is run
    from top to bottom. What the notebook computes besides is left out: it would train
    networks and draw pictures. Where the cell of an answer is no Python, the cell is
    the program, so that whoever runs it sees what is wrong with it.

    Parameters
    ----------
    cells : strings
        The source of each cell of code, in their order.
    items : mapping
        The exercises to look for, by id.

    >>> item = Assigned("04.2", "double", "", ("import numpy as np",))
    >>> cells = ["factor = 2", "def double(x):\n    return np.add(x, x) * factor / 2"]
    >>> print(answers(cells, {"04.2": item})["04.2"])
    import numpy as np
    factor = 2
    def double(x):
        return np.add(x, x) * factor / 2
    double
    """
    cells = list(cells)
    found: dict[str, ast.stmt] = {}
    for cell in cells:
        for names, part in definitions(cell):
            found.update(dict.fromkeys(names, part))
    programs = {}
    for id, item in items.items():
        if item.name in found:
            programs[id] = _program(item, found)
        elif broken := [cell for cell in cells if f"def {item.name}(" in cell]:
            programs[id] = broken[-1]
    return programs


def _program(item: Assigned, found: Mapping[str, ast.stmt]) -> str:
    """Return the definition of a function behind all it needs, and then its name."""
    known: dict[str, ast.stmt] = {}
    for line in item.setup:
        known.update(
            (name, part) for names, part in definitions(line) for name in names
        )
    parts: list[ast.stmt] = []
    _collect(item.name, known | dict(found), parts, set())
    parts.sort(key=lambda part: not isinstance(part, ast.Import | ast.ImportFrom))
    return "\n".join([*map(ast.unparse, parts), item.name])


def _collect(
    name: str, known: Mapping[str, ast.stmt], parts: list[ast.stmt], seen: set[str]
) -> None:
    """Append the definition of a name, after those of the names that it uses."""
    if name in seen or name not in known:
        return
    seen.add(name)
    for used in _used(known[name]):
        _collect(used, known, parts, seen)
    if known[name] not in parts:
        parts.append(known[name])


def _used(part: ast.stmt) -> Iterator[str]:
    """Yield the global names that a statement uses, also in functions inside it."""
    whole = symtable(ast.unparse(part), "<answer>", "exec")
    tables = [whole]
    for table in tables:
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_global() or (table is whole and symbol.is_referenced()):
                yield symbol.get_name()
