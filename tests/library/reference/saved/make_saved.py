"""Write the stored model files of before: every kind of model and of cell.

They were written once by the library of before the move (its commit ac6e7ec), under the
names and options of then: `Generator`, `LSTMCell(peephole=True)`. What each model said
of the inputs in `inputs.npz` is in `answers.npz`. Run with that commit on the path:

    PYTHONPATH=<checkout of ac6e7ec> python tests/library/reference/saved/make_saved.py
"""

from pathlib import Path
from typing import Any

import numpy as np

import rnnlib

HERE = Path(__file__).parent
old: Any = rnnlib  # of then: it has names that it has no more
T, B, V, H = 4, 2, 5, 3
rng = np.random.default_rng(0)
INPUTS = {
    "tokens": rng.integers(0, V, size=(T, B)),
    "mask": np.arange(T)[:, None] < [T, 2],
    "vectors": rng.standard_normal((B, 3)),
}
CELLS: Any = [
    *((old.RNNCell, {"activation": name}) for name in ("tanh", "relu", "sigmoid")),
    (old.RNNCell, {"activation": "identity"}),
    (old.LSTMCell, {}),
    (old.LSTMCell, {"peephole": True}),
    (old.LSTMCell, {"coupled": True}),
    (old.LSTMCell, {"coupled": True, "peephole": True}),
    (old.GRUCell, {}),
    (old.GRUCell, {"reset": "before"}),
    (old.GRUCell, {"z_writes": True}),
    (old.GRUCell, {"reset": "before", "z_writes": True}),
]


def recurrent(kind=old.RNNCell, D=V, **options):
    return old.Recurrent(kind(D, H, rng=rng), **options)


def every_cell():
    """Return one stack with a layer of each kind of cell."""
    sizes = [V] + [2] * len(CELLS)
    return old.Stacked(
        [
            old.Recurrent(kind(D, 2, rng=rng, dtype=np.float32, **options))
            for D, (kind, options) in zip(sizes, CELLS, strict=False)
        ]
    )


def nested():
    both = old.Bidirectional(
        old.LSTMCell(V, 2, rng=rng),
        old.GRUCell(V, 1, rng=rng),
        learn_initial_state=True,
    )
    return old.Stacked([both, recurrent(D=3)])


def translator(attention=None, **options):
    layers = recurrent(old.GRUCell), recurrent(old.GRUCell)
    return old.Seq2Seq(*layers, rng=rng, attention=attention, **options)


MODELS = {
    "classifier": lambda: old.Classifier(3, H, 2, rng=rng),
    "sequence_classifier": lambda: old.SequenceClassifier(
        nested(), 3, rng=rng, pool="mean", loss="mean_squared_error"
    ),
    "sequence_classifier_last": lambda: old.SequenceClassifier(nested(), 2, rng=rng),
    "tagger_of_every_cell": lambda: old.Tagger(
        every_cell(), 2, rng=rng, loss="binary_cross_entropy", dropout=0.25
    ),
    "language_model": lambda: old.LanguageModel(
        recurrent(old.LSTMCell, learn_initial_state=True), rng=rng, dropout=0.5
    ),
    "generator": lambda: old.Generator(
        3, recurrent(old.GRUCell), rng=rng, start=3, end=4, dropout=0.1
    ),
    "seq2seq": lambda: translator(),
    "seq2seq_dot": lambda: translator(old.DotAttention(scaled=True)),
    "seq2seq_additive": lambda: translator(
        old.AdditiveAttention(H, H, 3, rng=rng), teacher_forcing=0.5, start=4, end=3
    ),
}


def answers(name, model):
    """Return the scores of a model."""
    tokens, mask, vectors = INPUTS.values()
    if name == "classifier":
        return model.logits(vectors)[0]
    if name.startswith("seq2seq") or name == "generator":
        given = (vectors,) if name == "generator" else (tokens, mask)
        scores, state = model.step(tokens[0], model.start(*given))
        return np.stack([scores, model.step(tokens[1], state)[0]])
    h, end, _ = model.parts["recurrent"].forward(tokens, None, mask)
    if name.startswith("sequence_classifier"):
        return model.scores(model._pooled(h, end, mask), None)[0]
    return model.scores(h, None)[0]


if __name__ == "__main__":
    said: Any = {}
    for name, make in MODELS.items():
        model = make()
        for array in model.params.values():
            array[...] = rng.standard_normal(array.shape) / 2
        old.save(HERE / f"{name}.npz", model)
        said[name] = answers(name, model)
    arrays: Any = INPUTS
    np.savez(HERE / "inputs.npz", **arrays)
    np.savez(HERE / "answers.npz", **said)
