"""The explorers of lesson 09: what its notebook imports."""

from rnncourse.lesson_09.convention_switch.explorer import convention_switch
from rnncourse.lesson_09.fairness.explorer import fairness
from rnncourse.lesson_09.gru_desk.explorer import gru_desk
from rnncourse.lesson_09.gym.explorer import gym
from rnncourse.lesson_09.which_gate.explorer import which_gate
