"""Pictures that follow controls. Each function here returns one explorer.

Leave it as the last line of a cell, and it is shown.
"""

from collections.abc import Callable

from rnnlib.explorers.backward import backward_stepper
from rnnlib.explorers.beam_tree import beam_tree
from rnnlib.explorers.bottleneck import bottleneck
from rnnlib.explorers.breaking_length import breaking_length
from rnnlib.explorers.differences import finite_difference_lens
from rnnlib.explorers.drift import free_run_drift
from rnnlib.explorers.eigen import eigen_picture
from rnnlib.explorers.engine import Explorer
from rnnlib.explorers.forcing import teacher_forcing
from rnnlib.explorers.forget_bias_race import forget_bias_race
from rnnlib.explorers.gate_desk import gate_desk
from rnnlib.explorers.hand_over import hand_over
from rnnlib.explorers.hello_table import hello_table
from rnnlib.explorers.latch import latch
from rnnlib.explorers.look_ahead import look_ahead
from rnnlib.explorers.loss_curve import loss_curve
from rnnlib.explorers.lstm_variants import lstm_variants
from rnnlib.explorers.melody import melody
from rnnlib.explorers.microscope import gradient_microscope
from rnnlib.explorers.notation import notation_switch
from rnnlib.explorers.one_neuron import one_neuron
from rnnlib.explorers.padding_trap import padding_trap
from rnnlib.explorers.parameter_race import parameter_race
from rnnlib.explorers.paths import path_counter
from rnnlib.explorers.quiz import Quiz, myth_card, quiz
from rnnlib.explorers.saturation import saturation_meter
from rnnlib.explorers.shift_test import shift_test
from rnnlib.explorers.softmax_bars import softmax_bars
from rnnlib.explorers.spreadsheet import spreadsheet_rnn
from rnnlib.explorers.time_constant import time_constant
from rnnlib.explorers.unfolding import fold_unfold
from rnnlib.explorers.wiring_board import wiring_board
from rnnlib.explorers.word_order import word_order

__all__ = [
    "ALL",
    "Explorer",
    "Quiz",
    "backward_stepper",
    "beam_tree",
    "bottleneck",
    "breaking_length",
    "eigen_picture",
    "finite_difference_lens",
    "fold_unfold",
    "forget_bias_race",
    "free_run_drift",
    "gate_desk",
    "gradient_microscope",
    "hand_over",
    "hello_table",
    "latch",
    "look_ahead",
    "loss_curve",
    "lstm_variants",
    "melody",
    "myth_card",
    "notation_switch",
    "one_neuron",
    "padding_trap",
    "parameter_race",
    "path_counter",
    "quiz",
    "saturation_meter",
    "shift_test",
    "softmax_bars",
    "spreadsheet_rnn",
    "teacher_forcing",
    "time_constant",
    "wiring_board",
    "word_order",
]

ALL: tuple[Callable[..., Explorer], ...] = (
    parameter_race,
    shift_test,
    word_order,
    hello_table,
    softmax_bars,
    loss_curve,
    fold_unfold,
    spreadsheet_rnn,
    one_neuron,
    notation_switch,
    wiring_board,
    padding_trap,
    look_ahead,
    melody,
    path_counter,
    backward_stepper,
    finite_difference_lens,
    gradient_microscope,
    saturation_meter,
    eigen_picture,
    breaking_length,
    gate_desk,
    latch,
    time_constant,
    forget_bias_race,
    lstm_variants,
    hand_over,
    bottleneck,
    teacher_forcing,
    free_run_drift,
    beam_tree,
)
