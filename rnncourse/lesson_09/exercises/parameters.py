"""Exercise 09.2: how many numbers a stack of GRU layers has."""

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Rng

__all__ = ["PARAMETERS"]


def gru_parameters(input_size: int, hidden_size: int, layers: int, biases: int) -> int:
    """Return the count of parameters, with `biases` biases a gate: 0, 1 or 2."""
    total, below = 0, input_size
    for _ in range(layers):
        total += 3 * hidden_size * (below + hidden_size + biases)
        below = hidden_size
    return total


def _cases(rng: Rng) -> list[Case]:
    D, H = (int(size) for size in rng.integers(3, 12, 2))
    sizes = [
        *((1, 1, 1, 0), (1, 1, 1, 1), (1, 1, 1, 2), (1, H, 1, 1), (D, 1, 1, 2)),
        *((5, 5, 1, 0), (5, 5, 1, 1), (5, 5, 1, 2), (D, D, 2, 1), (D, 2 * D, 1, 2)),
        *((D, H + 13, 2, 1), (H + 13, D, 2, 2), (D, H + 13, 3, 2), (D + 20, H, 3, 0)),
        *((D, H, 4, 1), (D, H, 7, 2), (300_000, 3000 + D, 1, 1), (65, 512 + H, 3, 2)),
    ]
    names = ("input_size", "hidden_size", "layers", "biases")
    return [dict(zip(names, row, strict=True)) for row in sizes]


PARAMETERS = Exercise(
    id="09.2",
    kind="V",
    title="Count the parameters",
    reference=gru_parameters,
    returns=("total",),
    cases=_cases,
    mistakes=(
        Mistake(
            "of_an_lstm",
            {"3 * hidden_size": "4 * hidden_size"},
            "That is the count of an LSTM, whose matrices have four blocks. How many "
            "does a GRU have?",
        ),
        Mistake(
            "two_gates_alone",
            {"3 * hidden_size": "2 * hidden_size"},
            "You count the two gates. The candidate has weights, too.",
        ),
        Mistake(
            "one_block",
            {"3 * hidden_size": "hidden_size"},
            "That is a plain RNN: one block. Each gate has weights of its own, and so "
            "has the candidate.",
        ),
        Mistake(
            "no_weights_of_the_state",
            {"below + hidden_size + biases": "below + biases"},
            "You count what comes from the input. All three parts look at the old "
            "state, too: what is the shape of W_hh?",
        ),
        Mistake(
            "one_bias_whatever_is_asked",
            {"+ biases)": "+ 1)"},
            "You count one bias a gate, always. Libraries differ: the last argument "
            "says how many there are.",
        ),
        Mistake(
            "no_biases",
            {" + biases)": ")"},
            "You count the matrices alone. How many numbers are there in one bias of "
            "all three parts, and how often does it come?",
        ),
        Mistake(
            "one_number_a_bias",
            {"(below + hidden_size + biases)": "(below + hidden_size) + biases"},
            "You add the biases as single numbers. A bias is a vector: one entry for "
            "each unit of each of the three parts.",
        ),
        Mistake(
            "a_bias_for_the_layer",
            {
                "3 * hidden_size * (below + hidden_size": "hidden_size * (3 * (below "
                "+ hidden_size)"
            },
            "Your biases have one entry a unit. There are three parts, each with a "
            "bias of its own.",
        ),
        Mistake(
            "all_layers_read_the_input",
            {"below = hidden_size": "below = input_size"},
            "With one layer you are right. What does the second layer read: x, or the "
            "states of the first?",
        ),
        Mistake(
            "the_last_layer_alone",
            {"total += 3": "total = 3"},
            "With several layers you return what the last one has. Are they summed up?",
        ),
        Mistake(
            "one_layer",
            {"range(layers)": "range(1)"},
            "You count one layer, however many there are. Layers share no weights.",
        ),
        Mistake(
            "both_sizes_the_same",
            {"below + hidden_size + biases": "2 * hidden_size + biases"},
            "Where input and state have the same size you are right. Of the two "
            "matrices of a layer, one has as many rows as the input has entries.",
        ),
    ),
    hints=(
        "How many blocks stand side by side in W_xh? Write down its shape, that of "
        "W_hh, and that of one bias.",
        "Every array has 3H columns. One of them has D rows, one has H, and each bias "
        "is a single row. Layers have weights of their own.",
        "For one layer: the width of all arrays, times the number of all rows "
        "together. Then the next layer: what does it read, and how wide is that? Test "
        "yours by hand on D = 2, H = 1, where you can draw each weight.",
    ),
)
