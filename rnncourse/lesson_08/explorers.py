"""The explorers of lesson 08: what its notebook imports."""

from rnncourse.lesson_08.forget_bias_race.explorer import forget_bias_race
from rnncourse.lesson_08.gate_desk.explorer import gate_desk
from rnncourse.lesson_08.latch.explorer import latch
from rnncourse.lesson_08.lstm_variants.explorer import lstm_variants
from rnncourse.lesson_08.time_constant.explorer import time_constant
