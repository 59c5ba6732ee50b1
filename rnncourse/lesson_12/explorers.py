"""The explorers of lesson 12: what its notebook imports."""

from rnncourse.lesson_12.fast_weights.explorer import fast_weights
from rnncourse.lesson_12.memory_meter.explorer import memory_meter
from rnncourse.lesson_12.parity_trial.explorer import parity_trial
from rnncourse.lesson_12.scan_tree.explorer import scan_tree
from rnncourse.lesson_12.three_ways.explorer import three_ways
