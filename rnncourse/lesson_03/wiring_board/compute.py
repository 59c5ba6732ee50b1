"""Which steps have an input, which an output: patterns, reach, and the loss."""

from dataclasses import dataclass

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
        if not self.fed_back or self.both:
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
        terms = [f"l_{t}" for t in self.outputs]
        if not terms:
            return "no output, no loss"
        if len(terms) == 1:
            return f"L = {terms[0]}"
        if len(terms) > 3:
            return f"L = ({terms[0]} + .. + {terms[-1]}) / {len(terms)}"
        return f"L = ({' + '.join(terms)}) / {len(terms)}"

    @property
    def shapes(self) -> dict[str, str]:
        """The shapes of all arrays, x at the bottom."""
        width = "2H" if self.both else "H"
        kept = {
            "x": f"({self.steps}, B, D)",
            "h": f"({self.steps}, B, {width})",
            "y": f"({self.steps}, B, V)",
        }
        return kept | {"mask": f"{len(self.outputs)} of {self.steps} steps"}

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        if not self.outputs:
            return "No output: nothing is asked, so nothing can be learned."
        if self.both and self.fed_back:
            return (
                "This cannot run: who reads from right to left needs the last input "
                "first, and the last input is an output that is not yet there."
            )
        return f"{self.pattern}. {self._knows()}{self._fed_says()} {self._depth()}"

    def _knows(self) -> str:
        first = self.outputs[0]
        known, more = self.known(first), self.known(self.outputs[-1])
        if not more:
            return "No output depends on any input."
        if len(known) == len(self.inputs):
            return f"Every output depends on {_all(self.inputs)}."
        says = f"on {_named('x', known)}" if known else "on no input"
        return f"y_{first} depends {says}, of {count(len(self.inputs), 'input')}."

    def _fed_says(self) -> str:
        return " Each output is fed back as the next input." if self.fed else ""

    def _depth(self) -> str:
        cells = self.layers * (1 + self.both)
        return f"{count(cells, 'set')} of weights; {_loss_says(len(self.outputs))}"


def _loss_says(n: int) -> str:
    return "the loss has 1 term." if n == 1 else f"the loss is a mean of {n} terms."


def _all(steps: tuple[int, ...]) -> str:
    return "the one input" if len(steps) == 1 else f"all {len(steps)} inputs"


def _named(letter: str, steps: tuple[int, ...]) -> str:
    first, last = steps[0], steps[-1]
    if len(steps) == 1:
        return f"{letter}_{first}"
    if len(steps) == 2:
        return f"{letter}_{first} and {letter}_{last}"
    return f"{letter}_{first} to {letter}_{last}"


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
