"""Indices are np.intp wherever numpy insists on it, for the sake of 32-bit systems.

There (a browser tab is one) np.intp has 32 bits, and in numpy 2.0 the functions of
`INDEX` refuse int64, which `Generator.integers` returns and a file or a learner may
hand over; indexing and all other functions that we use accept it. A 64-bit system
never refuses it: that the indices are right can only be read. So they must be written
in a form that shows it, which is one of these:

* a whole number of Python, or several: `3`, `-1`, `len(...)`, `int(...)`, `range(...)`,
  a list or a tuple of them;
* a call that names the type: `x.astype(np.intp)`, `np.zeros(9, dtype=np.intp)`;
* a call that returns nothing else: `argsort`, `argmax`, `argmin`, `flatnonzero`;
* a name to which its function assigns such forms only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for path in ROOT.glob("rnn*/**/*.py"))
INDEX = {  # function: place and name of its index; a method has one place fewer
    "take": (1, "indices"),
    "bincount": (0, "x"),
    "repeat": (1, "repeats"),
    "choose": (0, "a"),
    "put": (1, "ind"),
    "searchsorted": (3, "sorter"),
    "reduceat": (1, "indices"),  # np.add.reduceat: a ufunc is given in full
}
KNOWN = {"len", "int", "range", "argsort", "argmax", "argmin", "flatnonzero"}

UNCLEAR = ast.Constant(None)

Scope = ast.Module | ast.FunctionDef


def unclear(code: str) -> list[str]:
    """Return the calls of `INDEX` whose index is not written as intp."""
    tree = ast.parse(code)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    every: list[Scope] = [tree, *functions]  # what is inside another comes after it
    scopes = {id(node): scope for scope in every for node in ast.walk(scope)}
    return [
        ast.unparse(call)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        if (index := index_of(call)) is not None
        if not shows_intp(index, scopes[id(call)])
    ]


def index_of(call: ast.Call) -> ast.expr | None:
    """Return the index that one of the functions of `INDEX` is given."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in INDEX):
        return None
    owner, name = ast.unparse(call.func.value), call.func.attr
    if owner == "itertools":
        return None
    place, keyword = INDEX[name]
    whole = owner in ("np", "numpy") or name == "reduceat"
    given = call.args if whole else [call.func.value, *call.args]
    named = {word.arg: word.value for word in call.keywords}
    return given[place] if place < len(given) else named.get(keyword)


def shows_intp(index: ast.expr, scope: Scope) -> bool:
    """Return whether an index is written in one of the forms that are allowed."""
    match index:
        case ast.Constant(value=int()):
            return True
        case ast.UnaryOp(operand=number):
            return shows_intp(number, scope)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return all(shows_intp(part, scope) for part in parts)
        case ast.Name(id=name):
            values = list(assigned(name, scope))
            return bool(values) and all(shows_intp(value, scope) for value in values)
        case ast.Call(func=function, args=given, keywords=named):
            words = [*given, *(word.value for word in named)]
            short = ast.unparse(function).rpartition(".")[2]
            return short in KNOWN or "np.intp" in map(ast.unparse, words)
    return False


def assigned(name: str, scope: Scope) -> Iterator[ast.expr]:
    """Yield what a function assigns to a name, however it does so."""
    plain = {
        id(target): node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        for target in node.targets
    }
    for node in ast.walk(scope):
        match node:
            case ast.arg(arg=word) | ast.Name(id=word, ctx=ast.Store()) if word == name:
                yield plain.get(id(node), UNCLEAR)


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_an_index_that_numpy_insists_on_is_written_as_intp(path: Path) -> None:
    assert unclear(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "np.take(a, x.astype(np.intp, copy=False), axis=0)",
        "a.take(indices=np.asarray(x, dtype=np.intp))",
        "np.bincount(np.argsort(x)), x.argmax().repeat(3)",
        "np.repeat(a, len(b)), np.repeat(a, [1, -2]), np.repeat(a, repeats=2)",
        "def f(x):\n    x_ = x.astype(np.intp)\n    return np.add.reduceat(a, x_)",
        "itertools.repeat(a, n), a.searchsorted(b)",
    ],
)
def test_the_allowed_forms_are(code: str) -> None:
    assert unclear(code) == []


@pytest.mark.parametrize(
    "code",
    [
        "np.take(a, rng.integers(3, size=2))",
        "a.take(x)",
        "np.bincount(x.ravel(), minlength=3)",
        "np.repeat(a, repeats=counts)",
        "np.put(a, x.astype(int), 1)",
        "np.choose(x, [a, b])",
        "x.choose([a, b])",
        "np.searchsorted(a, b, sorter=x)",
        "np.add.reduceat(a, x)",
        "def f(x):\n    x = x.astype(np.intp)\n    return np.take(a, x)",
        "for x in y:\n    np.take(a, x)",
        "x = y.astype(np.intp)\nx += z\nnp.take(a, x)",
    ],
)
def test_other_forms_are_refused(code: str) -> None:
    assert len(unclear(code)) == 1
