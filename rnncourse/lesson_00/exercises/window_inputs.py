"""Exercise 00.2: how many numbers a window holds."""

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Rng


def window_inputs(T: int, V: int) -> int:
    """Return how many numbers a window network reads: T letters, one-hot, of V."""
    return T * V


def _cases(rng: Rng) -> list[Case]:
    any_two = int(rng.integers(4, 9)), int(rng.integers(100, 900))
    sizes = [(1, 4), (2, 4), (3, 5), (4, 4), (7, 3), (9, 1), (1, 1), (400, 300)]
    return [{"T": T, "V": V} for T, V in [*sizes, any_two]]


WINDOW_INPUTS = Exercise(
    id="00.2",
    kind="V",
    title="How many numbers a window holds",
    reference=window_inputs,
    cases=_cases,
    mistakes=(
        Mistake(
            "side_by_side_added",
            {"T * V": "T + V"},
            "You add the two numbers. Write a window of 2 letters on paper, in an "
            "alphabet of 4: how many zeros and ones are there in all?",
        ),
        Mistake(
            "one_letter_only",
            {"T * V": "V"},
            "You have the size of one letter. The window shows several of them at "
            "once, side by side.",
        ),
        Mistake(
            "letters_counted",
            {"T * V": "T"},
            "You count the letters. Each of them is a whole row of zeros and a one. "
            "How long is such a row?",
        ),
        Mistake(
            "texts_counted",
            {"T * V": "V**T"},
            "You count how many different windows there are. That number grows much "
            "faster. Here the question is how many numbers are needed to write down a "
            "single one of them.",
        ),
    ),
    hints=(
        "Take the window of section 2 and count its numbers on the screen.",
        "One letter takes as many numbers as there are letters in the alphabet. The "
        "window holds several letters, and they stand side by side.",
        "First one letter: how many numbers is its row long? Then the window: how many "
        "such rows stand in it? That gives the total for any T and V.",
    ),
)
