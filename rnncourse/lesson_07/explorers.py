"""The explorers of lesson 07: what its notebook imports."""

from rnncourse.lesson_07.capacity.explorer import capacity
from rnncourse.lesson_07.composer.explorer import composer
from rnncourse.lesson_07.loop_finder.explorer import loop_finder
from rnncourse.lesson_07.neuron_strip.explorer import neuron_strip
from rnncourse.lesson_07.next_letter_theatre.explorer import next_letter_theatre
from rnncourse.lesson_07.training_film.explorer import training_film
from rnncourse.lesson_07.which_letter.explorer import which_letter
