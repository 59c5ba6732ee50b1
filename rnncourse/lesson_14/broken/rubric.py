"""The rubric of the broken LSTM: five findings, their order, three seeds, the limits.

Split, gradient check and ten examples are the tests by which the bugs are found, so
they are no lines of their own here; an ablation would be one more bug, and no explorer
shows a program. In their place stand the findings, and whether the cheapest test that
shows a bug was the one that found it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Line, Record, WaitsError
from rnncourse.lesson_14.broken.bugs import broken_lstm, whole
from rnncourse.lesson_14.broken.looks import LONG, LOOKS, Seen, by_itself, run
from rnncourse.lesson_14.broken.program import Program
from rnncourse.lesson_14.broken.right import LETTERS
from rnncourse.lesson_14.look import check_words
from rnncourse.shared.wording import count

__all__ = ["LINES"]

NAMES = {
    "overfit": "ten examples",
    "gradients": "gradient check",
    "gaps": "gaps",
    "longer": "longer sequences",
    "split": "split",
}
ASKS = {
    "overfit": "Can it learn ten sequences by heart? The evidence is a batch (x, y, "
    "mask) of at most ten on which the loss stays where it is. Each finding is three "
    "things in brackets: the program before, the evidence, the mended program.",
    "gradients": "Is every gradient the slope of the loss? The evidence is a batch and "
    "the name of a parameter, in brackets: ((x, y, mask), name).",
    "gaps": "Does it matter what stands in a gap, or how many gaps there are? The "
    "evidence is two batches of at most twelve steps that are the same wherever "
    "something has arrived.",
    "longer": "Does it hold on sequences longer than those of training? The evidence "
    "is a number of steps.",
    "split": "Is a sequence of the test set one of the training set? The evidence is "
    "(seed, i, j): sequence i of training is sequence j of the test, where rng is made "
    "of the seed and data = program.sample(200, rng) is split with the same rng.",
}
HINTS = {
    "overfit": "Do you train on these sequences alone?",
    "gradients": "Try the other parameters, and a batch in which a letter stands twice "
    "at one step, and with gaps.",
    "gaps": "Change the letters in the gaps, and the answers there; and put a few "
    "steps of gap at the end of sequences of eight.",
    "longer": "Go on to three or four times the length.",
    "split": "Compare each sequence of training with each of the test.",
}
FORM = "Three things in brackets: the program before, the evidence, the mended program."
MEASURES = "sample", "accuracy"
FEWEST_SEEDS, LONGEST_FAIL = 3, 400


def _finding(record: Record, name: str) -> tuple[Program, Any, Program]:
    """Return what was put down for a finding: before, evidence, after."""
    given = getattr(record, name)
    if not isinstance(given, tuple | list) or len(given) != 3:
        raise FaultError(f"`{name}` is not of the form that is asked for.", FORM)
    before, evidence, after = given
    for which, program in (("first", before), ("last", after)):
        if not isinstance(program, Program):
            kind = type(program).__name__
            raise FaultError(f"The {which} must be a program, and is {kind}.", FORM)
    for measure in MEASURES:
        if len({dict(p.functions)[measure] for p in (whole(), before, after)}) > 1:
            raise FaultError(
                f"`{measure}` is changed. It holds no bug and is what you measure "
                "with; leave it as it is."
            )
    return before, evidence, after


def _looked(name: str, program: Program, evidence: Any) -> Seen:
    try:
        return LOOKS[name](program, evidence)
    except (TypeError, ValueError) as error:
        words = f"This evidence cannot be used: {error}."
        raise FaultError(words, ASKS[name]) from error


def _look_at(name: str) -> Callable[[Record, None], str]:
    """Return what looks at one finding: shown before, gone after."""

    def look(record: Record, task: None) -> str:
        before, evidence, after = _finding(record, name)
        shown = _looked(name, before, evidence)
        if not shown.bug:
            little = "is too little to tell" if name == "longer" else "shows no bug"
            raise FaultError(f"This evidence {little}: {shown.words}.", HINTS[name])
        mended = _looked(name, after, evidence)
        if mended.bug:
            raise FaultError(
                f"Shown, {shown.words}; but after your change {mended.words}: the bug "
                "is still there."
            )
        again = by_itself(after, name)
        if again.bug:
            raise FaultError(
                f"Shown, {shown.words}. With your evidence it is gone, but with "
                f"another input {again.words}: the change hides the bug.",
                HINTS[name],
            )
        _check_cheaper(name, before, after)
        return f"Shown: {shown.words}. Mended: {mended.words}."

    return look


def _check_cheaper(name: str, before: Program, after: Program) -> None:
    """Raise if a cheaper test was green before the change, and is red after it."""
    for cheaper in [*LOOKS][: [*LOOKS].index(name)]:
        seen = by_itself(after, cheaper)
        if seen.bug and not by_itself(before, cheaper).bug:
            raise FaultError(
                f"This test is green now, but your change breaks another one, which "
                f"was green: {NAMES[cheaper]}, {seen.words}.",
                HINTS[cheaper],
            )


def _order(record: Record, task: None) -> str:
    """Look whether each bug was found by the cheapest test that shows it."""
    program, late = broken_lstm(_seed(record)), []
    changed: dict[str, tuple[str, str]] = {}  # the text before, and the test
    for place, name in enumerate(LOOKS):
        before, _, after = _finding(record, name)
        if before != program:
            raise FaultError(
                f"The program before `{name}` is not the one that you had by then.",
                "The first is broken_lstm(seed), each other one the mended program of "
                "the finding before: ten examples, gradient check, gaps, longer "
                "sequences, split.",
            )
        red = [n for n in [*LOOKS][:place] if by_itself(before, n).bug]
        late += [f"{NAMES[name]} while {NAMES[n]} was still red" for n in red[:1]]
        for function, text in after.functions:
            if changed.get(function, ("", ""))[0] == text:
                raise FaultError(
                    f"What you changed in `{function}` for {changed[function][1]} is "
                    f"taken back for {NAMES[name]}: it was no mend."
                )
            if dict(before.functions)[function] != text:
                changed[function] = dict(before.functions)[function], NAMES[name]
        program = after
    if late:
        found = len(LOOKS) - len(late)
        raise FaultError(f"In order: {found} of {len(LOOKS)}; {', '.join(late)}.")
    for name in LOOKS:
        try:
            _look_at(name)(record, task)
        except FaultError as error:
            words = f"This waits until all five are right; {NAMES[name]} is not yet."
            raise WaitsError(words) from error
    return "In order: 5 of 5; each by the cheapest of the tests that show it."


def _seed(record: Record) -> int:
    seed = record.seed
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise FaultError("`seed` must be the number that you drew your program with.")
    return int(seed)


def _scores(record: Record, task: None) -> str:
    """Look at the program as a whole, and train it again with each seed."""
    program, told = _finding(record, "split")[2], record.scores
    for name in LOOKS:
        seen = by_itself(program, name)
        if seen.bug:
            raise FaultError(f"{NAMES[name].capitalize()}: {seen.words}.", HINTS[name])
    if not isinstance(told, Mapping) or len(told) < FEWEST_SEEDS:
        raise FaultError("`scores` must be a dict of three scores or more, by seeds.")
    for seed, score in told.items():
        if not isinstance(seed, int | np.integer) or seed < 0:
            raise FaultError(f"A seed must be a whole number, got {seed!r}.")
        right = _score(program, int(seed))
        if not (isinstance(score, float | int) and abs(score - right) < 0.001):
            raise FaultError(
                f"For seed {seed} you have {score!r}; trained and measured again it is "
                f"{right:.4f}."
            )
    worst = min(told.values())
    return (
        f"All five tests are green. Trained again with {count(len(told), 'seed')}: "
        f"{int(100 * worst)} % at least are right at {LONG} steps."
    )


def _score(program: Program, seed: int) -> float:
    longer = program.sample(100, np.random.default_rng(1), LONG)
    return float(program.accuracy(run(program, seed).params, longer))


def _limits(record: Record, task: None) -> str:
    """Look whether the text names the score and a sequence that really fails."""
    program, words, fails = _finding(record, "split")[2], record.limits, record.fails
    check_words("limits", words)
    if not isinstance(record.scores, Mapping) or not record.scores:
        raise WaitsError("This waits until `scores` is right.")
    mean = 100 * float(np.mean([*record.scores.values()]))
    numbers = [float(text) for text in re.findall(r"\d+(?:\.\d+)?", words)]
    if not any(abs(found - mean) < 0.06 for found in numbers):
        raise FaultError("The text does not name your mean score, in % to a decimal.")
    x = _letters(fails)
    if len(x) not in numbers:
        steps = count(len(x), "step")
        raise FaultError(f"The text does not say that `fails` has {steps}.")
    nets = [run(program, int(seed)).params for seed in record.scores]
    wrong = sum(_is_wrong(program, params, x) for params in nets)
    if not wrong:
        raise FaultError(
            f"At the end of that sequence all your {len(nets)} nets are right.",
            "A mark and then one letter again and again, or letters by chance, for a "
            "few hundred steps; if all of them hold, add a seed to `scores`.",
        )
    return f"It names {mean:.1f} %, and a sequence that {wrong} of {len(nets)} miss."


def _letters(fails: Any) -> list[int]:
    """Return the tokens of a sequence that is typed as letters."""
    right = (
        isinstance(fails, str) and fails[:1] in ("X", "Y") and {*fails} <= {*LETTERS}
    )
    if not right or len(fails) > LONGEST_FAIL:
        raise FaultError(
            "`fails` must be letters, such as 'X' + 30 * 'b': a mark, and then at most "
            f"{LONGEST_FAIL - 1} of {LETTERS}."
        )
    return [LETTERS.index(letter) for letter in fails]


def _is_wrong(program: Program, params: Any, x: list[int]) -> bool:
    """Return whether the last answer is not the last mark."""
    steps = np.array(x)[:, None]
    logits, _ = program.forward(params, steps, np.ones_like(steps, bool))
    mark = [token for token in x if token >= 4][-1] - 4
    return bool(logits[-1, 0].argmax() != mark)


LINES = (
    *(Line(NAMES[name], (name,), ASKS[name], _look_at(name)) for name in LOOKS),
    Line(
        "order of tests",
        ("seed",),
        "Each bug is to be found by the cheapest test that shows it. This is looked at "
        "when all five are found; `seed` is the one that you drew your program with.",
        _order,
        needs=tuple(LOOKS),
    ),
    Line(
        "three seeds",
        ("scores",),
        "Train the mended program with three seeds, run(program, seed).params, and "
        f"measure its accuracy on program.sample(100, np.random.default_rng(1), {LONG})"
        ": a dict of the accuracies by their seeds.",
        _scores,
        needs=("split",),
    ),
    Line(
        "honest limits",
        ("limits", "fails"),
        "`fails` is a sequence of letters, such as 'X' + 30 * 'b', at whose end one of "
        "your nets forgets the last mark. `limits` is a text that names its number of "
        "steps and the mean of your scores in %, and says what five green tests do not "
        "show.",
        _limits,
        needs=("split", "scores"),
    ),
)
