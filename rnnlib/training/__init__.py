"""Training: `fit` and its history, learning-rate schedules, and checkpoints."""

from rnnlib.training.checkpoints import Checkpoint, resume
from rnnlib.training.fit import TrainingWarning, fit
from rnnlib.training.history import EarlyStop, History
from rnnlib.training.schedules import cosine_decay, exponential_decay, linear_warmup

__all__ = [
    "Checkpoint",
    "EarlyStop",
    "History",
    "TrainingWarning",
    "cosine_decay",
    "exponential_decay",
    "fit",
    "linear_warmup",
    "resume",
]
