"""Exercise 05.9: at which rate a product of Jacobians stretches, however long it is."""

import numpy as np

from rnncourse.checking.exercise import Case, Exercise
from rnncourse.checking.mistakes import Mistake
from rnnlib._typing import Array, Rng
from rnnlib.diagnostics import lyapunov_exponents

__all__ = ["RATE"]


def rate(jacobians: Array) -> float:
    """Return log(sigma_max) / T of the product of jacobians (T, H, H)."""
    product, logs = np.eye(jacobians.shape[1]), 0.0
    for J in jacobians:
        product = J @ product
        size = float(np.linalg.norm(product, 2))
        if size == 0:
            return -np.inf
        product, logs = product / size, logs + np.log(size)
    return float(logs / len(jacobians))


def _cases(rng: Rng) -> list[Case]:
    sizes = ((1, 2, 1.0), (3, 3, 0.5), (8, 2, 2.0), (3000, 2, 3.0), (2000, 3, 0.2))
    small = ((1, 3, 1.0), (5, 3, 1e-4), (5, 3, 1e-80), (3, 2, 1e-135), (4, 3, 5.0))
    tiny = (40, 3, 1e-130)  # 1e-5200 in all, which no longer float holds
    blocked = ((3, 2, 2.0), (3, 2, 2.0), (6, 3, 1.0), (5, 2, 1.0), (4, 2, 1.0))
    cases: list[Case] = [
        {"jacobians": gain / np.sqrt(H) * rng.standard_normal((T, H, H))}
        for T, H, gain in (*sizes, *small, tiny, *blocked, (7, 3, 1.0))
    ]
    turns, dead, one_unit_saturated, passed_on, saturated, ends = cases[-6:]
    turns["jacobians"][:, [0, 1], [0, 1]] = 0  # all of its diagonal
    dead["jacobians"][:, 0] = dead["jacobians"][:, :, 0] = 0
    one_unit_saturated["jacobians"][:, 1] = 0
    passed_on["jacobians"][1:3] *= np.eye(2, k=1)  # from one to the other, and no more
    saturated["jacobians"][2] = 0
    ends["jacobians"][-1] = 0
    return [*cases, *_cancelling(rng)]


def _cancelling(rng: Rng) -> list[Case]:
    """Return products whose entries add up to 0, at the end and on the way there."""
    turned = rng.uniform(0.5, 2) * np.array([[[0.0, 1.0], [-1.0, 0.0]]])
    later = rng.standard_normal((3, 2, 2))
    later[0] = rng.uniform(0.5, 2) * np.array([[1.0, -1.0], [1.0, -1.0]])
    return [{"jacobians": turned}, {"jacobians": later}]


RATE = Exercise(
    id="05.9",
    kind="V",
    title="The rate",
    reference=rate,
    cases=_cases,
    mistakes=(
        Mistake(
            "product_as_it_is",
            {
                "product / size, logs + np.log(size)": "product, np.log(size)",
            },
            "Right, as long as the product is a number that a float can hold. Over "
            "thousands of steps it is far above 1e308, or far below 1e-308. Keep its "
            "size as a logarithm, and only its direction as a matrix.",
        ),
        Mistake(
            "something_left_of_nothing",
            {"return -np.inf": "return 0.0"},
            "In one case the product is zero: whatever sets out, nothing of it "
            "arrives. Towards what does the logarithm of a length go, if the length "
            "goes to 0? No rate that is a number is low enough for that.",
            others=(
                {"return -np.inf": "return 0"},
                {"return -np.inf": "break"},
                {"if size == 0:\n            return -np.inf": "size = size or 1e-300"},
                {"if size == 0:\n            return -np.inf": ""},
            ),
        ),
        Mistake(
            "never_below_a_number",
            {
                "float(logs": "max(-100, logs",
                "return -np.inf": "return -100",
            },
            "Your rate has a lower limit. A product of tiny steps has a rate far below "
            "it, and one that is zero has a rate below any number. How low can a "
            "logarithm go?",
        ),
        Mistake(
            "mean_of_the_steps",
            {"J @ product": "J"},
            "You take the mean of what each step does by itself. That is the bound of "
            "section 5: it counts the best direction of each step, as if one vector "
            "could lie in all of them. What is asked for is the product.",
        ),
        Mistake(
            "size_of_the_entries",
            {"np.linalg.norm(product, 2)": "np.linalg.norm(product)"},
            "For long runs it is nearly right, for a single step it is not: you "
            "measure the product by the root of all squared entries. Which norm is "
            "the most by which it can stretch a vector?",
        ),
        Mistake(
            "not_a_rate",
            {" / len(jacobians)": ""},
            "That is the logarithm for all steps together. A rate is what one step "
            "does on average.",
        ),
        Mistake(
            "in_the_wrong_order",
            {"J @ product": "product @ J"},
            "The order of matrices matters. The first step acts first, so it stands "
            "at the right end of the product, and each later one to the left of those "
            "before it.",
        ),
        Mistake(
            "factor_for_rate",
            {"float(logs / len(jacobians))": "float(np.exp(logs / len(jacobians)))"},
            "You return the factor of a step. The rate is its logarithm: negative "
            "where the gradient vanishes, positive where it explodes.",
        ),
        Mistake(
            "spectral_radius",
            {
                "np.linalg.norm(product, 2)": "abs(np.linalg.eigvals(product)).max()",
            },
            "You take the largest eigenvalue of a product. A gradient may lie in "
            "another direction, and be stretched more: use what can stretch any "
            "vector.",
        ),
    ),
    hints=(
        "The logarithm of a product is a sum of logarithms. What has to be multiplied, "
        "and of what can a sum be kept?",
        "Two things go through the loop: a matrix of size one, and a sum of "
        "logarithms. Each step makes the matrix longer or shorter; move that from the "
        "one to the other.",
        "Multiply by one Jacobian, measure how long the result has become, note the "
        "logarithm of that, and make the matrix short again before the next step. What "
        "if its length is zero?",
    ),
    source=lyapunov_exponents,
    point=(
        "for step in",
        "np.linalg.qr(step",
        "logs, rows = _times",
        "rates = _rotated",
    ),
)
