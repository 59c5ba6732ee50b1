"""The explorers of lesson 09: what its notebook imports."""

from rnncourse.lesson_09.fairness.explorer import fairness
from rnncourse.lesson_09.gym.explorer import gym
from rnncourse.lesson_09.which_gate.explorer import which_gate
