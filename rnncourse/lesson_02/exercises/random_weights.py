"""Random weights of a plain RNN, for the cases of several exercises."""

from rnnlib._typing import Array, Rng

__all__ = ["random_weights"]


def random_weights(rng: Rng, D: int, H: int) -> dict[str, Array]:
    """Return both matrices of a net with D features and H units."""
    return {"W_xh": rng.standard_normal((D, H)), "W_hh": rng.standard_normal((H, H))}
