"""What a network reads of a word that is typed, and the names of what it says."""

from rnnlib.vocab import Vocabulary

__all__ = ["ALPHABET", "LONGEST", "names_of", "read_word"]

ALPHABET, LONGEST = "abcdefgh", 8
SHOWN = 8


def read_word(text: str) -> tuple[str, str]:
    """Return what is read of a typed text, and a sentence about what is not.

    >>> read_word("Bad fee")
    ('badfee', '')
    >>> read_word("Bad feed, zebra!")
    ('badfeede', ' Not read: “,zr!” and all after 8 letters.')
    >>> read_word("")
    ('a', ' There is no letter from a to h, so “a” is read.')
    """
    signs = text.lower().replace(" ", "")
    known = "".join(sign for sign in signs if sign in ALPHABET)
    strange = "".join(dict.fromkeys(sign for sign in signs if sign not in ALPHABET))
    missed = [f"“{strange[:SHOWN]}{'…' * (len(strange) > SHOWN)}”"] if strange else []
    if len(known) > LONGEST:
        missed.append(f"all after {LONGEST} letters")
    note = f" Not read: {' and '.join(missed)}." if missed else ""
    if not known:
        note += " There is no letter from a to h, so “a” is read."
    return known[:LONGEST] or "a", note


def names_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the symbols of a vocabulary, with names for its three special tokens.

    >>> names_of(Vocabulary(("<pad>", "<start>", "<end>", "a", "b")))
    ('PAD', 'START', 'END', 'a', 'b')
    """
    return "PAD", "START", "END", *vocabulary.symbols[3:]
