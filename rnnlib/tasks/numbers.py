"""Number words in two languages, by rule.

English is written as in Britain, `one hundred and one`. French is written as in
France, in the traditional spelling, `quatre-vingt-un`: the Dictionnaire de l'Académie
française gives the rules under vingt, cent and mille. Both functions know 0 to 999 999.
"""

from rnnlib._checks import check_size

__all__ = ["ENGLISH_WORDS", "FRENCH_WORDS", "LARGEST", "english", "french"]

LARGEST = 999_999

ENGLISH_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
ENGLISH_TENS = (
    *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
)
ENGLISH_WORDS = (*ENGLISH_SMALL, *ENGLISH_TENS, "hundred", "thousand", "and")

FRENCH_SMALL = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    *("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
FRENCH_TENS = ("vingt", "trente", "quarante", "cinquante", "soixante")
FRENCH_WORDS = (
    *(*FRENCH_SMALL, *FRENCH_TENS, "vingts"),
    *("cent", "cents", "mille", "et"),
)


def english(n: int) -> str:
    """Return the English words of a number from 0 to 999 999.

    Raises
    ------
    ValueError
        If `n` is not a whole number in this range.

    >>> english(21), english(342), english(1001)
    ('twenty-one', 'three hundred and forty-two', 'one thousand and one')
    """
    n = _check(n)
    thousands, rest = divmod(n, 1000)
    if not thousands:
        return _english_below_1000(rest)
    words = f"{_english_below_1000(thousands)} thousand"
    link = " and " if rest < 100 else " "
    return f"{words}{link}{_english_below_1000(rest)}" if rest else words


def _english_below_1000(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _english_below_100(rest)
    words = f"{ENGLISH_SMALL[hundreds]} hundred"
    return f"{words} and {_english_below_100(rest)}" if rest else words


def _english_below_100(n: int) -> str:
    if n < 20:
        return ENGLISH_SMALL[n]
    tens, ones = divmod(n, 10)
    return ENGLISH_TENS[tens - 2] + (f"-{ENGLISH_SMALL[ones]}" if ones else "")


def french(n: int) -> str:
    """Return the French words of a number from 0 to 999 999.

    `vingt` and `cent` take an s when they are multiplied and end the number; before
    `mille`, which never takes one, they do not end it.

    Raises
    ------
    ValueError
        If `n` is not a whole number in this range.

    >>> french(21), french(71), french(80), french(81)
    ('vingt et un', 'soixante et onze', 'quatre-vingts', 'quatre-vingt-un')
    >>> french(200), french(201), french(1000), french(80_000)
    ('deux cents', 'deux cent un', 'mille', 'quatre-vingt mille')
    """
    n = _check(n)
    thousands, rest = divmod(n, 1000)
    if not thousands:
        return _french_below_1000(rest)
    count = "" if thousands == 1 else _french_below_1000(thousands, last=False) + " "
    return f"{count}mille" + (f" {_french_below_1000(rest)}" if rest else "")


def _french_below_1000(n: int, *, last: bool = True) -> str:
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _french_below_100(rest, last=last)
    words = "cent" if hundreds == 1 else f"{FRENCH_SMALL[hundreds]} cent"
    if rest:
        return f"{words} {_french_below_100(rest, last=last)}"
    return f"{words}s" if last and hundreds > 1 else words


def _french_below_100(n: int, *, last: bool = True) -> str:
    if n < 17:
        return FRENCH_SMALL[n]
    if n == 80:
        return "quatre-vingts" if last else "quatre-vingt"
    score = 20 if n >= 60 else 10  # from 60 on French counts by twenties
    tens, ones = n - n % score, n % score
    if not ones:
        return _french_tens(tens)
    link = " et " if ones in (1, 11) and tens < 80 else "-"
    return f"{_french_tens(tens)}{link}{_french_below_100(ones)}"


def _french_tens(tens: int) -> str:
    if tens < 20:
        return FRENCH_SMALL[tens]
    return "quatre-vingt" if tens == 80 else FRENCH_TENS[tens // 10 - 2]


def _check(n: int) -> int:
    n = check_size("n", n, minimum=0)
    if n > LARGEST:
        raise ValueError(f"n must be at most {LARGEST}, got {n}")
    return n
