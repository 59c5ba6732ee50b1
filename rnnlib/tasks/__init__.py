"""Tasks: data made from a random generator, each with its chance level. All CC0."""

from rnnlib.tasks.base import Batch
from rnnlib.tasks.echo import Echo
from rnnlib.tasks.temporal_order import TemporalOrder

__all__ = ["Batch", "Echo", "TemporalOrder"]
