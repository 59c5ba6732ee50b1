"""Exercises of lesson 10: sequence to sequence."""

from typing import Any

import numpy as np

from rnnlib._typing import Array, Grads, Rng
from rnnlib.cells import GRUCell, RNNCell
from rnnlib.exercises.exercise import Answer, Case, Claim, Exercise
from rnnlib.exercises.lesson_10.beam import BEAM
from rnnlib.exercises.lesson_10.bleu import BLEU
from rnnlib.exercises.lesson_10.greedy import GREEDY
from rnnlib.exercises.lesson_10.tokens import MASKED_LOSS, SHIFT
from rnnlib.exercises.questions import Card, Question
from rnnlib.gradcheck import numerical_gradients
from rnnlib.metrics import exact_match
from rnnlib.models import Model
from rnnlib.optimizers import Adam
from rnnlib.recurrent import Recurrent
from rnnlib.schedules import cosine_decay
from rnnlib.seq2seq import Seq2Seq
from rnnlib.tasks import Reversal
from rnnlib.training import fit

__all__ = ["EXERCISES"]

Layer = Recurrent


def hand_back(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Return the gradients of the decoder's and of the encoder's parameters."""
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    _, _, encoder_grads = encoder.backward(dh, h_cache, d_hand_over)
    return decoder_grads, encoder_grads


def nothing_handed_back(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Your encoder learns nothing: all its gradients are zero.

    The decoder's backward pass returns the gradient of the state that it started from.
    Whose last state was that?
    """
    _, _, decoder_grads = decoder.backward(ds, s_cache)
    _, _, encoder_grads = encoder.backward(np.zeros_like(h_cache.h), h_cache)
    return decoder_grads, encoder_grads


def at_the_first_step(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """The gradient arrives at the encoder's first state.

    Which of the encoder's states was handed over: the one after the first letter, or
    the one after the last?
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    dh[0] = d_hand_over.h
    _, _, encoder_grads = encoder.backward(dh, h_cache)
    return decoder_grads, encoder_grads


def at_every_step(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Each of the encoder's states gets the gradient that belongs to one of them.

    The decoder reads a single state. The earlier ones take part only through it, and
    the encoder's own backward pass sees to that.
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.broadcast_to(d_hand_over.h, h_cache.h.shape).copy()
    _, _, encoder_grads = encoder.backward(dh, h_cache)
    return decoder_grads, encoder_grads


def handed_back_twice(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """Your encoder gets twice what it should.

    You gave the gradient in the last row of dh, and as d_state as well. Both mean the
    same state.
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    dh[-1] = d_hand_over.h
    _, _, encoder_grads = encoder.backward(dh, h_cache, d_hand_over)
    return decoder_grads, encoder_grads


def from_the_last_answer(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """You hand back the gradient of a decoder state, not that of the state handed over.

    It has to go through all of the decoder's steps first. Which of the three things
    that backward returns is it?
    """
    _, _, decoder_grads = decoder.backward(ds, s_cache)
    dh = np.zeros_like(h_cache.h)
    dh[-1] = ds[0]
    _, _, encoder_grads = encoder.backward(dh, h_cache)
    return decoder_grads, encoder_grads


def read_by_a_loss(
    ds: Array, decoder: Layer, s_cache: Any, encoder: Layer, h_cache: Any
) -> tuple[Grads, Grads]:
    """You gave ds to the encoder as well, as if its states were read by the loss.

    ds belongs to the decoder's T states. The encoder has S of them. Which loss looks at
    those, and what is its gradient?
    """
    _, d_hand_over, decoder_grads = decoder.backward(ds, s_cache)
    _, _, encoder_grads = encoder.backward(ds, h_cache, d_hand_over)
    return decoder_grads, encoder_grads


def _two_layers(rng: Rng) -> list[Case]:
    cases: list[Case] = []
    for S, T, B, D, H in ((1, 1, 1, 2, 3), (3, 2, 1, 2, 3), (4, 3, 2, 3, 4)):
        encoder, decoder = (Recurrent(RNNCell(D, H, rng=rng)) for _ in range(2))
        x, y = (rng.standard_normal((steps, B, D)) for steps in (S, T))
        _, hand_over, h_cache = encoder.forward(x)
        s, _, s_cache = decoder.forward(y, hand_over)
        cases.append(
            {
                "ds": rng.standard_normal(s.shape),
                "decoder": decoder,
                "s_cache": s_cache,
                "encoder": encoder,
                "h_cache": h_cache,
            }
        )
    return cases


def _two_layers_numerically(case: Case) -> tuple[Grads, Grads]:
    encoder, decoder = case["encoder"], case["decoder"]
    places = {f"e.{name}": array for name, array in encoder.params.items()}
    places |= {f"d.{name}": array for name, array in decoder.params.items()}

    def loss(**arrays: Array) -> Any:
        parts = {
            side: {name[2:]: a for name, a in arrays.items() if name[0] == side}
            for side in "ed"
        }
        _, state, _ = encoder.with_params(parts["e"]).forward(case["h_cache"].x)
        s, _, _ = decoder.with_params(parts["d"]).forward(case["s_cache"].x, state)
        return (case["ds"] * s).sum()

    found = numerical_gradients(loss, places)
    decoders, encoders = (
        {name[2:]: array for name, array in found.items() if name[0] == side}
        for side in "de"
    )
    return decoders, encoders


HAND_BACK = Exercise(
    id="10.3",
    kind="G",
    title="Back through the hand-over",
    reference=hand_back,
    returns=("decoder_grads", "encoder_grads"),
    cases=_two_layers,
    bugs=(
        nothing_handed_back,
        at_the_first_step,
        at_every_step,
        handed_back_twice,
        from_the_last_answer,
        read_by_a_loss,
    ),
    hints=(
        "Draw the arrow of the hand-over, and run along it backwards. Where does it "
        "leave the decoder, where does it enter the encoder?",
        "`backward` of a layer returns three things, the second is the gradient of the "
        "state at its start. And it takes one for the state at its end: d_state.",
        "backward of the decoder gives its gradients and that of the hand-over; "
        "backward of the encoder takes zeros for dh, since no loss looks at its "
        "states, and the gradient of the hand-over as d_state.",
    ),
    numerical=_two_layers_numerically,
    source=Seq2Seq.loss,
)

LENGTH, UPDATES, MARK = 4, 600, 0.85


def reverser(vocab_size: int, rng: Rng) -> Model:
    """Return an encoder and a decoder that can learn to reverse short words."""
    encoder, decoder = (
        Recurrent(GRUCell(vocab_size, 48, rng=rng, dtype=np.float32)) for _ in range(2)
    )
    return Seq2Seq(encoder, decoder, rng=rng)


def _trained_match(answer: Answer, case: Case) -> Any:
    """Train what the answer builds; return its share of exact answers."""
    task, rng = Reversal(max_length=6), case["rng"]
    model = answer(len(task.source_vocabulary), rng)
    if not isinstance(model, Seq2Seq):
        return f"a {type(model).__name__}"
    batches = (task.sample(32, rng=rng) for _ in range(UPDATES))
    schedule = cosine_decay(UPDATES)
    fit(model, batches, Adam(0.01), clip_norm=1.0, schedule=schedule, progress=False)
    words = Reversal(max_length=LENGTH, min_length=LENGTH)
    pairs = words.sample(500, rng=rng, split="held_out")
    said = model.predict(pairs.source, max_length=LENGTH + 2)
    return exact_match(said, pairs.target, pairs.target_mask)


def _reaches_the_mark(match: Any, case: Case) -> Any:
    if isinstance(match, str):
        return f"It should return a Seq2Seq; yours returns {match}."
    if match >= MARK:
        return True
    return (
        f"After {UPDATES} updates {match:.0%} of new words of {LENGTH} letters come "
        f"back reversed; {MARK:.0%} is the mark. What goes through the hand-over?"
    )


REVERSER = Exercise(
    id="10.7",
    kind="T",
    title="A net that reverses words",
    reference=reverser,
    cases=lambda rng: [{"rng": rng}],
    hints=(
        "A Seq2Seq is made of two layers with weights of their own, and of what you "
        "have learned about which cell remembers.",
        "Gated cells keep letters longer than the plain RNN. The state must hold four "
        "letters and their order: a few dozen units.",
        "make an encoder and a decoder, each a Recurrent of its own GRU cell with "
        "vocab_size inputs and about 48 units, in float32 for speed; return the "
        "Seq2Seq of both.",
    ),
    observe=_trained_match,
    claims=(Claim("words of four letters come back reversed.", _reaches_the_mark),),
    seconds=60.0,
)

TWO_LOSSES = Question(
    id="10.8",
    title="Good loss, bad answer",
    prompt="A decoder was trained with the truth fed in. Its loss is low, and still "
    "many of its answers are wrong. How can that be?",
    options={
        "a": (
            "The loss was computed wrongly.",
            "It may be quite right: it answers another question. What was the decoder "
            "fed when the loss was measured, and what is it fed in use?",
        ),
        "b": (
            "In use it reads its own mistakes, which it never saw in training.",
            "Yes. One wrong token leads to where it has never been, and all tokens "
            "must be right for an exact match. So measure the free run.",
        ),
        "c": (
            "The encoder is switched off in use.",
            "No: encoder and decoder both run, in training and in use. Look at what "
            "the decoder reads at each step.",
        ),
    },
    right="b",
)

DATES = Question(
    id="10.9",
    title="Dates through a bottleneck",
    prompt="A date of about 20 characters goes through one state of 64 numbers. After "
    "500 updates, how many of 100 new dates come out right?",
    options={
        "a": (
            "next to none",
            "Yes. The date itself would fit into 64 numbers easily. What is hard is to "
            "learn, in so few updates, to put it there and to read it out again.",
        ),
        "b": (
            "about half",
            "Far fewer. All ten characters have to be right, and each has to be found "
            "in the state that the whole date went into.",
        ),
        "c": (
            "nearly all, as with the French numbers",
            "Far fewer. A number has at most six words, a date twenty characters, and "
            "what is asked for first may stand last.",
        ),
    },
    right="a",
)

B10 = Card(
    id="B10",
    claim="Sequence to sequence is many to many followed by one to many.",
    truth=False,
    statement="The encoder is many to one: it reads everything and hands over one "
    "state. The decoder is one to many: from that state it writes everything.",
)

B11 = Card(
    id="B11",
    claim="The encoder is for learning, the decoder is for generating.",
    truth=False,
    statement="Both run in training and in use, and they are trained together: the "
    "gradient goes back through the hand-over into the encoder. What differs is what "
    "the decoder reads: the truth in training, its own words in use.",
)

EXERCISES = (
    SHIFT,
    MASKED_LOSS,
    HAND_BACK,
    GREEDY,
    BEAM,
    BLEU,
    REVERSER,
    TWO_LOSSES,
    DATES,
    B10,
    B11,
)
