"""Makes the grid of the gym anew: ``python -m rnncourse.lesson_09.gym``."""

from rnncourse.lesson_09.gym.grid import main

main()
