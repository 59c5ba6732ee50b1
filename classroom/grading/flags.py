"""What a teacher should look at: tampering, the library's own function, copies."""

import ast
import inspect
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from classroom.grading.program import Cell, Program
from classroom.grading.submission import Asked
from rnncourse.checking.exercise import Exercise

__all__ = ["Shape", "flags_of", "shape_of"]

ENOUGH = 40  # parts of a syntax tree: two as large are not alike by accident
FAR = {
    *("rnncourse", "nbgrader", "gc", "ctypes", "subprocess", "socket", "os", "sys"),
    *("importlib", "inspect", "multiprocessing", "threading", "signal", "builtins"),
    *("exec", "eval", "compile", "open", "__import__", "globals", "_getframe"),
    *("__globals__", "__code__", "__subclasses__", "__builtins__", "f_globals"),
    *("f_back", "f_locals", "tb_frame", "setattr", "__closure__"),
}


def flags_of(
    exercise: Exercise, asked: Asked, program: Program, cells: Sequence[Cell]
) -> Iterator[str]:
    """Yield in words what is odd about an answer."""
    used = set(_names(program.tree))
    if far := sorted(used & FAR):
        yield f"uses {', '.join(far)}"
    if own := sorted(_from_library(exercise, program.tree)):
        yield f"calls the library's own {', '.join(own)}"
    patched = sorted(set(_patched(program.tree)))
    if patched:
        yield f"changes {', '.join(patched)}"
    checks = [cell for cell in cells if cell.mark == asked.check.mark]
    if not checks:
        yield "the check was taken out, or has another id"
    elif checks[-1].source.strip() != asked.check.source.strip():
        yield "the check was changed"


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


def _from_library(exercise: Exercise, tree: ast.AST) -> Iterator[str]:
    """Yield what is used of the library's code that the exercise asks for.

    A method counts where a class of the library, or the library, is used, too.
    """
    nodes = list(ast.walk(tree))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    imported = {
        alias.asname or alias.name.partition(".")[0]: alias.name
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).startswith("rnnlib")
    }
    used = {imported[name] for name in names & {*imported}}
    sources = exercise.source
    for source in sources if isinstance(sources, tuple) else (sources,):
        name = getattr(source, "__name__", "")
        if name in used or (name in attributes and used):
            yield name


def _patched(tree: ast.AST) -> Iterator[str]:
    """Yield what is assigned to in a module."""
    modules = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            words = ast.unparse(node)
            if words.partition(".")[0] in modules:
                yield words


Shape = tuple[str, int]


def shape_of(tree: ast.AST, name: str) -> Shape | None:
    r"""Return a number for how a function is written, whatever its names, and its size.

    >>> one = ast.parse("def f(x):\n    y = x\n    return y")
    >>> other = ast.parse("def f(a):\n    '''Same.'''\n    b = a\n    return b")
    >>> shape_of(one, "f") == shape_of(other, "f")
    True
    """
    found = [n for n in ast.walk(tree) if getattr(n, "name", "") == name]
    if not found or not isinstance(found[-1], ast.FunctionDef):
        return None
    function = _Plain().visit(ast.parse(ast.unparse(found[-1])).body[0])
    own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    own |= {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    order: dict[str, str] = {}
    for node in ast.walk(function):
        for field in ("id", "arg"):
            word = getattr(node, field, "")
            if word in own:
                order.setdefault(word, f"v{len(order)}")
                setattr(node, field, order[word])
    size = sum(1 for _ in ast.walk(function))
    return sha256(ast.dump(function).encode()).hexdigest()[:16], size


class _Plain(ast.NodeTransformer):
    """Leaves docstrings and type hints out."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """Leave out what no run needs."""
        self.generic_visit(node)
        if ast.get_docstring(node) is not None:
            del node.body[0]
        node.returns = None
        return node

    def visit_arg(self, node: ast.arg) -> Any:
        """Leave out the type hint."""
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """Make a plain assignment of it."""
        if node.value is None:
            return node
        return ast.Assign([node.target], node.value, lineno=0)


def solution_shapes(asked: Asked, exercise: Exercise, solved: Cell | None) -> set[str]:
    """Return the shapes of the solution, as it is shown and as the course has it."""
    reference = exercise.reference
    trees = [ast.parse(inspect.getsource(reference))]
    trees += [ast.Module(list(solved.body), [])] if solved else []
    shapes = (shape_of(tree, asked.name) for tree in trees)
    return {shape[0] for shape in shapes if shape}
