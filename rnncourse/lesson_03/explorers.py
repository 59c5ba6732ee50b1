"""The explorers of lesson 03: what its notebook imports."""

from rnncourse.lesson_03.look_ahead.explorer import look_ahead
from rnncourse.lesson_03.melody.explorer import melody
from rnncourse.lesson_03.padding_trap.explorer import padding_trap
from rnncourse.lesson_03.wiring_board.explorer import wiring_board
