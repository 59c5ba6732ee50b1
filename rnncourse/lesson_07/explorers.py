"""The explorers of lesson 07: what its notebook imports."""

from rnncourse.lesson_07.next_letter_theatre.explorer import next_letter_theatre
