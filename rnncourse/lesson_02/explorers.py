"""The explorers of lesson 02: what its notebook imports."""

from rnncourse.lesson_02.fold_unfold.explorer import fold_unfold
from rnncourse.lesson_02.notation_switch.explorer import notation_switch
from rnncourse.lesson_02.one_neuron.explorer import one_neuron
from rnncourse.lesson_02.spreadsheet_rnn.explorer import spreadsheet_rnn
