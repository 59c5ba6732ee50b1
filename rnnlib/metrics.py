"""Scores: how good predictions are, in the terms used to report results.

A loss is made to be differentiated, a score to be understood. Tokens are integers,
time first, and padding never counts.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import exp, inf, log
from typing import Any, TypeAlias

import numpy as np

from rnnlib._checks import (
    as_array,
    check_integers,
    check_mask,
    check_number,
    check_size,
)
from rnnlib._typing import Array, ArrayLike
from rnnlib._words import kind_of, shown

__all__ = ["accuracy", "bits_per_character", "bleu", "exact_match", "perplexity"]

Tokens: TypeAlias = Sequence[Hashable] | Array
Sentence: TypeAlias = tuple[Hashable, ...]


def accuracy(
    predictions: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None
) -> float:
    """Return the share of answers that are right.

    Parameters
    ----------
    predictions, targets : arrays (...) of the same shape, of integers or booleans
        `rnnlib.sampling.greedy` turns logits into predictions. Booleans are answers no
        and yes, which may also be 0 and 1.
    mask : bool array (...), optional
        True where an answer counts.

    Raises
    ------
    ValueError
        If shapes differ, the entries are neither tokens nor booleans, or no answer
        counts.

    >>> accuracy([[1, 2], [3, 4]], [[1, 0], [3, 4]], [[True, True], [True, False]])
    0.6666666666666666
    """
    targets = _answers("targets", targets, ("...",))
    right = _answers("predictions", predictions, targets.shape) == targets
    counts = True if mask is None else check_mask(mask, targets.shape)
    return float(right.mean(where=counts))


def exact_match(
    predictions: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None
) -> float:
    """Return the share of sequences in which every token is right.

    With a mask that ends with the end token, as `Pairs.target_mask` does, a prediction
    is right if it says the target and then ends. Whatever follows is ignored; a
    prediction that stops too early is wrong.

    Parameters
    ----------
    predictions : array (T', B) of integers or booleans
        Without a mask, T' must equal T.
    targets : array (T, B) of integers or booleans
    mask : bool array (T, B), optional
        True where a token counts. A sequence without any such token is left out.

    Raises
    ------
    ValueError
        If shapes do not fit, the entries are neither tokens nor booleans, or no token
        counts.

    Examples
    --------
    >>> targets = np.array([[5, 6], [7, 2], [2, 0]])
    >>> exact_match([[5, 6], [7, 2], [2, 9]], targets, targets > 0)
    1.0
    >>> exact_match([[5, 6], [7, 2]], targets, targets > 0)
    0.5
    """
    hint = "for one sequence, pass tokens[:, None]"
    targets = _answers("targets", targets, ("T", "B"), hint=hint)
    T, B = targets.shape
    length = T if mask is None else "T"
    predictions = _answers("predictions", predictions, (length, B), hint=hint)
    counts = np.ones((T, B), dtype=bool) if mask is None else check_mask(mask, (T, B))
    right, n = ~counts, min(T, len(predictions))
    right[:n] |= predictions[:n] == targets[:n]
    return float(right.all(axis=0).mean(where=counts.any(axis=0)))


def _answers(name: str, value: Any, shape: Any, hint: str = "") -> Array:
    """Return tokens, or answers no and yes as 0 and 1, of that shape."""
    answers = as_array(name, value)
    if answers.dtype == np.bool_:
        answers = answers.astype(np.intp)
    return check_integers(name, answers, shape, hint=hint)


def perplexity(loss: float) -> float:
    """Return `exp(loss)` for a loss in nats per token.

    A model of perplexity 10 is as uncertain as one that chooses among 10 equally
    probable tokens. Above a loss of about 710 it is infinite.

    Raises
    ------
    ValueError
        If the loss is not a number, or below 0.

    >>> round(perplexity(np.log(10)), 6)
    10.0
    """
    loss = check_number("loss", loss, at_least=0)
    return exp(loss) if loss < 709 else inf


def bits_per_character(loss: float) -> float:
    """Return a loss in nats per character as bits: `loss / log(2)`.

    Raises
    ------
    ValueError
        If the loss is not a number, or below 0.

    >>> round(bits_per_character(np.log(8)), 6)
    3.0
    """
    return check_number("loss", loss, at_least=0) / log(2)


def bleu(
    candidates: Sequence[Tokens] | Array,
    references: Sequence[Sequence[Tokens]],
    *,
    max_n: int = 4,
    smooth: float = 0.0,
) -> float:
    """Return the BLEU score of a corpus of translations, 0 to 1.

        BLEU = min(1, exp(1 - r / c)) * (p_1 p_2 ... p_N)^(1 / N)

    The precision p_n is the share of the candidates' n-grams that also occur in their
    references; an n-gram counts at most as often as it occurs in a single reference.
    The first factor is the brevity penalty: c is the total length of the candidates, r
    that of the references closest to each in length (the shorter one in a tie). It is
    a score of the whole corpus, not a mean over sentences, and 0 if any p_n is 0.

    Parameters
    ----------
    candidates : list of sentences
        A sentence is a list of tokens, words or integers; it may be empty.
    references : list of lists of sentences
        One list for each candidate: its correct translations.
    max_n : int
        N, the longest n-gram.
    smooth : float
        Added to both counts of p_n for n > 1; 1 in Lin and Och (2004).

    Raises
    ------
    ValueError
        If a candidate has no reference, or a sentence is not a list of tokens.

    References
    ----------
    Papineni, Roukos, Ward and Zhu (2002), BLEU: a method for automatic evaluation of
    machine translation.

    Examples
    --------
    >>> candidate = "the cat sat on the red mat".split()
    >>> reference = "the cat sat on the mat".split()
    >>> round(bleu([candidate], [[reference]]), 4), bleu([reference], [[reference]])
    (0.6435, 1.0)
    """
    sentences, answers = _corpus(candidates, references)
    max_n = check_size("max_n", max_n)
    smooth = check_number("smooth", smooth, at_least=0)
    log_precision = 0.0
    for n in range(1, max_n + 1):
        right, total = _clipped_counts(sentences, answers, n)
        extra = smooth if n > 1 else 0.0
        if right + extra == 0:
            return 0.0
        log_precision += log((right + extra) / (total + extra)) / max_n
    return _brevity_penalty(sentences, answers) * exp(log_precision)


def _clipped_counts(
    sentences: list[Sentence], answers: list[list[Sentence]], n: int
) -> tuple[int, int]:
    """Return how many n-grams of the candidates are right, and how many there are."""
    right = total = 0
    for sentence, choices in zip(sentences, answers, strict=True):
        grams, allowed = _ngrams(sentence, n), Counter[Sentence]()
        for choice in choices:
            allowed |= _ngrams(choice, n)
        right += (grams & allowed).total()
        total += grams.total()
    return right, total


def _ngrams(sentence: Sentence, n: int) -> Counter[Sentence]:
    starts = range(len(sentence) - n + 1)
    return Counter(sentence[start : start + n] for start in starts)


def _brevity_penalty(sentences: list[Sentence], answers: list[list[Sentence]]) -> float:
    c = r = 0
    for sentence, choices in zip(sentences, answers, strict=True):
        length = len(sentence)
        c += length
        r += min(map(len, choices), key=lambda size: (abs(size - length), size))
    return min(1.0, exp(1 - r / c))


def _corpus(
    candidates: Any, references: Any
) -> tuple[list[Sentence], list[list[Sentence]]]:
    sentences = _list_of("candidates", candidates, "sentences")
    answers = _list_of("references", references, "lists of sentences")
    if not sentences or len(answers) != len(sentences):
        raise ValueError(
            "references must hold one list for each candidate, at least one, got "
            f"{len(answers)} for {len(sentences)} candidates"
        )
    return (
        [_sentence(f"candidates[{i}]", each) for i, each in enumerate(sentences)],
        [_choices(f"references[{i}]", each) for i, each in enumerate(answers)],
    )


def _list_of(name: str, value: Any, things: str) -> list[Any]:
    if not isinstance(value, list | tuple | np.ndarray):
        raise ValueError(
            f"{name} must be a list of {things}, got {kind_of(value)}; "
            "a text becomes a list of words by text.split()"
        )
    return list(value)


def _choices(name: str, value: Any) -> list[Sentence]:
    choices = _list_of(name, value, "sentences")
    if not choices:
        raise ValueError(f"{name} must hold at least one sentence, got none")
    return [_sentence(f"{name}[{i}]", choice) for i, choice in enumerate(choices)]


def _sentence(name: str, value: Any) -> Sentence:
    tokens = _list_of(name, value, "tokens")
    for token in tokens:
        if not isinstance(token, str | int | np.integer):
            raise ValueError(
                f"{name} must hold words or whole numbers, got {shown(token)}; "
                "each candidate has a list of references, even of one"
            )
    return tuple(tokens)
