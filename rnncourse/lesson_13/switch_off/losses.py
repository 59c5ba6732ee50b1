"""What the stored net of brackets loses without each unit, and without directions.

``python -m rnncourse.lesson_13.switch_off`` measures anew, in a few seconds.
"""

from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.lesson_13.held import directions, states_of, texts
from rnncourse.lesson_13.nets import brackets
from rnncourse.shared.open_brackets import depths, quoted
from rnnlib._typing import Array
from rnnlib.activations import log_softmax
from rnnlib.batches import Batch
from rnnlib.diagnostics import ablated, principal_components
from rnnlib.models import LanguageModel
from rnnlib.storage import read_arrays, write_arrays

__all__ = ["DIRECTIONS", "PLACES", "SHOWN", "UNITS", "measure", "stored"]

STORED, KIND = Path(__file__).with_name("losses.npz"), "switch off"
UNITS, SHOWN = 24, 8  # of the net; texts that are shown, symbol by symbol
DIRECTIONS = {
    "quote, reading": "the reading direction of the quote",
    "quote, moving": "the moving direction of the quote",
    "depth, reading": "the reading direction of the depth",
    "depth, moving": "the moving direction of the depth",
    "widest": "the direction of most variance",
    "random": "a random direction",
}
PLACES = ("all", "in a quote", *(f"depth {d}" for d in range(5)))


def vectors() -> Array:
    """Return what is held in turn: each unit, then DIRECTIONS, (30, H)."""
    net = brackets()
    widest = principal_components(states_of(net, texts("train")), 1).directions
    known = directions(net)
    chosen = [
        vector
        for name in ("quote", "depth")
        for vector in (known[name].probe.direction, known[name].moves)
    ]
    random = np.random.default_rng(13).standard_normal(UNITS)
    return np.array([*np.eye(UNITS), *chosen, *widest, random])


def paid(model: LanguageModel, batch: Batch) -> Array:
    """Return what each symbol of some texts costs, in bits, (T, B)."""
    y, _ = model.logits(batch.inputs)
    taken = np.take_along_axis(log_softmax(y), batch.targets[..., None], axis=-1)
    cost: Array = -taken[..., 0] / np.log(2)
    return cost


def places_of(batch: Batch) -> Array:
    """Return for each of PLACES which symbols come there, bool (7, T, B).

    A place is what is open before a symbol; the depths are those outside quotes.
    """
    depth, quote = depths(batch.inputs), quoted(batch.inputs)
    outside = [(depth == d) & ~quote for d in range(5)]
    return np.array([np.ones_like(quote), quote, *outside])


def measure() -> None:
    """Store the loss by place of the whole net and without each, and some texts."""
    net, batch = brackets(), texts("held_out")
    at = states_of(net, texts("train")).mean(axis=(0, 1))
    nets = [net, *(ablated(net, vector, at=at) for vector in vectors())]
    costs = np.array([paid(each, batch) for each in nets])  # (31, T, B)
    where = places_of(batch)
    means = [[cost[place].mean() for place in where] for cost in costs]
    deep = np.argsort(-depths(batch.inputs).mean(axis=0), kind="stable")[:SHOWN]
    arrays = {
        "losses": np.array(means),
        "costs": costs[..., deep].astype(np.float32),
        "read": batch.inputs[:, deep],
        "next": batch.targets[:, deep],
    }
    write_arrays(STORED, KIND, {}, arrays)


@cache
def stored() -> dict[str, Array]:
    """Return what `measure` has stored.

    "losses" (31, 7), in bits per symbol, the whole net first; of SHOWN texts "costs"
    (31, T, 8), likewise, and the symbols that were "read" and came "next", (T, 8).
    """
    return dict(read_arrays(STORED, KIND)[1])
