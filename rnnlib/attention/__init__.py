"""Attention: a weighted look at a whole sequence, forward and backward."""

from rnnlib.attention.base import Attention, AttentionCache
from rnnlib.attention.kinds import AdditiveAttention, DotAttention

__all__ = ["AdditiveAttention", "Attention", "AttentionCache", "DotAttention"]
