"""Questions and cards of lesson 05."""

from rnncourse.checking.questions import Card, Guess, Question

__all__ = ["A10", "B15", "B16", "B18", "B20", "FROM_THE_BOUND", "LEFT_AFTER_SIXTY"]


LEFT_AFTER_SIXTY = Guess(
    id="05.1",
    title="sixty steps at nine tenths",
    prompt="At each step nine tenths are left. Which share is left after 60 steps?",
    right=0.9**60,
    tolerance=3,
    low=1e-4,
    high=1,
    ratio=True,
    right_says="About two thousandths. A factor close to 1 is not close to 1 for long.",
    low_says="More is left: after 7 steps a half, after 60 about 8 to 9 halvings.",
    high_says="Less is left: after 7 steps a half, and 60 steps hold 8 to 9 sevens.",
)


FROM_THE_BOUND = Question(
    id="05.4",
    title="what follows from the bound",
    prompt="The norm after n steps is at most (γ σ_max)^n. What follows from that "
    "for long sequences?",
    options={
        "a": (
            "below 1 the gradient must vanish; above 1 it must explode",
            "Half of it. Below 1 the ceiling comes down to zero and presses everything "
            "with it. Above 1 the ceiling rises: does that lift what is below?",
        ),
        "b": (
            "below 1 the gradient must vanish; above 1 it may explode or not",
            "Yes. The bound is a ceiling. One that sinks to zero forces, one that "
            "rises only allows.",
        ),
        "c": (
            "below 1 the gradient may vanish or not; above 1 it must explode",
            "The other way round: a ceiling that sinks to zero leaves no room.",
        ),
        "d": (
            "nothing: it is only a bound",
            "Something does follow. Where is 0.9 to the power n for large n, and what "
            "is squeezed between it and zero?",
        ),
    },
    right="b",
)


A10 = Card(
    id="A10",
    claim="tanh is used against exploding gradients, because it saturates.",
    truth=False,
    statement="tanh bounds the states. Its slope is at most 1, so tanh itself never "
    "amplifies; but W_hh can, wherever slopes are near 1. And saturation is a cause of "
    "vanishing. Explosions are treated by clipping.",
)


B15 = Card(
    id="B15",
    claim="With tanh and with the sigmoid, small values pass the most gradient, large "
    "ones almost none.",
    truth=True,
    statement="The slope is largest at 0: 1 for tanh, 1/4 for the sigmoid. It goes to "
    "0 for large values, positive or negative. Many notes have it the other way round.",
)


B16 = Card(
    id="B16",
    claim="If the weights are big, sigma_max above 1, the gradient explodes.",
    truth=False,
    statement="What counts is the product of slopes and weights, over all steps. A "
    "gamma sigma_max above 1 is needed for an explosion, but it is not enough.",
)


B18 = Card(
    id="B18",
    claim="Going back, a gradient is multiplied by the weight matrix once for each "
    "time step, and by the slopes of that step.",
    truth=True,
    statement="Slopes and W_hh together are the Jacobian of a step. Many notes say “in "
    "each back-propagation we multiply by the weight matrix”: they leave out the "
    "slopes, and that it is done at every step.",
)


B20 = Card(
    id="B20",
    claim="Against vanishing gradients it is enough to use ReLU in place of tanh.",
    truth=False,
    statement="Not alone. About half of the units are off at each step, and a random "
    "W_hh mixes and shrinks what is left. And ReLU has no ceiling: states and "
    "gradients may explode.",
)
