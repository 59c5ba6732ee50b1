"""The rubric of a paper in ten minutes.

The model is one of the library, whose gradients are proved, and the data is drawn anew
for each batch: so there is no gradient check, no ten examples, and no split. In their
place stand the claim with a prediction, the setting, and the verdict; the ablation is
the control.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnncourse.checking.capstone import FaultError, Line, Record, WaitsError
from rnncourse.lesson_14.look import FEWEST_WORDS, NUMBER, check_words, explorer
from rnncourse.lesson_14.look_at_nets import alike
from rnncourse.lesson_14.paper.probe import check_train
from rnncourse.lesson_14.paper.rows import HIGH, LOW, ROWS, Row, make_cell
from rnncourse.lesson_14.task import ask, same
from rnncourse.shared.temporal_order import held_out_accuracy
from rnncourse.shared.wording import count
from rnnlib.tasks import TemporalOrder

__all__ = ["LINES", "score"]

SEEDS, NEAR = 3, 0.0011
VERDICTS = "does not hold", "holds in part", "holds"


def score(net: Any, setting: Mapping[str, Any]) -> float:
    """Return the accuracy on a thousand held-out sequences, the same each time."""
    task = TemporalOrder(steps=setting["steps"])
    return held_out_accuracy(net, task, rng=np.random.default_rng(0))


def _row(record: Record) -> Row:
    if not isinstance(record.row, str) or record.row not in ROWS:
        raise FaultError(f"`row` must be one of {', '.join(ROWS)}; got {record.row!r}.")
    return ROWS[record.row]


def _claim(record: Record, task: None) -> str:
    row, guess = _row(record), record.predicted
    whole = isinstance(guess, int | np.integer) and not isinstance(guess, bool)
    if not (whole and 0 <= guess <= SEEDS):
        raise FaultError(
            f"`predicted` must be in how many of {SEEDS} seeds you think it holds, a "
            f"whole number; got {guess!r}."
        )
    return f"{row.claim} You predict: in {guess} of {SEEDS} seeds."


def _setting(record: Record, task: None) -> str:
    row = _row(record)
    for place, right in (("setting", dict(row.setting)), ("control", row.control)):
        mine = getattr(record, place)
        if not isinstance(mine, Mapping) or mine.keys() != right.keys():
            keys = ", ".join(right)
            raise FaultError(f"`{place}` must be a dict with {keys}.")
        wrong = [key for key in right if mine[key] != right[key]]
        if wrong:
            raise FaultError(
                f"`{place}` has {wrong[0]} = {mine[wrong[0]]!r}, and the claim is "
                f"about {right[wrong[0]]!r}.",
                "A control changes one thing and nothing else."
                if place == "control"
                else "",
            )
    (name,) = row.change
    return f"One thing differs in the control: {name}, {row.change[name]!r}."


def _settled(record: Record) -> None:
    try:
        _setting(record, None)
    except FaultError as error:
        raise WaitsError("This waits until setting and control are right.") from error


def _chance(record: Record, task: None) -> str:
    right = TemporalOrder(steps=20).chance
    try:
        off = abs(float(record.chance) - right)
    except (TypeError, ValueError):
        off = np.inf
    if not off < NEAR:
        raise FaultError(
            f"`chance` must be the accuracy of who guesses; got {record.chance!r}.",
            "How many answers are there, and how often is each of them right?",
        )
    return f"Who guesses is right in {right:.2f} of all cases."


def _check_nets(record: Record, place: str, setting: Mapping[str, Any]) -> Any:
    """Return the nets of a setting, by seed, if they can be those."""
    nets = getattr(record, place)
    if not isinstance(nets, Mapping) or len(nets) < SEEDS:
        raise FaultError(
            f"`{place}` must be a dict of {SEEDS} nets or more, by their seeds."
        )
    wanted = make_cell(setting, 6, rng=np.random.default_rng(0))
    for seed, net in nets.items():
        cell = getattr(getattr(net, "parts", {}).get("recurrent"), "cell", None)
        if repr(cell) != repr(wanted):
            raise FaultError(
                f"`{place}` must hold for seed {seed} a net with one layer of "
                f"{wanted!r}; this one has {cell!r}."
            )
    for a, b in ((a, b) for a in nets for b in nets if str(a) < str(b)):
        if same(nets[a], nets[b]):
            raise FaultError(f"The nets of seeds {a} and {b} are the same.")
    return nets


def _evaluated(record: Record, which: str, told: str) -> dict[Any, float]:
    """Return the scores of the nets of a setting, if they are those of the record."""
    setting = getattr(record, which)
    place = "nets" if which == "setting" else "control_nets"
    nets, mine = _check_nets(record, place, setting), getattr(record, told)
    if not isinstance(mine, Mapping) or mine.keys() != nets.keys():
        raise FaultError(f"`{told}` must be a dict with a number for each seed.")
    scores = {seed: score(net, setting) for seed, net in nets.items()}
    for seed, right in scores.items():
        number = isinstance(mine[seed], float | int | np.number)
        if not (number and abs(mine[seed] - right) < NEAR):
            raise FaultError(
                f"`{told}` says {mine[seed]!r} for seed {seed}; evaluated again it is "
                f"{right:.3f}."
            )
    return scores


def _trained(record: Record, which: str, told: str) -> str:
    """Evaluate all nets, and train the first one again."""
    _settled(record)
    scores = _evaluated(record, which, told)
    nets = record.nets if which == "setting" else record.control_nets
    seed, net = next(iter(nets.items()))
    again = ask(record, "train", dict(getattr(record, which)), seed)
    if not hasattr(again, "params") or not alike(again, net):
        raise FaultError(
            f"`train({which}, {seed!r})`, called again, gives another net than before.",
            "All chance comes from np.random.default_rng(seed), made inside of it. Or "
            "was `train` changed since?",
        )
    found = [*scores.values()]
    if which == "setting":
        said = f"{sum(s > HIGH for s in found)} with more than {100 * HIGH:.0f} %"
    else:
        said = f"{sum(s <= LOW for s in found)} with at most {100 * LOW:.0f} %"
    return (
        f"Evaluated again, as you say: of {len(nets)} nets {said}. "
        f"Seed {seed}, trained again, gave the same net."
    )


def _seeds(record: Record, task: None) -> str:
    words = _trained(record, "setting", "scores")
    check_train(record, record.setting)
    return f"{words} With another setting it would be another."


def _control(record: Record, task: None) -> str:
    words = _trained(record, "control", "control_scores")
    if record.nets is not None and [*record.nets] != [*record.control_nets]:
        raise FaultError("The control must be trained with the same seeds.")
    return words


def _verdict(record: Record, task: None) -> str:
    _settled(record)
    with_it = _evaluated(record, "setting", "scores")
    without = _evaluated(record, "control", "control_scores")
    held = sum(with_it[s] > HIGH and without.get(s, 1.0) <= LOW for s in with_it)
    right = VERDICTS[(held > 0) + (held == len(with_it))]
    if _plain(record.verdict) != (held, right):
        raise FaultError(
            "`verdict` must be (in how many seeds it holds, and one of "
            f"{', '.join(map(repr, VERDICTS))}); this is not what was measured: "
            f"{record.verdict!r}.",
            f"It holds in a seed if more than {HIGH:g} is right with it, and at most "
            f"{LOW:g} without.",
        )
    return f"It {right}: in {held} of {len(with_it)} seeds."


def _plain(verdict: Any) -> Any:
    """Return a verdict as a tuple, in small letters."""
    if not isinstance(verdict, tuple | list):
        return verdict
    return tuple(part.lower() if isinstance(part, str) else part for part in verdict)


def _limits(record: Record, task: None) -> str:
    words = record.limits
    check_words("limits", words)
    numbers = [float(text.replace(",", ".")) for text in re.findall(NUMBER, words)]
    for place in ("scores", "control_scores"):
        scores = getattr(record, place)
        try:
            mean = 100 * float(np.mean([*scores.values()]))
        except (AttributeError, TypeError, ValueError) as error:
            raise WaitsError(f"This waits until `{place}` is right.") from error
        if not any(abs(number - mean) < 0.06 for number in numbers):
            raise FaultError(
                f"The text does not name the mean of `{place}`, in % to a decimal."
            )
    return f"It names both means, in {count(len(words.split()), 'word')}."


def _preset(record: Record, task: None) -> str:
    return explorer(record, task)  # type: ignore[arg-type]


LINES = (
    Line(
        "claim",
        ("row", "predicted"),
        f"Choose a `row`: {', '.join(ROWS)}, and predict before you train in how "
        f"many of {SEEDS} seeds the claim holds.",
        _claim,
    ),
    Line(
        "setting",
        ("setting", "control"),
        "Two dicts: the setting of the claim, and that of the control, in which one "
        "thing is changed.",
        _setting,
        needs=("row",),
    ),
    Line(
        "baseline",
        ("chance",),
        "The accuracy of who only guesses.",
        _chance,
    ),
    Line(
        "three seeds",
        ("train", "nets", "scores"),
        "Write `train(setting, seed)`, which returns a trained net, train three or "
        "more, and evaluate each: two dicts by seed.",
        _seeds,
        needs=("row", "setting", "control"),
    ),
    Line(
        "control",
        ("control_nets", "control_scores"),
        "The same seeds with the setting of the control.",
        _control,
        needs=("row", "setting", "control", "train"),
    ),
    Line(
        "verdict",
        ("verdict",),
        "In how many seeds the claim holds, and the words for it, in brackets.",
        _verdict,
        needs=(
            "row",
            "setting",
            "control",
            "nets",
            "scores",
            "control_nets",
            "control_scores",
        ),
    ),
    Line(
        "explorer",
        ("preset",),
        "Which explorer shows why it is so? Three things in brackets: the explorer, "
        "the name of one of its presets, and what is to be seen there, with a number "
        "that stands there.",
        _preset,
    ),
    Line(
        "honest limits",
        ("limits",),
        f"A text of at least {FEWEST_WORDS['limits']} words: both means in %, what "
        "differs from the paper, and what three seeds of one task do not show.",
        _limits,
        needs=("scores", "control_scores"),
    ),
)
