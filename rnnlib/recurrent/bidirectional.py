"""Both directions: one layer reads left to right, the other right to left."""

from typing import Any

import numpy as np

from rnnlib._checks import as_array, check_array, check_finite
from rnnlib._memory import frozen, kept
from rnnlib._nesting import check_own_weights
from rnnlib._typing import Array, ArrayLike, Grads
from rnnlib.cells import Cell
from rnnlib.recurrent.composite import Composed
from rnnlib.recurrent.layer import Recurrent

__all__ = ["Bidirectional"]


class Bidirectional(Composed):
    """Read a sequence from both ends: a cell for each direction.

    At each step the two hidden states stand side by side, so the output knows what
    comes before *and* what comes after. The right-to-left cell reads each sequence from
    its own last step: it skips padding, since masked steps leave the state alone.

    Parameters
    ----------
    left_to_right, right_to_left : Cell
        Two cells with the same input size, each with weights of its own.
    learn_initial_state : bool
        As for `Recurrent`, for both directions.

    Attributes
    ----------
    params : dict
        Those of both cells, as `left_to_right.W_hh` and `right_to_left.W_hh`.

    Raises
    ------
    ValueError
        If the cells share weights or their input sizes or dtypes differ.

    References
    ----------
    Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997.

    Examples
    --------
    >>> from rnnlib import LSTMCell
    >>> rng = np.random.default_rng(0)
    >>> layer = Bidirectional(LSTMCell(3, 4, rng=rng), LSTMCell(3, 4, rng=rng))
    >>> h, (left_to_right, right_to_left), cache = layer.forward(np.ones((5, 2, 3)))
    >>> h.shape, right_to_left.c.shape
    ((5, 2, 8), (2, 4))
    >>> bool((h[0, :, 4:] == right_to_left.h).all())
    True
    """

    names = ("left_to_right", "right_to_left")

    def __init__(
        self,
        left_to_right: Cell,
        right_to_left: Cell,
        *,
        learn_initial_state: bool = False,
    ) -> None:
        self.layers = tuple(
            Recurrent(cell, learn_initial_state=learn_initial_state)
            for cell in (left_to_right, right_to_left)
        )
        check_own_weights("left_to_right and right_to_left", "cell", self.layers)
        for name in ("input_size", "dtype"):
            first, second = getattr(left_to_right, name), getattr(right_to_left, name)
            if first != second:
                raise ValueError(
                    f"both cells must have the same {name}, got {first} and {second}"
                )

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a layer like this one."""
        cells = {
            name: layer.cell
            for name, layer in zip(self.names, self.layers, strict=True)
        }
        return {**cells, "learn_initial_state": bool(self.layers[0].initial_params)}

    @property
    def output_size(self) -> int:
        """The sum of both hidden sizes."""
        return sum(layer.output_size for layer in self.layers)

    def final(self, state: tuple[Any, Any]) -> Array:
        """Return the final hidden states of both directions side by side, (B, 2H)."""
        return self.to_hidden(state)

    def from_final(self, d_final: Array) -> tuple[Any, ...]:
        """Return the gradient of the final state, given that of `final(state)`."""
        return self.from_hidden(d_final)

    def forward(
        self, x: ArrayLike | None, state: Any = None, mask: ArrayLike | None = None
    ) -> tuple[Array, tuple[Any, Any], tuple[Any, Any]]:
        """Compute all states in both directions.

        Parameters
        ----------
        x, mask
            As for `Recurrent.forward`.
        state : pair of states, optional
            The initial state of each direction: before the first step, after the last.

        Returns
        -------
        h : array (T, B, 2H)
            Left to right in the first half, right to left in the second; read-only.
        state : pair of states
            The final state of each direction.
        cache : pair of caches
            The cache of the right-to-left direction runs backwards in time.
        """
        states = self._check_states("state", state)
        ltr, rtl = self.layers
        x, mask = _frozen("x", x), _frozen("mask", mask)
        h, final, cache = ltr.forward(x, states[0], mask)
        h_r, final_r, cache_r = rtl.forward(_reversed(x), states[1], _reversed(mask))
        h = frozen(np.concatenate([h, h_r[::-1]], axis=-1))
        return h, (final, final_r), (cache, cache_r)

    def backward(
        self, dh: ArrayLike, cache: tuple[Any, Any], d_state: Any = None
    ) -> tuple[Array | None, tuple[Any, Any], Grads]:
        """Compute all gradients; arguments and results are those of `Recurrent`.

        In the right-to-left direction time runs backwards, so its gradient travels
        from left to right.
        """
        ltr, rtl = self.layers
        d_states = self._check_states("d_state", d_state)
        cache_l, cache_r = self._check_caches(cache)
        T, B, H = ltr.cell.check_cache(cache_l, ("T", "B"))
        dh = check_array("dh", dh, (T, B, self.output_size), dtype=self.dtype)
        check_finite("dh", dh)
        dx, d_initial, grads = ltr.backward(dh[..., :H], cache_l, d_states[0])
        dx_r, d_initial_r, grads_r = rtl.backward(dh[::-1, :, H:], cache_r, d_states[1])
        if dx is not None and dx_r is not None:
            dx = dx + dx_r[::-1]
        return dx, (d_initial, d_initial_r), self._joined([grads, grads_r])


def _frozen(name: str, array: ArrayLike | None) -> Array | None:
    """Return a copy that both directions can keep, so that neither makes its own."""
    return None if array is None else frozen(kept(as_array(name, array)))


def _reversed(array: Array | None) -> Array | None:
    return None if array is None else array[::-1]
