"""From a notebook, the statements that define one function, and what it needs."""

import ast
import re
import symtable
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Cell", "Program", "parse", "program_of"]

MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?\??)$", re.MULTILINE)
STARRED = {"numpy", "math", "rnnlib"}


@dataclass(frozen=True)
class Statement:
    """A statement of a cell: which names it binds, and which it needs."""

    cell: int
    place: int
    imported: int | None  # which of the names of an import
    binds: frozenset[str]
    needs: frozenset[str]


@dataclass(frozen=True)
class Cell:
    """A cell of code: its mark, its text, and the fault of its syntax if any."""

    mark: str
    source: str
    body: tuple[ast.stmt, ...] = field(default=(), compare=False)
    fault: str = ""

    @property
    def binds(self) -> frozenset[str]:
        """The names that it binds."""
        return frozenset().union(*(s.binds for s in statements(0, self)))


def parse(mark: str, text: str) -> Cell:
    r"""Return a cell; lines that only a notebook knows are left out.

    >>> parse("", "%time\ndef f(x): return x").binds
    frozenset({'f'})
    """
    cell = _parsed(mark, text)
    if not cell.fault:
        return cell
    plain = _parsed(mark, MAGIC.sub(r"\1pass", text))
    return cell if plain.fault else plain


def _parsed(mark: str, source: str) -> Cell:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            compile(tree, mark, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            return Cell(mark, source, tuple(tree.body))
    except SyntaxError as error:
        line = f" in the line `{(error.text or '').strip()}`" if error.text else ""
        return Cell(mark, source, fault=f"Python cannot read it{line}: {error.msg}.")
    except (ValueError, RecursionError, MemoryError) as error:
        return Cell(mark, source, fault=f"Python cannot read it: {error}.")


@dataclass(frozen=True)
class Program:
    """What is sent to the child, and the answer itself as a syntax tree."""

    cells: list[dict[str, Any]]
    tree: ast.Module

    def calls(self, name: str) -> bool:
        """Return whether a name is used in it."""
        nodes = ast.walk(self.tree)
        return any(isinstance(n, ast.Name) and n.id == name for n in nodes)


def program_of(
    name: str, own: Cell, before: Sequence[Cell], others: Sequence[Cell]
) -> Program:
    """Return what defines a function.

    Parameters
    ----------
    name : str
    own : Cell
        In which it is defined.
    before, others : Cells
        Where else to look for what it needs: those above in the notebook, then others.
    """
    cells = [*others, *before, own]
    every = [s for number, cell in enumerate(cells) for s in statements(number, cell)]
    last = len(cells) - 1
    kept: set[Statement] = {s for s in every if s.cell == last and name in s.binds}
    wanted, seen = _needed(kept), {name}
    while wanted - seen:
        needed = (wanted - seen).pop()
        seen.add(needed)
        binding = [s for s in every if needed in s.binds]
        near = [s for s in binding if s.cell >= len(others)]
        kept |= {*(near or binding)}
        wanted |= _needed({*(near or binding)})
    kept |= {s for s in every if "*" in s.binds}
    return _program(cells, [s for s in every if s in kept])


def _needed(some: set[Statement]) -> set[str]:
    return set().union(*(s.needs for s in some))


def _program(cells: Sequence[Cell], kept: list[Statement]) -> Program:
    sent, body = [], []
    for number, cell in enumerate(cells):
        mine = [s for s in kept if s.cell == number]
        places = sorted({s.place for s in mine})
        keep = []
        for place in places:
            names = [s.imported for s in mine if s.place == place]
            keep.append([place, None if None in names else sorted(names)])  # type: ignore[type-var]
            body.append(cell.body[place])
        if keep:
            sent.append({"source": cell.source, "keep": keep})
    return Program(sent, ast.Module(body, []))


def statements(number: int, cell: Cell) -> Iterator[Statement]:
    """Yield the statements of a cell that bind a name."""
    for place, node in enumerate(cell.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for n, alias in enumerate(node.names):
                bound = alias.asname or alias.name.partition(".")[0]
                root = str(getattr(node, "module", None) or alias.name).split(".")[0]
                if bound != "*" or root in STARRED:
                    yield Statement(number, place, n, frozenset([bound]), frozenset())
            continue
        binds, needs = _names(node)
        if binds:
            yield Statement(number, place, None, binds, needs)


def _names(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """Return the global names that a statement binds, and those that it needs."""
    try:
        table = symtable.symtable(ast.unparse(node), "cell", "exec")
    except (SyntaxError, RecursionError):
        return frozenset(), frozenset()
    top = table.get_symbols()
    binds = {s.get_name() for s in top if s.is_assigned() or s.is_namespace()}
    needs = {s.get_name() for s in top if s.is_referenced()}
    needs |= {
        s.get_name()
        for inner in _below(table)
        for s in inner.get_symbols()
        if s.is_global() and s.is_referenced()
    }
    changed = {
        _base(part).id
        for part in ast.walk(node)
        if isinstance(part, ast.Subscript | ast.Attribute)
        and isinstance(part.ctx, ast.Store)
        and isinstance(_base(part), ast.Name)
    }
    is_code = isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    return frozenset(binds if is_code else binds | changed), frozenset(needs)


def _base(part: Any) -> Any:
    while isinstance(part, ast.Subscript | ast.Attribute):
        part = part.value
    return part


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for inner in table.get_children():
        yield inner
        yield from _below(inner)
