"""What a model is given: batches and pairs; shuffled, padded, or cut along time.

Two things are often mixed up. A *mini-batch* is several sequences side by side, each on
its own. *Truncated* back-propagation cuts long sequences into chunks of tau steps, one
after the other: the state is carried over a cut, the gradient is not.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnnlib._checks import as_array, check_kind, check_rng, check_size, check_tokens
from rnnlib._typing import Array, ArrayLike, Rng
from rnnlib._words import kind_of
from rnnlib.vocab import pad

__all__ = [
    "END",
    "PAD",
    "SPECIALS",
    "START",
    "Batch",
    "Chunk",
    "Pairs",
    "batchify",
    "chunks",
    "mini_batches",
]

PAD, START, END = 0, 1, 2
SPECIALS = ("<pad>", "<start>", "<end>")


class Batch(NamedTuple):
    """Sequences, what is asked of them, and which of the answers count.

    Attributes
    ----------
    inputs : integer tokens (T, B) or floats (T, B, D)
    targets : integers (T, B) or (B,), or floats (B, D)
    mask : bool array (T, B), or None
        True where an answer is asked for. None: everywhere.
    input_mask : bool array (T, B), or None
        True where a step exists, False in the padding. None: everywhere.
    """

    inputs: Array
    targets: Array
    mask: Array | None = None
    input_mask: Array | None = None


class Pairs(NamedTuple):
    """Sources and targets side by side, time first, each with the mask of what exists.

    A source holds its symbols and nothing else. A target holds its symbols and then
    END. What the decoder reads is the target one step later: START first, and the last
    token left out. All padding is PAD. These three are the tokens 0, 1 and 2 of every
    vocabulary here: `rnnlib.tasks.PAD`, `START`, `END`.

    Attributes
    ----------
    source : integer tokens (S, B)
    source_mask : bool array (S, B)
    target : integer tokens (T, B)
    target_mask : bool array (T, B)
        True up to and including END.
    """

    source: Array
    source_mask: Array
    target: Array
    target_mask: Array


class Chunk(NamedTuple):
    """A `Batch` that is a piece of longer sequences.

    `is_first` is True for the first piece, where the state starts anew. In all others
    it is carried over from the piece before.
    """

    inputs: Array
    targets: Array
    mask: Array | None = None
    input_mask: Array | None = None
    is_first: bool = True


def chunks(batch: Batch, steps: int) -> Iterator[Chunk]:
    """Yield pieces of at most `steps` steps (tau), in the order of time.

    Parameters
    ----------
    batch : Batch
        With targets at each step, (T, B).
    steps : int
        tau, the number of steps that a gradient can go back.

    Raises
    ------
    ValueError
        If `steps` is not a positive whole number, or there is not one target a step.

    Examples
    --------
    >>> batch = Batch(np.arange(10).reshape(5, 2), np.arange(10).reshape(5, 2))
    >>> [(len(piece.inputs), piece.is_first) for piece in chunks(batch, 2)]
    [(2, True), (2, False), (1, False)]
    """
    steps = check_size("steps", steps)
    check_kind("batch", batch, Batch, "one with inputs and targets at each step")
    inputs, targets = np.shape(batch.inputs), np.shape(batch.targets)
    if len(inputs) < 2 or targets[:2] != inputs[:2]:
        raise ValueError(
            f"targets must have shape {inputs[:2]}, one for each step of the inputs, "
            f"got {targets}; a task that asks once, at the end, cannot be cut"
        )
    return _pieces(batch, steps)


def _pieces(batch: Batch, steps: int) -> Iterator[Chunk]:
    for start in range(0, len(batch.inputs), steps):
        now = slice(start, start + steps)
        cut = [None if field is None else field[now] for field in batch]
        yield Chunk._make([*cut, start == 0])


def batchify(tokens: ArrayLike, batch_size: int) -> Batch:
    """Return a long text as B columns, each with the next token as its target.

    The text is cut into B parts of equal length, which are read side by side. What does
    not fill a part is left out at the end.

    Raises
    ------
    ValueError
        If the text holds fewer than B + 1 tokens, or one is negative.

    Examples
    --------
    >>> batchify(np.arange(7), batch_size=2).inputs.T
    array([[0, 1, 2],
           [3, 4, 5]])
    """
    fix = "tokens count from 0"
    found = check_tokens("tokens", tokens, ("N",), np.iinfo(np.intp).max, fix=fix)
    B = check_size("batch_size", batch_size)
    T = (len(found) - 1) // B
    if T < 1:
        raise ValueError(
            f"tokens must hold at least {B + 1} for {B} columns, got {len(found)}; "
            "choose a smaller batch_size or a longer text"
        )
    columns = [found[shift : shift + T * B].reshape(B, T).T for shift in (0, 1)]
    return Batch(*(each.copy() for each in columns))


def mini_batches(
    inputs: Sequence[ArrayLike],
    targets: Sequence[ArrayLike],
    batch_size: int,
    *,
    rng: Rng,
) -> Iterator[Batch]:
    """Yield all sequences once, shuffled, in padded batches.

    Parameters
    ----------
    inputs : sequence of arrays (T,) of tokens or (T, D)
        Of any lengths.
    targets : sequence of arrays (T,), or of single tokens
        One for each input: an answer for each step, or one for the whole.
    batch_size : int
        The last batch may be smaller.
    rng : numpy.random.Generator
        Shuffles.

    Raises
    ------
    ValueError
        If there is no sequence, or not one target for each sequence or each step.

    Examples
    --------
    >>> texts, classes = [[1, 2, 3], [4], [5, 6]], [0, 1, 0]
    >>> rng = np.random.default_rng(0)
    >>> [batch.inputs.shape for batch in mini_batches(texts, classes, 2, rng=rng)]
    [(3, 2), (1, 1)]
    """
    check_size("batch_size", batch_size)
    sequences, answers = _listed("inputs", inputs), _listed("targets", targets)
    if not sequences or len(sequences) != len(answers):
        raise ValueError(
            "targets must be one for each of the inputs, at least one, got "
            f"{len(answers)} for {len(sequences)}"
        )
    at_each_step = answers[0].ndim > 0
    for k, (sequence, answer) in enumerate(zip(sequences, answers, strict=True)):
        wanted = sequence.shape[:1] if at_each_step else ()
        if answer.shape[:1] != wanted:
            raise ValueError(
                f"target {k} must have shape {wanted}, got {answer.shape}; give an "
                "answer for each step everywhere, or one for the whole everywhere"
            )
    order = check_rng(rng).permutation(len(sequences))
    return _padded(sequences, answers, batch_size, order)


def _padded(
    inputs: list[Array], targets: list[Array], batch_size: int, order: Array
) -> Iterator[Batch]:
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        padded, exists = pad([inputs[k] for k in chosen])
        answers = [targets[k] for k in chosen]
        if answers[0].ndim == 0:
            yield Batch(padded, np.array(answers), None, exists)
        else:
            yield Batch(padded, pad(answers)[0], exists, exists)


def _listed(name: str, value: Any) -> list[Array]:
    if not isinstance(value, Sequence | np.ndarray) or isinstance(value, str):
        text = "a Vocabulary encodes text as tokens"
        fix = text if isinstance(value, str) else "write [[1, 2], [3]]"
        raise ValueError(
            f"{name} must be a list of sequences, got {kind_of(value)}; {fix}"
        )
    return [as_array(f"{name}[{k}]", entry) for k, entry in enumerate(value)]
