"""The explorers of lesson 01: what its notebook imports."""

from rnncourse.lesson_01.hello_table.explorer import hello_table
from rnncourse.lesson_01.loss_curve.explorer import loss_curve
from rnncourse.lesson_01.softmax_bars.explorer import softmax_bars
