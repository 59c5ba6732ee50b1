"""Tokens may be whole numbers of every type, whatever an index is on this system.

numpy 2.0 refuses uint64 here as it refuses int64 on a 32-bit system: in `np.take`,
`np.bincount` and `np.repeat` both are wider than an index.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    Batch,
    DotAttention,
    Embedding,
    LanguageModel,
    Pairs,
    Recurrent,
    Seq2Seq,
    SequenceClassifier,
    Tagger,
    Vocabulary,
    accuracy,
    batchify,
    beam_search,
    chunks,
    cross_entropy,
    generate,
    greedy,
    mini_batches,
    one_hot,
    pad,
)
from rnnlib._typing import Array
from rnnlib.tasks import BracketLanguage, TemporalOrder
from tests.library.nets import LAYERS, draw_cell, draw_layer

T, B, V = 9, 3, 5
TYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
MASK = np.arange(T)[:, None] < [9, 4, 6]


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def through_a_layer(form: str) -> Callable[[Array], Any]:
    def run(tokens: Array) -> Any:
        layer = draw_layer(rng(), form, V)
        h, _, cache = layer.forward(tokens, None, MASK)
        return h, layer.backward(np.ones_like(h), cache)[:2]

    return run


def through_an_embedding(tokens: Array) -> Any:
    layer = Embedding(V, 4, rng=rng())
    vectors, cache = layer.forward(tokens, MASK)
    return vectors, layer.backward(np.ones_like(vectors), cache)


def through_a_model(make: Any, batch: Callable[[Array], Any]) -> Callable[..., Any]:
    def run(tokens: Array) -> Any:
        loss = make().loss(batch(tokens), rng=rng())
        return loss.value, loss.grads

    return run


def layer() -> Recurrent:
    return Recurrent(draw_cell(rng(), V, 4, "lstm"))


def translator() -> Seq2Seq:
    return Seq2Seq(
        layer(), layer(), rng=rng(), attention=DotAttention(), teacher_forcing=0.5
    )


USES: dict[str, Callable[[Array], Any]] = {
    **{form: through_a_layer(form) for form in LAYERS},
    "embedding": through_an_embedding,
    "language model": through_a_model(
        lambda: LanguageModel(layer(), rng=rng()), lambda x: Batch(x, x[::-1], MASK)
    ),
    "tagger": through_a_model(
        lambda: Tagger(layer(), V, rng=rng()), lambda x: Batch(x, x[::-1], MASK, MASK)
    ),
    "classifier": through_a_model(
        lambda: SequenceClassifier(layer(), V, rng=rng()),
        lambda x: Batch(x, x[0], None, MASK),
    ),
    "translator": through_a_model(translator, lambda x: Pairs(x, MASK, x, MASK)),
    "generate": lambda x: generate(
        LanguageModel(layer(), rng=rng()), 3, prompt=x[:4], choose=greedy
    ),
    "a writer with a start": lambda x: generate(
        translator(), 3, prompt=x[:4], choose=greedy, state=translator().start(x, MASK)
    ),
    "beam search": lambda x: beam_search(
        LanguageModel(layer(), rng=rng()), prompt=x[:, 0], width=2, max_length=3, end=2
    ),
    "cross entropy": lambda x: cross_entropy(np.eye(V)[x[::-1]], x, MASK),
    "one hot": lambda x: one_hot(x, V),
    "accuracy": lambda x: accuracy(x, x[::-1], MASK),
    "batchify": lambda x: list(chunks(batchify(x.ravel(), 2), 3)),
    "mini-batches": lambda x: list(mini_batches([*x.T], x[0], 2, rng=rng())),
    "pad": lambda x: pad([x[:, 0], x[:4, 1]]),
    "decode": lambda x: Vocabulary("abcde").decode(x[:, 0]),
}


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("use", USES)
def test_tokens_may_be_whole_numbers_of_every_type(use: str, dtype: str) -> None:
    tokens = rng().integers(V, size=(T, B))
    np.testing.assert_equal(USES[use](tokens.astype(dtype)), USES[use](tokens))


def test_a_token_beyond_all_indices_is_refused() -> None:
    huge = np.array([[3], [2**64 - 1]], dtype=np.uint64)
    for use in (lambda: layer().forward(huge), lambda: one_hot(huge, V)):
        with pytest.raises(
            ValueError, match="must be at most 9223372036854775807, got 18"
        ):
            use()


@pytest.mark.parametrize("dtype", ["int8", "int32", "<i8", ">i8"])
def test_the_set_of_an_example_does_not_depend_on_the_size_of_an_integer(
    dtype: str,
) -> None:
    task, tokens = BracketLanguage(9), rng().integers(V, size=(200, 9))
    held_out = [task._is_held_out(row) for row in tokens]
    assert 20 < sum(held_out) < 60
    assert [task._is_held_out(row) for row in tokens.astype(dtype)] == held_out


def test_what_a_task_draws_can_be_counted_on_any_system() -> None:
    batch = TemporalOrder(10).sample(20, rng=rng())
    assert batch.inputs.dtype == batch.targets.dtype == np.intp
