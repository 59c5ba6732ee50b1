"""The explorers of lesson 13: what its notebook imports."""

from rnncourse.lesson_13.connectivity.explorer import connectivity
from rnncourse.lesson_13.memories.explorer import memories
from rnncourse.lesson_13.state_film.explorer import state_film
from rnncourse.lesson_13.surgery.explorer import surgery
from rnncourse.lesson_13.switch_off.explorer import switch_off
