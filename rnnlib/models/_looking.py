"""What a decoder says: scores of its states, with or without a look at the source."""

from typing import Any, TypeAlias

import numpy as np

from rnnlib._memory import frozen
from rnnlib._typing import Array, Grads
from rnnlib.activations import tanh_slope

__all__ = ["scores", "scores_backward"]

Parts: TypeAlias = dict[str, Any]


def scores(parts: Parts, s: Array, h: Any, mask: Any) -> tuple[Array, Any]:
    """Return scores (T, B, V) of decoder states, and the cache."""
    if "attention" not in parts:
        y, y_cache = parts["output"].forward(s)
        return y, y_cache
    context, _, look = parts["attention"].forward(s, h, h, mask)
    both = frozen(np.concatenate([s, context], axis=-1))
    a, a_cache = parts["combine"].forward(both)
    combined = frozen(np.tanh(a))
    y, y_cache = parts["output"].forward(combined)
    return y, (look, a_cache, combined, y_cache)


def scores_backward(
    parts: Parts, dy: Array, cache: Any, h: Array
) -> tuple[Array, Array, dict[str, Grads]]:
    """Return the gradients of decoder states, encoder states and parameters."""
    if "attention" not in parts:
        ds, output = parts["output"].backward(dy, cache)
        return ds, np.zeros_like(h), {"output": output}
    look, a_cache, combined, y_cache = cache
    dcombined, output = parts["output"].backward(dy, y_cache)
    # combined = tanh([s, context] @ W_sh + b_h)
    da = dcombined * tanh_slope(combined)
    dboth, combine = parts["combine"].backward(da, a_cache)
    ds, dcontext = np.split(dboth, [look.queries.shape[-1]], axis=-1)
    # context = attention(queries=s, keys=h, values=h)
    dqueries, dkeys, dvalues, attention = parts["attention"].backward(dcontext, look)
    grads = {"attention": attention, "combine": combine, "output": output}
    return ds + dqueries, dkeys + dvalues, grads
