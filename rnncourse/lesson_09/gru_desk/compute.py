"""One GRU unit whose gates are set by hand, and an LSTM unit that does the same."""

import math
from dataclasses import dataclass

from rnncourse.shared.wording import fixed, whole_percent

__all__ = ["WEIGHT", "GRUDesk", "compute"]

WEIGHT = 2.0  # of the old state, on its way to the candidate


@dataclass(frozen=True)
class GRUDesk:
    """One step of one unit: `h = (1 - z) * n + z * h_prev`.

    Attributes
    ----------
    z, r, h_prev, a_n : float
        As they were set; a_n is what the candidate gets from the input.
    moved : str
        The one that was moved last, which the verdict explains; empty for none.
    """

    z: float
    r: float
    h_prev: float
    a_n: float
    moved: str = ""

    @property
    def m(self) -> float:
        """What the candidate would get from the old state if nothing were reset."""
        return WEIGHT * self.h_prev

    @property
    def seen(self) -> float:
        """What it gets from there."""
        return self.r * self.m

    @property
    def n(self) -> float:
        """The candidate."""
        return math.tanh(self.a_n + self.seen)

    @property
    def write(self) -> float:
        """The share of the candidate: the input gate of the LSTM."""
        return 1 - self.z

    @property
    def kept(self) -> float:
        """What is kept of the old state."""
        return self.z * self.h_prev

    @property
    def written(self) -> float:
        """What is added to it."""
        return self.write * self.n

    @property
    def h(self) -> float:
        """The new state, and the cell state of the LSTM."""
        return self.kept + self.written

    @property
    def tanh_h(self) -> float:
        """What the LSTM shows of it at most."""
        return math.tanh(self.h)

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        sign = "−" if self.written < 0 else "+"
        sums = (
            f"h = {fixed(self.kept)} {sign} {fixed(abs(self.written))} = "
            f"{fixed(self.h)}. As an LSTM: f = {fixed(self.z)}, i = "
            f"{fixed(self.write)}, and of c = {fixed(self.h)} it shows "
            f"{fixed(self.tanh_h)}."
        )
        return f"{self._spoken_of()} {sums}".strip()

    def _spoken_of(self) -> str:
        """Return what the part that was moved last does."""
        return {
            "": "",
            "z": f"The update gate keeps {whole_percent(self.z)} of the old state and "
            f"writes {whole_percent(self.write)} of the candidate {fixed(self.n)}.",
            "r": f"The reset gate lets the candidate see {whole_percent(self.r)} of "
            f"{fixed(self.m)}: n = {fixed(self.n)}.",
            "h_prev": f"Of the old state {fixed(self.h_prev)} the unit keeps "
            f"{fixed(self.kept)}, and its candidate sees {fixed(self.seen)}.",
            "a_n": f"The input gives {fixed(self.a_n)}, the old state "
            f"{fixed(self.seen)}: n = {fixed(self.n)}.",
        }[self.moved]


def compute(
    *, z: float, r: float, h_prev: float, a_n: float, moved: str = ""
) -> GRUDesk:
    """Take one step with gates that are set by hand."""
    return GRUDesk(z, r, h_prev, a_n, moved)
