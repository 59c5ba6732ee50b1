"""Decoders by table for exercise 10.5: with each a beam can go wrong in its own way."""

import numpy as np

from rnncourse.checking.exercise import Case
from rnncourse.lesson_10.exercises.decoder_table import by_a_hair, decoding_case
from rnnlib._typing import Array, Rng

__all__ = [
    "ahead_by_a_hair",
    "alike",
    "by_shares",
    "cut_short",
    "endless",
    "loops",
    "many_children",
    "pushed_out",
    "siblings",
    "sure_of_the_unlikely",
    "telling",
    "tiny_model",
    "twins",
]

TABLES = {  # tenths of scores: a beam that is wider or narrower finds something else
    2: (
        "8 -2 -46 19 -28 14 8 12 9 15 12 15 -8 10 -11 -31 -7 22 -5 -2 -2 -4 22 -7 4 "
        "-26 -10 -28 -31 0 13 10 1 -17 -29 -23 "
    ),
    3: (
        "-8 -3 20 -21 -29 11 -25 24 27 26 9 -2 -4 8 -11 -39 6 1 -23 38 38 -20 -11 -7 "
        "-15 4 35 18 4 -12 1 -8 37 1 -22 0 "
    ),
    5: (
        "19 3 -25 0 -21 -7 -30 11 6 5 9 14 3 36 39 18 19 -28 20 -26 26 -3 5 -6 -14 1 "
        "-19 3 47 -13 -7 2 5 -18 27 -2 "
    ),
}


def by_shares(rng: Rng) -> list[Case]:
    """Return models that say each token with a share, whatever was said.

    Their scores are large: the exponentials do not fit into a float.
    """
    late = [[0.06, 0.93, 0.01], [0.05, 0.9, 0.05], *[[0.9, 0.06, 0.04]] * 4]
    close = [[0.405, 0.59, 0.005], [0.71, 0.1, 0.19], *[[0.2, 0.4, 0.4]] * 4]
    near = [[0.48, 0.5, 0.02], [0.98, 0.01, 0.01], *[[0.2, 0.4, 0.4]] * 4]
    last = [*[[0.06, 0.93, 0.01]] * 9, [0.97, 0.02, 0.01], [0.2, 0.4, 0.4]]
    return [_with_shares(rng, shares) for shares in (late, close, near, last)]


def _with_shares(rng: Rng, shares: list[list[float]]) -> Case:
    scores = np.log(shares)[:, None].repeat(3, axis=1)
    scores += 0.001 * rng.standard_normal(scores.shape) + 900
    return {**decoding_case(scores, len(shares), start=1, end=0), "width": 2}


def telling(rng: Rng, width: int) -> Case:
    """Return a model for which each width near this one finds something else."""
    scores = np.array(TABLES[width].split(), dtype=float).reshape(4, 3, 3) / 10
    noise = 0.02 * rng.standard_normal(scores.shape)
    return {**decoding_case(scores + noise, 4, start=2, end=0), "width": width}


def cut_short(rng: Rng) -> Case:
    """Return a model whose best answer has come to no END, though others have."""
    scores = rng.standard_normal((4, 4, 4))
    scores[:, :, 1:3] += 3, 1
    earlier = 0.1 * rng.standard_normal((4, 4))
    return {**decoding_case(scores, 3, start=3, end=2, earlier=earlier), "width": 3}


def siblings(rng: Rng) -> Case:
    """Return a model whose best answer begins with the second best child of the best.

    Token 2 comes first, nearly always; then 2 or, nearly as often, 3. Only after 3 is
    it sure what follows.
    """
    shares = np.full((3, 4, 4), 0.01)
    shares[0, 0, 2:] = 0.88, 0.1
    shares[1, 2, 2:] = 0.52, 0.46
    shares[1, 3, 2:] = 0.1, 0.88
    shares[2, 2, 1:] = 0.33
    shares[2, 3, 3] = 0.97
    return _noisy(rng, shares, 3, width=2)


def pushed_out(rng: Rng) -> Case:
    """Return a model whose best answer ends early, and is soon behind for a while.

    It is 2 and END. At the next step two others are more probable, and go to pieces.
    """
    shares = np.full((5, 4, 4), 0.25)
    shares[0, 0] = 0.04, 0.06, 0.5, 0.4
    shares[1, 2] = 0.33, 0.35, 0.31, 0.01
    shares[1, 3] = 0.01, 0.03, 0.01, 0.95
    shares[2, 3] = 0.01, 0.01, 0.49, 0.49
    shares[2, 1] = 0.01, 0.01, 0.97, 0.01
    return _noisy(rng, shares, 4, width=2)


def many_children(rng: Rng) -> Case:
    """Return a model whose best answer begins with the twelfth best of the tokens.

    All are children of one beginning. Only after the last of them END is sure.
    """
    shares = np.full((3, 14, 14), 1 / 14)
    shares[0, 0] = 0.001, 0.002, *np.linspace(0.1, 0.07, 12)
    shares[1, 13] = 0.003
    shares[1, 13, 1] = 0.96
    return _noisy(rng, shares, 2, width=12)


def endless(rng: Rng) -> Case:
    """Return a model of many tokens that are nearly equal, and that never ends.

    Its best answer is less probable than any float can say. Two tokens have equal
    scores, far below the others.
    """
    scores = 0.01 * rng.standard_normal((450, 12))
    scores[:, :3] = -30, -20, -20
    return {**decoding_case(scores[:, None].repeat(12, axis=1), 450), "width": 2}


def _noisy(rng: Rng, shares: Array, max_length: int, *, width: int) -> Case:
    noise = 0.01 * rng.standard_normal(shares.shape)
    return {**decoding_case(np.log(shares) + noise, max_length), "width": width}


def tiny_model(rng: Rng, width: int) -> Case:
    """Return a model of three tokens."""
    scores = 1.5 * rng.standard_normal((5, 3, 3))
    earlier = 1.5 * rng.standard_normal((3, 3))
    return {**decoding_case(scores, 4, earlier=earlier), "width": width}


def sure_of_the_unlikely(rng: Rng) -> Case:
    """Return a model whose best answer begins with a token that is most improbable.

    Token 3 comes once in 10^13, and END follows for sure. Token 2 comes nearly always,
    and behind it nine tokens are as good as each other, at each step.
    """
    scores = 0.001 * rng.standard_normal((18, 10, 10))
    scores[..., 1] -= 50
    scores[0, 0] = -99
    scores[0, 0, 2:4] = 0, -30
    scores[1, 3] -= 40
    scores[1, 3, 1] = 40
    return {**decoding_case(scores, 18), "width": 11}


def twins(rng: Rng, best: int) -> Case:
    """Return a model that begins with 0 or 1, exactly as probable as each other.

    After one of the two, `best`, END is sure.
    """
    scores = np.full((1, 4, 4), -9.0)
    scores[0, 1 - best, :3] = [0, 0.5, 0] + 0.01 * rng.standard_normal(3)
    scores[0, best, 2] = 9
    scores[0, 3, :2] = 1
    return {**decoding_case(scores, 3, start=3, end=2), "width": 2}


def alike(rng: Rng) -> Case:
    """Return a model for which all answers without END are equally good."""
    scores = np.array([[[0, 0, -1, -9]] * 4]) + rng.standard_normal((1, 4, 1))
    return {**decoding_case(scores, 4, start=3, end=2), "width": 2}


def ahead_by_a_hair(rng: Rng) -> list[Case]:
    """Return models whose best answer is hardly better than others.

    In the second it has come to no END, in the third it is END.
    """
    long, short = by_a_hair(rng, 3, V=5), by_a_hair(rng, 1, V=5)
    best = int(short[0, 1].argmax())
    cases = [
        decoding_case(long, 3),
        decoding_case(short, 1, start=1, end=0),
        decoding_case(short, 1, start=1, end=best),
    ]
    return [{**case, "width": 2} for case in cases]


def loops(rng: Rng) -> Case:
    """Return a model that comes back to the same row of a table again and again."""
    scores = np.array(
        [[[0, 1, 2.5, 0], [2, 0, 1.5, 1], [1, 0.5, 0, 0.2], [0.3, 0, 0, 1]]]
    )
    scores += 0.01 * rng.standard_normal(scores.shape)
    return {**decoding_case(scores, 4, start=3, end=2), "width": 2}
