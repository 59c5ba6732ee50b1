"""Models: recurrent layers with an output, wired for a task.

Each model has `params`, `logits`, `loss` and `predict`; its docstring draws how it is
wired. In the drawings time runs to the right, inputs come from below, outputs leave
above.
"""

from rnnlib.models.base import Loss, Model, shifted
from rnnlib.models.classifier import Classifier
from rnnlib.models.language_model import LanguageModel
from rnnlib.models.sequence_classifier import SequenceClassifier
from rnnlib.models.tagger import Tagger

__all__ = [
    "Classifier",
    "LanguageModel",
    "Loss",
    "Model",
    "SequenceClassifier",
    "Tagger",
    "shifted",
]
