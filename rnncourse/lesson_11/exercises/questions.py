"""Questions and cards of lesson 11."""

from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["ALIGNMENT", "CARDS", "LARGEST", "TUTORIAL"]


ALIGNMENT = Question(
    id="11.5",
    title="read an alignment",
    prompt="“wednesday, 2 december 2009” becomes 2009-12-02. At one of its steps the "
    "decoder looks most at the states that have just read the “d” and the “e” of "
    "december. Which character does it write there?",
    options={
        "a": (
            "one of the month: 1 or 2",
            "Those are letters of the month, but a state is not a letter. It has read "
            "all that stands in front of it, and nothing of what comes behind. After "
            "“de” there is more of the name to come; for the month this decoder looks "
            "further to the right, mostly at the states of “mber”.",
        ),
        "b": (
            "the last of the day: 2",
            "Yes. The state behind “2 de” has the 2 fresh in mind, and it also knows "
            "that no second digit came: the day is 2, and not 20. What is looked at "
            "is a state, and a state is about what stands in front of it.",
        ),
        "c": (
            "the dash behind the month",
            "A dash stands in the same place in every answer. The decoder can write it "
            "without the source, and where it looks then hardly matters: no weight "
            "is larger than 7 of 100 there.",
        ),
        "d": (
            "the first of the year: 2",
            "The year is written first, and stands last in the source. Its first "
            "states know nothing of it.",
        ),
    },
    right="b",
)


TUTORIAL = Question(
    id="11.6",
    title="what does it look at?",
    prompt="Two sources of the same length, “3 june 1950” and “9 july 2044”. Suppose "
    "that the decoder is in the same state in both, and reads the same token. How do "
    "the weights of the function above differ?",
    options={
        "a": (
            "a little, as the encoder's states do",
            "Follow the encoder's states through the function. At which line do they "
            "come in, and have the weights been made by then?",
        ),
        "b": (
            "not at all",
            "Yes. The states come in when the weights are made already. It can look "
            "at the third place, or at another one if its own state says so; what "
            "stands there cannot draw the look. And it has a weight for each place up "
            "to the longest source that was planned for: beyond that it is blind.",
        ),
        "c": (
            "completely: it has learned what to look for",
            "It may have learned where things mostly stand. What it is given when it "
            "makes the weights says nothing about what stands where in this source.",
        ),
        "d": (
            "in their sum only: they do not add up to one",
            "They have been through a softmax over all places, and over all of those "
            "they add up to one. (Those of one source alone may not: places that are "
            "padding have a share, too.)",
        ),
    },
    right="b",
)


LARGEST = Guess(
    id="11.10",
    title="take the largest away",
    prompt="This decoder's looks are wide. At each step that writes a digit of the "
    "day, take the largest weight away, "
    "and scale the others up until they add up to one again. In how many of 100 cases "
    "does another digit come out?",
    right=1.2,
    tolerance=4,
    low=0.1,
    high=100,
    ratio=True,
    right_says="Hardly ever. The states beside the one that was looked at most have "
    "read the same day, and they are looked at as well.",
    low_says="Not quite as rare as that.",
    high_says="Fewer. Who else has read the day? The states beside it have, and they "
    "have weights of their own.",
)


CARDS = (
    Card(
        id="C16",
        claim="The weights of an attention show what an answer depends on: where the "
        "weight is largest, there the reason stands.",
        truth=False,
        statement="They show which states are mixed. A state has read all that stands "
        "in front of it, so those behind it know the same; and part of the answer "
        "needs no look at all. Where the looks are wide, the largest weight can be "
        "taken away and the answers stay; where they are narrow, some change and some "
        "do not. The weight alone does not tell which.",
    ),
    Card(
        id="C17",
        claim="If keys and values are shuffled, both in the same way, the context "
        "stays the same.",
        truth=True,
        statement="A weighted mean has no order. Where order counts, as in language, "
        "it must come with the keys: from a recurrence that has made them, or from "
        "positions that are added.",
    ),
    Card(
        id="C18",
        claim="It is the same whether padding is masked before the softmax or its "
        "weights are set to zero behind it.",
        truth=False,
        statement="Behind it the weights no longer add up to one: the padding had its "
        "share of the sum, so the context shrinks, and the more padding there is, the "
        "more it does.",
    ),
    Card(
        id="C19",
        claim="Divided by the root of H, dot products of random vectors, their entries "
        "independent and of mean zero and variance one, have a variance of one, "
        "whatever H is.",
        truth=True,
        statement="Each product has a variance of one, and H of them add up to H. "
        "Without the division the softmax of such scores would pick nearly a single "
        "key where H is large, and hardly any gradient would get through it.",
    ),
    Card(
        id="C20",
        claim="An attention has a weight for each place, so it must be built for the "
        "longest source, and has more parameters if that is longer.",
        truth=False,
        statement="Its weights are computed anew for each source, one for each state "
        "that there is. What is learned does not know the length. What grows is the "
        "work: T times S scores.",
    ),
)
