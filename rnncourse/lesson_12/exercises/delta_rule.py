"""Exercise 12.5: a matrix as memory, written by the delta rule."""

import numpy as np

from rnncourse.checking.exercise import Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.shared.wording import number
from rnnlib._typing import Array, Rng

__all__ = ["DELTA"]

CLOSE = 1e-8


def delta_rule(M: Array, keys: Array, values: Array, rates: Array) -> Array:
    """Return the memory after all pairs were written into M, one by one."""
    M = M.astype(float)
    for key, value, rate in zip(keys, values, rates, strict=True):
        M += rate * np.outer(key, value - key @ M)
    return M


def _cases(rng: Rng) -> list[Case]:
    sizes = (1, 1, 1), (1, 3, 2), (1, 2, 4), (2, 3, 3), (5, 4, 2), (4, 4, 4), (12, 3, 5)
    cases = []
    for T, K, V in (*sizes, (6, 5, 3), (3, 2, 6), (10, 6, 4), (7, 2, 3), (15, 8, 6)):
        keys = rng.standard_normal((T, K)) / np.sqrt(K)
        case = {
            "M": rng.standard_normal((K, V)),
            "keys": keys,
            "values": rng.standard_normal((T, V)),
            "rates": rng.uniform(0.1, 1, T),
        }
        cases.append(case)
    cases[4]["M"] = np.zeros((4, 2), dtype=int)  # by hand
    cases[5]["rates"][...] = 1
    unit = cases[7]["keys"] / np.linalg.norm(cases[7]["keys"], axis=1, keepdims=True)
    unit[-1] = unit[2]  # a key that is written again
    cases[7] |= {"keys": unit, "rates": np.ones(6)}
    cases[8]["rates"][1] = 0  # not written
    cases[6]["rates"] = rng.uniform(1, 2, 12)  # more than is missing
    cases[9]["values"] *= 1e3
    cases[10]["keys"][3] = 0
    return [*cases]


def _last_is_recalled(M: Array, case: Case) -> bool | str:
    """Return whether a key of length 1 that was written with rate 1 is recalled."""
    key, value = case["keys"][-1], case["values"][-1]
    if abs(key @ key - 1) > CLOSE or case["rates"][-1] != 1:
        return True
    off = float(abs(key @ M - value).max())
    return off < CLOSE or (
        f"The key that was written last, with rate 1 and of length 1, recalls a value "
        f"that is off by {number(off)}."
    )


DELTA = Exercise(
    id="12.5",
    kind="V",
    title="Write by the delta rule",
    reference=delta_rule,
    whole=("M", "keys", "values", "rates"),
    cases=_cases,
    mistakes=(
        Mistake(
            "the_sum_rule",
            {"value - key @ M": "value"},
            "You add the new value and leave the old one where it is: that is the sum "
            "rule. What does the memory answer to this key before you write? Only what "
            "is missing is to be added.",
        ),
        Mistake(
            "away_from_the_value",
            {"value - key @ M": "key @ M - value"},
            "Each write of yours makes the error larger: look at the sign.",
        ),
        Mistake(
            "errors_of_the_first_memory",
            {
                "M = M.astype(float)": "M, first = M.astype(float), M",
                "value - key @ M": "value - key @ first",
            },
            "All your errors are those of the memory as it was in the beginning. The "
            "second pair is read with what the first has already written.",
        ),
        Mistake(
            "no_rate",
            {"rate * np.outer": "np.outer"},
            "You write every pair whole. The rate says how much of the error is "
            "corrected.",
        ),
        Mistake(
            "rate_of_the_value_alone",
            {
                "rate * np.outer(key, value - key @ M)": "np.outer(key, rate * value - "
                "key @ M)"
            },
            "The rate weighs your value and not the old answer. It is the error as a "
            "whole that is corrected by a share.",
        ),
        Mistake(
            "all_decays",
            {
                "M += rate * np.outer(key, value - key @ M)": "M += rate * "
                "(np.outer(key, value) - M)"
            },
            "You let the whole memory fade by the rate, for all keys. The delta rule "
            "takes away only what answers to this key.",
        ),
        Mistake(
            "length_of_the_key_divided_out",
            {
                "np.outer(key, value - key @ M)": "np.outer(key, value - key @ M) / "
                "max(key @ key, 1e-30)"
            },
            "You divide by the squared length of the key. Then each write would hit "
            "the value exactly; here the key is taken as it comes.",
        ),
        Mistake(
            "last_pair_alone",
            {
                "    return M": "    M = first + rate * np.outer(key, value - key @ "
                "first)\n    return M",
                "M = M.astype(float)": "M, first = M.astype(float), M",
            },
            "Your memory holds the last pair alone. Where have the others gone?",
        ),
        Mistake(
            "first_pair_alone",
            {"    return M": "        break\n    return M"},
            "Your memory holds the first pair alone: does the loop come to its end?",
        ),
        Mistake(
            "begins_empty",
            {"M = M.astype(float)": "M = 0.0 * M"},
            "You begin with an empty memory. The one that you are given already knows "
            "something.",
        ),
        Mistake(
            "written_from_the_end",
            {
                "zip(keys, values, rates, strict=True)": "zip(keys[::-1], "
                "values[::-1], rates[::-1], strict=True)"
            },
            "You write the last pair first. Where two keys are alike the order counts.",
        ),
    ),
    claims=(Claim("What is written whole is recalled.", _last_is_recalled),),
    hints=(
        "To ask the memory is a product of a row with a matrix. What does it answer to "
        "the key before you write?",
        "The difference between the value and that answer is the error. Add the outer "
        "product of key and error, times the rate.",
        "A copy first, for the memory that you are given must stay as it is. Then a "
        "loop over key, value and rate together; in it three things: ask, take the "
        "difference, write. Each pair meets a memory in which the earlier ones already "
        "stand. Test yours: after one write with rate 1 and a key of length 1, what "
        "does the memory answer to this key?",
    ),
)
