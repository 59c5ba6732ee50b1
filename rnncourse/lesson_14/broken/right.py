# mypy: ignore-errors
"""An LSTM, its data and its training, of numpy alone, as one would write it at first.

A sensor sends one of the letters a, b, c, d at a time, and now and then a mark, X or Y.
At each step the answer is the mark that came last. Where the mask is False nothing has
arrived: the state waits, and nothing is asked, whatever stands in `x` there.
"""

import numpy as np

LETTERS = "abcdXY"
LONGEST = 12


def sample(count, rng, steps=LONGEST):
    """Return x, y and the mask, (T, B): the first mark comes at once, others rarely."""
    x = rng.integers(0, 4, (steps, count))
    marked = rng.random((steps, count)) < 1 / 8
    marked[0] = True
    x[marked] = rng.integers(4, 6, marked.sum())
    mask = rng.random((steps, count)) < 3 / 4
    mask[0] = True
    y = np.zeros_like(x)
    for t in range(steps):
        y[t] = np.where(mask[t] & marked[t], x[t] - 4, y[t - 1])
    return x, y, mask


def split(data, rng):
    """Return three quarters of the sequences to train on, and the rest to test on."""
    count = data[0].shape[1]
    order = rng.permutation(count)
    cut = 3 * count // 4
    train, test = order[:cut], order[cut:]
    return [array[:, train] for array in data], [array[:, test] for array in data]


def initial(hidden_size, rng):
    """Return the parameters; the gates are stacked: i f o g."""
    D, H, K = len(LETTERS), hidden_size, 2
    return {
        "W_xh": rng.normal(0, 0.5, (D, 4 * H)),
        "W_hh": rng.normal(0, 0.5 / np.sqrt(H), (H, 4 * H)),
        "b_h": np.repeat([0.0, 1.0, 0.0, 0.0], int(H)),
        "W_hy": rng.normal(0, 1 / np.sqrt(H), (H, K)),
        "b_y": np.zeros(K),
    }


def sigmoid(a):
    """Return 1 / (1 + exp(-a))."""
    return 0.5 * np.tanh(0.5 * a) + 0.5


def step(params, x, h_prev, c_prev):
    """Return h and c after one letter, and what the backward pass needs."""
    a = params["W_xh"][x] + h_prev @ params["W_hh"] + params["b_h"]
    a_i, a_f, a_o, a_g = np.split(a, 4, axis=1)
    i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (x, h_prev, c_prev, i, f, o, g, c)


def step_backward(params, dh, dc, cache, grads):
    """Return dh_prev and dc_prev, and add this step's part to the gradients."""
    x, h_prev, c_prev, i, f, o, g, c = cache
    tanh_c = np.tanh(c)
    # h = o * tanh(c)
    do = dh * tanh_c
    dc = dc + dh * o * (1 - tanh_c**2)
    # c = f * c_prev + i * g
    df, dc_prev = dc * c_prev, dc * f
    di, dg = dc * g, dc * i
    # the gates
    da_i, da_f, da_o = di * i * (1 - i), df * f * (1 - f), do * o * (1 - o)
    da = np.hstack([da_i, da_f, da_o, dg * (1 - g**2)])
    # a = W_xh[x] + h_prev @ W_hh + b_h
    np.add.at(grads["W_xh"], x, da)
    grads["W_hh"] += h_prev.T @ da
    grads["b_h"] += da.sum(axis=0)
    return da @ params["W_hh"].T, dc_prev


def forward(params, x, mask):
    """Return the logits (T, B, 2) and what the backward pass needs."""
    T, B = x.shape
    h = c = np.zeros((B, len(params["W_hh"])))
    outputs, caches = [], []
    for t in range(T):
        there = mask[t][:, None]
        h_new, c_new, cache = step(params, x[t], h, c)
        h = np.where(there, h_new, h)
        c = np.where(there, c_new, c)
        outputs.append(h)
        caches.append(cache)
    states = np.array(outputs)
    return states @ params["W_hy"] + params["b_y"], (states, caches)


def backward(params, dlogits, mask, cache):
    """Return the gradient with respect to each parameter."""
    states, caches = cache
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    grads["W_hy"] += np.einsum("tbh,tbk->hk", states, dlogits)
    grads["b_y"] += dlogits.sum(axis=(0, 1))
    dstates = dlogits @ params["W_hy"].T
    dh = dc = np.zeros_like(states[0])
    for t in reversed(range(len(caches))):
        there = mask[t][:, None]
        dh = dh + dstates[t]
        dh_new, dc_new = np.where(there, dh, 0), np.where(there, dc, 0)
        dh_prev, dc_prev = step_backward(params, dh_new, dc_new, caches[t], grads)
        dh = np.where(there, 0, dh) + dh_prev
        dc = np.where(there, 0, dc) + dc_prev
    return grads


def cross_entropy(logits, y, mask):
    """Return the loss, averaged over the steps that are there, and its gradient."""
    scores = logits - logits.max(axis=2, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))
    target = np.eye(2)[y]
    weight = mask[:, :, None] / mask.sum()
    return -(weight * target * log_p).sum(), weight * (np.exp(log_p) - target)


def loss_and_gradients(params, x, y, mask):
    """Return the loss, and its gradient with respect to each parameter."""
    logits, cache = forward(params, x, mask)
    loss, dlogits = cross_entropy(logits, y, mask)
    return loss, backward(params, dlogits, mask, cache)


def adam(params, grads, memory, n, rate):
    """Change the parameters in place: update number n, counted from 1."""
    for name, p in params.items():
        m, v = memory.setdefault(name, (np.zeros_like(p), np.zeros_like(p)))
        m += 0.1 * (grads[name] - m)
        v += 0.01 * (grads[name] ** 2 - v)
        p -= rate * (m / (1 - 0.9**n)) / (np.sqrt(v / (1 - 0.99**n)) + 1e-8)


def train(params, data, updates, rng, rate=0.03, batch_size=32):
    """Train in place on random batches; return the loss before each update."""
    losses, memory = [], {}
    for n in range(updates):
        some = rng.integers(0, data[0].shape[1], batch_size)
        x, y, mask = (array[:, some] for array in data)
        loss, grads = loss_and_gradients(params, x, y, mask)
        losses.append(loss)
        adam(params, grads, memory, n + 1, rate * (1 - n / updates))
    return losses


def accuracy(params, data):
    """Return how often the larger logit is that of the right mark."""
    x, y, mask = data
    logits, _ = forward(params, x, mask)
    return (logits.argmax(axis=2) == y)[mask].mean()
