"""Exercise 01.1: from symbols to tokens, and back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncourse.checking.exercise import HANDED_OUT_TWICE, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import Strange
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
    """Return what the two functions do with messages, and with an unknown symbol.

    In between another vocabulary is made, and other messages are encoded: neither must
    change anything.
    """
    pair = answer(case["text"])
    if not (isinstance(pair, tuple | list) and [*map(callable, pair)] == [True, True]):
        return {}
    encode, decode = pair
    tokens = encode(case["message"])
    known = isinstance(tokens, tuple | list | np.ndarray)
    first, given = ([*tokens], [*tokens]) if known else (tokens, [])
    again = _listed(_said(encode, case["message"]))
    answer("another text")
    later = _listed(_said(encode, case["message"]))
    _said(encode, case["message"][3:])
    return {
        "tokens": first,
        "stays": not known or [*tokens] == first,
        "again": again,
        "later": later,
        "back": _said(decode, given) if known else None,
        "kept": not known or given == first,
        "no tokens": _said(encode, ""),
        "no text": _said(decode, []),
        "unknown": [_said(encode, message) for message in _with_an_unknown(case)],
        "after it": _listed(_said(encode, case["message"])),
    }


def _listed(found: Any) -> Any:
    """Return a list of its own for what may be changed later."""
    return [*found] if isinstance(found, tuple | list | np.ndarray) else found


def _with_an_unknown(case: Case) -> list[str]:
    """Return messages with the unknown symbol at the end, twice, and elsewhere.

    Then one of it alone, and one that has it at both ends.
    """
    before, after, unknown = case["message"][:3], case["message"][3:], case["unknown"]
    last = f"{before}{after}{unknown}"
    elsewhere = f"{unknown}{before}{after}", f"{before}{unknown}{after}"
    return [last, last, *elsewhere, unknown, f"{unknown}{before}{unknown}"]


def _said(function: Any, value: Any) -> Any:
    """Return what a function makes of a value, or the kind and text of its error."""
    try:
        return function(value)
    except Exception as error:
        kind = ValueError if isinstance(error, ValueError) else type(error)
        return {"kind": kind.__name__, "text": str(error)}


def _came(found: Any) -> str:
    """Return in words what came back."""
    if isinstance(found, dict):
        return f"{found['kind']}: {found['text']}"
    if isinstance(found, Strange):
        error = found.kind.endswith("Error")
        return f"back a {found.kind}, which has to be raised" if error else found.kind
    return repr(found)


def _pair_is_there(found: Any, case: Case) -> bool | str:
    return bool(found) or "It should return two functions: return encode, decode."


def _tokens_are_listed(found: Any, case: Case) -> bool | str:
    tokens = found["tokens"]
    if tokens is None:
        return "encode returns None: is there a return at its end?"
    if not isinstance(tokens, tuple | list | np.ndarray):
        return f"encode should return a list of tokens; it returns {_came(tokens)}."
    if any(isinstance(token, str) for token in tokens):
        return "A token is a whole number; encode returns texts."
    dtype = np.asarray(tokens).dtype.kind
    counts = len(tokens) > 0 or isinstance(tokens, np.ndarray)
    if counts and dtype not in "iu":
        kind = {"f": "floats", "b": "truth values"}.get(dtype, "something else")
        return f"A token is a whole number, for use as an index; encode returns {kind}."
    return True


def _tokens_count(found: Any, case: Case) -> bool | str:
    expected = make_vocabulary(case["text"])[0](case["message"])
    tokens = np.asarray(found["tokens"]).tolist()
    return tokens == expected or (
        f"With the symbols of {case['text']!r}, encode({case['message']!r}) should be "
        f"{expected}; it is {tokens}."
    )


def _stays_the_same(found: Any, case: Case) -> bool | str:
    tokens, later = found["tokens"], found["later"]
    if not found["stays"]:
        return HANDED_OUT_TWICE
    if not np.array_equal(tokens, found["again"]):
        return (
            f"encode({case['message']!r}) gives {_came(tokens)}, and called again it "
            f"gives {_came(found['again'])}. What does it remember of the first call?"
        )
    return np.array_equal(tokens, later) or (
        "After another call of make_vocabulary, with another text, "
        f"encode({case['message']!r}) gives {_came(later)}. Does each pair of "
        "functions know the symbols of its own text?"
    )


def _comes_back(found: Any, case: Case) -> bool | str:
    back = found["back"]
    if isinstance(back, dict) and back["kind"] == "NotImplementedError":
        return "encode gives tokens; decode is not written yet."
    if back != case["message"]:
        came = _came(back)
        return f"{case['message']!r} comes back from encode and decode as {came}."
    return found["kept"] or "decode changes the list that it is given."


def _unknown_is_named(found: Any, case: Case) -> bool | str:
    places = (
        *("", " a second time", " at the beginning of a message", " in the middle"),
        *(" where it is all of the message", " where it comes twice"),
    )
    messages = _with_an_unknown(case)
    for time, said, message in zip(places, found["unknown"], messages, strict=True):
        text = said["text"] if isinstance(said, dict) else ""
        for whole in {message, repr(message)[1:-1]} - {case["unknown"]}:
            text = text.replace(whole, "")
        named = case["unknown"] in text
        if not (named and said["kind"] == "ValueError"):
            return (
                f"The symbol {case['unknown']!r} is not in {case['text']!r}, so encode "
                f"should raise a ValueError that names it{time}; there came "
                f"{_came(said)}."
            )
    return np.array_equal(found["tokens"], found["after it"]) or (
        f"After a message with an unknown symbol, encode({case['message']!r}) gives "
        f"{_came(found['after it'])}. What has stayed of that message?"
    )


def _nothing_stays_nothing(found: Any, case: Case) -> bool | str:
    tokens, text = found["no tokens"], found["no text"]
    if not (isinstance(tokens, tuple | list | np.ndarray) and len(tokens) == 0):
        return f"encode('') should be the empty list; there came {_came(tokens)}."
    if isinstance(tokens, np.ndarray) and tokens.dtype.kind not in "iu":
        return (
            "encode('') should be the empty list; there came an array, and without "
            f"entries it is one of {tokens.dtype}, which is no index."
        )
    return text == "" or f"decode([]) should be ''; there came {_came(text)}."


def _cases(rng: Rng) -> list[Case]:
    cases: list[Case] = [{"text": "hello", "message": "hole", "unknown": "#"}]
    for size in (1, 4, 9, 14):
        known = list(map(str, rng.permutation(list("aBbcdefgh ijkl"))[:size]))
        text = "".join([*known[:2], known[0], *known])
        message = "".join([*rng.choice(known, 6), *reversed(known)])
        unknown = str(rng.choice(list("#&7%")))
        cases.append({"text": text, "message": message, "unknown": unknown})
    many = "".join(rng.permutation([*"abcdefghijklmnopqrstuvwxyz ABCDEFG.,!é\nßλ"]))
    return [
        *cases,
        {"text": "hello", "message": "hell", "unknown": " "},
        {"text": "hello", "message": "o", "unknown": "#"},
        {"text": many, "message": many[::-1] + many[:9], "unknown": "H"},
        {"text": " aB ", "message": " Ba ", "unknown": "b"},
        {"text": "a\nb\n", "message": "\nba\n", "unknown": " "},
        {"text": "e\u0301a", "message": "ae\u0301", "unknown": "\u00e9"},
    ]


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
        Claim("encode returns a list of tokens.", _tokens_are_listed),
        Claim("A token is the place of its symbol in symbols.", _tokens_count),
        Claim("A vocabulary stays the same.", _stays_the_same),
        Claim("decode takes tokens back to the text.", _comes_back),
        Claim("An unknown symbol is a ValueError that names it.", _unknown_is_named),
        Claim("No text has no tokens.", _nothing_stays_nothing),
    ),
    hints=(
        "Both directions need the same list, symbols: one asks for the place of a "
        "symbol, the other for the symbol at a place.",
        'A list knows `symbols.index("l")`, and `symbols[2]`. Ask `in` first, so that '
        "an unknown symbol gets an error of your own.",
        "Do encode in two parts: look at each symbol of the message first, and stop at "
        "one that is unknown; then number them all. decode is the way back: from each "
        "number to its symbol, and from many symbols to one text.",
    ),
    source=vocab.Vocabulary,
    point=(
        "self._tokens = {symbol",
        "return np.array([self._tokens[symbol]",
        "return [self.symbols[token]",
    ),
)
