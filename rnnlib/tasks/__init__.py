"""Tasks: data made from a random generator, each with its chance level. All CC0.

`Task` says what they share. Most give a `Batch`; the translations give `Pairs`.
"""

from rnnlib.tasks.adding import Adding
from rnnlib.tasks.base import (
    END,
    PAD,
    SPECIALS,
    SPLITS,
    START,
    Batch,
    Task,
    is_held_out,
)
from rnnlib.tasks.brackets import BracketLanguage
from rnnlib.tasks.copying import Copy
from rnnlib.tasks.counting import AnBn
from rnnlib.tasks.echo import Echo
from rnnlib.tasks.flip_flop import FlipFlop
from rnnlib.tasks.glyphs import Glyphs
from rnnlib.tasks.grammar import GrammarTags
from rnnlib.tasks.letters import Reversal, Sorting
from rnnlib.tasks.moving_dot import MovingDot
from rnnlib.tasks.names import Names, Novelty
from rnnlib.tasks.pairs import Pairs, PairTask, read
from rnnlib.tasks.parity import Parity
from rnnlib.tasks.reviews import NegationReviews
from rnnlib.tasks.scenes import ShapeScenes
from rnnlib.tasks.temporal_order import TemporalOrder
from rnnlib.tasks.translation import DateTranslation, NumberTranslation
from rnnlib.tasks.tunes import Tunes

__all__ = [
    "END",
    "PAD",
    "SPECIALS",
    "SPLITS",
    "START",
    "Adding",
    "AnBn",
    "Batch",
    "BracketLanguage",
    "Copy",
    "DateTranslation",
    "Echo",
    "FlipFlop",
    "Glyphs",
    "GrammarTags",
    "MovingDot",
    "Names",
    "NegationReviews",
    "Novelty",
    "NumberTranslation",
    "PairTask",
    "Pairs",
    "Parity",
    "Reversal",
    "ShapeScenes",
    "Sorting",
    "Task",
    "TemporalOrder",
    "Tunes",
    "is_held_out",
    "read",
]
