"""What is lost without a unit, or without a direction of the state."""

from copy import copy
from typing import Any, TypeVar

import numpy as np

from rnnlib._checks import check_array, check_choice, check_finite, check_kind
from rnnlib._memory import frozen
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike, Grads
from rnnlib.cells import choose_state
from rnnlib.models import Model
from rnnlib.recurrent import Recurrent

__all__ = ["ablated"]

AnyModel = TypeVar("AnyModel", bound=Model)


def ablated(
    model: AnyModel, directions: ArrayLike, *, at: ArrayLike, part: str = "recurrent"
) -> AnyModel:
    """Return a model that computes as this one, but for some directions of its state.

    After each step the state is moved along these directions, and along no other, to
    where the state `at` lies; so nothing that was read can be kept there. What it then
    answers worse than before, it had from there. Hold the state at its mean: at zero a
    network may find itself where it never is.

    Parameters
    ----------
    model : Model
        Its layer must be a `Recurrent`; the weights are shared, not copied.
    directions : float array (S,), or (K, S) for K of them
        `np.eye(H)[k]` is unit k. S is H, or 2H for the LSTM with c after h; with H
        numbers the hidden state alone is held, and c goes on.
    at : float array (S,)
        The state at which they are held, as the mean over many texts.
    part : str
        The name of the layer in `model.parts`, such as "encoder".

    Returns
    -------
    Model
        With loss, forward and backward pass.

    Raises
    ------
    ValueError
        If an argument is not as described, or a direction depends on the others.

    References
    ----------
    Morcos, Barrett, Rabinowitz and Botvinick, "On the importance of single directions
    for generalization", 2018. Meyes, Lu, de Puiseau and Meisen, "Ablation studies in
    artificial neural networks", 2019.

    Examples
    --------
    >>> from rnnlib import RNNCell, SequenceClassifier
    >>> rng = np.random.default_rng(0)
    >>> model = SequenceClassifier(Recurrent(RNNCell(4, 3, rng=rng)), 2, rng=rng)
    >>> blind = ablated(model, np.eye(3), at=np.zeros(3))
    >>> blind.logits(rng.standard_normal((5, 2, 4)))[0]
    array([[0., 0.],
           [0., 0.]])
    """
    check_kind("model", model, Model)
    check_choice("part", part, tuple(model.parts))
    fix = "of several layers, build a model with the one that you ask"
    layer = check_kind(f"model.parts[{part!r}]", model.parts[part], Recurrent, fix)
    twin = copy(model)
    twin.parts = {**model.parts, part: _Held(layer, directions, at)}
    return twin


class _Held(Recurrent):
    """A layer whose state is held in some directions, after each step that exists.

    state = s - (s - at) @ projection
    """

    def __init__(self, layer: Recurrent, directions: ArrayLike, at: ArrayLike) -> None:
        vars(self).update(vars(layer))
        H, dtype = layer.hidden_size, layer.dtype
        directions = check_array("directions", directions, ("...", "S"), dtype=dtype)
        rows = np.atleast_2d(check_finite("directions", directions))
        K, S = rows.shape[-2:]
        sizes = [H * n for n in range(1, len(self.cell.State._fields) + 1)]
        if rows.ndim > 2 or S not in sizes:
            wanted = " or ".join(f"(K, {size})" for size in sizes)
            raise ValueError(
                f"directions must have shape {wanted}, got {directions.shape}"
            )
        rank = np.linalg.matrix_rank(rows)
        if rank < K:
            raise ValueError(
                f"directions must not depend on each other, got {K} that span {rank}; "
                "drop one that is zero or that the others make"
            )
        self.at = check_finite("at", check_array("at", at, (S,), dtype=dtype))
        basis = np.linalg.qr(rows.T)[0]  # (S, K)
        self.projection = basis @ basis.T

    def forward(
        self, x: ArrayLike | None, state: Any = None, mask: ArrayLike | None = None
    ) -> tuple[Array, Any, Any]:
        """Compute all states, each held before the next one is computed from it."""
        x, mask = self._check_input(x, mask)
        T, B = x.shape[:2] if mask is None else mask.shape  # type: ignore[union-attr]
        exists = np.ones((T, B), bool) if mask is None else mask
        before = self.initial_state(B) if state is None else state
        hidden, steps = [], []
        for t in range(T):
            x_t = None if x is None else x[t : t + 1]
            every = np.ones((1, B), bool) if x is None else None
            _, reached, step = super().forward(x_t, state, every)
            state = choose_state(exists[t], self._moved(reached, self.at), before)
            before = state
            hidden.append(state.h)
            steps.append(step)
        return frozen(np.stack(hidden)), state, (steps, exists)

    @tiny_is_zero
    def backward(
        self, dh: ArrayLike, cache: Any, d_state: Any = None
    ) -> tuple[Array | None, Any, Grads]:
        """Compute all gradients; none goes through a direction that is held."""
        steps, exists = cache
        (T, B), H = exists.shape, self.hidden_size
        dh = check_finite("dh", check_array("dh", dh, (T, B, H), dtype=self.dtype))
        nothing = self.cell.initial_state(B)
        d_state = nothing if d_state is None else d_state
        total = {name: np.zeros_like(array) for name, array in self.params.items()}
        dx: list[Any] = []
        for t in reversed(range(T)):
            d_state = d_state._replace(h=d_state.h + dh[t])
            d_moved = self._moved(d_state, np.zeros_like(self.at))
            d_reached = choose_state(exists[t], d_moved, nothing)
            dx_t, d_before, grads = super().backward(
                np.zeros((1, B, H), self.dtype), steps[t], d_reached
            )
            d_state = choose_state(exists[t], d_before, d_state)
            dx.append(dx_t)
            total = {name: total[name] + grads[name] for name in total}
        if steps[0].learned_initial_state:  # also where the first steps do not exist
            for name, d_initial in zip(self.initial_params, d_state, strict=True):
                total[name] = d_initial.sum(axis=0)
        inputs = None if dx[0] is None else np.concatenate(dx[::-1])
        return inputs, d_state, total

    def _moved(self, state: Any, at: Array) -> Any:
        """Return a state moved to `at` along the directions.

        What is subtracted is linear in the state, and the projection is symmetric: so a
        gradient goes back by the same rule, with `at` at zero.
        """
        H, S = self.hidden_size, len(at)
        off = (np.concatenate(state, axis=-1)[:, :S] - at) @ self.projection
        parts = np.split(off, S // H, axis=-1)
        fields = zip(state._fields, state, parts, strict=False)
        return state._replace(**{name: s - part for name, s, part in fields})
