"""What goes into a net, side by side with what comes out: digits, scenes, films."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Patch, Rectangle, RegularPolygon

from rnncourse.drawing import style
from rnncourse.drawing.picture import Picture
from rnnlib._typing import Array

__all__ = ["digits", "film", "scenes"]

PAINT = {"red": style.GRADIENT, "green": style.STATE, "blue": style.INPUT}
RADIUS = {"small": 0.2, "big": 0.38}
PLACES = ("left", "middle", "right")
ARROWS = {"left": "←", "right": "→", "up": "↑", "down": "↓"}


def digits(images: Array, words: Sequence[str]) -> Picture:
    """Return pictures (B, 64) side by side, each with a line of words under it."""
    figure = style.figure(840, 150)
    for k, (image, line) in enumerate(zip(images, words, strict=True)):
        axes = _frame(figure.add_axes((0.012 + 0.124 * k, 0.22, 0.11, 0.7)), line)
        axes.imshow(image.reshape(8, 8), cmap="Blues", vmin=0, vmax=1)
    return Picture(figure, f"Digits of 8x8 pixels. Under them: {', '.join(words)}.")


def film(frames: Array, words: Sequence[str], *, title: str = "") -> Picture:
    """Return the frames (T, D) of a film, each with its label; directions as arrows."""
    figure = style.figure(840, 150)
    side = round(frames.shape[-1] ** 0.5)
    T = len(frames)
    for t, (image, word) in enumerate(zip(frames, words, strict=True)):
        place = (0.01 + 0.99 * t / T, 0.2, 0.9 / T, 0.62)
        axes = _frame(figure.add_axes(place), ARROWS.get(word, word))
        axes.imshow(image.reshape(side, side), cmap="Blues", vmin=0, vmax=1)
        axes.xaxis.label.set_fontsize(style.TEXT + 4)
    figure.text(0.5, 0.92, title, ha="center", fontsize=style.TEXT + 1, color=style.INK)
    under = ", ".join(words)
    return Picture(figure, f"{title}: {T} frames of a dot. Under them: {under}.")


def scenes(sentences: Sequence[str], words: Sequence[str]) -> Picture:
    """Return scenes, given by their true sentences, each with words under it."""
    rows = (len(words) + 1) // 2
    figure = style.figure(840, 168 * rows)
    for k, (sentence, line) in enumerate(zip(sentences, words, strict=True)):
        row, column = divmod(k, 2)
        bottom = 1 - (row + 0.68) / rows
        place = (0.01 + 0.5 * column, bottom, 0.48, 0.64 / rows)
        axes = _frame(figure.add_axes(place), _folded(line))
        axes.set(xlim=(0, 3), ylim=(0, 1), aspect="equal")
        for shape in _shapes(sentence):
            axes.add_patch(shape)
    return Picture(figure, f"Scenes. Under them: {'; '.join(words)}.")


def _frame(axes: Axes, words: str) -> Axes:
    axes.set(xticks=[], yticks=[])
    axes.set_xlabel(words, fontsize=style.TEXT, color=style.INK)
    axes.spines[:].set(color=style.LIGHT)
    return axes


def _folded(line: str) -> str:
    """Return a sentence in two lines, if it is a long one."""
    parts = line.split(" and ")
    if len(parts) < 3:
        return line
    return f"{' and '.join(parts[:2])}\nand {' and '.join(parts[2:])}"


def _shapes(sentence: str) -> list[Patch]:
    found: list[Patch] = []
    for part in sentence.split(" and "):
        _, size, colour, kind, place = part.split()
        middle, radius = (PLACES.index(place) + 0.5, 0.5), RADIUS[size]
        look: dict[str, Any] = {"facecolor": PAINT[colour], "edgecolor": style.INK}
        if kind == "circle":
            found.append(Circle(middle, radius, **look))
        elif kind == "triangle":
            found.append(RegularPolygon(middle, 3, radius=radius * 1.1, **look))
        else:
            corner = middle[0] - 0.85 * radius, middle[1] - 0.85 * radius
            found.append(Rectangle(corner, 1.7 * radius, 1.7 * radius, **look))
    return found
