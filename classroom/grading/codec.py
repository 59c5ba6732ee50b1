"""Values as plain data and back: numbers, arrays, collections, the library's objects.

Each side has a table of the objects that both know, so that what is the same object
here is the same object there, and what has changed there can be put back here. What is
no data is lent: the other side has a stand-in for it, whose calls come back.
"""

import sys
from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any

import numpy as np

from rnnlib import optimizers
from rnnlib.storage import KINDS as STORED
from rnnlib.storage import LARGEST_WEIGHT

__all__ = ["Codec", "Encoded", "put_back"]

Encoded = tuple[Any, list[bytes]]
SIMPLE = type(None), bool, int, float, str
LARGEST = 2**24
OPTIMIZERS = (
    optimizers.SGD,
    optimizers.Adam,
    optimizers.Momentum,
    optimizers.RMSProp,
)
KINDS = STORED | {kind.__name__: kind for kind in OPTIMIZERS}


class Codec:
    """The values that one side sends and gets.

    Parameters
    ----------
    side : str
        A letter for the names of this side's objects.
    borrow : function
        `borrow(name, about)` returns the stand-in for an object of the other side.
    lends : function
        `lends(value)` says whether a value that is no data may be called from there.
    strange : function
        `strange(kind)` returns what stands for a value of which only the kind is known.
    """

    def __init__(
        self,
        side: str,
        borrow: Callable[[str, str], Any],
        lends: Callable[[Any], bool],
        strange: Callable[[str], Any],
    ) -> None:
        self._side, self._borrow = side, borrow
        self._lends, self._strange = lends, strange
        self._names: dict[int, str] = {}
        self.known: dict[str, Any] = {}

    def encode(self, value: Any) -> Encoded:
        """Return a value as JSON, and the bytes of its arrays."""
        blobs: list[bytes] = []
        return self._encoded(value, blobs), blobs

    def decode(self, encoded: Any, blobs: list[bytes]) -> Any:
        """Return the value.

        Raises
        ------
        ValueError, TypeError, KeyError, IndexError, AttributeError
            If it is none.
        """
        return self._decoded(encoded, blobs)

    def _encoded(self, value: Any, blobs: list[bytes]) -> Any:
        kind = type(value)
        if kind in SIMPLE:
            return value
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind is bytes:
            return {"bytes": value.hex()}
        if value is ...:
            return {"ellipsis": None}
        if issubclass(kind, np.generic):
            return {"scalar": self._array(np.asarray(value), blobs)}
        if kind is np.random.Generator:
            return {"rng": self._state(value)}
        if KINDS.get(kind.__name__) is kind:
            return self._object(value, blobs)
        if issubclass(kind, np.ndarray):
            return self._numbers(np.array(value, subok=False, order="K"), kind, blobs)
        return self._collection(value, kind, blobs)

    def _collection(self, value: Any, kind: type[Any], blobs: list[bytes]) -> Any:
        if issubclass(kind, Mapping):
            pairs = [[key, value[key]] for key in value]
            return {"dict": [[self._encoded(v, blobs) for v in pair] for pair in pairs]}
        if issubclass(kind, tuple | list):
            parts = [self._encoded(part, blobs) for part in value]
            if not issubclass(kind, tuple):
                return parts
            if hasattr(kind, "_fields") and kind.__module__.startswith("rnnlib."):
                return {"fields": [kind.__module__, kind.__qualname__, parts]}
            return {"tuple": parts}
        if self._lends(value):
            return {"lent": [self._name(value), kind.__name__]}
        if hasattr(kind, "__array__"):
            return self._numbers(np.asarray(value), kind, blobs)
        return {"strange": kind.__name__}

    def _numbers(self, array: Any, kind: type[Any], blobs: list[bytes]) -> Any:
        if array.dtype.kind not in "biufcUS" or not array.dtype.itemsize:
            return {"strange": f"{kind.__name__} of {array.dtype.name}s"}
        return {"array": self._array(array, blobs)}

    def _array(self, array: Any, blobs: list[bytes]) -> list[Any]:
        columns = array.ndim > 1 and array.flags.f_contiguous
        order = "F" if columns and not array.flags.c_contiguous else "C"
        blobs.append(array.tobytes(order))
        return [array.dtype.str, list(array.shape), order, len(blobs) - 1]

    def _state(self, rng: np.random.Generator) -> Any:
        bits = rng.bit_generator
        if type(bits) is not np.random.PCG64:
            return None
        state: Any = bits.state
        inner = state["state"]
        held = state["has_uint32"], state["uinteger"]
        return [self._name(rng), inner["state"], inner["inc"], *held]

    def _object(self, value: Any, blobs: list[bytes]) -> Any:
        config = {k: self._encoded(v, blobs) for k, v in value.config().items()}
        params = getattr(value, "params", {})
        arrays = {key: self._encoded(array, blobs) for key, array in params.items()}
        kind = type(value).__name__
        return {"object": [self._name(value), kind, config, arrays]}

    def _name(self, value: Any) -> str:
        name = self._names.get(id(value))
        if name is None:
            name = f"{self._side}{len(self.known)}"
            self._remember(name, value)
        return name

    def _remember(self, name: str, value: Any) -> Any:
        self.known[name] = value  # alive, so that its id stays its own
        self._names[id(value)] = name
        return value

    def _decoded(self, part: Any, blobs: list[bytes]) -> Any:
        if type(part) in SIMPLE:
            return part
        if isinstance(part, list):
            return [self._decoded(entry, blobs) for entry in part]
        ((kind, value),) = part.items()
        if kind in ("array", "scalar"):
            array = _array(value, blobs)
            return array if kind == "array" else array[()]
        if kind == "dict":
            pairs = ([self._decoded(v, blobs) for v in pair] for pair in value)
            return {_key(key): entry for key, entry in pairs}
        if kind == "tuple":
            return tuple(self._decoded(entry, blobs) for entry in value)
        return getattr(self, f"_from_{kind}")(value, blobs)

    def _from_complex(self, value: Any, blobs: list[bytes]) -> complex:
        return complex(*value)

    def _from_bytes(self, value: Any, blobs: list[bytes]) -> bytes:
        return bytes.fromhex(value)

    def _from_ellipsis(self, value: Any, blobs: list[bytes]) -> Any:
        return ...

    def _from_strange(self, value: Any, blobs: list[bytes]) -> Any:
        return self._strange(str(value)[:60])

    def _from_fields(self, value: Any, blobs: list[bytes]) -> Any:
        module, name, parts = value
        kind = getattr(sys.modules[module], name)
        if not (module.startswith("rnnlib.") and hasattr(kind, "_fields")):
            raise ValueError(f"{name} is no tuple of the library")
        return kind(*(self._decoded(entry, blobs) for entry in parts))

    def _from_rng(self, value: Any, blobs: list[bytes]) -> Any:
        if value is None:
            return self._strange("generator of another kind")
        name, *numbers = value
        rng = self.known.get(name)
        if not isinstance(rng, np.random.Generator):
            rng = self._remember(name, np.random.Generator(np.random.PCG64(0)))
        state, inc, has, held = map(int, numbers)
        rng.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": state, "inc": inc},
            "has_uint32": has,
            "uinteger": held,
        }
        return rng

    def _from_lent(self, value: Any, blobs: list[bytes]) -> Any:
        name, about = map(str, value)
        if name not in self.known:
            if name.startswith(self._side):
                raise ValueError(f"{name} was never lent")
            self._remember(name, self._borrow(name, about))
        return self.known[name]

    def _from_object(self, value: Any, blobs: list[bytes]) -> Any:
        name, kind, config, arrays = value
        options = {key: self._decoded(part, blobs) for key, part in config.items()}
        found = self.known.get(name)
        if type(found) is not KINDS[kind]:
            found = self._remember(name, _built(KINDS[kind], options))
        params = getattr(found, "params", {})
        if {*params} != {*arrays}:
            raise ValueError(f"a {kind} with other parameters")
        for key, array in params.items():
            new = self._decoded(arrays[key], blobs)
            if (new.shape, new.dtype) != (array.shape, array.dtype):
                raise ValueError(f"a {kind} with {key} of another form")
            array[...] = new
        return found


def _built(kind: type[Any], options: dict[str, Any]) -> Any:
    size = LARGEST_WEIGHT.get(kind)
    if size and size(options) > LARGEST:
        raise ValueError(f"a {kind.__name__} with more than {LARGEST} weights in one")
    if "rng" in signature(kind).parameters:
        options["rng"] = np.random.default_rng(0)
    return kind(**options)


def _array(value: Any, blobs: list[bytes]) -> Any:
    name, shape, order, place = value
    dtype = np.dtype(str(name))
    if dtype.kind not in "biufcUS" or not dtype.itemsize:
        raise ValueError(f"an array of {name}")
    flat = np.frombuffer(blobs[int(place)], dtype)
    return flat.reshape([int(n) for n in shape], order=order).copy(order="K")


def _key(key: Any) -> Any:
    hash(key)
    return key


def put_back(old: Any, new: Any) -> None:
    """Give what is here the contents that it has on the other side.

    >>> here = [np.zeros(2), {"a": 1}]
    >>> put_back(here, [np.ones(2), {"b": 2}])
    >>> here
    [array([1., 1.]), {'b': 2}]
    """
    if old is new or type(old) is not type(new):
        return
    if isinstance(old, np.ndarray):
        if (old.shape, old.dtype) == (new.shape, new.dtype):
            old[...] = new
    elif isinstance(old, dict):
        for key in old.keys() & new.keys():
            put_back(old[key], new[key])
        kept = {k: _kept(old[k], v) if k in old else v for k, v in new.items()}
        old.clear()
        old.update(kept)
    elif isinstance(old, list):
        for one, other in zip(old, new, strict=False):
            put_back(one, other)
        old[:] = [*map(_kept, old, new), *new[len(old) :]]
    elif isinstance(old, tuple):
        for one, other in zip(old, new, strict=False):
            put_back(one, other)


def _kept(old: Any, new: Any) -> Any:
    """Return the old object where it holds the new contents now."""
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        return old if (old.shape, old.dtype) == (new.shape, new.dtype) else new
    return old if type(old) is type(new) and isinstance(old, list | dict) else new
