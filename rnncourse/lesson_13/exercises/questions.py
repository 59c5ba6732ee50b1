"""Questions and cards of lesson 13."""

from rnncourse.checking.questions import Card, Question

__all__ = ["CARDS", "HURTS", "LINE_OR_POINTS", "SATURATED"]


HURTS = Question(
    id="13.5",
    title="which hurts more?",
    prompt="A probe reads from the states whether a quote is open (R² = 0.99). You "
    "hold the state at its mean, once along the direction of the probe's weights, once "
    "along the unit that goes most closely with the quote (correlation 0.84), and once "
    "along a direction drawn at random. What costs the net most?",
    options={
        "a": (
            "the unit: it is the one that knows",
            "The unit goes with the quote, and it is not alone: others do so in part. "
            "What one of them loses the next step takes from the rest.",
        ),
        "b": (
            "the direction of the probe",
            "Yes. It takes a little from every unit that knows of the quote, and what "
            "it takes none of the others can give back: several times what the unit "
            "costs.",
        ),
        "c": (
            "all the same: 23 of 24 dimensions are left each time",
            "As many are left each time, and it matters which. What does the net have "
            "to carry on along a random direction?",
        ),
        "d": (
            "the random direction: it disturbs all units at once",
            "So does the probe's direction. How much is moved depends on how far the "
            "states vary along it, and what is lost depends on what the net needs "
            "there.",
        ),
    },
    right="b",
)


SATURATED = Question(
    id="13.6",
    title="what finds it?",
    prompt="Two inputs of 1 go with a weight of 10 each into one tanh unit, and the "
    "score is that unit. Without both of them the score falls from 1 to 0. You do not "
    "know that yet, and ask: gradient, occlusion of one input at a time, integrated "
    "gradients. Which of the three finds the two inputs?",
    options={
        "a": (
            "the gradient alone",
            "The unit is saturated: 1 − tanh² of 20 is zero as far as a float can "
            "tell. A tiny change at either input changes nothing.",
        ),
        "b": (
            "occlusion alone",
            "Take one of them away: 10 is left, and the tanh of 10 is 1 still. Each "
            "stands in for the other, so one at a time is not missed.",
        ),
        "c": (
            "integrated gradients alone",
            "Yes. On its way up from no input the unit passes through the range where "
            "it is not saturated, and both inputs are paid for it, a half each. "
            "Occlusion would find them if it took away both at once, and one would "
            "have to know which.",
        ),
        "d": (
            "occlusion and integrated gradients",
            "It is so with one such input. What does occlusion see when there are two, "
            "of which one is enough?",
        ),
    },
    right="c",
)


LINE_OR_POINTS = Question(
    id="13.7",
    title="a line, or two points?",
    prompt="A net has read a review and goes on through silence; it must say at each "
    "step whether the review was positive. Its states after some steps of silence lie "
    "along one direction. What do you look at to tell a line, on which every place "
    "stands still, from two points with a saddle between?",
    options={
        "a": (
            "which share of the variance lies along the first principal component",
            "Two clusters lie along a line, too, and the first component has nearly "
            "all of the variance in both cases.",
        ),
        "b": (
            "whether the answers are right after a long silence",
            "Both keep a yes or no. A line would keep how much as well; right answers "
            "alone do not tell.",
        ),
        "c": (
            "the eigenvalues at the fixed points, and where states begin and end in a "
            "long silence",
            "Yes. On a line one eigenvalue is 1 at each place, and states stay where "
            "they come in. With two points it is below 1 at the stable ones, above 1 "
            "at the saddle between, and states from the middle drift to an end, "
            "slowly where it is close to 1.",
        ),
        "d": (
            "how many fixed points Newton finds",
            "Newton finds many on a line that is nearly still, and it may find some "
            "where no state ever is. Count, and then look at what is around each.",
        ),
    },
    right="c",
)


CARDS = (
    Card(
        id="C26",
        claim="If the gradient of an answer with respect to an input is zero, this "
        "input has no part in the answer.",
        truth=False,
        statement="The gradient sees small changes alone. Behind a saturated unit it "
        "is zero, and the answer may still rest on that input altogether.",
    ),
    Card(
        id="C27",
        claim="Newton's method finds states at which a network stands still and at "
        "which no run of it will come to rest.",
        truth=True,
        statement="It finds saddles as well as stable points. A run that comes close "
        "to a saddle slides off along a direction whose eigenvalue is above 1 in "
        "absolute value, unless it hits it exactly.",
    ),
    Card(
        id="C28",
        claim="What a linear probe reads from the states with an R² above 0.9, the "
        "network reads along the same direction.",
        truth=False,
        statement="A probe finds a direction in which something can be read. If this "
        "net's state is kept still along the one that reads the depth of brackets, its "
        "loss rises by no more than without its best unit. Only what is lost without "
        "it tells what is used.",
    ),
    Card(
        id="C29",
        claim="The integrated gradients of all inputs together are what the answer "
        "gains over the answer to no input, in any network whose gradient exists.",
        truth=True,
        statement="It is the fundamental theorem of calculus along a straight way from "
        "no input to this one. The number of points on the way alone limits how exact "
        "it comes out.",
    ),
)
