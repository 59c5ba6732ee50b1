"""One letter, one meaning, one first index, in every lesson.

The table of letters in `start_here` is the law. What others write is quoted in block
quotes, and in the table of four notations of lesson 02; those are left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tools.notebooks import SOURCES, title

LETTERS = ("x", "a", "h", "c", "z", "p", "y", "W", "b", "L", "dh", "dW")
QUOTES = {"02_the_forward_pass": {"s5"}, "start_here": {"letters"}}
CELL_STATE_FROM = 8
WRITING_FROM = 10
SCORES = re.compile(r"z(_\w+)?|logits|\w*scores?|\w*logits")
PROBABILITIES = re.compile(r"p(_\w+)?|exp|\w*probabilities|weights|\w*share\w*|out\w*")
FIRST_IS_0 = {"h", "s", "c", "b", "C"}  # initial states, and the bias that makes one
IN_MATH = {
    "z is what goes into the softmax, no stacked input": r"z\s*=\s*(\\begin|\[|\()",
    "y is a target, the scores are z": r"\by_?\{?t?\}?\s*=[^$]*W_\{hy\}",
    "the loss of step t is L_t": r"(?<![A-Za-z\\])l_",
}
NOT_A_LETTER = r"\\(text|texttt|mathrm|operatorname|tag)\{[^}]*\}|\\[A-Za-z]+"


def math(text: str) -> Iterator[str]:
    """Yield the formulas of a text."""
    for display, inline in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.DOTALL):
        yield display or inline


def outside_quotes(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(">"))


def faults_of_text(text: str, lesson: int) -> Iterator[str]:
    """Yield what a cell's words and formulas say against the table of letters."""
    for formula in math(text):
        for what, pattern in IN_MATH.items():
            if re.search(pattern, formula):
                yield f"{what}: {formula}"
        plain = re.sub(NOT_A_LETTER, " ", formula)
        for letter in re.findall(r"(?<![A-Za-z])([A-Za-z])_\{?0(?!\d)", plain):
            written = letter == "y" and lesson >= WRITING_FROM  # y_0 is START
            if letter not in FIRST_IS_0 and not written:
                yield f"the first step is 1: {letter}_0 in {formula}"
        if lesson < CELL_STATE_FROM and re.search(r"(?<![A-Za-z])c(?![A-Za-z])", plain):
            yield f"c is a cell state, which comes in lesson 08: {formula}"
    for words in re.findall(r"\b(?:time )?(?:step|position)s? 0\b", text):
        yield f"the first step is 1: {words}"


def faults_of_code(code: str, lesson: int) -> Iterator[str]:
    """Yield the names of a cell that are not those of what they hold."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Assign):
            continue
        for name in (target for target in node.targets if isinstance(target, ast.Name)):
            yield from faults_of_name(name.id, node.value, lesson)


def faults_of_name(name: str, value: ast.expr, lesson: int) -> Iterator[str]:
    made, called = ast.unparse(value), ""
    if isinstance(value, ast.Call):
        called = ast.unparse(value.func).rpartition(".")[2]
    scores = isinstance(value, ast.BinOp) and "W_hy" in made and ".T" not in made
    if (scores or called == "logits") and not SCORES.fullmatch(name):
        yield f"{name} holds scores, which are z: {made}"
    if called == "softmax" and not PROBABILITIES.fullmatch(name):
        yield f"{name} holds probabilities, which are p: {made}"
    if re.fullmatch(r"z(_\w+)?", name) and called in ("concatenate", "hstack", "stack"):
        yield f"{name} is a stacked input, and z a score: {made}"
    if re.fullmatch(r"c(_\d|_prev|_t)?", name) and lesson < CELL_STATE_FROM:
        yield f"{name} is a cell state, which comes in lesson 08: {made}"


def faults(path: Path) -> list[str]:
    """Return where a notebook speaks against the table of letters."""
    lesson = int(path.stem[:2]) if path.stem[:2].isdigit() else 0
    found = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.id in QUOTES.get(path.stem, ()):
            continue
        text = outside_quotes(cell.source)
        if cell.cell_type == "code":
            shown = "\n".join(map(printed, cell.outputs))
            each = [*faults_of_code(cell.source, lesson)]
            each += faults_of_text(f"{strings(cell.source)}\n{shown}", lesson)
        else:
            each = [*faults_of_text(text, lesson)]
        found += [f"{cell.id}: {fault}" for fault in each]
    return found


def printed(output: Any) -> str:
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
    )


def strings(code: str) -> str:
    """Return the texts that a cell holds, without their formatted parts."""
    nodes = ast.walk(ast.parse(code))
    return "\n".join(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@pytest.mark.parametrize("path", SOURCES, ids=title)
def test_a_letter_means_the_same_in_every_lesson(path: Path) -> None:
    assert faults(path) == []


def test_the_first_page_lists_the_letters() -> None:
    (page,) = (path for path in SOURCES if path.stem == "start_here")
    cells = {cell.id: cell.source for cell in nbformat.read(page, as_version=4).cells}
    listed = re.findall(r"^\| (.+?) \|", cells["letters"], re.MULTILINE)[1:]
    named = re.findall(r"\{([A-Za-z]+)\}\}?\$|\$([A-Za-z]+)\$", " ".join(listed))
    assert tuple(a or b for a, b in named) == LETTERS


@pytest.mark.parametrize(
    ("text", "lesson"),
    [
        ("so $x_0$ is the first input", 1),
        (r"$$\frac{e^{z_k + c}}{\sum_j e^{z_j + c}}$$", 1),
        (r"$y_t = h_t W_{hy} + b_y$", 2),
        ("$z = [h ; x]$", 2),
        (r"$$L = \sum_t m_t \, l_t$$", 3),
        ("At step 0 you meet", 1),
    ],
)
def test_what_a_letter_does_not_mean_is_found_in_words(text: str, lesson: int) -> None:
    assert len([*faults_of_text(text, lesson)]) == 1


@pytest.mark.parametrize(
    "code",
    [
        "y_1 = h_1 @ W_hy + b_y",
        "z = np.concatenate([h_prev, x], axis=1)",
        "c = scores.max()",
        "y = softmax(scores)",
        "h = model.logits(x)",
    ],
)
def test_what_a_letter_does_not_mean_is_found_in_code(code: str) -> None:
    assert len([*faults_of_code(code, 2)]) == 1


@pytest.mark.parametrize(
    "code",
    [
        "z_1 = h_1 @ W_hy + b_y\np = softmax(z_1)",
        "scores = h_2 @ W_hy + b_y",
        "dh_4 = d_scores[3] @ W['W_hy'].T",
        "x_t, c_out = 1, 2\nx = h_0 = 0",
    ],
)
def test_what_a_letter_means_is_left_alone(code: str) -> None:
    assert [*faults_of_code(code, 2)] == []
    assert [*faults_of_text(r"$h_0$, $x_1$ and $\cos c_k$", 8)] == []
