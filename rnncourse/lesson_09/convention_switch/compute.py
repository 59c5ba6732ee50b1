"""One GRU, and what it becomes in another library: copied, or converted."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnncourse.shared.wording import number
from rnnlib._typing import Array
from rnnlib.cells import GRUCell, convert_gru
from rnnlib.recurrent import Recurrent

__all__ = ["CONVENTIONS", "HOW", "STEPS", "UNITS", "Switch", "compute"]

INPUTS, UNITS, STEPS, LONG = 2, 3, 24, 400
SEED = 18  # of the one network
SAME = 1e-12
HOW = ("copied", "converted")


@dataclass(frozen=True)
class Convention:
    """How a library writes its GRU: the order of blocks, and what r and z do."""

    order: str
    reset: str
    z_writes: bool


CONVENTIONS = {
    "PyTorch": Convention("rzn", "after", False),
    "Keras": Convention("zrn", "after", False),
    "Cho 2014": Convention("rzn", "before", False),
    "Chung 2014": Convention("rzn", "before", True),
}
Weights = dict[str, Array]


@dataclass(frozen=True)
class Switch:
    """What one unit does before and after.

    Attributes
    ----------
    given, taken : str
        The names of both conventions.
    how : str
        One of HOW.
    unit : int
        Whose states are shown, from 1.
    blocks : pair of ndarray (H, 3H)
        W_hh as each of the two stores it.
    orders : pair of str
        The letters of its blocks.
    states : pair of ndarray (T,)
        Of that unit.
    apart : float
        The largest difference of any unit at any step.
    """

    given: str
    taken: str
    how: str
    unit: int
    blocks: tuple[Array, Array]
    orders: tuple[str, str]
    states: tuple[Array, Array]
    apart: float

    @property
    def same_reset(self) -> bool:
        """Whether the reset gate sits on the same side in both."""
        one, other = CONVENTIONS[self.given], CONVENTIONS[self.taken]
        return one.reset == other.reset

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        what = f"{self.given} to {self.taken}, {self.how}:"
        if self.apart < SAME:
            return f"{what} no state is more than 1e-12 apart. It is the same network."
        apart = f"the states are up to {number(self.apart)} apart"
        if self.how == "converted":
            return (
                f"{what} {apart}. r sits on the other side, and no weights make up for "
                "that. These are the candidate's nearest, with the gates as they were."
            )
        if self.same_reset:
            return f"{what} {apart}. Every shape fits, and it is another network."
        after = CONVENTIONS[self.given].reset == "after"
        place = "which has no place there" if after else "which is 0 there"
        return f"{what} {apart}. Every shape fits but that of b_hn, {place}."


def compute(*, given: str, taken: str, how: str, unit: int) -> Switch:
    """Run one network as it is, and in the convention that takes it."""
    before, after = _weights(given), _taken(given, taken, how)
    ours, theirs = _run(given, before), _run(taken, after)
    return Switch(
        given,
        taken,
        how,
        unit,
        (before["W_hh"], after["W_hh"]),
        (CONVENTIONS[given].order, CONVENTIONS[taken].order),
        (ours[:, unit - 1], theirs[:, unit - 1]),
        float(abs(ours - theirs).max()),
    )


def _weights(name: str) -> Weights:
    """Return the network as a convention stores it: one for each place of r."""
    rng = np.random.default_rng(SEED)
    weights = {
        "W_xh": rng.standard_normal((INPUTS, 3 * UNITS)),
        "W_hh": 1.4 * rng.standard_normal((UNITS, 3 * UNITS)),
        "b_h": 0.5 * rng.standard_normal(3 * UNITS),
        "b_hn": 0.5 * rng.standard_normal(UNITS),
    }
    cell = _cell(Convention("rzn", CONVENTIONS[name].reset, False), weights)
    return _stored(cell, CONVENTIONS[name])


@lru_cache(maxsize=64)
def _taken(given: str, taken: str, how: str) -> Weights:
    """Return the weights that the other library is given."""
    weights = _weights(given)
    if how == "copied":
        return weights
    cell = _cell(CONVENTIONS[given], weights)
    if CONVENTIONS[given].reset != CONVENTIONS[taken].reset:
        cell = _nearest(cell)
    return _stored(cell, CONVENTIONS[taken])


def _cell(convention: Convention, weights: Weights) -> GRUCell:
    """Return the cell that a library makes of some weights."""
    cell = GRUCell(
        INPUTS,
        UNITS,
        rng=np.random.default_rng(0),
        reset=convention.reset,
        z_writes=convention.z_writes,
    )
    for name, array in cell.params.items():
        found = weights.get(name, np.zeros_like(array))
        array[...] = (
            found if name == "b_hn" else _ordered(found, convention.order, "rzn")
        )
    return cell


def _stored(cell: GRUCell, convention: Convention) -> Weights:
    """Return the weights of a cell as a library stores them."""
    cell = convert_gru(cell, reset=convention.reset, z_writes=convention.z_writes)
    return {
        name: array if name == "b_hn" else _ordered(array, "rzn", convention.order)
        for name, array in cell.params.items()
    }


def _ordered(array: Array, given: str, wanted: str) -> Array:
    blocks = dict(zip(given, np.split(array, 3, axis=-1), strict=True))
    return np.concatenate([blocks[gate] for gate in wanted], axis=-1)


def _inputs(steps: int, seed: int) -> Array:
    return 1.5 * np.random.default_rng(seed).standard_normal((steps, 1, INPUTS))


def _run(name: str, weights: Weights) -> Array:
    """Return the states over STEPS steps, (T, H)."""
    layer = Recurrent(_cell(CONVENTIONS[name], weights))
    h, _, _ = layer.forward(_inputs(STEPS, seed=1))
    return h[:, 0]


def _nearest(cell: GRUCell) -> GRUCell:
    """Return the GRU with r on the other side that comes closest, the gates as given.

    Along a long run of `cell` the candidate's weights are found by least squares of its
    pre-activation.
    """
    x = _inputs(LONG, seed=2)
    _, _, run = Recurrent(cell).forward(x)
    h_prev, r = run.h_prev[:, 0], run.r[:, 0]
    W_xn, W_hn, b_n = (cell.params[k][..., -UNITS:] for k in ("W_xh", "W_hh", "b_h"))
    old = (r * h_prev) @ W_hn
    if cell.reset_after:
        old = r * (h_prev @ W_hn + cell.params["b_hn"])
    wanted = x[:, 0] @ W_xn + b_n + old
    reset = "before" if cell.reset_after else "after"
    near = GRUCell(
        INPUTS, UNITS, rng=np.random.default_rng(0), reset=reset, z_writes=cell.z_writes
    )
    for name in ("W_xh", "W_hh", "b_h"):
        near.params[name][...] = cell.params[name]
    ones = np.ones((LONG, 1))
    for unit in range(UNITS):
        after = r[:, [unit]] * np.hstack([h_prev, ones])
        seen = after if near.reset_after else r * h_prev
        columns = np.hstack([x[:, 0], ones, seen])
        found, *_ = np.linalg.lstsq(columns, wanted[:, unit], rcond=None)
        place = 2 * UNITS + unit
        near.params["W_xh"][:, place], near.params["b_h"][place] = found[:2], found[2]
        near.params["W_hh"][:, place] = found[3 : 3 + UNITS]
        if near.reset_after:
            near.params["b_hn"][unit] = found[-1]
    return near
