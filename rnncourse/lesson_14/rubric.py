"""The rubric of the capstones: eight lines, each looked at by computing.

What a learner puts into the record is a function, a net, a number or a text. Functions
are called again, also with data in which the answers of the test part were changed;
nets are evaluated again; numbers are compared with those that come out.
"""

from rnncourse.checking.capstone import Line
from rnncourse.lesson_14.look import baselines, explorer, limits
from rnncourse.lesson_14.look_at_build import gradients, overfitting
from rnncourse.lesson_14.look_at_nets import ablation, seeds
from rnncourse.lesson_14.look_at_parts import parts

__all__ = ["EIGHT"]

EIGHT = (
    Line(
        "split",
        ("split", "batch"),
        "Write `split(data)`, which returns the indices of three parts, for training, "
        "validation and test, and `batch(data, indices)`, which makes of some of them "
        "what your net is trained with.",
        parts,
    ),
    Line(
        "baseline",
        ("baselines",),
        "Measure on the test part what can be had without a net, each under its name: "
        "a dict.",
        baselines,
        needs=("split",),
    ),
    Line(
        "gradient check",
        ("build",),
        "Write `build(rng)`, which returns your model before any training, in float64. "
        "The check then compares its backward pass with numerical slopes.",
        gradients,
        needs=("split", "batch"),
    ),
    Line(
        "ten examples",
        ("ten", "overfitted"),
        "Train a net on ten examples of the training part alone until it knows them by "
        "heart. `ten` holds their indices, `overfitted` the net.",
        overfitting,
        needs=("split", "batch", "build"),
    ),
    Line(
        "three seeds",
        ("train", "predict", "nets", "scores"),
        "Write `train(data, seed)`, which returns a trained net, and `predict(net, "
        "given)`, which answers for one example. `nets` is a dict of nets by their "
        "seeds, three or more, `scores` holds the score of each on the test part.",
        seeds,
        needs=("split",),
    ),
    Line(
        "ablation",
        ("ablate", "ablated_scores"),
        "Write `ablate(net)`, which returns the net without something that you think "
        "it needs and says in its text what that is, and measure: `ablated_scores`, by "
        "the same seeds.",
        ablation,
        needs=("split", "predict", "nets"),
    ),
    Line(
        "explorer",
        ("preset",),
        "Which explorer shows what happens in your net? Give three things in brackets: "
        "the explorer, the name of one of its presets, and what is to be seen there, "
        "in a sentence or two, with a number that stands there.",
        explorer,
    ),
    Line(
        "honest limits",
        ("limits", "fails"),
        "`fails` is the index of an example of the test part on which your nets fail. "
        "`limits` is a text that names this example and the mean score of your nets, "
        "and says what the work does not show.",
        limits,
        needs=("split", "predict", "nets"),
    ),
)
