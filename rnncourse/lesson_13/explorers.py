"""The explorers of lesson 13: what its notebook imports."""

from rnncourse.lesson_13.memories.explorer import memories
