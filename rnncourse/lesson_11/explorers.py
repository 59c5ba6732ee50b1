"""The explorers of lesson 11: what its notebook imports."""

from rnncourse.lesson_11.alignment_map.explorer import alignment_map
from rnncourse.lesson_11.with_and_without.explorer import with_and_without
