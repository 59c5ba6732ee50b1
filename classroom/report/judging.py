"""Each answer of a class is judged once, however many have handed it in."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

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
    programs: dict[str, set[str]] = defaultdict(set)
    for learner in learners.values():
        for id, program in learner.programs.items():
            if program != assigned()[id].untouched:
                programs[id].add(program)
    total, known = sum(map(len, programs.values())), {}
    for answers in _rounds({id: sorted(each) for id, each in programs.items()}):
        for id, outcome in outcomes(answers).items():
            known[id, answers[id]] = outcome
        tell(len(known), total)
    untouched = Outcome(NOT_TRIED)
    return {
        name: {id: one for id, one in learner.stored.items() if id not in assigned()}
        | {
            id: known.get((id, program), untouched)
            for id, program in learner.programs.items()
        }
        for name, learner in learners.items()
    }


def _rounds(programs: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    """Yield one answer to each exercise, until all were there."""
    for n in range(max(map(len, programs.values()), default=0)):
        yield {id: each[n] for id, each in programs.items() if n < len(each)}
