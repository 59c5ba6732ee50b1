"""Networks whose weights are set by hand, and that read strings of digits."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.shared.wording import count
from rnnlib._typing import Array

__all__ = ["FUNCTIONS", "misfit", "run", "trace"]

NAMES = "activation", "W_xh", "W_hh", "b_h", "W_hy", "b_y"
FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "step": lambda a: (a > 0).astype(float),
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
}
"""The activations. A step is 1 where the sum is above 0, and 0 elsewhere."""


def misfit(net: Any, scores: int | None = None) -> str:
    """Return a sentence on what is wrong with the form of a net, or nothing.

    A net is an activation, W_xh (1, H), W_hh (H, H), b_h (H,), W_hy (H, V), b_y (V,),
    where V is the number of scores if that is given.

    >>> misfit(("step", [[1]], [[1]], [-0.5], [[1]], [-0.5]))
    ''
    >>> misfit(("step", [1, 1], [[1, 1], [1, 1]], [1, 1], [1, 1], [-0.5]))
    'With H = 2 it should have W_xh (1, 2) and W_hy (2, 1); yours are (2,) and (2,).'
    """
    if not isinstance(net, tuple | list) or len(net) != len(NAMES):
        what = repr(net)
        if isinstance(net, tuple | list):
            what = count(len(net), "thing")
        return (
            "It should return six things, the activation, W_xh, W_hh, b_h, W_hy and "
            f"b_y; yours returns {what[:60]}."
        )
    if not isinstance(net[0], str) or net[0] not in FUNCTIONS:
        return f'The activation is "step", "tanh" or "relu"; yours is {net[0]!r:.40}.'
    try:
        arrays = [np.asarray(array, float) for array in net[1:]]
    except (TypeError, ValueError) as error:
        return f"The weights cannot be used: {error}."
    return _misfit_of_shapes(arrays, scores) or next(
        (
            f"{name} holds something that is not a finite number."
            for name, array in zip(NAMES[1:], arrays, strict=True)
            if not np.isfinite(array).all()
        ),
        "",
    )


def _misfit_of_shapes(arrays: list[Array], scores: int | None) -> str:
    """Say at once all shapes that are wrong, for the H that most arrays have."""
    W_xh, W_hh, b_h, W_hy, b_y = arrays
    lengths = [len(array) for array in (W_hh, W_hy) if array.ndim]
    H = Counter([b_h.size, W_xh.size, *lengths]).most_common(1)[0][0]
    V = scores or b_y.size
    shapes = (1, H), (H, H), (H,), (H, V), (V,)
    wrong = [
        (f"{name} {shape}", f"{array.shape}")
        for name, array, shape in zip(NAMES[1:], arrays, shapes, strict=True)
        if array.shape != shape
    ]
    if not wrong:
        return ""
    asked, yours = (_listed(part) for part in zip(*wrong, strict=True))
    are = "is" if len(wrong) == 1 else "are"
    return f"With H = {H} it should have {asked}; yours {are} {yours}."


def _listed(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def run(net: Any, strings: Array) -> tuple[Array, Array]:
    """Return all states (T, N, H) and answers (T, N) on digits (T, N).

    The initial state is zero. With one score the answer is whether it is above 0, with
    several which of them is largest.
    """
    activation, W_xh, W_hh, b_h, W_hy, b_y = net
    h, states = np.zeros((strings.shape[1], len(W_hh))), []
    for x_t in strings[:, :, None]:
        h = FUNCTIONS[activation](x_t @ W_xh + h @ W_hh + b_h)
        states.append(h)
    scores = np.array(states) @ W_hy + b_y
    answers = scores[..., 0] > 0 if len(b_y) == 1 else scores.argmax(axis=-1)
    return np.array(states), answers.astype(int)


def trace(net: Any, digits: str) -> str:
    """Return a line for each digit: the digit, the state after it, and the answer.

    Raises
    ------
    ValueError
        If the parts of the net do not fit together.

    >>> print(trace(("step", [[1]], [[1]], [-0.5], [[1]], [-0.5]), "010"))
    digit 0   units  0.00   answer 0
    digit 1   units  1.00   answer 1
    digit 0   units  1.00   answer 1
    """
    wrong = misfit(net)
    if wrong:
        raise ValueError(f"net must fit together. {wrong}")
    strings = np.array([[int(digit)] for digit in digits])
    states, answers = run((net[0], *map(np.asarray, net[1:])), strings)
    return "\n".join(
        f"digit {digit}   units{''.join(f'{unit:6.2f}' for unit in h)}   "
        f"answer {answer}"
        for digit, h, answer in zip(digits, states[:, 0], answers[:, 0], strict=True)
    )
