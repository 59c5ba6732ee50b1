"""Change one thing in the mathematics at a time, and count how often a test fails.

    python -m pip install mutmut==3.8.1
    python tests/library/sample_mutants.py

mutmut writes the mutants, as pyproject.toml says; this draws a sample of them with a
seed, leaves out those that change only the text of a message, has mutmut run the tests
on the others, and prints what survived. tests/README.md has the figure.
"""

from __future__ import annotations

import ast
import json
import random
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SAMPLE, SEED, WORKERS = 300, 2, 2
MEMORY = 8 * 1024 * 1024  # KiB
MUTANTS = Path("mutants")
OUTCOMES = {0: "survived", 1: "killed", 3: "killed", 5: "no tests", 33: "no tests"}
TIME_OUTS = (24, 36, 152, -24)


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Return each function of a mutated module, by the name mutmut gave it."""
    tree = ast.parse(path.read_text("utf-8"))
    return {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}


def without_text(function: ast.FunctionDef) -> str:
    """Return a function with the content of its strings left out."""
    tree = ast.parse(ast.unparse(function))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.name = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def outcomes() -> Iterator[tuple[Path, str, int | None]]:
    """Yield module, name and exit code of each mutant."""
    for meta in sorted(MUTANTS.glob("rnnlib/**/*.py.meta")):
        codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        for name, code in codes.items():
            yield meta.with_suffix(""), name, code


def candidates() -> list[str]:
    """Return the mutants that change more than the content of a string."""
    found = []
    modules = {path: functions(path) for path in {path for path, _, _ in outcomes()}}
    for path, name, _ in outcomes():
        short = name.rpartition(".")[2]
        mutant = modules[path][short]
        original = modules[path][f"{short.rpartition('__mutmut_')[0]}__mutmut_orig"]
        if without_text(mutant) != without_text(original):
            found.append(name)
    return found


def mutmut(*arguments: str) -> str:
    """Run mutmut, in so much memory that a mutant without end fails."""
    limit = f"ulimit -v {MEMORY}; exec"
    command = shlex.join([sys.executable, "-m", "mutmut", *arguments])
    run = subprocess.run(f"{limit} {command}", shell=True, capture_output=True)
    return run.stdout.decode()


def main() -> None:
    """Write mutants, run a sample, and print what survived."""
    mutmut("run", "nothing yet")  # writes them, and finds out which test runs what
    everything = candidates()
    sample = random.Random(SEED).sample(everything, min(SAMPLE, len(everything)))
    mutmut("run", "--max-children", str(WORKERS), *sample)
    codes = {name: code for _, name, code in outcomes() if name in sample}
    counts: Counter[str] = Counter()
    for name, code in sorted(codes.items()):
        outcome = "timed out" if code in TIME_OUTS else OUTCOMES.get(code or 0, "broke")
        outcome = "not run" if code is None else outcome
        counts[outcome] += 1
        if outcome not in ("killed", "timed out"):
            print(outcome, mutmut("show", name))
    caught = counts["killed"] + counts["timed out"]
    print(f"{len(everything)} mutants, {len(codes)} drawn:", dict(counts))
    print(f"{100 * caught / len(codes):.1f} % killed")


if __name__ == "__main__":
    main()
