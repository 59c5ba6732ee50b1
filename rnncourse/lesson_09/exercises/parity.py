"""Exercise 09.7: the parity puzzle, solved by what is asked."""

from typing import Any

import numpy as np

from rnncourse.checking.exercise import Answer, Case, Claim, Exercise
from rnncourse.checking.mistakes import Mistake
from rnncourse.checking.plain import what_it_is
from rnncourse.checking.randomness import drawn_elsewhere
from rnnlib._typing import Rng
from rnnlib.cells import GRUCell
from rnnlib.metrics import accuracy
from rnnlib.models import Tagger
from rnnlib.optimizers import SGD, Adam, Optimizer
from rnnlib.recurrent import Recurrent
from rnnlib.tasks import Parity
from rnnlib.training import fit

__all__ = ["PARITY"]

STEPS, UPDATES, MARK = 10, 400, 0.9
CHOICES = ("each step", "at the end")


def parity_learner(rng: Rng) -> tuple[str, Tagger, Optimizer]:
    """Return what is asked in training, a model that reads bits, and an optimiser."""
    cell = GRUCell(2, 16, rng=rng, dtype=np.float32)
    return "each step", Tagger(Recurrent(cell), 2, rng=rng), Adam(0.01)


def _trained(answer: Answer, case: Case) -> Any:
    """Return the accuracy of the last answer after training, or what is wrong."""
    rng = case["rng"]
    found = answer(rng)
    misfit = _misfit(found) or drawn_elsewhere(lambda rng: answer(rng)[1])
    if misfit:
        return misfit
    asked, model, optimizer = found
    before = _right(model, rng)
    if before > MARK:
        return (
            f"Before the first update {before:.0%} of the answers are right: return a "
            "model that is not trained yet, a new one at each call."
        )
    task = Parity(STEPS, asked=asked)
    batches = (task.sample(32, rng=rng) for _ in range(UPDATES))
    history = fit(model, batches, optimizer, rng=rng, clip_norm=1.0, progress=False)
    if history.stopped:
        return f"Training stopped: {history.stopped}."
    return _right(model, rng)


def _right(model: Tagger, rng: Rng) -> float:
    task = Parity(STEPS, asked="at the end")
    batch = task.sample(500, rng=rng, split="held_out")
    return accuracy(model.predict(batch.inputs), batch.targets, batch.mask)


def _misfit(found: Any) -> str:
    """Return a sentence if something is no choice, model and optimiser."""
    if found is None:
        return "It returns None: is there a return at the end of your function?"
    if not isinstance(found, tuple | list) or len(found) != 3:
        return "It should return three things: what is asked, a model, an optimiser."
    asked, model, optimizer = found
    if not isinstance(asked, str) or asked not in CHOICES:
        listed = " or ".join(map(repr, CHOICES))
        return f"The first should be {listed}; it is {asked!r:.40}."
    if not isinstance(model, Tagger):
        return f"The second should be a Tagger; it is {what_it_is(model)}."
    if (model.parts["recurrent"].input_size, model.output_size) != (2, 2):
        return "The Tagger should read two kinds of bits, and know two answers."
    if not isinstance(optimizer, Optimizer):
        kind = what_it_is(optimizer)
        return f"The third should be an optimiser, such as {SGD(0.1)!r}; it is {kind}."
    return ""


def _solved(share: Any, _: Case) -> bool | str:
    if isinstance(share, str):
        return share
    if share >= MARK:
        return True
    return (
        f"After {UPDATES} updates {share:.0%} of the answers at the end are right; "
        f"{MARK:.0%} is the mark, and 50% is what guessing has. What is asked in "
        "training comes first, the learning rate second."
    )


PARITY = Exercise(
    id="09.7",
    kind="T",
    title="The parity puzzle",
    reference=parity_learner,
    cases=lambda rng: [{"rng": np.random.default_rng(rng.integers(2**32))}],
    observe=_trained,
    mistakes=(
        Mistake(
            "asked_at_the_end",
            {"each step": "at the end"},
            "You train on the question that will be asked. One wrong bit turns the "
            "answer over, so a reader who has half of it is right half of the time: "
            "no small step makes it better. What else could be asked in training?",
        ),
        Mistake(
            "steps_too_small",
            {"0.01": "0.00001"},
            "The steps are so small that 400 of them lead nowhere. With Adam a rate "
            "of about a hundredth does it.",
        ),
        Mistake(
            "steps_too_large",
            {"0.01": "3.0"},
            "The steps are so large that all units are saturated after a few of them. "
            "With Adam a rate of about a hundredth does it.",
        ),
        Mistake(
            "plain_steps",
            {"Adam(0.01)": "SGD(0.01)"},
            "Plain steps of a hundredth of the gradient get nowhere in 400 updates. "
            "Which optimiser has the course used throughout?",
        ),
    ),
    claims=(Claim("The last answer is right.", _solved),),
    hints=(
        "The network will be tested on its answer at the end. Does that mean that it "
        "has to be trained on this answer alone?",
        "An answer at the end says nothing of where a mistake was made. Which question "
        "could be asked on the way, so that the first two steps can be learned before "
        "the last ones?",
        "Three choices: the word for what is asked, a cell with two inputs and a dozen "
        "units or so inside a layer inside a tagger with two answers, and an optimiser "
        "that the course has used throughout, Adam with a rate of a hundredth. Any "
        "kind of cell will do: the puzzle is not in the cell.",
    ),
    seconds=60.0,
)
