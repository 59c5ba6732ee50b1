"""The exercises of lesson 01 about symbols: vocabulary and one-hot vectors."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnnlib import vocab
from rnnlib._typing import Array, Rng

__all__ = ["ONE_HOT", "VOCABULARY"]

Encode = Callable[[str], list[int]]
Decode = Callable[[list[int]], str]


def make_vocabulary(text: str) -> tuple[Encode, Decode]:
    """Return two functions, encode and decode, that know the symbols of text."""
    symbols = list(dict.fromkeys(text))

    def encode(message: str) -> list[int]:
        for symbol in message:
            if symbol not in symbols:
                raise ValueError(f"unknown symbol {symbol!r}")
        return [symbols.index(symbol) for symbol in message]

    def decode(tokens: list[int]) -> str:
        return "".join(symbols[token] for token in tokens)

    return encode, decode


def places_in_the_text(text: str) -> Any:
    """You look for the symbol in the text itself, and there letters come twice.

    In "hello" the o stands at place 4, but it is only the fourth letter that is new.
    Which list has each symbol once?
    """

    def encode(message: str) -> list[int]:
        for symbol in message:
            if symbol not in text:
                raise ValueError(f"unknown symbol {symbol!r}")
        return [text.index(symbol) for symbol in message]

    return encode, lambda tokens: "".join(text[token] for token in tokens)


def skips_the_unknown(text: str) -> Any:
    """A symbol that is not known is dropped, and nobody hears of it.

    The message comes back shorter than it was. A mistake that says nothing is the
    worst kind: where should it stop, and what should it say?
    """
    encode, decode = make_vocabulary(text)
    return lambda message: encode("".join(s for s in message if s in text)), decode


def minus_one(text: str) -> Any:
    """An unknown symbol becomes -1, and -1 is a valid index in Python.

    Your decode then turns it into the last symbol. Look before you number: is the
    symbol there at all? If not, stop with an error that names it.
    """
    encode, decode = make_vocabulary(text)
    known = list(dict.fromkeys(text))
    return lambda message: [
        encode(symbol)[0] if symbol in known else -1 for symbol in message
    ], decode


def counts_from_one(text: str) -> Any:
    """Your tokens run from 1 to V.

    Tokens will be used as indices, and in Python the first row of a matrix has the
    index 0.
    """
    encode, decode = make_vocabulary(text)
    return (
        lambda message: [token + 1 for token in encode(message)],
        lambda tokens: decode([token - 1 for token in tokens]),
    )


def _round_trip(answer: Any, case: Case) -> Any:
    """Return what the two functions do with a known, an unknown and no message."""
    pair = answer(case["text"])
    if not (isinstance(pair, tuple) and len(pair) == 2 and all(map(callable, pair))):
        return "no pair"
    encode, decode = pair
    tokens, empty = encode(case["message"]), encode("")
    if tokens is None:
        return "no tokens"
    if empty is None:
        return "nothing for no text"
    tokens = list(tokens)
    if any(isinstance(token, str) for token in tokens):
        return "letters"
    tokens = [int(token) for token in tokens]
    try:
        back = decode(tokens)
    except NotImplementedError:
        return "no decode"
    return {
        "tokens": tokens,
        "back": back,
        "unknown": _what_comes_of(encode, case["message"] + case["unknown"]),
        "empty": list(empty),
    }


def _what_comes_of(encode: Any, message: str) -> str:
    try:
        tokens = encode(message)
        if isinstance(tokens, Exception):
            return "an error that was returned; it has to be raised"
        return f"the tokens {list(tokens)}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _pair_is_there(found: Any, case: Case) -> bool | str:
    return {
        "no pair": "It should return two functions: return encode, decode.",
        "no tokens": "encode returns None: is there a return at its end?",
        "nothing for no text": "encode('') returns None, and the empty message has the "
        "empty list: is the return inside the loop?",
        "letters": "A token is a whole number; encode returns texts.",
        "no decode": "encode gives tokens; decode is not written yet.",
    }.get(found if isinstance(found, str) else "", True)


def _tokens_count(found: Any, case: Case) -> bool | str:
    expected = make_vocabulary(case["text"])[0](case["message"])
    return found["tokens"] == expected or (
        f"With the symbols of {case['text']!r}, encode({case['message']!r}) should be "
        f"{expected}; it is {found['tokens']}."
    )


def _comes_back(found: Any, case: Case) -> bool | str:
    return found["back"] == case["message"] or (
        f"{case['message']!r} comes back from encode and decode as {found['back']!r}."
    )


def _unknown_is_named(found: Any, case: Case) -> bool | str:
    said = found["unknown"]
    return (said.startswith("ValueError") and case["unknown"] in said) or (
        f"The symbol {case['unknown']!r} is not in {case['text']!r}, so encode should "
        f"raise a ValueError that names it; there came {said}."
    )


def _texts(rng: Rng) -> list[Case]:
    cases: list[Case] = [{"text": "hello", "message": "hole", "unknown": "#"}]
    for size in (1, 4, 9):
        known = [
            str(symbol) for symbol in rng.permutation(list("abcdefgh ijklm"))[:size]
        ]
        text = "".join([*known[:2], known[0], *known])
        message = "".join(rng.choice(known, 6))
        unknown = str(rng.choice(list("#&7%")))
        cases.append({"text": text, "message": message, "unknown": unknown})
    return cases


VOCABULARY = Exercise(
    id="01.1",
    kind="P",
    title="There and back",
    reference=make_vocabulary,
    cases=_texts,
    observe=_round_trip,
    bugs=(places_in_the_text, skips_the_unknown, minus_one, counts_from_one),
    claims=(
        Claim("Two functions come back, encode and decode.", _pair_is_there),
        Claim("A token is the place of its symbol in symbols.", _tokens_count),
        Claim("decode takes tokens back to the text.", _comes_back),
        Claim("An unknown symbol is a ValueError that names it.", _unknown_is_named),
        Claim("No text has no tokens.", lambda found, case: found["empty"] == []),
    ),
    hints=(
        "Both directions need the same list, symbols: one asks for the place of a "
        "symbol, the other for the symbol at a place.",
        'A list knows `symbols.index("l")`, and `symbols[2]`. Ask `in` first, so that '
        "an unknown symbol gets an error of your own.",
        "encode: for each symbol of the message, if it is not in symbols, raise "
        "ValueError with the symbol in its text; then the list of places. decode: join "
        "the symbols at these places into one text.",
    ),
    source=vocab.Vocabulary,
)


def one_hot_batch(tokens: Array, vocab_size: int) -> Array:
    """Return the one-hot vectors (T, B, V) of tokens (T, B)."""
    x = np.zeros((*tokens.shape, vocab_size))
    for t, b in np.ndindex(tokens.shape):
        x[t, b, tokens[t, b]] = 1
    return x


def batch_first(tokens: Array, vocab_size: int) -> Array:
    """Your axes are (B, T, V), the sequence first.

    In this course time comes first: `x[t]` is step t of all sequences. In which order
    do the sizes stand in tokens?
    """
    return one_hot_batch(tokens.T, vocab_size)


def one_too_early(tokens: Array, vocab_size: int) -> Array:
    """Your 1 stands one place before its token.

    Token 0 is the first column, not the one before it. Is there a minus 1 somewhere?
    """
    return one_hot_batch(tokens - 1, vocab_size)


def every_token_in_every_row(tokens: Array, vocab_size: int) -> Array:
    """Each of your rows has a 1 for every token that occurs.

    `x[:, :, tokens] = 1` takes all t and all b for each token. Which index belongs to
    step t of text b alone?
    """
    x = np.zeros((*tokens.shape, vocab_size))
    x[:, :, tokens] = 1
    return x


def every_token_of_the_step(tokens: Array, vocab_size: int) -> Array:
    """All texts of a step share your ones.

    `x[t, token] = 1` fills a whole row of V, or that of another text. A 1 needs three
    indices: the step, the text, and the token.
    """
    x = np.zeros((*tokens.shape, vocab_size))
    for t, row in enumerate(tokens):
        x[t, :, row] = 1
    return x


def the_token_itself(tokens: Array, vocab_size: int) -> Array:
    """You write the token in place of a 1.

    The place says which symbol it is; the entry there is 1, also for token 0.
    """
    return one_hot_batch(tokens, vocab_size) * tokens[..., None]


def of_the_next_step(tokens: Array, vocab_size: int) -> Array:
    """Your row t encodes the token of step t + 1.

    That is the target. A one-hot vector has its 1 at the token that it encodes, and
    row t of the input encodes token t.
    """
    return one_hot_batch(np.roll(tokens, -1, axis=0), vocab_size)


def all_so_far(tokens: Array, vocab_size: int) -> Array:
    """Your vectors keep the ones of earlier steps.

    Each step starts from zeros again: where does yours take its row from?
    """
    return np.maximum.accumulate(one_hot_batch(tokens, vocab_size), axis=0)


def a_bag(tokens: Array, vocab_size: int) -> Array:
    """You count how often each token occurs, and the order is gone.

    Each step needs a row of its own, so the result keeps the axis of time.
    """
    return one_hot_batch(tokens, vocab_size).sum(axis=0)


def _token_cases(rng: Rng) -> list[Case]:
    sizes = ((1, 1, 3), (4, 1, 5), (1, 3, 4), (6, 3, 5))
    return [{"tokens": _tokens(rng, T, B, V), "vocab_size": V} for T, B, V in sizes]


def _tokens(rng: Rng, T: int, B: int, V: int) -> Array:
    """Return tokens (T, B) that are not the same at all steps."""
    tokens = rng.integers(V, size=(T, B))
    tokens[-1] = (tokens[0] + 1) % V
    return tokens


ONE_HOT = Exercise(
    id="01.2",
    kind="V",
    title="A batch of one-hot vectors",
    reference=one_hot_batch,
    cases=_token_cases,
    bugs=(
        batch_first,
        one_too_early,
        every_token_in_every_row,
        every_token_of_the_step,
        the_token_itself,
        of_the_next_step,
        all_so_far,
        a_bag,
    ),
    hints=(
        "Start from an array of zeros. Which three sizes does it have, in this order?",
        "`tokens.shape` is (T, B). Put one more size behind it, and then write a "
        "single 1 for each pair of t and b.",
        "zeros of shape (T, B, V); for each t and each b: the entry at t, b and the "
        "token that stands there becomes 1. (There is a way without a loop: what do "
        "you get if you use tokens as an index into an identity matrix?)",
    ),
    source=vocab.one_hot,
)
