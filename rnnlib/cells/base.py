"""What all recurrent cells share: how one step is cut into pieces.

The pieces let a layer take out of its loop whatever does not depend on the recurrence:
the input product comes before the loop and the parameter gradients after it, each as
one matrix product over all steps. `forward` and `backward` are the same pieces for one
step.
"""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, ClassVar, Self

import numpy as np

from rnnlib._checks import (
    as_array,
    check_array,
    check_finite,
    check_function,
    check_rng,
    check_size,
    check_tokens,
    is_whole,
)
from rnnlib._memory import BufferPool, freeze, kept
from rnnlib._nesting import check_params, check_same_keys
from rnnlib._norms import tiny_is_zero
from rnnlib._products import product, rows_of, weight_gradient
from rnnlib._repr import described
from rnnlib._typing import (
    Array,
    ArrayLike,
    DTypeLike,
    Grads,
    Initialiser,
    Params,
    Rng,
)
from rnnlib._words import kind_of
from rnnlib.cells.caches import by_gate, cache_at
from rnnlib.init import glorot

__all__ = ["Cell"]


class Cell(ABC):
    """One step of a recurrence: the input and the old state give the new state.

    A cell is its parameters. It holds no state: the state goes in and comes out (Elman,
    1990, calls it the context). A subclass adds what is its own: the NamedTuples
    `State` and `Cache`, and the pieces `step`, `slopes`, `step_backward` and
    `parameter_gradients`. They trust their arguments; `forward`, `backward` and the
    layers check them, and raise a ValueError that says what was expected and what came.

    A cache is filled in place: `allocate_cache` makes it, `project` writes the input's
    part of the pre-activations where the gates will be, and `step` turns them into
    gates and state.

    Attributes
    ----------
    params : dict of arrays
        Updated in place by the optimisers, never rebound.
    gates : str
        The letters of the parts that are stacked on the last axis of W_xh, W_hh, b_h.
    input_size, hidden_size : int
        D and H.
    dtype : numpy dtype
        Of parameters, inputs, states and gradients alike.
    """

    State: ClassVar[Any]
    Cache: ClassVar[Any]
    gates: str
    params: Params
    input_size: int
    hidden_size: int
    dtype: np.dtype[Any]

    @abstractmethod
    def step(self, cache: Any) -> None:
        """Compute one step inside its cache, after `project`."""

    @abstractmethod
    def slopes(self, cache: Any) -> Any:
        """Return the local slopes of the equations of `step`, as a NamedTuple.

        They do not depend on the loss, so they are computed for many steps at once.
        """

    @abstractmethod
    def step_backward(
        self, d_state: Any, slopes: Any, da: Array | None = None
    ) -> tuple[Array, Any]:
        """Return dL/da, (..., nH), and the gradient with respect to the old state.

        This is the chain rule alone: local slope times what came back. Any axes may
        lead. If `da` is given, dL/da is written there.
        """

    @abstractmethod
    def parameter_gradients(self, da: Array, cache: Any) -> tuple[Array | None, Grads]:
        """Return the gradients with respect to input and parameters, given `da`.

        All arrays may have any leading axes, (B,) for a step or (T, B) for a sequence;
        the gradient of a parameter is the sum over them.
        """

    def allocate_cache(
        self, steps: int, state: Any, dtype: DTypeLike, pool: BufferPool
    ) -> Any:
        """Return a cache for `steps` steps; only the initial state is filled in.

        The new state of a step is the old state of the next: they share their memory.
        """
        B, H = state.h.shape
        fields: dict[str, Any] = {
            "x": None,
            "mask": None,
            "learned_initial_state": False,
        }
        for name, initial in zip(state._fields, state, strict=True):
            states = pool.empty(name, (steps + 1, B, H), dtype)
            states[0] = initial
            fields |= {f"{name}_prev": states[:-1], name: states[1:]}
        for name in self.Cache._fields:
            if name not in fields:
                gates = (len(self.gates),) if name == "gates" else ()
                fields[name] = pool.empty(name, (steps, *gates, B, H), dtype)
        return self.Cache(**fields)

    def preactivations(self, cache: Any) -> Array:
        """Return the pre-activations, (..., n, B, H); `step` puts the gates there."""
        gates: Array = cache.gates
        return gates

    def project(self, cache: Any) -> None:
        """Write what does not depend on the state into the pre-activations.

        That is `x @ W_xh + b_h` for x (..., B, D), a look-up for tokens (..., B), and
        the bias alone for None: a step without input.
        """
        x, a = cache.x, self.preactivations(cache)
        W_xh, b_h, H = self.params["W_xh"], self.params["b_h"], self.hidden_size
        if x is None:
            a[...] = by_gate(b_h[None], H)
        elif x.dtype.kind in "iu" and x.size > len(W_xh):  # each row several times
            rows = by_gate(W_xh + b_h, H).reshape(-1, H).astype(a.dtype)  # (n * D, H)
            gate = self.input_size * np.arange(len(self.gates))[:, None]
            places = np.asarray(gate + x[..., None, :], np.intp)
            np.take(rows, places, axis=0, out=a, mode="clip")
        else:
            a[...] = by_gate(product(x, W_xh) + b_h, H)

    def config(self) -> dict[str, Any]:
        """Return the arguments that make a cell like this one, but for its parameters.

        What only steers how parameters are drawn (`rng`, `forget_bias`,
        `recurrent_init`) is not among them: the parameters tell it better.
        """
        return {
            "input_size": self.input_size,
            "hidden_size": self.hidden_size,
            "dtype": self.dtype.name,
        }

    __repr__ = described

    def initial_state(self, batch_size: int) -> Any:
        """Return the state of zeros for a batch, each array of shape (B, H)."""
        shape = (check_size("batch_size", batch_size), self.hidden_size)
        return self.State(*(np.zeros(shape, self.dtype) for _ in self.State._fields))

    @tiny_is_zero
    def forward(self, x: ArrayLike | None, state: Any) -> tuple[Any, Any]:
        """Compute one step.

        Parameters
        ----------
        x : float array (B, D), integer tokens (B,), or None for a step without input
        state : NamedTuple of arrays (B, H)
            As `initial_state` or an earlier step returned it.

        Returns
        -------
        state : NamedTuple of arrays (B, H)
        cache : NamedTuple
            What the backward pass needs, by the names of the equations. It is
            read-only, and keeps copies of what was given.

        Raises
        ------
        ValueError
            If a shape or dtype does not fit, a token is outside 0..D - 1, or an input
            or a parameter is not finite.
        """
        check_params(self.params)
        state = self.check_state("state", state)
        inputs = None if x is None else kept(self.check_input(x, state[0].shape[:1]))
        dtype = self.result_type(inputs, state)
        whole = self.allocate_cache(1, state, dtype, BufferPool())
        cache = cache_at(whole, 0)._replace(x=inputs)
        self.project(cache)
        self.step(cache)
        freeze(cache)
        return self.State(*(field.copy() for field in self.state_of(cache))), cache

    @tiny_is_zero
    def backward(self, d_state: Any, cache: Any) -> tuple[Array | None, Any, Grads]:
        """Compute all gradients of one step, given that of its new state.

        Returns
        -------
        dx : array (B, D), or None for tokens and for a step without input
        d_state_prev : NamedTuple of arrays (B, H)
        grads : dict with the keys of `params`

        Raises
        ------
        ValueError
            If the cache is not that of one step of this cell, a shape or dtype does not
            fit, or `d_state` is not finite.
        """
        batch_size, _ = self.check_cache(cache, ("B",))
        d_state = self.check_state("d_state", d_state, batch_size)
        da, d_state_prev = self.step_backward(d_state, self.slopes(cache))
        dx, grads = self.parameter_gradients(da, cache)
        return dx, d_state_prev, grads

    def state_of(self, cache: Any) -> Any:
        """Return the new state, out of a cache."""
        return self.State(*(getattr(cache, field) for field in self.State._fields))

    def result_type(self, x: Array | None, state: Any) -> np.dtype[Any]:
        """Return the dtype of the results: complex if any argument is."""
        floats = () if x is None or x.dtype.kind in "iu" else (x,)
        return np.result_type(*self.params.values(), *state, *floats)

    def with_params(self, params: Params) -> Self:
        """Return a cell of the same kind that computes with other parameters.

        The arrays are not copied. Gradient checks use it to try nearby parameters.
        """
        check_same_keys("params", params, self.params)
        twin = copy(self)
        twin.params = dict(params)
        return twin

    def _initial_params(self, rng: Rng, recurrent_init: Initialiser) -> Params:
        """Draw W_xh and W_hh, a block for each gate side by side; b_h is zero."""
        check_rng(rng)
        check_function("recurrent_init", recurrent_init)
        D, H, dtype = self.input_size, self.hidden_size, self.dtype
        W_xh = [glorot((D, H), rng=rng, dtype=dtype) for _ in self.gates]
        W_hh = [recurrent_init((H, H), rng=rng, dtype=dtype) for _ in self.gates]
        for block in W_hh:
            check_array("recurrent_init", block, (H, H), dtype=dtype)
        return {
            "W_xh": np.hstack(W_xh),
            "W_hh": np.hstack(W_hh),
            "b_h": np.zeros(len(self.gates) * H, dtype),
        }

    def _input_gradients(
        self, da: Array, x: Array | None
    ) -> tuple[Array | None, Grads]:
        """Go back through `project`: return dx, and the gradients of W_xh and b_h."""
        W_xh, db_h = self.params["W_xh"], rows_of(da).sum(axis=0)
        if x is None:
            return None, {"W_xh": np.zeros_like(W_xh), "b_h": db_h}
        grads = {"W_xh": weight_gradient(x, da, self.input_size), "b_h": db_h}
        return None if x.dtype.kind in "iu" else product(da, W_xh.T), grads

    def check_input(self, x: ArrayLike, leading: tuple[int | str, ...]) -> Array:
        """Return `x` as floats (leading, D) or tokens (leading)."""
        x = as_array("x", x)
        is_tokens = x.dtype.kind in "iu"
        shape = leading if is_tokens else (*leading, self.input_size)
        hint = "" if x.ndim == len(shape) else self._input_hint(x, len(leading))
        if is_tokens:
            return check_tokens("x", x, leading, self.input_size, hint=hint)
        return check_finite(
            "x", check_array("x", x, shape, dtype=self.dtype, hint=hint)
        )

    def _input_hint(self, x: Array, axes: int) -> str:
        """Return what may be wrong with an input of another shape."""
        batch_of_one = f"for a batch of one, pass x[{':, ' * (axes - 1)}None]"
        if x.dtype.kind in "iu":
            if x.ndim > axes:
                return f"features must be floats, as of x.astype(np.{self.dtype})"
            return batch_of_one if x.ndim == axes - 1 else ""
        hints = []
        if x.ndim == axes and x.shape[-1] == self.input_size:
            hints.append(batch_of_one)
        if x.ndim == axes and is_whole(x):
            hints.append("tokens must be integers, as of x.astype(int)")
        return "; ".join(hints)

    def check_state(self, name: str, state: Any, batch: int | str = "B") -> Any:
        """Return `state` if it is this cell's NamedTuple of finite arrays (B, H)."""
        if not isinstance(state, self.State):
            raise ValueError(
                f"{name} must be of type {self.State.__name__}, got "
                f"{kind_of(state)}; start from initial_state(batch_size)"
            )
        checked = []
        for field, array in zip(self.State._fields, state, strict=True):
            each, shape = f"{name}.{field}", (batch, self.hidden_size)
            array = check_array(each, array, shape, dtype=self.dtype)
            checked.append(check_finite(each, array))
            batch = array.shape[0]
        return self.State(*checked)

    def check_cache(self, cache: Any, leading: tuple[str, ...]) -> tuple[int, ...]:
        """Return the shape of `cache.h` if it is this cell's cache of that form."""
        if type(cache) is not self.Cache:
            raise ValueError(
                f"cache must be of type {self.Cache.__name__}, got "
                f"{kind_of(cache)}; pass what forward returned last"
            )
        shape: tuple[int | str, ...] = (*leading, self.hidden_size)
        return check_array("cache.h", cache.h, shape, dtype=self.dtype).shape
