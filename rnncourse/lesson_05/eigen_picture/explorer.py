"""The eigen picture: the spectral radius is not the norm."""

from math import pi

from rnncourse.exploring.controls import Slider, Steps
from rnncourse.exploring.engine import Explorer
from rnncourse.lesson_05.eigen_picture.compute import STEPS, compute
from rnncourse.lesson_05.eigen_picture.view import EigenView

eigen_picture = Explorer(
    title="Eigen picture",
    question="Predict first: with |λ| = 0.9 this vector shrinks. Can another W with "
    "the same |λ| make it grow?",
    claim="The spectral radius |λ| decides what happens in the end, the norm σₘₐₓ what "
    "can happen in one step. |λ| < 1 does not forbid growing for a while; only a norm "
    "of at most 1 does. (At the angles 0 and π nothing turns, and no shear is felt.)",
    controls={
        "scale": Slider("scale |λ|", 0.5, 1.5, 0.9, step=0.01),
        "angle": Slider("angle, radians", 0, round(pi, 2), 0.3, step=0.01),
        "shear": Slider("shear", 0, 3, 0, step=0.05),
        "steps": Steps("steps n", STEPS, 10),
    },
    presets={
        "shrinks": {"scale": 0.8},
        "turns for ever": {"scale": 1.0},
        "explodes": {"scale": 1.2, "steps": 6},
        "grows first, then shrinks": {
            "scale": 0.9,
            "angle": 0.2,
            "shear": 2,
            "steps": 7,
        },
        "norm up and down": {"scale": 1.0, "angle": 1.2, "shear": 1.5, "steps": 12},
    },
    compute=compute,
    view=EigenView,
)
