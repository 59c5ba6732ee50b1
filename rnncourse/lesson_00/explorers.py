"""The explorers of lesson 00: what its notebook imports."""

from rnncourse.lesson_00.moved_word.explorer import moved_word
from rnncourse.lesson_00.parameter_race.explorer import parameter_race
from rnncourse.lesson_00.word_order.explorer import word_order
