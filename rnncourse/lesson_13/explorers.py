"""The explorers of lesson 13: what its notebook imports."""

from rnncourse.lesson_13.connectivity.explorer import connectivity
from rnncourse.lesson_13.switch_off.explorer import switch_off
