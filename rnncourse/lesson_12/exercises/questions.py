"""Questions and cards of lesson 12."""

from rnncourse.checking.questions import Card, Question

__all__ = ["CARDS", "NEEDS"]


NEEDS = Question(
    id="12.6",
    title="which task needs what?",
    prompt="Four tasks: (1) was the number of ones odd, for strings of any length; (2) "
    "the number that was written last, any number of steps ago; (3) any of 60 pairs of "
    "key and value, asked for at the end; (4) a mean of the last ten readings or so. "
    "Four memories, each in one layer: (P) a fixed decay; (Q) a decay in (0, 1) that "
    "the input sets; (R) a state that the next step can turn round; (S) a table that "
    "grows with the text. Which memory is the least that will do for each task?",
    options={
        "a": (
            "1 Q, 2 P, 3 R, 4 S",
            "A table that grows is more than a mean asks for. And with a fixed decay "
            "a number fades while it waits, and nobody knows for how long: something "
            "must say when to forget.",
        ),
        "b": (
            "1 R, 2 Q, 3 S, 4 P",
            "Yes. A parity is turned over by each one, and no factor in (0, 1) turns "
            "anything over. A number is kept by a gate that sees the next one come. "
            "Sixty pairs want room for sixty. A mean that fades is what a fixed decay "
            "is.",
        ),
        "c": (
            "1 Q, 2 R, 3 S, 4 P",
            "Half of it. What happens to a state between 0 and 1 that should flip at "
            "each one, if all that a step can do is to multiply it by something in "
            "(0, 1), and add?",
        ),
        "d": (
            "1 R, 2 Q, 3 Q, 4 P",
            "Three of four. A gate may choose what to keep, but how many vectors that "
            "look like noise to each other fit into a state of a fixed size?",
        ),
    },
    right="b",
)


CARDS = (
    Card(
        id="C21",
        claim="The states of any recurrent network have to be computed one after the "
        "other, because each needs the one before it.",
        truth=False,
        statement="It is so where the step bends the state. If the step is linear in "
        "the state, two steps are one step of the same kind, and so are four, and "
        "eight: all T states come out of about log2 T passes.",
    ),
    Card(
        id="C22",
        claim="The gradient of a linear recurrence is a linear recurrence, too, with "
        "the same factors, shifted by one step, run from the last to the first.",
        truth=True,
        statement="What comes back to h_t is dh_t plus a_{t+1} times what came back to "
        "h_{t+1}: the factor is that of the next step. So one scan serves both "
        "passes.",
    ),
    Card(
        id="C23",
        claim="A scan needs log2 T passes where a loop needs T steps, so it is faster.",
        truth=False,
        statement="Each pass goes over all of the sequence, so these passes do about "
        "log2 T times as much arithmetic as a loop. They win where a step is too small "
        "to keep the machine busy, and no longer where one step already does.",
    ),
    Card(
        id="C24",
        claim="A memory of 16 × 16 numbers holds 256 numbers, so it recalls any 256 "
        "pairs of a key and a value.",
        truth=False,
        statement="A pair brings a value of 16 numbers, and there are no more than 16 "
        "directions for keys: 16 pairs at most are recalled exactly, whatever the "
        "values are, and only if the keys do not lie in fewer directions.",
    ),
    Card(
        id="C25",
        claim="A layer whose steps multiply its state by factors between 0 and 1, both "
        "ends allowed, and add to it, cannot tell the parity of strings of any length "
        "on a computer, however wide it is.",
        truth=True,
        statement="Over a long run of ones such a state settles, or grows in one "
        "direction, so that odd and even can no longer be told apart with a finite "
        "number of digits. With factors from −1 to 1, both ends allowed, a single "
        "unit does it: −1 for a one, 1 for a zero.",
    ),
)
