"""Parameters of nested layers: each key carries its path, as in `encoder.0.W_xh`."""

from collections.abc import Mapping

from rnnlib._typing import Array

__all__ = ["joined", "part"]


def joined(parts: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """Return one dict with keys `name.key`, given one dict for each name."""
    return {
        f"{name}.{key}": array
        for name, inner in parts.items()
        for key, array in inner.items()
    }


def part(params: Mapping[str, Array], name: str) -> dict[str, Array]:
    """Return the parameters of one part, with its name removed from the keys."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): array
        for key, array in params.items()
        if key.startswith(prefix)
    }
