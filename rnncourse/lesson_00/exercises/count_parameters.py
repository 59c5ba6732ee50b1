"""Exercises of lesson 00 that count parameters."""

from rnncourse.checking.exercise import Case, Exercise
from rnnlib._typing import Rng

__all__ = ["PARAMETERS", "WINDOW_INPUTS"]


def window_inputs(T: int, V: int) -> int:
    """Return how many numbers a window network reads: T letters, one-hot, of V."""
    return T * V


def side_by_side_added(T: int, V: int) -> int:
    """You add the two numbers.

    Write a window of 2 letters on paper, in an alphabet of 4: how many zeros and ones
    are there in all?
    """
    return T + V


def one_letter_only(T: int, V: int) -> int:
    """You have the size of one letter.

    The window shows several of them at once, side by side.
    """
    return V


def letters_counted(T: int, V: int) -> int:
    """You count the letters.

    Each of them is a whole row of zeros and a one. How long is such a row?
    """
    return T


def texts_counted(T: int, V: int) -> int:
    """You count how many different windows there are.

    That number grows much faster. Here the question is how many numbers are needed to
    write down a single one of them.
    """
    return int(V**T)


def _window_cases(rng: Rng) -> list[Case]:
    sizes = [(1, 4), (2, 4), (3, 5), (int(rng.integers(4, 9)), 27)]
    return [{"T": T, "V": V} for T, V in sizes]


WINDOW_INPUTS = Exercise(
    id="00.2",
    kind="V",
    title="How many numbers a window holds",
    reference=window_inputs,
    cases=_window_cases,
    bugs=(side_by_side_added, one_letter_only, letters_counted, texts_counted),
    hints=(
        "Take the window of section 2 and count its numbers on the screen.",
        "One letter takes as many numbers as there are letters in the alphabet. The "
        "window holds several letters, and they stand side by side.",
        "return the number of letters times the length of one of them",
    ),
)


def count_parameters(T: int, V: int, H: int) -> tuple[int, int]:
    """Return the parameters of a window network and of an RNN, output included."""
    output = H * V + V
    window = T * V * H + H + output
    rnn = V * H + H * H + H + output
    return window, rnn


def no_biases(T: int, V: int, H: int) -> tuple[int, int]:
    """All the weights are there, and nothing else.

    Each hidden unit and each output also has a number that it adds, whatever it reads:
    its bias.
    """
    return T * V * H + H * V, V * H + H * H + H * V


def one_bias_a_layer(T: int, V: int, H: int) -> tuple[int, int]:
    """You have one bias a layer.

    In the lists of section 4 the biases are arrays. How long is `b_h`, how long `b_y`?
    """
    return T * V * H + H * V + 2, V * H + H * H + H * V + 2


def a_window_with_memory(T: int, V: int, H: int) -> tuple[int, int]:
    """Your window network has weights from the state to the state.

    It has no state: it reads its window once, all of it, and is done.
    """
    window, rnn = count_parameters(T, V, H)
    return window + H * H, rnn


def no_output(T: int, V: int, H: int) -> tuple[int, int]:
    """You stop at the hidden units.

    Both networks still have to say something about each of the V symbols. Which weights
    lead there, and how many biases?
    """
    return T * V * H + H, V * H + H * H + H


def rnn_counted_at_each_step(T: int, V: int, H: int) -> tuple[int, int]:
    """Your RNN grows with T.

    It takes T steps, but at each of them it uses the very same weights. How often are
    they stored?
    """
    output = H * V + V
    return T * V * H + H + output, T * (V * H + H * H + H) + output


def no_memory(T: int, V: int, H: int) -> tuple[int, int]:
    """Your RNN reads a letter, and forgets it.

    What else does each of its hidden units read, at each step? That takes weights, too.
    """
    output = H * V + V
    return T * V * H + H + output, V * H + H + output


def one_unit_remembers(T: int, V: int, H: int) -> tuple[int, int]:
    """Each hidden unit of your RNN reads only itself.

    It reads the whole state: H numbers. And there are H units that do so.
    """
    output = H * V + V
    return T * V * H + H + output, V * H + H + H + output


def window_of_one(T: int, V: int, H: int) -> tuple[int, int]:
    """Your window network is as large for one letter as for twenty.

    It has weights of its own for each place in the window. How many numbers does one
    hidden unit read?
    """
    output = H * V + V
    return V * H + H + output, V * H + H * H + H + output


def _size_cases(rng: Rng) -> list[Case]:
    sizes = [(1, 2, 3), (3, 4, 2), (20, 27, 64), rng.integers(2, 50, size=3).tolist()]
    return [{"T": T, "V": V, "H": H} for T, V, H in sizes]


PARAMETERS = Exercise(
    id="00.5",
    kind="V",
    title="Count the parameters",
    reference=count_parameters,
    returns=("window", "rnn"),
    cases=_size_cases,
    bugs=(
        no_biases,
        one_bias_a_layer,
        a_window_with_memory,
        no_output,
        rnn_counted_at_each_step,
        no_memory,
        one_unit_remembers,
        window_of_one,
    ),
    hints=(
        "Do the hidden units first. How many numbers does one of them read? It has one "
        "weight for each, and a bias. Then: how many units are there?",
        "In the window network a hidden unit reads the whole window, which you counted "
        "in 00.2. In the RNN it reads one letter and the whole state, whatever T is. "
        "Both end alike: each of the V outputs reads all H hidden units.",
        "hidden layer: units times (numbers that each reads, plus one for its bias). "
        "Output layer: outputs times (hidden units, plus one). Each network has one of "
        "both, so add them up.",
    ),
)
