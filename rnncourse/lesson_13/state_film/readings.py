"""What the nets of the film read, step by step, and what is to be known there."""

from typing import NamedTuple

import numpy as np

from rnncourse.lesson_13 import nets
from rnncourse.lesson_13.tasks import KEPT, REVIEWS, SILENCE, PausedReviews
from rnncourse.shared.open_brackets import depths
from rnnlib._typing import Array, Rng
from rnnlib.models import Model
from rnnlib.tasks import FlipFlop

__all__ = ["EXAMPLES", "NETS", "STEPS", "Reading", "reading"]

NETS = ("flip-flop, 2 bits", "brackets", *KEPT)
EXAMPLES, STEPS = 10, 40
PULSES = "·+−"  # 0, 1, -1
AFTER = 20  # steps of silence that count


class Reading(NamedTuple):
    """Sequences for a net.

    Attributes
    ----------
    model : Model
    inputs : array (T, B), or (T, B, D)
    known : array (T, B)
        What is to be known at each step: bits, brackets that are open, an opinion, or
        stars.
    counts : bool array (T, B)
        Which of the states the plane is made for.
    words : list of list of str
        The first STEPS of the first EXAMPLES sequences.
    """

    model: Model
    inputs: Array
    known: Array
    counts: Array
    words: list[list[str]]


def reading(net: str, count: int, *, rng: Rng) -> Reading:
    """Return `count` sequences for one of NETS."""
    if net == NETS[0]:
        batch = FlipFlop(2, STEPS, 0.15).sample(count, rng=rng)
        shown = batch.inputs[:, :EXAMPLES].astype(int).swapaxes(0, 1)
        words = [["".join(PULSES[k] for k in x) for x in row] for row in shown]
        everywhere = np.ones(batch.targets.shape, bool)
        return Reading(
            nets.flip_flop(2), batch.inputs, batch.targets, everywhere, words
        )
    if net == NETS[1]:
        tokens = nets.BRACKETS.sample(count, rng=rng).inputs
        everywhere = np.ones(tokens.shape, bool)
        words = _words(tokens, nets.BRACKETS.symbols)
        return Reading(nets.brackets(), tokens, depths(tokens), everywhere, words)
    batch = PausedReviews(net, 0).sample(count, rng=rng)
    T, _ = batch.inputs.shape
    silence = np.full((STEPS, count), SILENCE)
    tokens = np.concatenate([batch.inputs, silence])
    ends = np.asarray(batch.input_mask).sum(axis=0)
    steps = np.arange(T + STEPS)[:, None]
    counts = (steps >= ends) & (steps < ends + AFTER)
    known = np.broadcast_to(batch.targets[0], tokens.shape)
    return Reading(
        nets.reviews(net), tokens, known, counts, _words(tokens, REVIEWS.symbols)
    )


def _words(tokens: Array, symbols: tuple[str, ...]) -> list[list[str]]:
    shown = tokens[:STEPS, :EXAMPLES].T
    return [[symbols[k].replace("<pad>", "·") for k in row] for row in shown]
