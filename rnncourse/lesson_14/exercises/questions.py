"""Questions of lesson 14: which test first, and what a small difference says."""

from rnncourse.checking.questions import Question

__all__ = ["WHICH_BETTER", "WHICH_FIRST"]

WHICH_FIRST = Question(
    id="14.8",
    title="which test first?",
    prompt="An LSTM is to learn one of four classes. After 500 updates its loss is 1.39, "
    "as before the first. What do you do next?",
    options={
        "a": (
            "train on: 5000 updates",
            "A loss of ln 4 after 500 updates may stay there for ever, and you will have "
            "learned nothing about why. Is there something that costs a second?",
        ),
        "b": (
            "check the gradient of every parameter",
            "That is the second test, not the first. If nothing reaches the parameters at "
            "all, because the inputs are zero, say, every gradient is right, and the "
            "check is green.",
        ),
        "c": (
            "train on ten examples alone",
            "Right. It costs a second, and whatever stands between the data and the "
            "parameters must let ten examples through. If these are learned, the task or "
            "the settings are what is hard; if not, look no further.",
        ),
        "d": (
            "measure the accuracy on longer sequences",
            "What has not learned sequences of any length will not know longer ones. "
            "That test belongs behind the others.",
        ),
    },
    right="c",
)
WHICH_BETTER = Question(
    id="14.9",
    title="what is shown?",
    prompt="Forty-eight test years. Forecast P is nearer to the truth in 29 of them, "
    "forecast Q in 19. If a coin decided each year, one of the two would be ahead by "
    "so much, or more, in about 19 of 100 such tests. What may be said?",
    options={
        "a": (
            "P is the better forecast",
            "It may be so. But a coin does the same in one test of five: who publishes "
            "this will often be wrong.",
        ),
        "b": (
            "P was nearer in 29 of 48 years; that is no proof that it will be",
            "Right. The number is told, with what luck alone would do. (Neighbouring "
            "years are alike, too, so that 48 of them are worth fewer.)",
        ),
        "c": (
            "there is no difference between the two",
            "That is not shown either. Not to have found a difference in 48 years is "
            "not to have found that there is none.",
        ),
    },
    right="b",
)
