"""Which steps have an input, which an output: patterns, reach, and the loss."""

from dataclasses import dataclass
from itertools import pairwise

from rnncourse.shared.wording import count

__all__ = ["LONGEST", "WiringBoard", "compute", "pattern"]

LONGEST = 8


@dataclass(frozen=True)
class WiringBoard:
    """A recurrent net over T steps, some with an input, some with an output.

    Attributes
    ----------
    steps, layers : int
    inputs, outputs : tuple of int
        The steps, counted from 1, that have one.
    both : bool
        Whether a second net reads from right to left.
    fed_back : bool
        Whether each output is the next input.
    """

    steps: int
    layers: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    both: bool
    fed_back: bool

    @property
    def pattern(self) -> str:
        """What this wiring is called."""
        return pattern(self.inputs, self.outputs)

    @property
    def fed(self) -> tuple[int, ...]:
        """The steps whose input is the output of the step before."""
        return () if self.both else self.to_be_fed

    @property
    def to_be_fed(self) -> tuple[int, ...]:
        """The steps that wait for the output before them, come it or not."""
        if not self.fed_back:
            return ()
        after = (t + 1 for t in self.outputs)
        return tuple(t for t in after if t <= self.steps and t not in self.inputs)

    def known(self, t: int) -> tuple[int, ...]:
        """Return which inputs the output of step t depends on."""
        if self.both:
            return self.inputs
        return tuple(s for s in self.inputs if s <= t)

    @property
    def loss(self) -> str:
        """The loss as a formula."""
        terms = [f"L_{t}" for t in self.outputs]
        if not terms:
            return "no output, no loss"
        if len(terms) == 1:
            return f"L = {terms[0]}"
        if len(terms) > 3:
            return f"L = ({terms[0]} + .. + {terms[-1]}) / {len(terms)}"
        return f"L = ({' + '.join(terms)}) / {len(terms)}"

    @property
    def shapes(self) -> dict[str, str]:
        """The shapes of x, h and p, and at how many steps the mask is True."""
        width = "2H" if self.both else "H"
        kept = {
            "x": f"({self.steps}, B, D)",
            "h": f"({self.steps}, B, {width})",
            "p": f"({self.steps}, B, V)",
        }
        return kept | {"mask": f"{len(self.outputs)} of {count(self.steps, 'step')}"}

    @property
    def weights(self) -> tuple[str, str]:
        """The weights, and how they are used: with a single step no state is handed on.

        The initial state is zero.
        """
        cells = self.layers * (1 + self.both)
        if self.steps == 1:
            return f"{cells} × (W_xh, b_h)", "no step before: no W_hh"
        return f"{cells} × (W_xh, W_hh, b_h)", "each is used at every step"

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if not self.outputs:
            steps = "step 1" if self.steps == 1 else f"steps 1 to {self.steps}"
            return f"No output at {steps}: nothing is asked, so nothing can be learned."
        if self.both and self.to_be_fed:
            return (
                "This cannot run: with both directions an output needs the inputs "
                "after it, too, and some of those are outputs that are not yet there."
            )
        return f"{self.pattern}. {self._knows()}{self._fed_says()} {self._depth()}"

    def _knows(self) -> str:
        first = self.outputs[0]
        known, more = self.known(first), self.known(self.outputs[-1])
        if not more:
            return "No output depends on any input."
        if len(known) == len(self.inputs):
            return f"Every output depends on {_all(self.inputs)}."
        if len(self.inputs) == 1:
            return f"p_{first} does not depend on the one input."
        says = _named("x", known) if known else "none"
        return f"p_{first} depends on {says} of {len(self.inputs)} inputs."

    def _fed_says(self) -> str:
        return f" Outputs are fed back as {_named('x', self.fed)}." if self.fed else ""

    def _depth(self) -> str:
        cells = self.layers * (1 + self.both)
        return f"{count(cells, 'set')} of weights; {_loss_says(len(self.outputs))}"


def _loss_says(n: int) -> str:
    return "the loss has 1 term." if n == 1 else f"the loss is a mean of {n} terms."


def _all(steps: tuple[int, ...]) -> str:
    return "the one input" if len(steps) == 1 else f"all {len(steps)} inputs"


def _named(letter: str, steps: tuple[int, ...]) -> str:
    """Return steps in words, those that follow each other together.

    >>> _named("x", (1, 2, 3, 4)), _named("x", (1, 2, 4))
    ('x_1 to x_4', 'x_1, x_2 and x_4')
    """
    runs: list[list[str]] = []
    for before, step in pairwise((0, *steps)):
        if step > before + 1 or not runs:
            runs.append([])
        runs[-1].append(f"{letter}_{step}")
    named = [
        part
        for run in runs
        for part in (run if len(run) < 3 else [f"{run[0]} to {run[-1]}"])
    ]
    *others, last = named
    return f"{', '.join(others)} and {last}" if others else last


def pattern(inputs: tuple[int, ...], outputs: tuple[int, ...]) -> str:
    """Return the name of a wiring pattern.

    >>> pattern((1, 2, 3), (3,)), pattern((1,), (1, 2, 3)), pattern((1,), (1,))
    ('Many to one', 'One to many', 'One to one')
    >>> pattern((1, 2), (1, 2)), pattern((1, 2), (3, 4, 5))
    ('Many to many, aligned', 'Many to many, first read, then write')
    """
    if not outputs:
        return "Nothing is asked"
    if not inputs:
        return "Nothing to many" if len(outputs) > 1 else "Nothing to one"
    if len(outputs) == 1:
        return "One to one" if len(inputs) == 1 else "Many to one"
    if len(inputs) == 1:
        return "One to many"
    if inputs == outputs:
        return "Many to many, aligned"
    if inputs[-1] <= outputs[0]:
        return "Many to many, first read, then write"
    return "Many to many, with steps left out"


def compute(
    *, inputs: str, outputs: str, steps: int, layers: int, both: bool, fed_back: bool
) -> WiringBoard:
    """Return the wiring.

    Parameters
    ----------
    inputs, outputs : str
        A 1 for each step that has one, else a 0; LONGEST of them.
    steps : int
        T, up to LONGEST. What comes after is left out.
    layers : int
        From 1 to 3.
    both : bool
        Whether a second net reads from right to left.
    fed_back : bool
    """
    return WiringBoard(
        steps, layers, _on(inputs, steps), _on(outputs, steps), both, fed_back
    )


def _on(switches: str, steps: int) -> tuple[int, ...]:
    return tuple(t for t, on in enumerate(switches[:steps], start=1) if on == "1")
