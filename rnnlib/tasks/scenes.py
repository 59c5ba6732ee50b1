"""Scenes of up to three shapes, and a sentence about each: one to many."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from rnnlib._checks import check_array, check_float_dtype
from rnnlib._typing import Array, ArrayLike, DTypeLike, Rng
from rnnlib.tasks.base import END, PAD, SPECIALS, Batch, Task, is_held_out
from rnnlib.vocab import Vocabulary, pad

__all__ = ["COLOURS", "KINDS", "PLACES", "SIZES", "Scene", "Shape", "ShapeScenes"]

SIZES = ("small", "big")
COLOURS = ("red", "green", "blue")
KINDS = ("circle", "square", "triangle")
PLACES = ("left", "middle", "right")
COUNTS = tuple(map(len, (SIZES, COLOURS, KINDS)))


class Shape(NamedTuple):
    """One shape, as indices into SIZES, COLOURS and KINDS."""

    size: int
    colour: int
    kind: int

    def words(self) -> list[str]:
        """Return its name, word by word."""
        return ["a", SIZES[self.size], COLOURS[self.colour], KINDS[self.kind]]


Scene = tuple[Shape | None, ...]


@dataclass(frozen=True, repr=False)
class ShapeScenes(Task[Batch]):
    """Describe a scene in words: one vector in, a sentence out.

    A scene has three places, with a shape in at least one of them. A shape is small or
    big, red, green or blue, and a circle, a square or a triangle. The sentence names
    the shapes from left to right, and where each of them is.

    The vector (B, 24) holds eight numbers for each place, zeros and ones: which size,
    which colour, which kind; all zero where there is no shape. It stands for what
    another network would have seen in a photograph.

    What is random: the number of shapes, their places and their looks. The scene
    decides whether it is held out. Chance level is how often the best constant
    sentence is right. The data is CC0.

    Parameters
    ----------
    dtype : numpy dtype
        float64 or float32, like the model that sees it.

    Examples
    --------
    >>> from rnnlib.tasks import read
    >>> task = ShapeScenes()
    >>> batch = task.sample(2, rng=np.random.default_rng(0))
    >>> batch.inputs.shape
    (2, 24)
    >>> for sentence in read(batch.targets, Vocabulary(task.symbols)):
    ...     print(sentence)
    a big green square left and a small red circle middle and a small red circle right
    a big green square right
    """

    dtype: DTypeLike = np.float64
    symbols: ClassVar[tuple[str, ...]] = (
        *(*SPECIALS, "a", "and", *SIZES, *COLOURS, *KINDS, *PLACES),
    )
    measure: ClassVar[str] = "exact match"
    chance: ClassVar[float] = 1 / (len(PLACES) * len(PLACES) * int(np.prod(COUNTS)))

    def __post_init__(self) -> None:
        check_float_dtype(self.dtype)

    def caption(self, vector: ArrayLike) -> str:
        """Return the right sentence about a scene, given its vector (24,).

        Raises
        ------
        ValueError
            If no scene has that vector.

        >>> vector = ShapeScenes().sample(1, rng=np.random.default_rng(1)).inputs[0]
        >>> ShapeScenes().caption(vector)
        'a small blue circle left and a small green square middle'
        """
        vector = check_array("vector", vector, (sum(COUNTS) * len(PLACES),))
        scene = _seen(vector)
        if not any(scene) or _vector(scene) != vector.tolist():
            raise ValueError(
                f"vector must be that of a scene, got {vector.tolist()}; "
                "take it from a batch"
            )
        return " ".join(_sentence(scene))

    def _draw(self, count: int, rng: Rng) -> list[Scene]:
        shapes = rng.integers(0, COUNTS, size=(count, len(PLACES), len(COUNTS)))
        places = rng.permuted(np.tile(range(len(PLACES)), (count, 1)), axis=1)
        shown = places < rng.integers(1, len(PLACES) + 1, size=(count, 1))
        return [
            tuple(
                Shape(*shape) if there else None
                for shape, there in zip(row, here, strict=True)
            )
            for row, here in zip(shapes.tolist(), shown, strict=True)
        ]

    def _is_held_out(self, item: Scene) -> bool:
        return is_held_out(" ".join(_sentence(item)))

    def _assemble(self, items: list[Scene]) -> Batch:
        encode = Vocabulary(self.symbols).encode
        sentences = [encode([*_sentence(scene), SPECIALS[END]]) for scene in items]
        vectors = np.array([_vector(scene) for scene in items], dtype=self.dtype)
        return Batch(vectors, *pad(sentences, fill=PAD))


def _sentence(scene: Scene) -> list[str]:
    """Return what a scene shows, word by word."""
    phrases = [
        [*shape.words(), place]
        for shape, place in zip(scene, PLACES, strict=True)
        if shape is not None
    ]
    return [word for words in phrases for word in ("and", *words)][1:]


def _vector(scene: Scene) -> list[float]:
    return [
        float(shape is not None and shape[part] == value)
        for shape in scene
        for part, count in enumerate(COUNTS)
        for value in range(count)
    ]


def _seen(vector: Array) -> Scene:
    """Return the scene that a vector describes."""
    rows = vector.reshape(len(PLACES), sum(COUNTS))
    ends = np.cumsum(COUNTS)[:-1]
    return tuple(
        Shape(*(int(part.argmax()) for part in np.split(row, ends)))
        if row.any()
        else None
        for row in rows
    )
