"""Scores: how good predictions are, in the terms in which results are reported.

A loss is made to be differentiated, a score to be understood. Tokens are integers,
time first, and what is padding counts nowhere.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import exp, inf, log
from typing import Any, TypeAlias

import numpy as np

from rnnlib._checks import check_integers, check_mask, check_number, check_size
from rnnlib._typing import Array, ArrayLike

__all__ = ["accuracy", "bits_per_character", "bleu", "exact_match", "perplexity"]

Tokens: TypeAlias = Sequence[Hashable] | Array
Sentence: TypeAlias = tuple[Hashable, ...]


def accuracy(
    predictions: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None
) -> float:
    """Return the share of tokens that are right.

    Parameters
    ----------
    predictions, targets : integer arrays (...) of the same shape
        `rnnlib.sampling.greedy` makes predictions of logits.
    mask : bool array (...), optional
        True where an answer counts.

    Raises
    ------
    ValueError
        If shapes differ, something else than tokens comes, or nothing counts.

    >>> accuracy([[1, 2], [3, 4]], [[1, 0], [3, 4]], [[True, True], [True, False]])
    0.6666666666666666
    """
    targets = check_integers("targets", targets, ("...",))
    right = check_integers("predictions", predictions, targets.shape) == targets
    counts = True if mask is None else check_mask(mask, targets.shape)
    return float(right.mean(where=counts))


def exact_match(
    predictions: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None
) -> float:
    """Return the share of sequences of which every token is right.

    With a mask that ends with the end token, as `Pairs.target_mask` does, a prediction
    is right if it says the target and then its end. What it says after that is not
    looked at; a prediction that breaks off before is wrong.

    Parameters
    ----------
    predictions : integer array (T', B)
        T' must be T where there is no mask.
    targets : integer array (T, B)
    mask : bool array (T, B), optional
        True where a token counts. A sequence of which none does is left out.

    Raises
    ------
    ValueError
        If shapes do not fit, something else than tokens comes, or nothing counts.

    Examples
    --------
    >>> targets = np.array([[5, 6], [7, 2], [2, 0]])
    >>> exact_match([[5, 6], [7, 2], [2, 9]], targets, targets > 0)
    1.0
    >>> exact_match([[5, 6], [7, 2]], targets, targets > 0)
    0.5
    """
    hint = "for one sequence, pass tokens[:, None]"
    targets = check_integers("targets", targets, ("T", "B"), hint=hint)
    T, B = targets.shape
    length = T if mask is None else "T"
    predictions = check_integers("predictions", predictions, (length, B), hint=hint)
    counts = np.ones((T, B), dtype=bool) if mask is None else check_mask(mask, (T, B))
    right, n = ~counts, min(T, len(predictions))
    right[:n] |= predictions[:n] == targets[:n]
    return float(right.all(axis=0).mean(where=counts.any(axis=0)))


def perplexity(loss: float) -> float:
    """Return `exp(loss)`, of a loss in nats a token.

    A model of perplexity 10 is as uncertain as one that chooses among 10 equally
    probable tokens. From a loss of about 710 on it is infinite.

    Raises
    ------
    ValueError
        If the loss is not a number of at least 0.

    >>> round(perplexity(np.log(10)), 6)
    10.0
    """
    loss = check_number("loss", loss, at_least=0)
    return exp(loss) if loss < 709 else inf


def bits_per_character(loss: float) -> float:
    """Return a loss in nats a character as bits: `loss / log(2)`.

    Raises
    ------
    ValueError
        If the loss is not a number of at least 0.

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

    The precision p_n is the share of the n-grams of all candidates that their
    references hold as well; one n-gram counts at most as often as a single reference
    has it. The first factor is the brevity penalty: c is the length of all candidates,
    r that of the references closest to them in length, the shorter of two. It is a
    score of the corpus, not a mean over sentences, and 0 as soon as one p_n is 0.

    Parameters
    ----------
    candidates : list of sentences
        A sentence is a list of tokens, words or integers; it may be empty.
    references : list of lists of sentences
        One list for each candidate: the translations that would be right.
    max_n : int
        N, the longest n-gram.
    smooth : float
        Added to both counts of p_n where n > 1; 1 as Lin and Och (2004) have it.

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
        found, total = _clipped_counts(sentences, answers, n)
        extra = smooth if n > 1 else 0.0
        if found + extra == 0:
            return 0.0
        log_precision += log((found + extra) / (total + extra)) / max_n
    return _brevity_penalty(sentences, answers) * exp(log_precision)


def _clipped_counts(
    sentences: list[Sentence], answers: list[list[Sentence]], n: int
) -> tuple[int, int]:
    """Return how many n-grams of the candidates are right, and how many there are."""
    found = total = 0
    for sentence, choices in zip(sentences, answers, strict=True):
        grams, allowed = _ngrams(sentence, n), Counter[Sentence]()
        for choice in choices:
            allowed |= _ngrams(choice, n)
        found += (grams & allowed).total()
        total += grams.total()
    return found, total


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
        [_sentence(f"candidates[{i}]", found) for i, found in enumerate(sentences)],
        [_choices(f"references[{i}]", found) for i, found in enumerate(answers)],
    )


def _list_of(name: str, value: Any, things: str) -> list[Any]:
    if not isinstance(value, list | tuple | np.ndarray):
        raise ValueError(
            f"{name} must be a list of {things}, got {type(value).__name__}; "
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
                f"{name} must hold words or whole numbers, got {token!r}; "
                "each candidate has a list of references, even of one"
            )
    return tuple(tokens)
