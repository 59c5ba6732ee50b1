"""One LSTM unit whose gates are set by hand."""

import math
from dataclasses import dataclass

from rnncourse.shared.wording import fixed, whole_percent

__all__ = ["GateDesk", "compute"]


@dataclass(frozen=True)
class GateDesk:
    """One step of one unit: `c = f * c_prev + i * g`, `h = o * tanh(c)`.

    Attributes
    ----------
    i, f, o, g, c_prev : float
        As they were set.
    moved : str
        The one that was moved last, which the verdict explains; empty for none.
    """

    i: float
    f: float
    o: float
    g: float
    c_prev: float
    moved: str = ""

    @property
    def kept(self) -> float:
        """What is kept of the old cell state."""
        return self.f * self.c_prev

    @property
    def written(self) -> float:
        """What is added to it."""
        return self.i * self.g

    @property
    def c(self) -> float:
        """The new cell state."""
        return self.kept + self.written

    @property
    def tanh_c(self) -> float:
        """What can be shown."""
        return math.tanh(self.c)

    @property
    def h(self) -> float:
        """What is shown: the hidden state."""
        return self.o * self.tanh_c

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        sign = "−" if self.written < 0 else "+"
        sums = (
            f"c = {fixed(self.kept)} {sign} {fixed(abs(self.written))} = "
            f"{fixed(self.c)}, h = {fixed(self.h)}."
        )
        return f"{self._spoken_of()} {sums}".strip()

    def _spoken_of(self) -> str:
        """Return what the part that was moved last does."""
        before, after = fixed(self.c_prev), fixed(self.kept)
        return {
            "": "",
            "f": f"The forget gate keeps {whole_percent(self.f)} of the old cell "
            f"state: {after} of {before}.",
            "i": f"The input gate writes {whole_percent(self.i)} of the candidate "
            f"{fixed(self.g)}: {fixed(self.written)} is added.",
            "g": f"The candidate offers {fixed(self.g)}; the input gate lets "
            f"{fixed(self.written)} of it in.",
            "o": f"The output gate shows {whole_percent(self.o)} of tanh(c) = "
            f"{fixed(self.tanh_c)}. The cell state c does not change by that.",
            "c_prev": f"The old cell state is {before}; the forget gate keeps {after} "
            "of it.",
        }[self.moved]


def compute(
    *, i: float, f: float, o: float, g: float, c_prev: float, moved: str = ""
) -> GateDesk:
    """Take one step with gates that are set by hand."""
    return GateDesk(i, f, o, g, c_prev, moved)
