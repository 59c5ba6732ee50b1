"""Exercise 09.8: write a task, and say its chance level."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise, call
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import what_it_is
from rnncourse.shared.wording import count, fixed
from rnnlib._typing import Array, Rng

__all__ = ["ALARM"]

NAMES = ("bits", "targets", "chance")
SIGMAS, FEWEST = 6, 20


def alarm(
    steps: int, batch_size: int, q: float, rng: Rng
) -> tuple[Array, Array, float]:
    """Return bits (T, B), whether a column has a 1 (B,), and the chance level."""
    bits = (rng.random((steps, batch_size)) < q).astype(int)
    quiet = (1 - q) ** steps
    return bits, bits.any(axis=0).astype(int), max(quiet, 1 - quiet)


def _cases(rng: Rng) -> list[Case]:
    rows = (
        *((1, 1, 0.5), (1, 4000, 0.3), (6, 1, 0.9), (3, 3, 0.25), (5, 7, 0)),
        *((5, 7, 1), (0, 4, 0.5), (20, 3000, 0.05), (3000, 4, 0.0005), (12, 2000, 0.1)),
        *((12, 2000, 0.02), (400, 50, 0.5), (2, 3000, 1 / 3)),
    )
    return [
        {
            "steps": steps,
            "batch_size": batch_size,
            "q": q,
            "rng": np.random.default_rng(rng.integers(2**32)),
        }
        for steps, batch_size, q in rows
    ]


def _drawn(answer: Answer, case: Case) -> Any:
    """Return the three parts by name, or what was returned if they are not three."""
    found = call(answer, case)
    if not isinstance(found, tuple | list) or len(found) != len(NAMES):
        return found
    return dict(zip(NAMES, found, strict=True))


def _of_the_right_form(found: Any, case: Case) -> bool | str:
    if not isinstance(found, dict):
        return f"It should return three things: {', '.join(NAMES)}."
    T, B = case["steps"], case["batch_size"]
    for name, shape in {"bits": (T, B), "targets": (B,), "chance": ()}.items():
        if np.shape(found[name]) != shape:
            return f"{name} should have shape {shape}; it has {np.shape(found[name])}."
    for name in ("bits", "targets"):
        array = np.asarray(found[name])
        if array.dtype.kind == "f":
            return f"{name} holds floats; whole numbers are asked for: .astype(int)."
        if array.dtype.kind not in "iub" or not np.isin(array, (0, 1)).all():
            return f"{name} should hold whole numbers, 0 or 1."
    if np.asarray(found["chance"]).dtype.kind not in "iuf":
        return f"chance should be a number; it is {what_it_is(found['chance'])}."
    return True


def _as_likely_as_asked(found: Any, case: Case) -> bool | str:
    bits, q = np.asarray(found["bits"], dtype=float), float(case["q"])
    for what, shares in (
        ("all", bits.mean(keepdims=True)) if bits.size else ("all", bits),
        ("the same step", bits.mean(axis=1)),
        ("the same sequence", bits.mean(axis=0) if len(bits) else bits),
    ):
        drawn = bits.size / max(shares.size, 1)
        enough = min(q, 1 - q) * drawn > FEWEST or q in (0, 1)
        far = abs(shares - q) > SIGMAS * np.sqrt(q * (1 - q) / max(drawn, 1))
        if enough and far.any():
            share = fixed(float(shares[far][0]))
            return f"Of {what} bits {share} are 1; {fixed(q)} is asked for."
    return True


def _independent(found: Any, case: Case) -> bool | str:
    bits, q = np.asarray(found["bits"], dtype=float), float(case["q"])
    if len(bits) < 2 or not 0 < q < 1:
        return True
    d = bits - q
    for what, one, other in (
        ("step", d[:-1], d[1:]),
        ("sequence", d[:, :-1], d[:, 1:]),
    ):
        spread = q * (1 - q) * np.sqrt(one.size)
        rare = q * one.size * q < FEWEST
        if one.size and not rare and abs((one * other).sum()) > SIGMAS * spread:
            return f"A bit tells something of the next {what}'s: draw each by itself."
    return True


def _targets_are_right(found: Any, case: Case) -> bool | str:
    bits, targets = np.asarray(found["bits"]), np.asarray(found["targets"])
    wrong = np.flatnonzero(bits.any(axis=0) != targets)
    if not len(wrong):
        return True
    k = int(wrong[0])
    ones = int(bits[:, k].sum())
    shown = "is a 1" if ones == 1 else f"are {ones} ones" if ones else "is no 1"
    return f"In sequence {k} there {shown}, and its target is {int(targets[k])}."


def _chance_is_right(found: Any, case: Case) -> bool | str:
    quiet = (1 - float(case["q"])) ** case["steps"]
    best, yours = max(quiet, 1 - quiet), float(found["chance"])
    return abs(yours - best) < 1e-9 or (
        f"Your chance level is {fixed(yours, 3)}; with {count(case['steps'], 'step')} "
        f"and q = {case['q']:.3g} that is not how often the best blind answer is right."
    )


ALARM = Exercise(
    id="09.8",
    kind="P",
    title="A task of your own, and its chance level",
    reference=alarm,
    cases=_cases,
    observe=_drawn,
    mistakes=(
        Mistake(
            "chance_of_a_coin",
            {"max(quiet, 1 - quiet)": "0.5"},
            "There are two answers, but they are not equally likely. With many steps "
            "nearly every sequence has a 1 in it: what does a reader score who says "
            "“yes” without looking?",
        ),
        Mistake(
            "chance_of_an_alarm",
            {"max(quiet, 1 - quiet)": "1 - quiet"},
            "You give the share of sequences with an alarm. Who answers without "
            "looking chooses the more frequent answer, and that may be “no”.",
        ),
        Mistake(
            "chance_of_silence",
            {"max(quiet, 1 - quiet)": "quiet"},
            "You give the share of quiet sequences. Who answers without looking "
            "chooses the more frequent answer, and that may be “yes”.",
        ),
        Mistake(
            "chance_of_one_bit",
            {"max(quiet, 1 - quiet)": "max(q, 1 - q)"},
            "That is the chance level of guessing a single bit. An alarm may come at "
            "any of the steps: how likely is it that none comes?",
        ),
        Mistake(
            "guessing_by_the_shares",
            {"max(quiet, 1 - quiet)": "quiet**2 + (1 - quiet) ** 2"},
            "That is what a reader scores who says “yes” as often as it is true. Who "
            "always says the more frequent one scores more.",
        ),
        Mistake(
            "silence_of_all_ones",
            {"(1 - q) ** steps": "q**steps"},
            "q to the power of the steps is how likely it is that all bits are 1. A "
            "quiet sequence has none.",
        ),
        Mistake(
            "ones_and_zeros_exchanged",
            {"< q": "> q"},
            "Your bits are 1 as often as they should be 0. Which share of the numbers "
            "between 0 and 1 lies below q?",
        ),
        Mistake(
            "always_half",
            {"< q": "< 0.5"},
            "Your bits are fair coins, whatever q is.",
        ),
        Mistake(
            "last_bit_alone",
            {"bits.any(axis=0)": "bits[-1]"},
            "Your target is the last bit. An alarm at any step counts: that is what "
            "makes it a task for a memory.",
        ),
        Mistake(
            "counts_the_ones",
            {"bits.any(axis=0)": "bits.sum(axis=0)"},
            "Your target counts the ones. The question is only whether there was one.",
        ),
        Mistake(
            "one_sequence_for_all",
            {
                "rng.random((steps, batch_size)) < q": "rng.random((steps, 1)) + "
                "np.zeros(batch_size) < q"
            },
            "All sequences of your batch are the same one. A batch of 32 should hold "
            "32 examples.",
        ),
        Mistake(
            "batch_first",
            {"bits, bits.any": "bits.T, bits.any"},
            "Your bits have one row a sequence. Time comes first here: (T, B).",
        ),
        Mistake(
            "all_or_nothing",
            {
                "rng.random((steps, batch_size)) < q": "np.zeros((steps, 1)) + "
                "rng.random(batch_size) < q"
            },
            "In your sequences all bits are the same. Each bit is to be drawn by "
            "itself.",
        ),
    ),
    claims=(
        Claim("Three things of the right form come back.", _of_the_right_form),
        Claim("Each bit is 1 with probability q.", _as_likely_as_asked),
        Claim("Each bit is drawn by itself.", _independent),
        Claim("A target says whether there is a 1.", _targets_are_right),
        Claim("The chance level is that of the best blind answer.", _chance_is_right),
    ),
    hints=(
        "What you draw, what is asked about it, and what somebody scores who never "
        "looks: three lines, in this order.",
        "rng.random gives numbers between 0 and 1, in any shape. Which share of them "
        "lies below q? And a sequence is quiet only if all of its steps are: what do "
        "you do with the probabilities of things that must all happen?",
        "Draw the whole batch at once, time first, and compare. Ask of each column "
        "whether anything in it is true. For the chance level you need no batch: two "
        "answers have two probabilities that add up to one, and whoever may not look "
        "chooses the better of them.",
    ),
)
