"""A state that decays in continuous time, seen in steps: one number, not a vector.

Between two readings the state goes on by itself:

    dh/dt = rate * h + u

A rate below zero is a decay, and `1 / -rate` its time constant; a complex one turns
while it decays. If the input u is held for a time `dt`, what comes of it is the step of
a linear recurrence, `h = a * h_prev + b * u`, and a scan computes all steps at once.
Arrays of any shape are as many such states, each by itself.

Gu, Goel and Ré, "Efficiently modeling long sequences with structured state spaces",
2022: states of this kind as a layer. Gu and Dao, "Mamba: linear-time sequence modeling
with selective state spaces", 2023: a `dt` that depends on the input.
"""

import numpy as np

from rnnlib._checks import check_array, check_choice, check_finite, check_floats
from rnnlib._norms import tiny_is_zero
from rnnlib._typing import Array, ArrayLike
from rnnlib.scan import _summed, scan, scan_backward

__all__ = ["euler", "hold", "selective_dt", "state_space", "state_space_backward"]

SMALL = 1e-2  # below it a series is better than a difference


@tiny_is_zero
def hold(rate: ArrayLike, dt: ArrayLike) -> tuple[Array, Array]:
    """Return a and b of a step during which the input is held: exact.

        a = exp(rate * dt),  b = (a - 1) / rate        b = dt where rate is 0

    >>> a, b = hold(-0.5, 2.0)
    >>> round(float(a), 4), round(float(b), 4)
    (0.3679, 1.2642)
    >>> half, _ = hold(-0.5, 1.0)  # two half steps decay as one whole
    >>> bool(np.isclose(half * half, a))
    True
    """
    rate, dt = _arrays(rate, dt)
    change, still = rate * dt, rate * dt == 0
    mean = np.where(still, 1, np.expm1(change) / np.where(still, 1, change))
    return np.exp(change), dt * mean


@tiny_is_zero
def euler(rate: ArrayLike, dt: ArrayLike) -> tuple[Array, Array]:
    """Return a and b of a step along the tangent at its beginning: close for small dt.

        a = 1 + rate * dt,  b = dt

    Where `rate * dt` is below -2 the state grows, however fast it ought to decay.

    >>> a, b = euler(-0.5, 2.0)
    >>> float(a), float(b)
    (0.0, 2.0)
    """
    rate, dt = _arrays(rate, dt)
    return 1 + rate * dt, dt * np.ones_like(rate)


METHODS = {"hold": hold, "euler": euler}


@tiny_is_zero
def state_space(
    u: ArrayLike,
    rate: ArrayLike,
    dt: ArrayLike,
    h_0: ArrayLike | None = None,
    *,
    method: str = "hold",
) -> Array:
    """Return all states of `dh/dt = rate * h + u`, seen after each step.

    Parameters
    ----------
    u : float or complex array (T, ...)
        The input, held during each step.
    rate, dt : numbers, or arrays that fit `u`
        A `dt` for each step, (T, ...), makes it selective: where it is near 0 the step
        is passed over, where it is large the past is forgotten.
    h_0 : array (...), optional
        By default zero.
    method : {"hold", "euler"}

    Examples
    --------
    >>> h = state_space(np.ones(50), -0.5, 1.0)  # comes to rest at u / -rate
    >>> round(float(h[-1]), 4)
    2.0
    """
    a, b, u = _steps(u, rate, dt, method)
    return scan(a, b * u, h_0)


@tiny_is_zero
def state_space_backward(
    dh: ArrayLike,
    h: ArrayLike,
    u: ArrayLike,
    rate: ArrayLike,
    dt: ArrayLike,
    h_0: ArrayLike | None = None,
    *,
    method: str = "hold",
) -> tuple[Array, Array, Array, Array]:
    """Return the gradients of u, rate, dt and h_0, given that of all states.

    As in `rnnlib.scan.scan_backward`, they are not conjugated. Those of rate and dt
    have the shapes of what was given.

    >>> u, rate, dt = np.ones(3), np.array(-0.5), np.array(1.0)
    >>> h = state_space(u, rate, dt)
    >>> du, drate, ddt, dh_0 = state_space_backward(np.ones(3), h, u, rate, dt)
    >>> du.shape, drate.shape, ddt.shape, round(float(dh_0), 4)
    ((3,), (), (), 1.1975)
    """
    a, b, u = _steps(u, rate, dt, method)
    h = check_array("h", h, np.broadcast_shapes(u.shape, a.shape), dtype=u.dtype)
    shapes = np.shape(u), np.shape(rate), np.shape(dt)
    rate, dt = _arrays(rate, dt)
    da, d_input, dh_0 = scan_backward(dh, np.broadcast_to(a, h.shape), h, h_0)
    # h = a * h_prev + b * u
    du, db = d_input * b, d_input * u
    if method == "hold":
        # a = exp(rate * dt), b = (a - 1) / rate
        drate, ddt = da * dt * a + db * _hold_by_rate(rate, dt), da * rate * a + db * a
    else:
        # a = 1 + rate * dt, b = dt
        drate, ddt = da * dt, da * rate + db
    du, drate, ddt = map(_summed, (du, drate, ddt), shapes)
    return du, drate, ddt, dh_0


def selective_dt(a: ArrayLike) -> Array:
    """Return a step size for any number: `log(1 + exp(a))`, above 0.

    With `a = x @ W + b` the input says how much time passes (Gu and Dao, 2023).

    >>> selective_dt(np.array([-50.0, 0.0, 50.0])).round(4)
    array([ 0.    ,  0.6931, 50.    ])
    """
    return np.logaddexp(0, check_finite("a", check_array("a", a, ("...",))))


def _arrays(rate: ArrayLike, dt: ArrayLike) -> tuple[Array, Array]:
    rate = check_finite("rate", _floats("rate", rate))
    dt = check_finite("dt", _floats("dt", dt))
    if (dt.real < 0).any():
        raise ValueError(
            f"dt must be at least 0, got {dt.real.min()}; time does not run back"
        )
    _together("rate and dt", rate, dt)
    return rate, dt


def _together(names: str, one: Array, other: Array) -> None:
    """Raise unless the shapes of both fit."""
    try:
        np.broadcast_shapes(one.shape, other.shape)
    except ValueError:
        raise ValueError(
            f"{names} must have shapes that fit, got {one.shape} and {other.shape}; "
            "give axes of equal size or of size 1"
        ) from None


def _floats(name: str, value: ArrayLike) -> Array:
    if isinstance(value, int | float | complex):
        return check_floats(name, np.asarray(1.0 * value))
    return check_floats(name, value)


def _steps(
    u: ArrayLike, rate: ArrayLike, dt: ArrayLike, method: str
) -> tuple[Array, Array, Array]:
    """Return a and b of each step, with the axes of u, and u."""
    u = check_finite("u", check_array("u", u, ("...",)))
    a, b = METHODS[check_choice("method", method, tuple(METHODS))](rate, dt)
    _together("u and the steps", u, a)
    axes = (1,) * (u.ndim - a.ndim)
    return a.reshape(axes + a.shape), b.reshape(axes + b.shape), u


def _hold_by_rate(rate: Array, dt: Array) -> Array:
    """Return the slope of `(exp(rate * dt) - 1) / rate` with respect to the rate."""
    z = rate * dt
    small = abs(z) < SMALL
    far = np.where(small, 1, z)
    series = 1 / 2 + z * (1 / 3 + z * (1 / 8 + z * (1 / 30 + z * (1 / 144 + z / 840))))
    slope: Array = np.where(small, series, (far * np.exp(far) - np.expm1(far)) / far**2)
    return dt * dt * slope
