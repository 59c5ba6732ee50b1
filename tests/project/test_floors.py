"""A module imports from its own floor or below, in the library and in the course."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    0: "_typing _words _norms _checks _memory _products _nesting _repr _files _states "
    "_npz",
    1: "activations init vocab gradcheck optimizers sampling metrics ngrams sound "
    "batches tasks",
    2: "layers losses cells attention self_attention scan fast_weights state_space",
    3: "recurrent",
    4: "models decoding diagnostics",
    5: "training storage interop __init__",
}
FLOOR_OF = {name: floor for floor, names in FLOORS.items() for name in names.split()}
USES = {  # of the course: what a module of each kind may import, from anywhere
    "shared": "rnnlib numpy shared",
    "checking": "rnnlib numpy shared checking pyodide",
    "drawing": "rnnlib numpy shared checking drawing matplotlib",
    "exploring": "rnnlib numpy shared checking drawing exploring matplotlib ipywidgets "
    "traitlets threadpoolctl IPython",
    "lesson": "rnnlib numpy shared checking",
    "__main__": "rnnlib numpy shared checking tqdm",
    "view": "rnnlib numpy shared checking drawing matplotlib",
    "explorer": "rnnlib numpy shared checking drawing exploring matplotlib ipywidgets "
    "traitlets",
    "start_here": "rnnlib numpy shared checking",
    "catalogue": "rnnlib numpy shared checking",
    "explorers": "",
    "commands": "rnnlib numpy shared checking catalogue",
    "quiz": "rnnlib numpy shared checking drawing exploring catalogue commands "
    "ipywidgets",
    "exam": "rnnlib numpy shared checking drawing exploring catalogue commands quiz "
    "ipywidgets",
    "carrying": "shared checking exploring ipywidgets",
    "in_tab": "rnnlib checking IPython",
    "set_up": "rnnlib numpy shared checking catalogue explorers",
    "_packages": "",
    "__init__": "rnnlib checking carrying commands in_tab quiz set_up _packages",
}
VIEWS = {"view", "figures", "explorer", "explorers"}
HEAVY = {"matplotlib", "ipywidgets", "IPython", "tqdm", "torch"}
LIBRARY = sorted((ROOT / "rnnlib").glob("**/*.py"))
COURSE = sorted((ROOT / "rnncourse").glob("**/*.py"))
PROOFS = sorted((ROOT / "tests/library").glob("**/*.py"))


def house(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


each_of_both = pytest.mark.parametrize("path", LIBRARY + COURSE, ids=house)
each_of_library = pytest.mark.parametrize("path", LIBRARY, ids=house)
each_of_course = pytest.mark.parametrize("path", COURSE, ids=house)


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
        for alias in node.names:
            whole = f"{start}.{alias.name}"
            yield whole if module_of(whole) else start


def module_of(name: str) -> Path | None:
    """Return the file of one of our modules by its full name."""
    path = ROOT.joinpath(*name.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def floor(path: Path) -> int:
    return FLOOR_OF[path.relative_to(ROOT / "rnnlib").parts[0].removesuffix(".py")]


def kind(path: Path) -> str:
    """Return which of the rules of the course a module keeps, a key of USES."""
    first, *inside = path.relative_to(ROOT / "rnncourse").with_suffix("").parts
    if not first.startswith("lesson_"):
        return first
    if inside[-1] == "__main__":
        return "__main__"
    if "figures" in inside or inside[-1] == "view":
        return "view"
    return "explorer" if inside[-1] in ("explorer", "explorers") else "lesson"


def group(name: str) -> str:
    """Return what an imported module belongs to: a package, or a part of ours."""
    first, *inside = name.split(".")
    return inside[0] if first == "rnncourse" and inside else first


@each_of_library
def test_a_module_imports_from_its_own_floor_or_below(path: Path) -> None:
    inside = [name.split(".") for name, _ in imports(path) if name.startswith("rnnlib")]
    floors = {".".join(parts): FLOOR_OF[[*parts, "__init__"][1]] for parts in inside}
    assert [name for name, found in floors.items() if found > floor(path)] == []


@each_of_library
def test_the_library_uses_numpy_and_fit_two_more(path: Path) -> None:
    allowed = {"rnnlib", "numpy", *sys.stdlib_module_names}
    if path.parent.name == "training":
        allowed |= {"tqdm", "threadpoolctl"}
    assert {name.split(".")[0] for name, _ in imports(path)} - allowed == set()


@pytest.mark.parametrize("path", PROOFS, ids=house)
def test_the_library_is_proved_without_the_course(path: Path) -> None:
    names = {name for name, _ in imports(path)}
    tests = {name for name in names if name.startswith("tests.")}
    assert [name for name in tests if not name.startswith("tests.library.")] == []
    packages = {name.split(".")[0] for name in names} - {"rnnlib", "tests", "torch"}
    packages -= {"numpy", "pytest", "hypothesis", *sys.stdlib_module_names}
    assert packages == set()


@each_of_both
def test_the_progress_bar_is_imported_only_where_it_is_shown(path: Path) -> None:
    assert all(inner for name, inner in imports(path) if name.startswith("tqdm"))


@each_of_course
def test_a_module_of_the_course_uses_what_its_kind_may(path: Path) -> None:
    own = path.relative_to(ROOT / "rnncourse").parts[0]
    used = {group(name) for name, _ in imports(path)} - set(sys.stdlib_module_names)
    inner = [name for name, _ in imports(path) if group(name) == own]
    if kind(path) not in ("view", "explorer"):  # its own lesson's pictures and controls
        assert [name for name in inner if VIEWS & set(name.split("."))] == []
    assert used - {own, *USES[kind(path)].split()} == set()


@each_of_both
def test_only_catalogue_and_explorers_import_by_name(path: Path) -> None:
    by_name = {"importlib", "runpy"} & {name for name, _ in imports(path)}
    assert not by_name or path.stem in ("catalogue", "explorers")


@each_of_course
def test_only_its_own_explorers_see_what_is_inside_an_explorer(path: Path) -> None:
    inside = [
        name for name, _ in imports(path) if name.endswith((".view", ".explorer"))
    ]
    near = ".".join(path.relative_to(ROOT).parent.parts)
    assert [name for name in inside if not name.startswith(near)] == []


@pytest.mark.parametrize("package", ["rnnlib", "rnncourse"])
def test_no_two_modules_import_each_other(package: str) -> None:
    graph = {
        file: {found for name, _ in imports(file) if (found := module_of(name))}
        for file in (LIBRARY if package == "rnnlib" else COURSE)
    }
    TopologicalSorter(graph).prepare()


def loaded_by(statement: str) -> set[str]:
    """Return the packages that are loaded after a statement."""
    show = "import sys; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", f"{statement}; {show}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_importing_the_library_loads_numpy_and_nothing_heavy() -> None:
    loaded = loaded_by("import rnnlib")
    assert {"rnnlib", "numpy"} <= loaded
    assert loaded & HEAVY == set()
    assert "rnncourse" not in loaded


def test_a_lesson_is_loaded_on_its_first_use() -> None:
    count = "assert {m.split('.')[1] for m in sys.modules if 'rse.lesson' in m} == %s"
    loaded_by(
        "import sys, rnncourse, rnncourse.explorers, rnncourse.catalogue as c; "
        f"{count % 'set()'}; rnncourse.explorers.gate_desk; {count % {'lesson_08'}}; "
        f"c.exercise('04.2'); {count % {'lesson_04', 'lesson_08'}}"
    )
