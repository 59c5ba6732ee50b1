"""Four optimisers on a bowl, and on a plane through the loss of a real network.

``python -m rnncourse.lesson_06.optimiser_race.compute`` trains the network anew, and
stores its loss and its gradient on the plane; it takes about half a minute.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from rnncourse.lesson_06.words import small
from rnncourse.shared.temporal_order import reader, training
from rnncourse.shared.wording import number
from rnnlib._typing import Array
from rnnlib.cells import RNNCell
from rnnlib.models import Model
from rnnlib.optimizers import SGD, Adam, Momentum, Optimizer, RMSProp
from rnnlib.storage import read_arrays, write_arrays
from rnnlib.tasks import TemporalOrder

__all__ = [
    "FRAMES",
    "OPTIMISERS",
    "START",
    "SURFACES",
    "UPDATES",
    "Race",
    "compute",
    "surface",
]

STORED = Path(__file__).with_name("weights.npz")
UPDATES, SEED, GRID = 60, 100, 65
OPTIMISERS: dict[str, Callable[[float], Optimizer]] = {
    "SGD": SGD,
    "Momentum": Momentum,
    "RMSProp": RMSProp,
    "Adam": Adam,
}
SURFACES = {"bowl": "an elongated bowl", "net": "the loss of a network"}
FRAMES = {"bowl": (-1.2, 1.2, -1.2, 1.2), "net": (-1.0, 5.0, -3.0, 3.0)}
START = {"bowl": (-1.0, 0.8), "net": (0.0, 0.0)}


@dataclass(frozen=True)
class Race:
    """The ways of four optimisers from one start, with one learning rate.

    Attributes
    ----------
    kind : str
        A key of SURFACES.
    rate, ratio : float
        The learning rate; how much steeper the bowl is in y than in x.
    done : int
        How many of the UPDATES are shown.
    paths : mapping of str to ndarray, shape (done + 1, 2)
        By the name of the optimiser.
    losses : mapping of str to ndarray, shape (done + 1,)
    """

    kind: str
    rate: float
    ratio: float
    done: int
    paths: dict[str, Array]
    losses: dict[str, Array]

    @property
    def verdict(self) -> str:
        """What is seen, in words."""
        now = {name: float(found[-1]) for name, found in self.losses.items()}
        listed = ", ".join(f"{name} {small(loss)}" for name, loss in now.items())
        return (
            f"Learning rate {number(self.rate)}, {self.done} updates, loss "
            f"{number(self.losses['SGD'][0])} at first: {listed}. The lowest is "
            f"{min(now, key=now.__getitem__)}'s."
        )


def bowl(place: Array, ratio: float) -> tuple[float, Array]:
    """Return the loss (x**2 + ratio * y**2) / 2 and its gradient."""
    gradient = place * (1, ratio)
    return float(place @ gradient) / 2, gradient


@cache
def surface() -> tuple[Array, Array]:
    """Return the network's loss (GRID, GRID) and its gradient (GRID, GRID, 2).

    Rows go with the second direction, columns with the first.
    """
    found = read_arrays(STORED, "plane")[1]
    return found["loss"].astype(float), found["gradient"].astype(float)


def net(place: Array) -> tuple[float, Array]:
    """Return loss and gradient of the network, interpolated between four grid points.

    Beyond the edge they are those of the edge.
    """
    left, right, low, high = FRAMES["net"]
    x, y = (place - (left, low)) / (right - left, high - low) * (GRID - 1)
    x, y = min(max(x, 0.0), GRID - 1.0), min(max(y, 0.0), GRID - 1.0)
    j, i = min(int(x), GRID - 2), min(int(y), GRID - 2)
    across, up = np.array([1 - x + j, x - j]), np.array([1 - y + i, y - i])
    loss, gradient = surface()
    near = slice(i, i + 2), slice(j, j + 2)
    height = float(up @ loss[near] @ across)
    return height, np.tensordot(np.outer(up, across), gradient[near])


def compute(*, kind: str, rate: float, ratio: float, done: int) -> Race:
    """Let the four start together.

    Parameters
    ----------
    kind : str
        A key of SURFACES.
    rate : float
        The learning rate of all four.
    ratio : float
        How much steeper the bowl is in y than in x; the network has its own shape.
    done : int
        How many updates are shown.
    """
    paths: dict[str, Array] = {}
    losses: dict[str, Array] = {}
    for name, make in OPTIMISERS.items():
        optimizer, place = make(rate), np.array(START[kind])
        way: list[Array] = []
        heights: list[float] = []
        for _ in range(done + 1):
            loss, gradient = bowl(place, ratio) if kind == "bowl" else net(place)
            way.append(place.copy())
            heights.append(loss)
            optimizer.update({"p": place}, {"p": gradient})
        paths[name], losses[name] = np.array(way), np.array(heights)
    return Race(kind, rate, ratio, done, paths, losses)


def trained() -> tuple[Model, TemporalOrder, Array, Array, Array]:
    """Return a model, its task, its parameters before training and two directions.

    The first leads to the trained parameters, the second to where the training made the
    widest detour; both have length 1.
    """
    task, rng = TemporalOrder(steps=10), np.random.default_rng(SEED)
    model = reader(RNNCell(len(task.symbols), 16, rng=rng), task, rng=rng)
    path = [as_vector(model)]
    for _ in training(model, task, 300, rng=rng):
        path.append(as_vector(model))
    moved = np.array(path) - path[0]
    first = moved[-1] / np.linalg.norm(moved[-1])
    detour = moved - np.outer(moved @ first, first)
    second = np.linalg.svd(detour, full_matrices=False)[2][0]
    return model, task, path[0], first, second * np.sign(second @ detour[100])


def as_vector(model: Model) -> Array:
    """Return all parameters as one vector."""
    return np.concatenate([array.ravel() for array in model.params.values()])


def at(model: Model, vector: Array) -> Model:
    """Return the model with the parameters of a vector."""
    params, taken = {}, 0
    for name, array in model.params.items():
        params[name] = vector[taken : taken + array.size].reshape(array.shape)
        taken += array.size
    return model.with_params(params)


def main() -> None:
    """Measure the loss and its gradient on the plane, and store them."""
    model, task, start, first, second = trained()
    batch = task.sample(256, rng=np.random.default_rng(SEED + 1))
    left, right, low, high = FRAMES["net"]
    loss, gradient = np.empty((GRID, GRID)), np.empty((GRID, GRID, 2))
    for i, y in enumerate(np.linspace(low, high, GRID)):
        for j, x in enumerate(np.linspace(left, right, GRID)):
            found = at(model, start + x * first + y * second).loss(batch)
            grads = np.concatenate([found.grads[name].ravel() for name in model.params])
            loss[i, j] = found.value
            gradient[i, j] = grads @ first, grads @ second
    arrays = {"loss": loss.astype(np.float32), "gradient": gradient.astype(np.float32)}
    write_arrays(STORED, "plane", {}, arrays)
    print(f"loss {loss.min():.3f} to {loss.max():.1f}")


if __name__ == "__main__":
    main()
