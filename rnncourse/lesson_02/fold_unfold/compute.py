"""What a recurrent net shares over its steps, and what each step has of its own."""

from dataclasses import dataclass

from rnncourse.shared.wording import count

__all__ = ["LONGEST", "PARTS", "Unfolding", "compute"]

LONGEST = 8
VOCABULARY_SIZE = 4
PARTS = ("everything", "W_xh", "W_hh", "W_hy", "h")


@dataclass(frozen=True)
class Unfolding:
    """A net of D = V = 4 and H units, drawn once as a loop and once over T steps.

    Attributes
    ----------
    steps, hidden : int
        T and H.
    part : str
        What is looked at, one of PARTS.
    """

    steps: int
    hidden: int
    part: str

    @property
    def sizes(self) -> dict[str, int]:
        """How many numbers each parameter holds."""
        H, V = self.hidden, VOCABULARY_SIZE
        return {"W_xh": V * H, "W_hh": H * H, "b_h": H, "W_hy": H * V, "b_y": V}

    @property
    def parameters(self) -> int:
        """The number of parameters, H (D + H + 1) + V (H + 1)."""
        return sum(self.sizes.values())

    @property
    def states(self) -> int:
        """How many numbers the states of T steps hold together."""
        return self.steps * self.hidden

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        T, H = self.steps, self.hidden
        if self.part == "everything":
            return (
                f"{count(self.parameters, 'parameter')}, and {count(T, 'step')} with "
                f"{count(H, 'unit')} each: {count(self.states, 'number')} of state."
            )
        if self.part == "h":
            return (
                f"The loop holds one state, which changes. Unrolled, "
                f"{count(T, 'state')} of {count(H, 'number')} lie side by side: "
                f"{self.states} in all. What is not shared grows with T."
            )
        return (
            f"{self.part} is drawn {count(T, 'time')} and exists once: "
            f"{count(self.sizes[self.part], 'number')}, the same at every step. "
            f"All parameters together: {self.parameters}, for any T."
        )


def compute(*, steps: int, hidden: int, part: str) -> Unfolding:
    """Return the counts.

    Parameters
    ----------
    steps : int
        T, from 1 to LONGEST.
    hidden : int
        H.
    part : str
        One of PARTS.
    """
    return Unfolding(steps, hidden, part)
