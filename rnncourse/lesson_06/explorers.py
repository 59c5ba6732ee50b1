"""What the notebook of lesson 06 imports."""

from rnncourse.lesson_06.chunk_grid.explorer import chunk_grid
from rnncourse.lesson_06.cliff.explorer import cliff
from rnncourse.lesson_06.clinic.explorer import clinic
from rnncourse.lesson_06.optimiser_race.explorer import optimiser_race
from rnncourse.lesson_06.tau_and_delay.explorer import tau_and_delay
