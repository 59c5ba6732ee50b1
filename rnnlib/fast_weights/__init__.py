"""A matrix as memory: written by outer products while reading, asked by a query.

The weights of a layer are learned slowly, over many sequences. The matrix M is changed
at each step of a sequence, so its entries are called fast weights. A key k and a value
v are stored as their outer product, and a query q reads `q @ M`: if it is the key, and
no other key is like it, that is the value.
"""

from rnnlib.fast_weights._matrix import FastWeightsState
from rnnlib.fast_weights.layer import FastWeights, FastWeightsCache

__all__ = ["FastWeights", "FastWeightsCache", "FastWeightsState"]
