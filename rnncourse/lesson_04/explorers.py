"""The explorers of lesson 04: what its notebook imports."""

from rnncourse.lesson_04.backward_stepper.explorer import backward_stepper
from rnncourse.lesson_04.finite_difference_lens.explorer import finite_difference_lens
from rnncourse.lesson_04.path_counter.explorer import path_counter
