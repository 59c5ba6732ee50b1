"""Pictures that follow controls. Each function here returns one explorer.

Leave it as the last line of a cell, and it is shown.
"""

from collections.abc import Callable

from rnnlib.explorers.eigen import eigen_picture
from rnnlib.explorers.engine import Explorer
from rnnlib.explorers.microscope import gradient_microscope
from rnnlib.explorers.saturation import saturation_meter

__all__ = [
    "ALL",
    "Explorer",
    "eigen_picture",
    "gradient_microscope",
    "saturation_meter",
]

ALL: tuple[Callable[..., Explorer], ...] = (
    gradient_microscope,
    saturation_meter,
    eigen_picture,
)
