"""Exercise 00.5: count the parameters of a window network and of an RNN."""

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Rng


def count_parameters(T: int, V: int, H: int) -> tuple[int, int]:
    """Return how many parameters a window network has, and how many an RNN has."""
    output = H * V + V
    window = T * V * H + H + output
    rnn = V * H + H * H + H + output
    return window, rnn


def _cases(rng: Rng) -> list[Case]:
    sizes = [(1, 2, 3), (3, 4, 2), (4, 3, 1), (3, 1, 4), (5, 6, 6)]
    sizes += [
        (20, 27, 64),
        (2, 30, 200),
        (3, 50_000, 40_000),
        tuple(rng.integers(40, 90, size=3).tolist()),
    ]
    return [{"T": T, "V": V, "H": H} for T, V, H in sizes]


PARAMETERS = Exercise(
    id="00.5",
    kind="V",
    title="Count the parameters",
    reference=count_parameters,
    returns=("window", "rnn"),
    cases=_cases,
    mistakes=(
        Mistake(
            "no_biases",
            {"H * V + V": "H * V", "T * V * H + H": "T * V * H", "H * H + H": "H * H"},
            "All the weights of the window network are there, and nothing else. Each "
            "hidden unit and each output also has a number that it adds, whatever it "
            "reads: its bias.",
        ),
        Mistake(
            "no_biases_in_the_rnn",
            {"V * H + H * H + H + output": "V * H + H * H + H * V"},
            "Your window network is right. In the RNN all the weights are there, and "
            "nothing else. Do its hidden units and its outputs have no biases?",
        ),
        Mistake(
            "one_bias_a_layer",
            {
                "H * V + V": "H * V + 1",
                "T * V * H + H": "T * V * H + 1",
                "H * H + H": "H * H + 1",
            },
            "Your window network has one bias per layer. In the lists of section 4 "
            "the biases are arrays. How long is `b_h`, how long `b_y`?",
        ),
        Mistake(
            "a_window_with_memory",
            {"T * V * H": "T * V * H + H * H"},
            "Your window network has weights from state to state. But it has no "
            "state: it reads its window once, all of it, and is done.",
        ),
        Mistake(
            "no_output",
            {"H * V + V": "0"},
            "You stop at the hidden units. A network still has to say something about "
            "each of the V symbols. Which weights lead there, and how many "
            "biases?",
        ),
        Mistake(
            "rnn_counted_at_each_step",
            {"V * H + H * H + H": "T * (V * H + H * H + H)"},
            others=(
                {"V * H + H * H + H + output": "T * (V * H + H * H + H + output)"},
                {"V * H + H * H + H": "T * (V * H + H * H) + H"},
                {"V * H + H * H + H": "T * V * H + H * H + H"},
                {"return window, rnn": "return window, T * rnn"},
            ),
            hint="Your RNN grows with T. It takes T steps, but at each of them it uses "
            "the very same weights. How often are they stored?",
        ),
        Mistake(
            "no_memory",
            {"V * H + H * H + H": "V * H + H"},
            "Your RNN reads a letter, and forgets it. What else does each of its "
            "hidden units read, at each step? That takes weights, too.",
        ),
        Mistake(
            "one_unit_remembers",
            {"H * H": "H"},
            "Each hidden unit of your RNN reads only itself. It reads the whole "
            "state: H numbers. And there are H units that do so.",
        ),
        Mistake(
            "window_of_one",
            {"T * V * H": "V * H"},
            "Your window network is as large for one letter as for twenty. It has "
            "weights of its own for each place in the window. How many numbers does "
            "one hidden unit read?",
        ),
    ),
    hints=(
        "Do the hidden units first. How many numbers does one of them read? It has one "
        "weight for each, and a bias. Then: how many units are there?",
        "In the window network a hidden unit reads the whole window, which you counted "
        "in 00.2. In the RNN it reads one letter and the whole state, whatever T is. "
        "Both end alike: each of the V outputs reads all H hidden units.",
        "Count one unit of the hidden layer, then all of them; one output, then all of "
        "them. Do it on paper for T = 2, V = 3, H = 4, for both networks, and compare "
        "with what your function says.",
    ),
)
