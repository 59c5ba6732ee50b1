"""One LSTM unit in three forms: standard, with peepholes, with coupled gates."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnncourse.shared.wording import fixed
from rnnlib.cells import CoupledLSTMCell, LSTMCell, LSTMState, PeepholeLSTMCell

__all__ = ["VARIANTS", "Variant", "compute", "parameters", "unit"]

CELLS = {
    "standard": LSTMCell,
    "peephole": PeepholeLSTMCell,
    "coupled": CoupledLSTMCell,
}
VARIANTS = tuple(CELLS)
H_PREV = 0.5
WEIGHTS = {  # of one unit: for x, for h_prev, and the bias
    "i": (0.8, 0.4, -0.3),
    "f": (-0.6, 0.5, 1.0),
    "o": (0.5, -0.7, 0.2),
    "g": (1.2, 0.6, 0.1),
}
PEEPHOLES = {"i": -0.6, "f": 0.7, "o": 0.5}
SHOWN_SIZE = 100


@dataclass(frozen=True)
class Variant:
    """One step of one unit.

    Attributes
    ----------
    variant : str
    plain : dict of str to float
        Pre-activation of each gate without a peephole, `x w_x + h_prev w_h + b`.
    x, h_prev, c_prev : float
    i, f, o, g, c, tanh_c, h : float
    """

    variant: str
    plain: Mapping[str, float]
    x: float
    h_prev: float
    c_prev: float
    i: float
    f: float
    o: float
    g: float
    c: float
    tanh_c: float
    h: float

    @property
    def kept(self) -> float:
        """What is kept of the old cell state."""
        return self.f * self.c_prev

    @property
    def written(self) -> float:
        """What is added to it."""
        return self.i * self.g

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        i, f, o = (fixed(gate) for gate in (self.i, self.f, self.o))
        says = {
            "standard": "Standard: the gates look at x and h_prev, not at the cell "
            f"state: i = {i}, f = {f}, o = {o}, whatever c_prev is.",
            "peephole": "Peephole: c_prev takes part in i and f, the new c in o: "
            f"i = {i}, f = {f}, o = {o}.",
            "coupled": f"Coupled: i = 1 − f = {i}, so the share that is written is the "
            f"share that is forgotten; f = {f}, o = {o}.",
        }[self.variant]
        return (
            f"{says} c = {fixed(self.c)}, h = {fixed(self.h)}. A layer with D = H = "
            f"{SHOWN_SIZE} has {parameters(self.variant):,} parameters."
        )


def unit(variant: str) -> LSTMCell:
    """Return a cell of one unit, with weights that can be written down."""
    cell = CELLS[variant](1, 1, rng=np.random.default_rng(0))
    for gate in cell.gates:
        for name, weight in zip(("W_xh", "W_hh", "b_h"), WEIGHTS[gate], strict=True):
            cell.split(cell.params[name])[gate][...] = weight
    if variant == "peephole":
        for gate, weight in PEEPHOLES.items():
            cell.params[f"w_c{gate}"][...] = weight
    return cell


def compute(*, variant: str, x: float, c_prev: float) -> Variant:
    """Take one step of one unit, from the hidden state 0.5."""
    cell = unit(variant)
    state = LSTMState(np.full((1, 1), H_PREV), np.full((1, 1), float(c_prev)))
    _, cache = cell.forward(np.full((1, 1), float(x)), state)
    letters = ("i", "f", "o", "g", "c", "tanh_c", "h")
    values = [float(getattr(cache, letter)[0, 0]) for letter in letters]
    plain = {
        gate: w_x * x + w_h * H_PREV + b for gate, (w_x, w_h, b) in WEIGHTS.items()
    }
    return Variant(variant, plain, x, H_PREV, c_prev, *values)


def parameters(variant: str) -> int:
    """Return how many parameters such a layer has, with 100 inputs and 100 units."""
    blocks = 3 if variant == "coupled" else 4
    peepholes = 3 * SHOWN_SIZE if variant == "peephole" else 0
    return blocks * SHOWN_SIZE * (2 * SHOWN_SIZE + 1) + peepholes
