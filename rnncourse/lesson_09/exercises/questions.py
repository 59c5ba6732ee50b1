"""Questions and cards of lesson 09."""

from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["CARDS", "PUZZLE", "SIGN_TEST", "TABLE", "ZOO"]


ZOO = Question(
    id="09.5",
    title="four GRUs, and what their losses say",
    prompt="Four GRUs learn the temporal order of two marks, 20 steps, ten seeds each. "
    "One is as it was meant; in one z and 1 − z are exchanged; in one r sits on the "
    "other side of the product; in one r is 1 for ever. Which of them does the loss "
    "give away?",
    options={
        "a": (
            "the one in which z is exchanged",
            "What is called z there is 1 − z here. It is the same cell under other "
            "names, and before training both stand near one half. It has 1000 of 1000 "
            "right in 10 of 10 seeds.",
        ),
        "b": (
            "the one without a reset gate",
            "You would expect it, for it lacks a part. It, too, has 1000 of 1000 right "
            "in 10 of 10 seeds: this task does not need a reset.",
        ),
        "c": (
            "none of them: all four learn it in all ten seeds",
            "Yes, all 40 runs end with 1000 of 1000 right and a loss below 0.01. A "
            "loss says that something has been learned, not that the equations are "
            "those you meant. That is what a check of values is for.",
        ),
        "d": (
            "all but the one that was meant",
            "A gradient goes through whatever equations there are, and training makes "
            "the best of them. A wrong cell is a cell.",
        ),
    },
    right="c",
)


PUZZLE = Question(
    id="09.6",
    title="the parity puzzle",
    prompt="Ten bits come in; at the end the question is whether the number of ones "
    "was odd. Two GRUs of 16 units make 600 updates. One is asked at the end alone, "
    "the other after each bit. Both are tested at the end alone. What do they have "
    "right?",
    options={
        "a": (
            "both nearly all: ten steps are short",
            "They are short for a memory. But an answer at the end is worth nothing "
            "before all ten bits are counted, so there is no first success to build "
            "on.",
        ),
        "b": (
            "asked at the end about half, asked at each step all",
            "Yes. The cell, the data and the number of updates are the same. After "
            "each bit the question is easy: turn the last answer over, or not. What is "
            "asked, and when, decides here, and not the cell.",
        ),
        "c": (
            "asked at the end all, asked at each step about half",
            "The first practises only what is tested, that is true. It learns nothing, "
            "though: a reader who has nine of ten bits is right half of the time.",
        ),
        "d": (
            "both about half: parity needs more than two gates",
            "A latch that turns over is enough. In lesson 02 you may have set such "
            "weights by hand, with three units of a plain RNN.",
        ),
    },
    right="b",
)


SIGN_TEST = Guess(
    id="09.9",
    title="five of five",
    prompt="Cell A beats cell B in 5 of 5 seeds. Suppose that the two are equally "
    "good, so that each seed is a fair coin. How often, of 100 such comparisons, would "
    "one of the two win all five?",
    right=6.25,
    tolerance=0.5,
    low=0,
    high=100,
    right_says="2 of the 32 ways in which five coins can fall: five times A, or five "
    "times B. That is 6.25 of 100: with five pairs no count of wins can be rarer than "
    "this.",
    low_says="More often. In how many ways can five coins fall? And in how many of "
    "them do all agree?",
    high_says="Less often. In how many ways can five coins fall? And in how many of "
    "them do all agree?",
    known=(
        (
            3.1,
            "That is 1 of 32, five times A. Five times B would have been told as a "
            "clear result just as well.",
        ),
        (
            3.125,
            "That is 1 of 32, five times A. Five times B would have been told as a "
            "clear result just as well.",
        ),
    ),
)


TABLE = Question(
    id="09.10",
    title="read the table",
    prompt="Right of 100, where chance is 50; five seeds each, sorted. A: 52, 96, 97, "
    "98, 99. B: 90, 91, 93, 94, 95. C: 89, 92, 93, 94, 96. Which sentence does this "
    "table carry?",
    options={
        "a": (
            "B is better than A: its mean is 92.6, that of A is 88.4",
            "One run of A has failed and pulls its mean down by nine. In four of five "
            "seeds A is above all runs of B. A mean hides both facts.",
        ),
        "b": (
            "A is better than B in four of five seeds, and once it fails to learn",
            "Yes: a count, and what the rest did. Whether one failure in five is one "
            "in five, or one in fifty, only more seeds can tell.",
        ),
        "c": (
            "C is better than B: its best run is better",
            "The ranges overlap nearly wholly. The best of five runs mostly says how "
            "widely they are spread.",
        ),
        "d": (
            "B and C are equally good",
            "The table does not show a difference. That is not the same as showing "
            "that there is none: with five seeds a difference of one or two would "
            "hardly be seen.",
        ),
    },
    right="b",
)


CARDS = (
    Card(
        id="C11",
        claim="A GRU is an LSTM in which what is forgotten makes room for what is "
        "written, in which all of the memory is shown, and in which the old state can "
        "be hidden from the candidate.",
        truth=True,
        statement="z takes the parts of f and, as 1 − z, of i. There is no output gate "
        "and no second state. The reset gate r is new: it says how much of the old "
        "state the candidate sees.",
    ),
    Card(
        id="C12",
        claim="Where the update gate z is near 1, much of the state is updated.",
        truth=False,
        statement="Its name says so, and so do some papers. In PyTorch, in Keras, in "
        "the first paper and here, z keeps: at z = 1 nothing is updated. In the second "
        "paper, of the same year, z writes. Look at the equation, never at the name.",
    ),
    Card(
        id="C13",
        claim="Any GRU can be turned into one of another library: one has but to put "
        "the blocks of its weights in order, and to change the sign of z where z "
        "writes.",
        truth=False,
        statement="It is so as long as the reset gate sits on the same side of the "
        "product. Between reset before and reset after there is no conversion: with "
        "two units or more there are cells of either kind that none of the other kind "
        "computes.",
    ),
    Card(
        id="C14",
        claim="A GRU layer has three quarters of the numbers of an LSTM layer of the "
        "same size, in PyTorch, too.",
        truth=True,
        statement="Three blocks against four, in each matrix and in each bias. (In "
        "this library a GRU has H more, for the candidate alone has a second bias.)",
    ),
    Card(
        id="C15",
        claim="The gradient of a GRU does not vanish, because its update gate carries "
        "it on.",
        truth=False,
        statement="Directly it is multiplied by z at each step. Where z is one half, "
        "a thousandth is left after ten steps, as in an LSTM whose forget gate is half "
        "open. The gate makes it possible to keep a gradient, and promises nothing.",
    ),
)
