"""Which steps have met after some passes of a scan."""

from dataclasses import dataclass

from rnncourse.shared.wording import count

__all__ = ["LONGEST", "MOST_PASSES", "ScanTree", "compute"]

LONGEST, MOST_PASSES = 16, 4

Node = tuple[int, int]  # a step, and the pass after which it is looked at


@dataclass(frozen=True)
class ScanTree:
    """A scan over T steps, stopped after some passes.

    Attributes
    ----------
    steps : int
        T.
    passes : int
        How many were made, no more than are needed.
    t : int
        The step that is looked at, counted from 1.
    """

    steps: int
    passes: int
    t: int

    @property
    def needed(self) -> int:
        """How many passes it takes: the logarithm of T, rounded up."""
        return (self.steps - 1).bit_length()

    def first(self, t: int, passes: int) -> int:
        """Return the earliest step that step t stands for, after some passes."""
        return max(1, t - 2**passes + 1)

    def partner(self, node: Node) -> Node | None:
        """Return the node on the left that the last pass put into this one, if any."""
        t, passes = node
        left = t - 2 ** (passes - 1)
        return (left, passes - 1) if passes and left >= 1 else None

    @property
    def met(self) -> frozenset[Node]:
        """All nodes that have gone into the one that is looked at, and itself."""
        found, todo = set(), [(self.t, self.passes)]
        while todo:
            node = todo.pop()
            found.add(node)
            t, passes = node
            before = [(t, passes - 1), self.partner(node)] if passes else []
            todo += [each for each in before if each and each not in found]
        return frozenset(found)

    @property
    def composed(self) -> int:
        """How many pairs were put together, in all passes so far."""
        return sum(self.steps - 2**k for k in range(self.passes))

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        first = self.first(self.t, self.passes)
        held = (
            f"steps {first} to {self.t}" if first < self.t else f"step {self.t} alone"
        )
        rest = "nothing is missing" if first == 1 else f"{first - 1} still missing"
        made = "1 pass" if self.passes == 1 else f"{self.passes} passes"
        words = f"After {made}, step {self.t} stands for {held}: {rest}. "
        words += f"{count(self.composed, 'pair')} put together so far. "
        if self.passes == self.needed:
            words += (
                f"All {self.steps} states are there; a loop puts together "
                f"{self.steps - 1}, one after the other."
            )
        return words.strip()


def compute(*, steps: int, passes: int, t: int) -> ScanTree:
    """Stop a scan over some steps after some passes, and look at one of the steps.

    A step that is beyond the last is taken to be the last; passes that are not needed
    are not made.
    """
    needed = (steps - 1).bit_length()
    return ScanTree(steps, min(passes, needed), min(t, steps))
