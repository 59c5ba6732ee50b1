"""A second look at the explorers of lessons 00 to 02: all claims, computed anew."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import permutations
from math import exp, log, prod, sqrt, tanh
from typing import Any

import numpy as np

from rnnlib.tasks import NegationReviews
from tests.course.looks import Said, plain_rnn, softmax, weights

ALPHABET = "abcdost"
HELLO_WEIGHTS: dict[str, Any] = {
    "W_xh": [
        [0.31, -0.1, 1.47],
        [-0.62, 0.88, 0.25],
        [0.54, -0.73, -0.41],
        [0.17, 0.36, -0.95],
    ],
    "W_hh": [[0.42, -0.31, 0.56], [0.18, 0.65, -0.24], [-0.47, 0.29, 0.38]],
    "b_h": [0.0] * 3,
    "W_hy": [
        [0.42, -0.74, 1.07, 0.19],
        [-0.48, 0.5, 0.64, -1.13],
        [0.84, 2.37, -3.21, 3.98],
    ],
    "b_y": [0.07, 0.34, -0.37, 0.35],
}


def parameter_race(said: Said, steps: int, vocab: int, hidden: int) -> None:
    def window_of(T: int) -> int:
        shapes = (T * vocab, hidden), (hidden,), (hidden, vocab), (vocab,)
        return sum(map(prod, shapes))

    shapes = (vocab, hidden), (hidden, hidden), (hidden,), (hidden, vocab), (vocab,)
    window, rnn = window_of(steps), sum(map(prod, shapes))
    said.reads(r"At T = (\d+) the window needs ([\d,]+) param", steps, window)
    said.claims("fewer than the RNN's", window < rnn)
    said.claims(", as many as the RNN:", window == rnn)
    said.claims("times as many as", window > rnn)
    if window > rnn:
        said.reads(r"([\d.e]+) times as many as the RNN's ([\d,]+)", window / rnn, rnn)
    said.reads(r"photo of (\d+) × \d+ pixels", sqrt(window / 3))
    said.reads(r"against (\d+) ×", sqrt(rnn / 3))
    larger = [T for T in range(1, 101) if window_of(T) > rnn]
    said.claims("has more than the RNN from", window > rnn)
    if window > rnn:
        said.reads(r"from T = (\d+) on", larger[0])
    said.claims("never has more", steps == 100 and not larger)


@cache
def drawn(step: int) -> list[tuple[str, bool]]:
    """Return texts with the word, or its letters in another order, at a step."""
    rng = np.random.default_rng(100 + step)
    others = ["".join(p) for p in permutations("cat") if "".join(p) != "cat"]
    texts: list[tuple[str, bool]] = []
    while len(texts) < 300:
        holds = bool(rng.random() < 0.5)
        word = "cat" if holds else str(rng.choice(others))
        letters = "".join(rng.choice(list(ALPHABET), 23))
        text = letters[: step - 1] + word + letters[step + 2 :]
        if text.count("cat") == holds:
            texts.append((text, holds))
    return texts


@cache
def share_right(name: str, step: int) -> float:
    """Return how often a stored network is right about such texts."""
    net = weights(f"lesson_00/moved_word/weights/{name}.npz")
    tokens = np.array([[ALPHABET.index(c) for c in text] for text, _ in drawn(step)])
    if name.startswith("window"):
        W = net["hidden.W_xh"].reshape(23, len(ALPHABET), -1)
        a = sum(W[t][tokens[:, t]] for t in range(23))
        h = np.tanh(a + net["hidden.b_h"])
    else:
        h = plain_rnn(tokens.T, net)[-1]
    no, yes = (h @ net["output.W_hy"] + net["output.b_y"]).T
    return float(np.mean((yes > no) == [holds for _, holds in drawn(step)]))


def moved_word(said: Said, position: int, trained: str, asked: str, text: int) -> None:
    places, kind = trained.replace(" ", "_"), asked.replace(" ", "_")
    window, rnn = (
        100 * share_right(f"{name}_{places}", position) for name in ("window", kind)
    )
    said.reads(
        r"right in ([\d.]+) % of such texts, the RNN in ([\d.]+) %",
        *(window, rnn),
        margin=13,
    )
    seen = position <= 10 or trained == "all"
    said.claims("where it never was", not seen)
    said.claims("where it was", seen)
    shown = [said.number(r"right in ([\d.]+)"), said.number(r"the RNN in ([\d.]+)")]
    known, guessed = ([p > 90 for p in shown], [p <= 60 for p in shown])
    said.claims("Both know the word here", all(known) and seen)
    said.claims("Both guess here", all(guessed))
    everywhere = all(
        share_right(f"{kind}_{places}", step) > 0.85 for step in range(1, 22)
    )
    said.claims("the RNN knows the word at every step", not seen and everywhere)
    said.claims("network knows the word in part", not known[0] and not guessed[0])
    said.claims("network guesses here", guessed[0] and not guessed[1])
    told = said.data.text
    assert told[position - 1 : position + 2] == "cat"
    assert told.count("cat") == 1


def word_order(said: Said, review: str, order: str) -> None:
    symbols = NegationReviews().symbols
    typed = review.lower().replace(",", " ").replace(".", " ").split()
    known = [word for word in typed if word in symbols]
    first, second = known[:10], list(said.data.second)
    assert Counter(first) == Counter(second)
    said.claims("Left out", len(known) > 10 or len(known) < len(typed))
    said.claims("after the first 10", len(known) > 10)
    said.claims("Write a review", not first)
    if not first:
        return
    said.claims("Both orders are the same", first == second)
    said.claims("because their bags are the same", first != second)
    bag, rnn = (
        weights(f"shared/weights/reviews_{name}.npz") for name in ("bag", "rnn")
    )
    tokens = [symbols.index(word) for word in first]
    h = np.tanh(bag["hidden.W_xh"][tokens].sum(axis=0) + bag["hidden.b_h"])
    by_bag = softmax(h @ bag["output.W_hy"] + bag["output.b_y"])[1]
    said.reads(r"bag of words says (\d+) %", 100 * by_bag)
    by_rnn = []
    for words in (first, second):
        h = plain_rnn([symbols.index(word) for word in words], rnn)[-1]
        by_rnn.append(100 * softmax(h @ rnn["output.W_hy"] + rnn["output.b_y"])[1])
    if first == second:
        said.reads(r"the RNN (\d+) %", by_rnn[0])
    else:
        said.reads(r"says (\d+) % of the first and (\d+) % of the second", *by_rnn)


def hello_table(
    said: Said, position: int, letter: str, vocab_size: int, multiplied: bool
) -> None:
    found = "hello"[position - 1]
    said.claims(f"Step {position} is an {found}", True)
    same = letter == found
    said.claims(f"one 1, {vocab_size - 1} zeros.", same)
    said.claims(f"row {found} of W, unchanged", same and multiplied)
    said.claims(f"column {letter} holds 0", not same)
    said.claims(f"row {letter} of W adds nothing", not same and multiplied)
    said.claims("The table holds", vocab_size > 4)
    if vocab_size > 4:
        zeros = 5 * vocab_size - 5
        said.reads(r"holds (\d+) ones and (\d+) zeros", 5, zeros)
        said.reads(r"(\d+) % zeros", 20 * zeros / vocab_size)
        said.reads(r"it would be ([\d,]+) zeros", 5 * 10_000 - 5)


def loss_curve(said: Said, p: float, beside: str) -> None:
    said.reads(r"log p = ([\d.e-]+) nats", -log(p))
    said.reads(r"slope −([\d.e]+)", (log(p + 1e-7) - log(p - 1e-7)) / 2e-7)
    said.claims("Perplexity", beside == "perplexity")
    if beside == "perplexity":
        said.reads(r"Perplexity ([\d.e]+):", exp(-log(p)))
        said.claims("less unsure than an even choice of two", p > 0.5)
        said.claims("as unsure as an even choice of", p <= 0.5)
        return
    score, eps = log(p / (1 - p)), 1e-6

    def sigmoid(a: float) -> float:
        return 1 / (1 + exp(-a))

    cross, squared = (
        (loss(sigmoid(score - eps)) - loss(sigmoid(score + eps))) / (2 * eps)
        for loss in (lambda q: -log(q), lambda q: (1 - q) ** 2)
    )
    said.reads(
        r"score by ([\d.e-]+), squared error by ([\d.e-]+), ([\d.e]+) times less",
        *(cross, squared, cross / squared),
        factor=1.001,
    )
    said.claims("Sure and wrong", p <= 0.1)
    said.claims("Sure and right", p >= 0.9)
    said.claims("Both are small", cross <= 0.1 and squared <= 0.1)


def softmax_bars(
    said: Said, temperature: float, shift: float, beside: str, **scores: float
) -> None:
    z = {name[-1]: (score + shift) / temperature for name, score in scores.items()}
    p = dict(zip(z, softmax(list(z.values())), strict=True))
    (first, most), (_, next_) = sorted(p.items(), key=lambda one: -one[1])[:2]
    tied = most - next_ < 5e-4
    said.claims("Several letters share the first place", tied)
    if not tied:
        said.claims(f"{first} is the most probable", True)
        said.reads(r"probable, p = ([\d.]+)", most)
    spread = most - min(p.values())
    said.claims("It is an even choice", spread < 5e-4)
    said.claims("It is nearly an even choice", 5e-4 < spread < 0.1)
    said.claims("Hardly any doubt", most > 0.97)
    said.claims("times as probable", beside == "scores" and not tied)
    said.claims("The target", beside == "gradient")
    if beside == "scores" and not tied:
        second = said.verdict.split("above that of ")[1][0]
        assert abs(p[second] - next_) < 1e-9
        above = z[first] - z[second]
        said.reads(r"is ([\d.e]+) above", above)
        said.reads(r"\) = ([\d.e]+) times", exp(above), factor=1.05)  # two digits
    if beside == "gradient":
        moved = [
            -log(softmax([z["h"], z["e"] + eps, z["l"], z["o"]])[1])
            for eps in (1e-6, -1e-6)
        ]
        slope = (moved[0] - moved[1]) / 2e-6
        said.reads(r"has p = ([\d.]+), so p − y = (−?[\d.]+)", p["e"], slope)
        said.reads(r"The loss is ([\d.e-]+)\.", -log(p["e"]), factor=1.001)
        said.claims("nearly nothing is left to learn", slope > -5e-4)
        said.claims("it is right, and", first == "e" and slope <= -5e-4)


def fold_unfold(said: Said, part: str, steps: int, hidden: int) -> None:
    shapes = {
        "W_xh": (4, hidden),
        "W_hh": (hidden, hidden),
        "b_h": (hidden,),
        "W_hy": (hidden, 4),
        "b_y": (4,),
    }
    total = sum(map(prod, shapes.values()))
    if part == "everything":
        said.reads(r"^(\d+) parameters", total)
        said.reads(r"and (\d+) step.* with (\d+) unit", steps, hidden)
        said.reads(r": (\d+) numbers? of state", sum(hidden for _ in range(steps)))
    elif part == "h":
        said.reads(r"(\d+) states? of (\d+) number", steps, hidden)
        said.reads(r"(\d+) in all", sum(hidden for _ in range(steps)))
    else:
        said.reads(rf"{part} is drawn (\d+) time", steps)
        said.reads(r"exists once: (\d+) number", prod(shapes[part]))
        said.reads(r"together: (\d+),", total)


def hello_states(word: str, net: dict[str, Any]) -> list[list[float]]:
    """Return the states of the hello network, unit by unit."""
    h, states = [0.0] * 3, []
    for letter in word:
        row = net["W_xh"]["helo".index(letter)]
        h = [
            tanh(row[k] + sum(h[j] * net["W_hh"][j][k] for j in range(3)) + b)
            for k, b in enumerate(net["b_h"])
        ]
        states.append(h)
    return states


def notation_switch(said: Said, notation: str, t: int) -> None:
    state = hello_states("hello", HELLO_WEIGHTS)[t - 1]
    said.reads(r"= \((−?[\d.]+), (−?[\d.]+), (−?[\d.]+)\)", *state)
    said.claims(f"a⟨{t}⟩ = (", notation == "Ng")
    said.claims(f"h_{t} = (", notation != "Ng")
    said.claims("The same numbers as in the notation of papers", notation != "papers")
    said.claims("digit by digit", notation != "papers")


def one_neuron(
    said: Said, w: float, u: float, b: float, pulse: int, activation: str
) -> None:
    phi = {
        "tanh": tanh,
        "sigmoid": lambda a: 1 / (1 + exp(-a)),
        "relu": lambda a: max(0.0, a),
    }[activation]

    def run(size: float) -> list[float]:
        h = [0.0]
        for t in range(1, 1001):
            h.append(phi(w * h[-1] + size * (t == pulse) + b))
        return h

    h, quiet = run(u), run(0)
    grows = max(map(abs, h[-2:])) > 1.2 * max(map(abs, h[498:500])) + 0.01
    swings = not grows and abs(h[-1] - h[-2]) > 0.01
    apart = abs(h[-1] - quiet[-1])
    keeps = (
        not grows and not swings and apart > max(0.01, 0.9 * abs(h[499] - quiet[499]))
    )
    for word, true in {"Grows": grows, "Oscillates": swings, "Latches": keeps}.items():
        said.claims(word, true)
    said.claims("Decays", not (grows or swings or keeps))
    if grows:
        said.reads(r"after 30 steps h is ([\d.e]+)", h[30])
        said.claims("without the pulse, too", quiet[-1] > 0.01)
    if swings:
        said.reads(r"between (-?[\d.]+) and (-?[\d.]+)\.", *sorted(h[-2:]))
        still = abs(quiet[-1] - quiet[-2]) < 0.01
        said.claims("The pulse began it", still)
        said.claims("one step out of time", not still and apart > 0.01)
    if keeps:
        said.reads(
            r"stays at (-?[\d.]+)\. Without it h ends at (-?[\d.]+)", h[-1], quiet[-1]
        )
    if not (grows or swings or keeps):
        first = abs(h[pulse] - quiet[pulse])
        said.claims("nothing to forget", first < 0.01)
        if first >= 0.01:
            left = [
                abs(x - y) / first
                for x, y in zip(h[pulse:31], quiet[pulse:31], strict=True)
            ]
            gone = next((n for n, share in enumerate(left) if share < 0.05), None)
            said.claims("less than 5 %", gone is not None)
            said.reads(r"(\d+) steps? later", len(left) - 1 if gone is None else gone)
            if gone is None:
                said.reads(r"later ([\d.]+) % of that", 100 * left[-1])
            said.reads(r"moves h by ([\d.e-]+)", first)
            said.reads(r"rests at (-?[\d.e-]+)", h[-1], margin=0.04)


def spreadsheet_rnn(said: Said, entry: str, letter: str, moved: float) -> None:
    name, _, place = entry.rstrip("]").partition("[")
    *rows, column = map(int, place.split(", "))
    net: dict[str, Any] = {
        key: [list(np.atleast_1d(r)) for r in value]
        for key, value in HELLO_WEIGHTS.items()
    }
    net["b_h"], net["b_y"] = list(HELLO_WEIGHTS["b_h"]), list(HELLO_WEIGHTS["b_y"])
    (net[name][rows[0]] if rows else net[name])[column] += moved

    def numbers(word: str, of: dict[str, Any]) -> list[str]:
        shown: list[float] = []
        states = hello_states(word, of)
        for h, before, read in zip(states, [[0.0] * 3, *states], word, strict=False):
            row = of["W_xh"]["helo".index(read)]
            a = [
                row[k]
                + sum(before[j] * of["W_hh"][j][k] for j in range(3))
                + of["b_h"][k]
                for k in range(3)
            ]
            z = [
                sum(h[j] * of["W_hy"][j][k] for j in range(3)) + of["b_y"][k]
                for k in range(4)
            ]
            shown += [*a, *h, *z, *softmax(z)]
        return [f"{round(x, 2) + 0.0:.2f}" for x in shown]

    if not moved and letter == "h":
        said.claims("The net as it came", True)
        z = hello_states("h", HELLO_WEIGHTS)[0] @ np.array(HELLO_WEIGHTS["W_hy"])
        p = softmax(z + HELLO_WEIGHTS["b_y"])
        said.claims(f'it expects "{"helo"[int(np.argmax(p))]}"', True)
        said.reads(r"\((\d+) %\)", 100 * max(p))
        return
    now, before = numbers(letter + "ello", net), numbers("hello", HELLO_WEIGHTS)
    changed = [x != y for x, y in zip(now, before, strict=True)]
    said.reads(r"(\d+) of (\d+) computed", sum(changed), len(changed))
    if moved:
        said.reads(
            r"is now (−?[\d.]+)", (net[name][rows[0]] if rows else net[name])[column]
        )
    steps = [any(changed[14 * t : 14 * t + 14]) for t in range(5)]
    states = [any(changed[14 * t : 14 * t + 6]) for t in range(5)]
    said.claims("The states stay", letter == "h" and not any(states))
    said.claims("Step 1 stays as it was", letter == "h" and name == "W_hh")
    if name == "W_hh" and letter == "h":
        assert not steps[0]
    if name == "W_xh" and letter == "h":
        said.reads(r"first comes in at step (\d+)", 1 + steps.index(True))
    said.claims("carries the first letter on", letter != "h")
    if letter != "h":
        assert all(states)
