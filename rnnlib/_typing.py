"""Names for the kinds of array that pass through the library."""

from typing import TYPE_CHECKING, Any, ForwardRef, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["Array", "ArrayLike", "DTypeLike", "Grads", "Initialiser", "Params", "Rng"]

Array: TypeAlias = NDArray[Any]
Params: TypeAlias = dict[str, Array]
Grads: TypeAlias = dict[str, Array]
if TYPE_CHECKING:
    Rng: TypeAlias = np.random.Generator
else:  # numpy loads its random module when it is first used; so do we
    Rng = ForwardRef("numpy.random.Generator")


class Initialiser(Protocol):
    """A function of `rnnlib.init`: draws a weight matrix of a given shape."""

    def __call__(
        self,
        shape: tuple[int, int],
        *,
        rng: Rng,
        gain: float = 1.0,
        dtype: DTypeLike = np.float64,
    ) -> Array: ...
