"""The explorers of lesson 11: what its notebook imports."""

from rnncourse.lesson_11.alignment_map.explorer import alignment_map
from rnncourse.lesson_11.force_a_weight.explorer import force_a_weight
from rnncourse.lesson_11.look_up_table.explorer import look_up_table
from rnncourse.lesson_11.with_and_without.explorer import with_and_without
