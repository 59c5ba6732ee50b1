"""Networks whose weights are set by hand, and that read strings of digits."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._typing import Array

__all__ = ["FUNCTIONS", "misfit", "run", "trace"]

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "step": lambda a: (a > 0).astype(float),
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
}
"""The activations. A step is 1 where the sum is above 0, and 0 elsewhere."""


def misfit(net: Any) -> str:
    """Return a sentence on what is wrong with the form of a net, or nothing.

    A net is an activation, W_xh (1, H), W_hh (H, H), b_h (H,), W_hy (H, V), b_y (V,).

    >>> misfit(("step", [[1]], [[1]], [-0.5], [[1]], [-0.5]))
    ''
    >>> misfit(("step", [[1]], [[1]], [-0.5], [1], [-0.5]))
    'W_hy should have two axes, (H, V); yours has the shape (1,).'
    """
    if not isinstance(net, tuple | list) or len(net) != 6:
        what = f"{len(net)} things" if isinstance(net, tuple | list) else repr(net)
        return (
            "It should return six things, the activation, W_xh, W_hh, b_h, W_hy and "
            f"b_y; yours returns {what[:60]}."
        )
    if not isinstance(net[0], str) or net[0] not in FUNCTIONS:
        return f'The activation is "step", "tanh" or "relu"; yours is {net[0]!r:.40}.'
    try:
        return _misfit_of_shapes(*(np.asarray(array, float) for array in net[1:]))
    except (TypeError, ValueError) as error:
        return f"The weights cannot be used: {error}."


def _misfit_of_shapes(
    W_xh: Array, W_hh: Array, b_h: Array, W_hy: Array, b_y: Array
) -> str:
    for name, array, axes in (("W_hh", W_hh, "(H, H)"), ("W_hy", W_hy, "(H, V)")):
        if array.ndim != 2:
            shape = array.shape
            return f"{name} should have two axes, {axes}; yours has the shape {shape}."
    H, V = len(W_hh), W_hy.shape[1]
    for name, array, shape in (
        ("W_hh", W_hh, (H, H)),
        ("W_xh", W_xh, (1, H)),
        ("b_h", b_h, (H,)),
        ("W_hy", W_hy, (H, V)),
        ("b_y", b_y, (V,)),
    ):
        if array.shape != shape:
            return (
                f"{name} should have the shape {shape}, since W_hh has {H} rows and "
                f"W_hy {V} columns; yours has {array.shape}."
            )
        if not np.isfinite(array).all():
            return f"{name} holds something that is not a finite number."
    return ""


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
