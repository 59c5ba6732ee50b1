"""The explorers of lesson 12: what its notebook imports."""

from rnncourse.lesson_12.parity_trial.explorer import parity_trial
from rnncourse.lesson_12.three_ways.explorer import three_ways
