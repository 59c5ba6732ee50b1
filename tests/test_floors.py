"""The library is a house: a module imports from its own floor or below, never above."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    0: "_typing _checks _memory _products _nesting",
    1: "activations init vocab gradcheck optimizers schedules history records reading "
    "sampling metrics sound tasks batches",
    2: "layers losses cells attention",
    3: "recurrent composed wiring",
    4: "models generator seq2seq decoding",
    5: "training storage checkpoints diagnostics interop exercises computations",
    6: "views",
    7: "explorers",
}
FLOOR_OF = {name: floor for floor, names in FLOORS.items() for name in names.split()}
OUTSIDE = {"numpy": 0, "tqdm": 5, "matplotlib": 6}
OUTSIDE |= dict.fromkeys(["ipywidgets", "traitlets", "threadpoolctl"], 7)
HEAVY = {"matplotlib", "ipywidgets", "IPython", "tqdm", "torch"}
MODULES = sorted((ROOT / "rnnlib").glob("**/*.py"))


@cache
def imports(path: Path) -> list[tuple[str, bool]]:
    """Return what a module imports, and whether it does so inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    return [
        (name, id(node) in inner)
        for node in ast.walk(tree)
        for name in imported_names(node, path)
    ]


def imported_names(node: ast.AST, path: Path) -> Iterator[str]:
    """Yield the full names of the modules that a statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        package = list(path.relative_to(ROOT).parent.parts)
        above = package[: len(package) - node.level + 1] if node.level else []
        start = ".".join([*above, node.module or ""]).strip(".")
        whole = start == "rnnlib"
        yield from (f"rnnlib.{alias.name}" if whole else start for alias in node.names)


def floor(path: Path) -> int:
    """Return the floor of a module; the front door, rnnlib itself, is on the fifth."""
    name = path.relative_to(ROOT / "rnnlib").parts[0].removesuffix(".py")
    return 5 if name == "__init__" else FLOOR_OF[name]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_module_imports_from_its_own_floor_or_below(path: Path) -> None:
    inside = [
        name.split(".") for name, _ in imports(path) if name.startswith("rnnlib.")
    ]
    assert [parts[1] for parts in inside if FLOOR_OF[parts[1]] > floor(path)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_module_uses_only_the_packages_of_its_floor(path: Path) -> None:
    outside = {name.split(".")[0] for name, _ in imports(path)}
    outside -= {"rnnlib", *sys.stdlib_module_names}
    assert {name for name in outside if OUTSIDE.get(name, 8) > floor(path)} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_progress_bar_is_imported_only_where_it_is_shown(path: Path) -> None:
    assert all(inner for name, inner in imports(path) if name.startswith("tqdm"))


def test_importing_the_library_loads_numpy_and_nothing_heavy() -> None:
    command = "import rnnlib, sys; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True
    )
    loaded = set(run.stdout.split())
    assert {"rnnlib", "numpy"} <= loaded, run.stderr
    assert loaded & HEAVY == set()
