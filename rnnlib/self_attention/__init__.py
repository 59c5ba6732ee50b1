"""Self-attention: queries, keys and values all come from one sequence.

No state is handed from step to step, so nothing says which step came first: `positions`
puts the order back.
"""

from rnnlib.self_attention.layer import SelfAttention, SelfAttentionCache
from rnnlib.self_attention.positions import positions
from rnnlib.self_attention.table import Table

__all__ = ["SelfAttention", "SelfAttentionCache", "Table", "positions"]
