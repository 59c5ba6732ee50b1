"""The explorers of lesson 10: what its notebook imports."""

from rnncourse.lesson_10.beam_tree.explorer import beam_tree
from rnncourse.lesson_10.bottleneck.explorer import bottleneck
from rnncourse.lesson_10.free_run_drift.explorer import free_run_drift
from rnncourse.lesson_10.hand_over.explorer import hand_over
from rnncourse.lesson_10.teacher_forcing.explorer import teacher_forcing
