"""The line that shows an object: the call that makes one like it."""

from inspect import Parameter, signature
from typing import Any

import numpy as np

__all__ = ["described"]

MOST = 40  # entries of a list that are all shown


def described(thing: Any) -> str:
    """Return the call that makes an object like `thing`, as one would type it.

    `thing.config()` gives the arguments. Those that equal their default are left out,
    and so is what no config holds, such as `rng`. A list of thousands of words is cut
    short. A class writes `__repr__ = described`.

    >>> class Pool:
    ...     def __init__(self, size, *, stride, mode="max", dtype=np.float64):
    ...         self.size, self.stride, self.mode = size, stride, mode
    ...     def config(self):
    ...         sizes = {"size": self.size, "stride": self.stride}
    ...         return {**sizes, "mode": self.mode, "dtype": "float64"}
    ...     __repr__ = described
    >>> Pool(2, stride=1), Pool(2, stride=1, mode="mean")
    (Pool(2, stride=1), Pool(2, stride=1, mode='mean'))
    """
    config = thing.config()
    arguments = []
    for name, parameter in signature(type(thing)).parameters.items():
        if name in config and config[name] != _as_config(parameter.default):
            positional = (
                parameter.default is Parameter.empty
                and parameter.kind is not Parameter.KEYWORD_ONLY
            )
            keyword = "" if positional else f"{name}="
            arguments.append(f"{keyword}{_typed(config[name])}")
    return f"{type(thing).__name__}({', '.join(arguments)})"


def _typed(value: Any) -> str:
    """Return how a value is typed; of a long list, how it begins and ends."""
    if isinstance(value, list | tuple) and len(value) > MOST:
        first = ", ".join(map(repr, value[:3]))
        return f"[{first}, ..., {value[-1]!r}]"
    return repr(value)


def _as_config(default: Any) -> Any:
    """Return a default as a config has it: a dtype by its name."""
    is_dtype = isinstance(default, type) and issubclass(default, np.generic)
    return np.dtype(default).name if is_dtype else default
