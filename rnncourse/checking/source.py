"""Showing the library's own source in a lesson."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

__all__ = ["source_of"]


def source_of(function: Callable[..., Any]) -> str:
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
