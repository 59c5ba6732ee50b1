"""Questions and cards of lesson 00."""

from rnncourse.checking.questions import Card, Guess, Question

TIME_STEP = Question(
    id="00.1",
    title="Which step is it?",
    prompt="A thermometer is read at 9:00, at 9:01 and at 9:07. Which time step t has "
    "the reading of 9:07, if we count from 1?",
    options={
        "a": (
            "t = 3",
            "Right. A time step is a place in the order: first, second, third. How "
            "much time has passed in between, it does not say.",
        ),
        "b": (
            "t = 8",
            "That counts minutes. A time step counts the items of the sequence: how "
            "many readings are there up to this one?",
        ),
        "c": (
            "t = 9:07",
            "That is when it happened, a time stamp. A time step is only a number: the "
            "place of the item in the order.",
        ),
    },
    right="a",
)

A22 = Card(
    id="A22",
    claim="A window network is too large because of its one-hot inputs: with a shorter "
    "code for each letter it would need no more parameters than an RNN, however long "
    "the text.",
    truth=False,
    statement="A shorter code puts a smaller number in the place of V in T·V·H, the "
    "weights of the first layer, and leaves the T: it grows with the text, and is made "
    "for one T alone. The hidden layer of an RNN has H·(H + V + 1) parameters at any "
    "length, and a shorter code makes it smaller, too.",
)

SHIFT = Question(
    id="00.6",
    title="The word moves",
    prompt="A window network and an RNN have both learned to say whether a text holds "
    "“cat”, from texts where it began at steps 1 to 10. The RNN was asked after each "
    "letter. Now “cat” begins at step 15. Who finds it?",
    options={
        "a": (
            "both: they know the word",
            "The RNN does. But the weights with which the window network reads the "
            "letters from step 15 on never met a “cat”: what would they have learned "
            "it from?",
        ),
        "b": (
            "only the window network: it sees the whole text at once",
            "It sees every letter, but it reads each place with weights of its own, "
            "and those of step 15 never met a “cat”.",
        ),
        "c": (
            "only the RNN: it reads every letter with the same weights",
            "Right. What its weights learned at one place they do at each. The window "
            "network would have to learn the word again for step 15.",
        ),
        "d": (
            "neither: both saw it only at steps 1 to 10",
            "That is true of the window network. The RNN has no weights for a step "
            "of its own: the same ones read every letter.",
        ),
    },
    right="c",
)

CEILING = Guess(
    id="00.7",
    title="The best a bag can do",
    prompt="In three of four reviews two words are set against each other, and for "
    "each of these there is another review of the same words and the opposite opinion. "
    "The others are plain, and their words give them away. Which share of all reviews "
    "can a network that reads only the bag of words get right, at best?",
    right=0.625,
    tolerance=0.011,
    low=0,
    high=1,
    right_says="Right: all of the plain quarter, and by guessing half of the other "
    "three: 0.25 + 0.75 / 2 = 0.625.",
    low_says="Too low. It gets the plain quarter right, and may still guess among the "
    "other three quarters: how often is a guess between two right?",
    high_says="Too high. In three of four reviews the same bag belongs to two opposite "
    "opinions. However long it learns, it can only guess between the two.",
)
