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
from rnnlib.tasks.letters import Reversal, Sorting
from rnnlib.tasks.pairs import Pairs, PairTask, read
from rnnlib.tasks.parity import Parity
from rnnlib.tasks.reviews import NegationReviews
from rnnlib.tasks.temporal_order import TemporalOrder
from rnnlib.tasks.translation import DateTranslation, NumberTranslation

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
    "NegationReviews",
    "NumberTranslation",
    "PairTask",
    "Pairs",
    "Parity",
    "Reversal",
    "Sorting",
    "Task",
    "TemporalOrder",
    "is_held_out",
    "read",
]
