"""Many changing bars, painted in one go."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import ArrayLike

from rnnlib._typing import Array

__all__ = ["Bars"]


class Bars(PolyCollection):
    """Bars that are cheap to change: one artist for all of them.

    Parameters
    ----------
    axes : Axes
        Where to paint, in data coordinates.
    places : array (N,)
        The middle of each bar.
    width : float
    lying : bool, optional
        Whether the bars lie and grow to the right, with their places along y.
    base : float or array (N,), optional
        Where they begin.
    **look
        Options of a matplotlib collection.
    """

    def __init__(
        self,
        axes: Axes,
        places: ArrayLike,
        width: float,
        *,
        lying: bool = False,
        base: ArrayLike = 0.0,
        **look: Any,
    ) -> None:
        self._order = slice(None, None, -1 if lying else 1)  # of x and y
        middles = np.asarray(places, dtype=float)
        self._sides = np.stack([middles - width / 2, middles + width / 2], axis=1)
        self._heights = np.zeros(len(middles))
        self._base = np.broadcast_to(base, len(middles)).astype(float)
        super().__init__([], snap=True, linewidths=0, **look)
        axes.add_collection(self, autolim=False)
        self.set_heights(self._heights)

    def set_heights(self, heights: ArrayLike) -> None:
        """Show other heights, one for each place."""
        self._heights = np.broadcast_to(heights, len(self._sides)).astype(float)
        left, right = self._sides.T
        low, top = self._base, self._base + self._heights
        corners = [(left, low), (left, top), (right, top), (right, low)]
        self.set_verts([*np.array(corners).transpose(2, 0, 1)[..., self._order]])

    def get_heights(self) -> Array:
        """Return the heights that are shown."""
        return self._heights
