"""Exercise 01.1: from symbols to tokens, and back."""

from collections.abc import Callable
from typing import Any

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib import vocab
from rnnlib._typing import Rng

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


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = [{"text": "hello", "message": "hole", "unknown": "#"}]
    for size in (1, 4, 9):
        known = list(map(str, rng.permutation(list("abcdefgh ijklm"))[:size]))
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
    cases=_cases,
    observe=_round_trip,
    mistakes=(
        Mistake(
            "places_in_the_text",
            {"list(dict.fromkeys(text))": "list(text)"},
            "You look for the symbol in the text itself, where letters occur twice. "
            'In "hello" the o stands at place 4, but it is only the fourth new '
            "letter. Which list has each symbol once?",
        ),
        Mistake(
            "skips_the_unknown",
            {
                'raise ValueError(f"unknown symbol {symbol!r}")': "message = "
                'message.replace(symbol, "")'
            },
            "A symbol that is not known is dropped, and nobody hears of it. The "
            "message comes back shorter than it was. A mistake that says nothing is "
            "the worst kind: where should it stop, and what should it say?",
        ),
        Mistake(
            "minus_one",
            {
                'raise ValueError(f"unknown symbol {symbol!r}")': "return ["
                "symbols.index(s) if s in symbols else -1 for s in message]"
            },
            "An unknown symbol becomes -1, and -1 is a valid index in Python. Your "
            "decode then turns it into the last symbol. Look before you number: is "
            "the symbol there at all? If not, stop with an error that names it.",
        ),
        Mistake(
            "counts_from_one",
            {
                "symbols.index(symbol)": "symbols.index(symbol) + 1",
                "symbols[token]": "symbols[token - 1]",
            },
            "Your tokens run from 1 to V. Tokens will be used as indices, and in "
            "Python the first row of a matrix has the index 0.",
        ),
    ),
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
