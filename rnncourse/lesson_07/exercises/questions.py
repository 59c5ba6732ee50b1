"""Questions and cards of lesson 07."""

from rnncourse.checking.questions import Card, Question

__all__ = ["BLIND_TEST", "CARDS", "KNOWS_BRACKETS", "WHEN_TO_STOP"]


BLIND_TEST = Question(
    id="07.10",
    title="Whose names surprise it less?",
    prompt="A model has learned the names of minerals. It reads many names that it has "
    "made itself, and many real ones that it was never shown. Which of them cost it "
    "fewer bits a letter, on average?",
    options={
        "a": (
            "the real ones: they are right",
            "It does not know what is right, only what is usual in the names that it "
            "has read. What did it use to make its own?",
        ),
        "b": (
            "its own",
            "Yes, in each of our ten trainings, though hardly where training was "
            "stopped in time. Its own names were drawn from its own probabilities, and "
            "cost what it expects. Real names hold things that it has not learned.",
        ),
        "c": (
            "neither: it makes names of the kind that it has read",
            "If it knew the language perfectly, so it would be, and where training is "
            "stopped in time it comes close. But of real names it has much left to "
            "learn. What does that cost?",
        ),
    },
    right="b",
)


KNOWS_BRACKETS = Question(
    id="07.8",
    title="A unit that knows",
    prompt="Nobody has told the model that there are brackets, or that they nest. It "
    "was trained to say the next symbol. Does one of its 32 units follow the depth?",
    options={
        "a": (
            "no: depth was never a target",
            "What comes next depends on what is open, so the loss asks for it all the "
            "same. Sort the strip by depth and look.",
        ),
        "b": (
            "one follows it closely, though not exactly",
            "Yes. In ten trainings the best unit had a correlation of 0.74 to 0.89 "
            "with the depth. Others know a part of it, and together they know more "
            "than any one of them does.",
        ),
        "c": (
            "one counts exactly, and the others do other things",
            "That would be tidy. But nothing asks the model to keep one thing in one "
            "unit; look how far the largest correlation is from 1.",
        ),
    },
    right="b",
)


WHEN_TO_STOP = Question(
    id="07.3",
    title="When to stop the film",
    prompt="A training has gone on for 800 updates. Its loss on the training names "
    "still falls. Which of its checkpoints would you keep?",
    options={
        "a": (
            "the last one: it has learned most",
            "It has learned most about the names it was shown. Of 200 names that it "
            "makes, how many are new by then?",
        ),
        "b": (
            "the one with the lowest loss on names that it was not shown",
            "Yes. That is what a held-out part is for: it stands for all names that "
            "nobody has typed. This is called early stopping.",
        ),
        "c": (
            "the one that makes no copies at all",
            "The untrained model makes none either. No copies is not yet good names.",
        ),
        "d": (
            "the one whose two losses are equal",
            "They are equal before the first update, when it knows nothing at all.",
        ),
    },
    right="b",
)


CARDS = (
    Card(
        id="C4",
        claim="The lower the loss on its training names, the better are the new names "
        "that a model makes.",
        truth=False,
        statement="The loss on names that were shown goes on falling when the loss on "
        "others has long begun to rise. By then the model learns names by heart, and "
        "what it makes are copies.",
    ),
    Card(
        id="C5",
        claim="With enough units and updates the loss of a language model goes to "
        "zero.",
        truth=False,
        statement="What is drawn at random cannot be foreseen. The entropy of the "
        "language is a floor that no model gets under, whatever its size; for the "
        "bracket language it is known exactly.",
    ),
    Card(
        id="C6",
        claim="To draw at temperature 2 is to halve all scores first.",
        truth=True,
        statement="The scores are divided by the temperature, and that is all. What "
        "halves the gaps between scores takes the square root of the ratios of "
        "probabilities.",
    ),
    Card(
        id="C7",
        claim="On a computer, a recurrent model that always takes the most probable "
        "letter must end up in a loop, if it is let go on for ever.",
        truth=True,
        statement="Its next state depends on its state alone. A computer has only so "
        "many numbers, so some state must come back, and from there all repeats. What "
        "is remarkable is how soon it happens.",
    ),
    Card(
        id="C8",
        claim="A letter for which the gradient is next to nothing did not matter.",
        truth=False,
        statement="The gradient asks what a tiny change would do. Where the "
        "answer is all but sure, ln p can hardly move, whatever is nudged: its "
        "gradient is that of the score times 1 − p. Taking the letter away shows what "
        "it did.",
    ),
)
