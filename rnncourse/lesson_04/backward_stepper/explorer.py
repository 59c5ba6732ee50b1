"""The backward stepper: the backward pass of the four-letter net, move by move."""

from rnncourse.exploring.controls import Choice, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_04.backward_stepper.compute import LAST, LEFT_OUT, compute
from rnncourse.lesson_04.backward_stepper.view import BackwardView

backward_stepper = Explorer(
    title="Backward stepper",
    question="Predict first: twelve moves lead back to the beginning. In how many of "
    "them does dW_hh change?",
    answer="In 3: the 3rd, the 6th and the 9th. In the 12th h_0 is zero.",
    claim="Going back, two gradients meet at each state: one from the loss of this "
    "step, one from the next step. Their sum is multiplied by the slope of tanh. The "
    "result is added to the gradients of the weights, the same arrays at each step, "
    "and sent on through W_hh to the state before.",
    controls={
        "moves": Steps("moves back", LAST, 0, milliseconds=1500),
        "left_out": Choice("leave out", LEFT_OUT, "nothing"),
    },
    presets={
        "the last step": {"moves": 1},
        "two gradients meet": {"moves": 4},
        "arrived": {"moves": LAST},
        "the next step forgotten": {"moves": LAST, "left_out": "the next step"},
        "overwritten": {"moves": LAST, "left_out": "the sum"},
    },
    compute=compute,
    view=BackwardView,
)
