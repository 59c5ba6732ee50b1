"""Questions and cards of lesson 02."""

from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["B1", "LONGER_TEXTS", "WHICH_STAY"]


WHICH_STAY = Question(
    id="02.2",
    title="Which states stay?",
    prompt="The hello net starts from h_0 = 0. You change one weight, W_hh[0, 1], and "
    "run it over five letters again. Which states are the same as before?",
    options={
        "a": (
            "none: every weight is used at every step",
            "W_hh is used at step 1, too. But what is it multiplied by there, if h_0 "
            "is zero?",
        ),
        "b": (
            "those of step 1, and at step 2 those of units 0 and 2",
            "At step 1 W_hh multiplies zeros. At step 2 W_hh[0, 1] leads into unit 1 "
            "alone. At step 3 unit 1 leads everywhere, and from then on nothing is the "
            "same.",
        ),
        "c": (
            "those of units 0 and 2, at every step",
            "At step 2 that is so. But at step 3 units 0 and 2 listen to unit 1, and "
            "that one has changed.",
        ),
        "d": (
            "all but the last: the change has to travel to the end",
            "The weights are the same at every step, so a change acts wherever the "
            "weight is used. Which is the first step with a state that is not zero?",
        ),
    },
    right="b",
)


LONGER_TEXTS = Guess(
    id="02.3",
    title="Ten times as long",
    prompt="A recurrent net for 50 symbols with 100 hidden units has 20,150 parameters "
    "and reads texts of 20 letters. How many parameters does it need for texts of 200 "
    "letters?",
    right=20_150,
    tolerance=1.05,
    low=1_000,
    high=1_000_000,
    right_says="Still 20,150: the same weights are used at every step. What grows is "
    "the number of states, and the time it takes.",
    low_says="Fewer than before? The net that reads 20 letters has 20,150. What does a "
    "further letter need that is not there yet?",
    high_says="Too many: that would be so if each step had weights of its own, as in a "
    "window network. Here all steps share W_xh, W_hh and W_hy.",
    ratio=True,
)


B1 = Card(
    id="B1",
    claim="A network is recurrent because it is trained by back-propagation: for each "
    "input its hidden states are updated.",
    truth=False,
    statement="It is recurrent because each state is made from the one before, with "
    "the same weights at every step. That update of the state is the forward pass; it "
    "happens in training and in use. Training is another thing: it moves the weights.",
)


B2 = Card(
    id="B2",
    claim="Whatever a recurrent network is to say, words, yes or no, or a price: what "
    "leaves its last layer are numbers.",
    truth=True,
    statement="It has three layers, input, hidden and output; out of the third come "
    "scores. What they mean is up to you: of a class, of a token, or a number as it "
    "is. Many notes say that “text or machine code” comes out.",
)
