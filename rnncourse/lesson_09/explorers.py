"""The explorers of lesson 09: what its notebook imports."""

from rnncourse.lesson_09.convention_switch.explorer import convention_switch
from rnncourse.lesson_09.gru_desk.explorer import gru_desk
