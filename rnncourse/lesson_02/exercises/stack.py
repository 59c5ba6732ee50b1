"""Two products in one: input and old state side by side."""

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.lesson_02.exercises.random_weights import random_weights
from rnnlib import cells
from rnnlib._typing import Array, Rng

__all__ = ["STACK"]


def stack(x: Array, h_prev: Array, W_xh: Array, W_hh: Array) -> tuple[Array, Array]:
    """Return hx and W such that hx @ W is x @ W_xh + h_prev @ W_hh."""
    hx = np.concatenate([h_prev, x], axis=1)
    W = np.concatenate([W_hh, W_xh], axis=0)
    return hx, W


def _is_a_pair(found: object, _: Case) -> object:
    pair = found if isinstance(found, tuple | list) else ()
    if len(pair) == 2 and all(isinstance(array, np.ndarray) for array in pair):
        others = {array.dtype for array in pair} - {np.dtype(float)}
        return not others or f"Both should be float64; one is {others.pop()}."
    return "It should return two arrays, hx and W."


def _has_the_shapes(found: tuple[Array, Array], case: Case) -> object:
    (B, D), H = case["x"].shape, case["h_prev"].shape[1]
    shapes = (B, D + H), (D + H, H)
    if (found[0].shape, found[1].shape) == shapes:
        return True
    return (
        f"With B = {B}, D = {D} and H = {H}, hx is {shapes[0]} and W {shapes[1]}; "
        f"yours are {found[0].shape} and {found[1].shape}."
    )


def _only_moves(found: tuple[Array, Array], case: Case) -> object:
    hx, W = found
    return _same_numbers(hx, case["x"], case["h_prev"]) and _same_numbers(
        W, case["W_xh"], case["W_hh"]
    )


def _same_numbers(whole: Array, *parts: Array) -> bool:
    together = np.concatenate([part.ravel() for part in parts])
    return np.array_equal(np.sort(whole, axis=None), np.sort(together))


def _gives_the_sum(found: tuple[Array, Array], case: Case) -> object:
    expected = case["x"] @ case["W_xh"] + case["h_prev"] @ case["W_hh"]
    error = abs(found[0] @ found[1] - expected).max()
    if error < 1e-9:
        return True
    return (
        "The shapes fit, but hx @ W is not x @ W_xh + h_prev @ W_hh: the largest "
        f"difference is {error:.2g}."
    )


def _pairs(rng: Rng) -> list[Case]:
    cases: list[Case] = [
        {
            "x": rng.standard_normal((B, D)),
            "h_prev": np.tanh(rng.standard_normal((B, H))),
            **random_weights(rng, D, H),
        }
        for B, D, H in (
            (1, 2, 3),
            (1, 1, 4),
            (3, 4, 2),
            (3, 4, 2),
            (5, 3, 6),
            (2, 3, 3),
            (3, 2, 3),
            (2, 9, 12),
            (4, 2, 1),
        )
    ]
    one_hot = {"x": rng.integers(2, size=cases[4]["x"].shape)}
    at_first = {"h_prev": rng.integers(2, size=cases[3]["h_prev"].shape)}
    return [*cases, {**cases[4], **one_hot}, {**cases[3], **at_first}]


STACK = Exercise(
    id="02.5",
    kind="P",
    title="Two products in one",
    reference=stack,
    whole=("x", "h_prev"),
    cases=_pairs,
    mistakes=(
        Mistake(
            "state_first_in_hx_alone",
            {"[W_hh, W_xh]": "[W_xh, W_hh]"},
            "The blocks stand in one order in hx, and in the other in W. Entry k of a "
            "row of hx meets row k of W. If h_prev comes first in hx, which matrix "
            "must be on top?",
        ),
        Mistake(
            "input_first_in_hx_alone",
            {"[h_prev, x]": "[x, h_prev]"},
            "In hx the input comes first, in W the matrix of the state. Entry k of a "
            "row of hx meets row k of W. Which matrix must be on top, if x comes "
            "first?",
        ),
        Mistake(
            "for_columns",
            {"return hx, W": "return hx, W.T"},
            "Your W is the one that papers write: (W_hh W_xh), side by side. That is "
            "for columns, with W on the left. For rows hx stands on the left: is W "
            "then wide, or tall?",
        ),
        Mistake(
            "recurrent_weights_transposed",
            {"[W_hh, W_xh]": "[W_hh.T, W_xh]"},
            "The blocks stand in the right order, but in one of them rows and columns "
            "are exchanged. W_hh is (H, H), so its shape does not tell you. Is it used "
            "as it is in h_prev @ W_hh?",
        ),
        Mistake(
            "along_the_batch_axis",
            {", axis=1": ""},
            "The input and the old state belong side by side: each row is one "
            "sequence. np.concatenate puts one below the other if you do not name the "
            "axis. Which axis is that of the features?",
        ),
    ),
    claims=(
        Claim("Two arrays come back, hx and W.", _is_a_pair),
        Claim("hx has D + H columns, and W as many rows.", _has_the_shapes),
        Claim(
            "hx and W hold each of the given numbers, and nothing else.", _only_moves
        ),
        Claim("hx @ W is the sum of both products.", _gives_the_sum),
    ),
    hints=(
        "A product of a row and a column is a sum over pairs. Two such sums added up "
        "are one sum over more pairs: make the row longer, and the column too.",
        "hx is x and h_prev side by side, so that each row still belongs to one "
        "sequence. W is W_xh and W_hh one on top of the other.",
        "hx gets longer rows, so its parts are put side by side; W gets more rows, so "
        "its parts are put one below the other. np.concatenate does both, along the "
        "axis that you name. Mind that entry k of a row of hx meets row k of W.",
    ),
    source=cells.stacked_preactivation,
    point=(
        "W = np.vstack",
        "return product(np.concatenate",
    ),
)
