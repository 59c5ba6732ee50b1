"""Showing source in a lesson: the library's own, and that of a solution."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from zipimport import zipimporter

__all__ = ["lines_with", "solution_of", "source_of"]

Function = Callable[..., Any]
IN_EVERY_LESSON, WIDTH = {"np"}, 88


def source_of(function: Function) -> str:
    """Return the source of a function or class, without its docstring.

    The docstring is left out because a lesson has just explained what it says; type
    the name with a question mark, `step_jacobians?`, to read it.

    Raises
    ------
    ValueError
        If it is not written in Python with `def` or `class`.

    >>> def double(x):
    ...     '''Return twice x.'''
    ...     return 2 * x
    >>> print(source_of(double))
    def double(x):
        return 2 * x
    """
    if not (inspect.isfunction(function) or inspect.isclass(function)):
        raise ValueError(
            "function must be a function or class written in Python, got "
            f"{type(function).__name__}"
        )
    source = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    if not isinstance(definition, ast.FunctionDef | ast.ClassDef):
        raise ValueError("function must be written with def or class, got a lambda")
    lines = source.rstrip().splitlines()
    if ast.get_docstring(definition) is not None:
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    return "\n".join(lines)


def lines_with(pieces: tuple[str, ...], source: str) -> str:
    r"""Return the lines of a source that hold one of these pieces.

    Raises
    ------
    ValueError
        If a piece is in no line.

    >>> source = "\n".join(("def f(x):", "    y = x + 1", "    return y"))
    >>> print(lines_with(("x + 1",), source))
    y = x + 1
    """
    missing = [piece for piece in pieces if piece not in source]
    if missing:
        raise ValueError(f"pieces must be in the source, got {missing[0]!r}")
    lines = source.splitlines()
    chosen = [line for line in lines if any(piece in line for piece in pieces)]
    return textwrap.dedent("\n".join(chosen))


def solution_of(function: Function) -> str:
    """Return the source of a function as one would write it in a notebook.

    What it needs is imported first, and it has no type hints, whose names a notebook
    does not know.

    Raises
    ------
    ValueError
        In the edition for students, where it is sealed.

    >>> print(solution_of(source_of).splitlines()[0])
    import ast
    """
    if isinstance(
        getattr(inspect.getmodule(function), "__loader__", None), zipimporter
    ):
        raise ValueError("The solution is with your teacher, and not in this edition")
    source = source_of(function)
    lines = source.splitlines()
    for node in sorted(_hinted(source), key=lambda found: -found.lineno):
        if isinstance(node, ast.AnnAssign):
            hint = f": {ast.unparse(node.annotation)} ="
            lines[node.lineno - 1] = lines[node.lineno - 1].replace(hint, " =")
            continue
        header = slice(node.lineno - 1, node.body[0].lineno - 1)
        comments = [line for line in lines[header] if line.lstrip().startswith("#")]
        begin = textwrap.indent(_header(node), " " * node.col_offset).splitlines()
        lines[header] = begin + comments
    imports = list(_imports(inspect.getmodule(function), "\n".join(lines)))
    return "\n".join([*imports, *(["", ""] if imports else []), *lines])


def _hinted(source: str) -> list[ast.FunctionDef | ast.AnnAssign]:
    """Return what may have type hints."""
    tree = ast.walk(ast.parse(source))
    return [n for n in tree if isinstance(n, ast.FunctionDef | ast.AnnAssign)]


def _header(node: ast.FunctionDef) -> str:
    """Return the line that begins a function, without type hints."""
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    line = f"def {node.name}({ast.unparse(node.args)}):"
    if node.col_offset + len(line) <= WIDTH:
        return line
    return f"def {node.name}(\n    {ast.unparse(node.args)}\n):"


def _imports(module: ModuleType | None, code: str) -> Iterator[str]:
    """Yield the imports of a module that some of its code needs.

    Imports from another exercise are left out: the learner has written those functions.
    """
    names = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name))
    used = {name.id for name in names} - IN_EVERY_LESSON
    for node in ast.parse(inspect.getsource(module)).body if module else ():
        if isinstance(node, ast.ImportFrom) and ".exercises." in str(node.module):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            node.names = [n for n in node.names if (n.asname or n.name) in used]
            if node.names:
                yield ast.unparse(node)
