"""The loop that one writes first, for `steps.py` to compare with. It stays as it is.

Each step makes its input a one-hot vector and multiplies; in the backward pass each
step adds its share to every gradient, inside the loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlib._typing import Array, Grads, Params

Way = Callable[[Params, Array, Array], tuple[float, Grads]]


def softmax_and_loss(y: Array, targets: Array) -> tuple[float, Array]:
    """Return one step's mean cross-entropy, and its gradient with respect to y."""
    exp = np.exp(y - y.max(axis=1, keepdims=True))
    p = exp / exp.sum(axis=1, keepdims=True)
    rows = np.arange(len(targets))
    loss = -np.log(p[rows, targets]).mean()
    p[rows, targets] -= 1
    return float(loss), p / len(targets)


def sigmoid(a: Array) -> Array:
    """Return the sigmoid."""
    return 1 / (1 + np.exp(-a))


def rnn(params: Params, x: Array, targets: Array) -> tuple[float, Grads]:
    """Return loss and gradients of a plain RNN that predicts characters."""
    W_xh, W_hh, b_h, W_hy, b_y = (params[name] for name in params)
    one_hot = np.eye(len(W_xh), dtype=W_xh.dtype)
    T, B = x.shape
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    h = {-1: np.zeros((B, len(W_hh)), W_hh.dtype)}
    loss, dy = 0.0, {}
    for t in range(T):
        h[t] = np.tanh(one_hot[x[t]] @ W_xh + h[t - 1] @ W_hh + b_h)
        step_loss, dy[t] = softmax_and_loss(h[t] @ W_hy + b_y, targets[t])
        loss += step_loss / T
    dh_next = np.zeros_like(h[-1])
    for t in reversed(range(T)):
        dy[t] /= T
        grads["W_hy"] += h[t].T @ dy[t]
        grads["b_y"] += dy[t].sum(axis=0)
        dh = dy[t] @ W_hy.T + dh_next
        da = dh * (1 - h[t] ** 2)
        add_cell(grads, one_hot[x[t]], h[t - 1], da)
        dh_next = da @ W_hh.T
    return loss, grads


def lstm(params: Params, x: Array, targets: Array) -> tuple[float, Grads]:
    """Return loss and gradients of an LSTM that predicts characters."""
    W_xh, W_hh, b_h, W_hy, b_y = (params[name] for name in params)
    one_hot = np.eye(len(W_xh), dtype=W_xh.dtype)
    T, B = x.shape
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    h = {-1: np.zeros((B, len(W_hh)), W_hh.dtype)}
    c = {-1: np.zeros_like(h[-1])}
    loss, dy, gates = 0.0, {}, {}
    for t in range(T):
        a = one_hot[x[t]] @ W_xh + h[t - 1] @ W_hh + b_h
        a_i, a_f, a_o, a_g = np.split(a, 4, axis=1)
        i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c[t] = f * c[t - 1] + i * g
        h[t] = o * np.tanh(c[t])
        gates[t] = i, f, o, g
        step_loss, dy[t] = softmax_and_loss(h[t] @ W_hy + b_y, targets[t])
        loss += step_loss / T
    dh_next, dc_next = np.zeros_like(h[-1]), np.zeros_like(h[-1])
    for t in reversed(range(T)):
        dy[t] /= T
        grads["W_hy"] += h[t].T @ dy[t]
        grads["b_y"] += dy[t].sum(axis=0)
        dh = dy[t] @ W_hy.T + dh_next
        i, f, o, g = gates[t]
        tanh_c = np.tanh(c[t])
        dc = dc_next + dh * o * (1 - tanh_c**2)
        da_i = dc * g * i * (1 - i)
        da_f = dc * c[t - 1] * f * (1 - f)
        da_o = dh * tanh_c * o * (1 - o)
        da_g = dc * i * (1 - g**2)
        da = np.hstack([da_i, da_f, da_o, da_g])
        add_cell(grads, one_hot[x[t]], h[t - 1], da)
        dh_next, dc_next = da @ W_hh.T, dc * f
    return loss, grads


def gru(params: Params, x: Array, targets: Array) -> tuple[float, Grads]:
    """Return loss and gradients of a GRU that predicts characters."""
    W_xh, W_hh, b_h, b_hn, W_hy, b_y = (params[name] for name in params)
    one_hot = np.eye(len(W_xh), dtype=W_xh.dtype)
    (T, B), H = x.shape, len(W_hh)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    h = {-1: np.zeros((B, H), W_hh.dtype)}
    loss, dy, gates = 0.0, {}, {}
    for t in range(T):
        a_r, a_z, a_n = np.split(one_hot[x[t]] @ W_xh + b_h, 3, axis=1)
        m_r, m_z, m = np.split(h[t - 1] @ W_hh, 3, axis=1)
        r, z, m = sigmoid(a_r + m_r), sigmoid(a_z + m_z), m + b_hn
        n = np.tanh(a_n + r * m)
        h[t] = (1 - z) * n + z * h[t - 1]
        gates[t] = r, z, m, n
        step_loss, dy[t] = softmax_and_loss(h[t] @ W_hy + b_y, targets[t])
        loss += step_loss / T
    dh_next = np.zeros_like(h[-1])
    for t in reversed(range(T)):
        dy[t] /= T
        grads["W_hy"] += h[t].T @ dy[t]
        grads["b_y"] += dy[t].sum(axis=0)
        dh = dy[t] @ W_hy.T + dh_next
        r, z, m, n = gates[t]
        da_n = dh * (1 - z) * (1 - n**2)
        da_r = da_n * m * r * (1 - r)
        da_z = dh * (h[t - 1] - n) * z * (1 - z)
        dm = da_n * r
        grads["W_xh"] += one_hot[x[t]].T @ np.hstack([da_r, da_z, da_n])
        grads["b_h"] += np.hstack([da_r, da_z, da_n]).sum(axis=0)
        grads["W_hh"] += h[t - 1].T @ np.hstack([da_r, da_z, dm])
        grads["b_hn"] += dm.sum(axis=0)
        dh_next = dh * z + np.hstack([da_r, da_z, dm]) @ W_hh.T
    return loss, grads


def add_cell(grads: Grads, x: Array, h_prev: Array, da: Array) -> None:
    """Add one step's share to the gradients of the cell's parameters."""
    grads["W_xh"] += x.T @ da
    grads["W_hh"] += h_prev.T @ da
    grads["b_h"] += da.sum(axis=0)


def clip(grads: Grads, max_norm: float) -> None:
    """Scale the gradients in place if their norm is above the limit."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        for g in grads.values():
            g *= max_norm / norm


class Adam:
    """Adam as the paper writes it."""

    def __init__(self, params: Params, learning_rate: float) -> None:
        self.learning_rate, self.n = learning_rate, 0
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}

    def update(self, params: Params, grads: Grads) -> None:
        """Change the parameters in place."""
        self.n += 1
        for name, g in grads.items():
            self.m[name] = 0.9 * self.m[name] + 0.1 * g
            self.s[name] = 0.999 * self.s[name] + 0.001 * g**2
            m_hat = self.m[name] / (1 - 0.9**self.n)
            s_hat = self.s[name] / (1 - 0.999**self.n)
            params[name] -= self.learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8)


WAYS: dict[str, Way] = {"RNN": rnn, "GRU": gru, "LSTM": lstm}


def trainer(kind: str, params: Params, max_norm: float, learning_rate: float) -> Any:
    """Return a function of inputs and targets that makes one training step."""
    adam = Adam(params, learning_rate)

    def step(x: Array, targets: Array) -> float:
        loss, grads = WAYS[kind](params, x, targets)
        clip(grads, max_norm)
        adam.update(params, grads)
        return loss

    return step
