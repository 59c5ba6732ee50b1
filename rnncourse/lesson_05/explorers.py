"""The explorers of lesson 05: what its notebook imports."""

from rnncourse.lesson_05.breaking_length.explorer import breaking_length
from rnncourse.lesson_05.eigen_picture.explorer import eigen_picture
from rnncourse.lesson_05.gradient_microscope.explorer import gradient_microscope
from rnncourse.lesson_05.saturation_meter.explorer import saturation_meter
