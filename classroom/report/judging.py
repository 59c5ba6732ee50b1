"""Each answer of a class is judged once, however many have handed it in."""

from collections.abc import Callable, Mapping

from classroom.report.assigned import assigned
from classroom.report.collecting import Learner
from classroom.report.outcomes import Outcome, outcomes
from rnncourse.checking.reports import NOT_TRIED

__all__ = ["judged"]

Tell = Callable[[int, int], None]


def judged(
    learners: Mapping[str, Learner], tell: Tell = lambda *_: None
) -> dict[str, dict[str, Outcome]]:
    """Return the outcome of each exercise, by learner.

    A capstone is a whole notebook of work: what its stored output says is believed.

    Parameters
    ----------
    learners : mapping
    tell : function
        `tell(done, all)` is called as answers are judged.
    """
    answers = sorted(
        {
            (id, program)
            for learner in learners.values()
            for id, program in learner.programs.items()
            if program != assigned()[id].untouched
        }
    )
    known = {}
    for answer, outcome in zip(answers, outcomes(answers), strict=True):
        known[answer] = outcome
        tell(len(known), len(answers))
    untouched = Outcome(NOT_TRIED)
    return {
        name: {id: one for id, one in learner.stored.items() if id not in assigned()}
        | {
            id: known.get((id, program), untouched)
            for id, program in learner.programs.items()
        }
        for name, learner in learners.items()
    }
