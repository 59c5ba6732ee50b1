"""Running a net whose weights were set by hand on every short string of digits."""

from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim
from rnncourse.lesson_02.digit_nets import misfit, run
from rnnlib._typing import Array, Rng

__all__ = ["Net", "claims", "run_with", "strings"]

Net = tuple[str, Array, Array, Array, Array, Array]
Rule = Callable[[Array], Array]
SHORT, LONG, AGES = 10, 100, 5000
LONG_STRINGS = f"every string up to length {SHORT}, some of {AGES}, and long ones"
ALL_SHORT = np.array(list(product((0, 1), repeat=SHORT))).T
PATTERNS = "0", "1", "01", "110", "0001"
AGED_ARE = ["a 1 and then zeros alone", "11 and then zeros alone"]
AGED_ARE += ["zeros alone", "ones alone"]
AGED_ARE += [f"{each} again and again" for each in PATTERNS[2:]]
AGED = np.array(
    [
        [1] + [0] * (AGES - 1),
        [1, 1] + [0] * (AGES - 2),
        *([int(d) for d in (AGES * each)[:AGES]] for each in PATTERNS),
    ]
).T  # (AGES, 7)
EARLY = 34 * 72  # after 72 digits each pattern and each count begins again
LATE = np.array(3 * [68 * 72 + 1] + 4 * [68 * 72])  # zeros move nothing, at any digit
APART = 1e-6  # the least distance of two states, also as read, of different answers
MOVES = 1e-4  # the share of itself by which a state may differ many rounds later
FADED = {
    "its state": "What it should hold has faded. Which weight lets it?",
    "its score": "Some unit holds it still, but what the score reads has faded. From "
    "which unit does the score come?",
}
Watch = Callable[[Answer, Case], dict[str, Any]]


def run_with(classes: int, units: float = np.inf) -> Watch:
    """Return a function that runs a learner's net on short strings and on long ones.

    What its units did is part of what is observed, so that a mistake is known by them
    and not by the answers alone.
    """

    def observe(answer: Answer, case: Case) -> dict[str, Any]:
        net = answer()
        wrong = misfit(net, classes) or _too_large(net, units)
        if wrong:
            return {"misfit": wrong}
        net = (net[0], *(np.asarray(array, dtype=float) for array in net[1:]))
        with np.errstate(all="ignore"):
            states, short = run(net, ALL_SHORT)
            _, long = run(net, case[LONG_STRINGS])
            ages, said = run(net, AGED)
            still = np.stack([ages[EARLY - 1], ages[LATE - 1, range(len(LATE))]])
        return {
            "misfit": "",
            "units": states,
            "short": short,
            "long": long,
            "ages": said,
            "still": still,
            "sure": abs(still @ net[4] + net[5])[..., 0],
            "read": _read(still[1], net[4]),
            "tie": _closest(states @ net[4] + net[5]),
        }

    return observe


def _too_large(net: Any, units: float) -> str:
    H = len(net[2])
    return "" if units >= H else f"It has {H} units; it can be done with {units}."


def _read(states: Array, W_hy: Array) -> Array:
    """Return what the scores make of the states, apart from the size of the weights.

    Of several scores only their differences tell one answer from another.
    """
    weights = W_hy - W_hy.mean(axis=1, keepdims=True) * (len(W_hy.T) > 1)
    return states @ (weights / (abs(weights).max() or 1.0))


def _closest(scores: Array) -> float:
    """Return the least distance between the two largest scores; 1 if there is one."""
    if scores.shape[-1] == 1:
        return 1.0
    ordered = np.sort(scores, axis=-1)
    return float((ordered[..., -1] - ordered[..., -2]).min())


def claims(rule: Rule, may_count: bool = False) -> tuple[Claim, ...]:
    """Return what must hold of a net that answers by `rule`.

    With `may_count` a state may move on with the ones, if the answer gets no closer.
    """

    def is_right(found: Any, _: Case) -> Any:
        right = rule(ALL_SHORT)
        if (found["short"] == right).all():
            return True
        digits, said, expected = _first_fault(found["short"], ALL_SHORT, right)
        share = int(100 * (found["short"] == right).mean())
        ones = digits.count("1")
        return (
            f"On the string {digits} your net says {said}; it should say {expected}: "
            f"it has {ones} one{'' if ones == 1 else 's'}. No shorter string goes "
            f"wrong. Over all strings of length {SHORT}, digit by digit, {share} % of "
            "the answers are right."
        )

    def stays_right(found: Any, case: Case) -> Any:
        for said, strings in (found["long"], case[LONG_STRINGS]), (found["ages"], AGED):
            right = rule(strings)
            if (said != right).any():
                digits, _, _ = _first_fault(said, strings, right)
                return (
                    f"It is right on every string up to length {SHORT}, but not for "
                    f"ever: on a long string it goes wrong after {len(digits)} digits. "
                    "Does a state creep away from its value, a little at every step?"
                )
        return True

    def comes_back(found: Any, case: Case) -> Any:
        before, after = found["still"]
        with np.errstate(invalid="ignore"):  # infinity less infinity
            stays = abs(after - before) <= MOVES * np.maximum(1, abs(before))
        less, more = found["sure"]
        surer = (more >= less) & AGED[EARLY:].any(axis=0)
        if may_count:
            stays |= surer[:, None]
        if stays.all():
            return True
        which, unit = np.argwhere(~stays)[0]
        one, other = before[which, unit], after[which, unit]
        how = "grows without end"
        if abs(other) < 100 * max(1, abs(one)):
            how = "moves on, back and forth or bit by bit, and should come to rest"
        return (
            f"It is right up to {AGES} digits, but nothing holds it there: with "
            f"{AGED_ARE[which]}, unit {unit} is {one:.7g} after {EARLY} digits, "
            f"and {other:.7g} after {LATE[which]}. Its state {how}. Which weight or "
            "bias keeps it moving?"
        )

    def has_not_faded(found: Any, case: Case) -> Any:
        answers = rule(AGED)[LATE - 1, range(len(LATE))]
        for what, seen in (
            ("its state", found["still"][1]),
            ("its score", found["read"]),
        ):
            for one, other in combinations(range(len(LATE)), 2):
                gap = abs(seen[one] - seen[other]).max()
                if answers[one] != answers[other] and gap < APART:
                    return (
                        "The answers are right, but hang by a thread: after "
                        f"{LATE[one]} digits {what} with {AGED_ARE[one]} differs by "
                        f"{gap:.1g} from that with {AGED_ARE[other]}. {FADED[what]}"
                    )
        return True

    def has_no_tie(found: Any, case: Case) -> Any:
        return found["tie"] > 1e-9 or (
            "The answers are right, but at some digit the two largest scores are "
            "equal. The largest one counts, so let the right one be larger."
        )

    return (
        Claim(
            "An activation and five arrays come back, and fit together.",
            lambda found, _: found["misfit"] or True,
        ),
        Claim(f"It is right on every string up to length {SHORT}.", is_right),
        Claim(f"It stays right on strings of length {AGES}.", stays_right),
        Claim("Where the same comes again, the state is the same.", comes_back),
        Claim("Where answers differ, the states are apart, as read.", has_not_faded),
        Claim("One score is the largest.", has_no_tie),
    )


def _first_fault(found: Array, strings: Array, right: Array) -> tuple[str, int, int]:
    """Return the shortest string with a wrong answer, that answer and the right one."""
    t, n = np.argwhere(found != right)[0]
    digits = "".join(map(str, strings[: t + 1, n]))
    return digits, int(found[t, n]), int(right[t, n])


def strings(rng: Rng) -> list[Case]:
    """Return long strings (LONG, 40), from nearly all zeros to nearly all ones."""
    shares = np.linspace(0.05, 0.95, 40)
    return [{LONG_STRINGS: (rng.random((LONG, 40)) < shares).astype(int)}]
