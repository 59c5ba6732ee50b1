"""A second look at the explorers of lessons 03 and 04: all claims, computed anew."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from decimal import Decimal, getcontext
from functools import cache
from math import exp, log, tanh
from typing import Any

import numpy as np

from rnncourse.lesson_03.padding_trap.compute import FILLERS
from rnncourse.lesson_04.path_counter.compute import INPUTS, TARGETS
from rnnlib.tasks import GrammarTags, NegationReviews
from rnnlib.tasks.grammar import DOUBTFUL, WORDS
from rnnlib.tasks.tunes import HELD_OUT, TUNES
from tests.course.looks import Said, plain_rnn, softmax, weights
from tests.course.looks_00_02 import HELLO_WEIGHTS

getcontext().prec = 40
KIND = {word: kind for kind, words in WORDS.items() for word in words}


def tags_of(words: list[str], direction: str) -> list[list[float]]:
    """Return the probabilities that a stored tagger gives each word."""
    net = weights(f"lesson_03/look_ahead/weights/{direction.replace(' ', '_')}.npz")
    symbols = GrammarTags().symbols
    tokens = [symbols.index(word) for word in words]
    if direction == "both":
        ahead = plain_rnn(tokens, net, "left_to_right.")
        back = plain_rnn(tokens[::-1], net, "right_to_left.")[::-1]
        states = [np.concatenate(pair) for pair in zip(ahead, back, strict=True)]
    elif direction == "right to left":
        states = plain_rnn(tokens[::-1], net)[::-1]
    else:
        states = plain_rnn(tokens, net)
    return [softmax(h @ net["output.W_hy"] + net["output.b_y"]) for h in states]


@cache
def sentences(seed: int, count: int) -> list[tuple[list[str], list[int]]]:
    task = GrammarTags()
    batch = task.sample(count, rng=np.random.default_rng(seed))
    lengths = np.asarray(batch.input_mask).sum(axis=0)
    return [
        ([task.symbols[token] for token in words[:n]], list(tags[:n]))
        for words, tags, n in zip(batch.inputs.T, batch.targets.T, lengths, strict=True)
    ]


@cache
def doubtful(direction: str) -> tuple[float, float]:
    """Return how many doubtful words a tagger gets right, and how many one can."""
    right, asked = 0, 0
    for words, tags in sentences(5, 1500):
        for word, tag, p in zip(words, tags, tags_of(words, direction), strict=True):
            if word in DOUBTFUL:
                right, asked = right + (int(np.argmax(p)) == tag), asked + 1
    seen: defaultdict[Any, Counter[int]] = defaultdict(Counter)
    for words, tags in sentences(6, 40_000):
        kinds = [KIND[word] for word in words]
        for t, (word, tag) in enumerate(zip(words, tags, strict=True)):
            if word in DOUBTFUL:
                before, after = tuple(kinds[: t + 1]), tuple(kinds[t:])
                known = {"left to right": before, "right to left": after}
                seen[known.get(direction, (before, after))][tag] += 1
    best = sum(max(counts.values()) for counts in seen.values())
    return right / asked, best / sum(map(sum, (c.values() for c in seen.values())))


def look_ahead(said: Said, sentence: str, direction: str) -> None:
    task = GrammarTags()
    typed = sentence.lower().replace(",", " ").replace(".", " ").split()
    known = [word for word in typed if word in task.symbols]
    said.claims("not known", len(known) < len(typed))
    said.claims("after the first 8", len(known) > 8)
    said.claims("Write a sentence", not known)
    if not known:
        return
    words = known[:8]
    says = tags_of(words, direction)
    unsure = min(range(len(words)), key=lambda t: max(says[t]))
    sure = max(says[unsure]) > 0.9
    said.claims("sure of every word", sure)
    if not sure:
        said.claims(f"least sure of “{words[unsure]}”", True)
        said.reads(r"”: \w+ (\d+) %", 100 * max(says[unsure]))
        said.claims(task.classes[int(np.argmax(says[unsure]))], True)
    right, ceiling = doubtful(direction)
    said.reads(r"gets (\d+) % right", 100 * right, margin=2.5)
    said.reads(r"direction is (\d+) %", 100 * ceiling, margin=1)


def melody(said: Said, seed: str, length: int, temperature: float, draw: int) -> None:
    notes = list(said.data.symbols)
    assert notes[0] == seed
    said.reads(r"^(\d+) note", len(notes))
    said.reads(r"at temperature ([\d.]+);", temperature)
    said.claims("ended by itself", said.data.ended)
    said.claims("cut off", not said.data.ended)
    assert said.data.ended or len(notes) == length
    longest, where = 1, set[str]()
    for name, tune in TUNES.items():
        learned = tune.replace("|", " ").split()
        if name in HELD_OUT:
            continue
        for i in range(len(notes)):
            for j in range(len(learned)):
                n = 0
                while notes[i + n : i + n + 1] == learned[j + n : j + n + 1] != []:
                    n += 1
                if n > longest:
                    longest, where = n, set()
                if n == longest:
                    where.add(name)
    said.reads(r"by heart is (\d+) note", longest)
    assert any(f"from “{name}”" in said.verdict for name in where)


def padding_trap(
    said: Said, review: str, padding: int, filler: str, masked: bool
) -> None:
    net, symbols = weights("shared/weights/reviews_rnn.npz"), NegationReviews().symbols
    words = [symbols.index(word) for word in review.split()]

    def positive(tokens: list[int]) -> float:
        h = plain_rnn(tokens, net)[-1]
        return 100 * float(softmax(h @ net["output.W_hy"] + net["output.b_y"])[1])

    alone = positive(words)
    read = positive([*words, *map(int, FILLERS[filler][:padding])])
    now = alone if masked else read
    said.reads(r"^Positive\? (\d+) %", now)
    said.claims("There is no padding yet", padding == 0)
    said.claims("exactly as without padding", padding and masked)
    said.claims("without padding it was", padding and not masked)
    if padding and not masked:
        said.reads(r"without padding it was (\d+) %", alone)
    turned = (alone > 50) != (now > 50)
    said.claims("opinion is turned over", turned)
    said.claims("its state has moved", padding and not masked and not turned)
    if padding:
        said.reads(r"(\d+) padded step", padding)


def wiring_board(
    said: Said,
    steps: int,
    layers: int,
    inputs: str,
    outputs: str,
    both: bool,
    fed_back: bool,
) -> None:
    ins = {t for t in range(1, steps + 1) if inputs[t - 1] == "1"}
    outs = sorted(t for t in range(1, steps + 1) if outputs[t - 1] == "1")
    fed = {t + 1 for t in outs if t < steps and t + 1 not in ins} if fed_back else set()
    said.claims("nothing is asked", not outs)
    said.claims("This cannot run", outs and both and fed)
    if not outs or (both and fed):
        return
    states: dict[int, set[int]] = {t: set() for t in range(0, steps + 1)}
    for t in range(1, steps + 1):
        own = {t} & ins | (states[t - 1] if t in fed else set())
        states[t] = states[t - 1] | own
    known = {t: ins if both else states[t] for t in outs}
    first = known[outs[0]]
    said.claims("No output depends on any input", not any(known.values()))
    said.claims(
        "Every output depends on", ins and all(k == ins for k in known.values())
    )
    some = any(known.values()) and first != ins
    said.claims(f"p_{outs[0]} ", some)
    if some and len(ins) > 1:
        said.reads(r"of (\d+) inputs\.", len(ins))
        named = said.verdict.split("depends on ")[1].split(" of ")[0]
        assert steps_in(named) == first, said.verdict
    said.claims("fed back", fed)
    if fed:
        assert steps_in(said.verdict.split("fed back as ")[1].split(".")[0]) == fed
    cells = layers * 2 if both else layers
    said.reads(r"(\d+) sets? of weights", cells)
    said.reads(r"the loss (?:has|is a mean of) (\d+) term", len(outs))
    said.claims("the loss has 1 term", len(outs) == 1)
    many_in, many_out = len(ins) > 1, len(outs) > 1
    said.claims("One to one", len(ins) == 1 and not many_out)
    said.claims("One to many", len(ins) == 1 and many_out)
    said.claims("Many to one", many_in and not many_out)
    said.claims("aligned", many_in and many_out and ins == set(outs))
    read_first = many_in and many_out and max(ins) <= outs[0]
    said.claims("first read, then write", read_first and ins != set(outs))


def steps_in(named: str) -> set[int]:
    """Return the steps that are named, as in "x_1 to x_3 and x_5"."""
    steps: set[int] = set()
    for part in named.replace(" and ", ", ").split(", "):
        ends = [int(name[2:]) for name in part.split(" to ") if name != "none"]
        steps |= set(range(ends[0], ends[-1] + 1)) if ends else set()
    return steps


def hello_backward(left_out: str) -> list[tuple[Any, Any, Any]]:
    """Return da, the slope and dW_hh after each step back of the hello network."""
    net = {name: np.array(value) for name, value in HELLO_WEIGHTS.items()}
    h = [np.zeros(3), *plain_rnn(["helo".index(letter) for letter in "hell"], net)]
    from_next, dW, done = np.zeros(3), np.zeros((3, 3)), []
    for t in (4, 3, 2, 1):
        p = np.array(softmax(h[t] @ net["W_hy"] + net["b_y"]))
        p["helo".index("ello"[t - 1])] -= 1
        dh = net["W_hy"] @ (p / 4) + from_next * (left_out != "the next step")
        slope = 1 - h[t] ** 2
        da = dh * (slope if left_out != "the slope" else 1)
        dW = np.outer(h[t - 1], da) + (0 if left_out == "the sum" else dW)
        from_next = net["W_hh"] @ da
        done.append((da, slope, dW))
    return done


def backward_stepper(said: Said, moves: int, left_out: str) -> None:
    t = 4 - max(moves - 1, 0) // 3
    stage = ("meet", "squash", "spread")[(moves - 1) % 3] if moves else ""
    said.claims("Nothing has gone back yet", moves == 0)
    said.claims("t = 0: arrived", moves == 12)
    if 0 < moves < 12:
        said.claims(f"t = {t}: ", True)
    meets = 0 < moves < 12 and stage == "meet"
    said.claims("Nothing comes from a next step", meets and t == 4)
    wrong = meets and t < 4 and left_out == "the next step"
    said.claims("only this step's loss is heard", wrong)
    said.claims("two gradients meet", meets and t < 4 and not wrong)
    done, right = hello_backward(left_out), hello_backward("nothing")
    squash = stage == "squash"
    said.claims("tanh is forgotten", squash and left_out == "the slope")
    if squash and left_out != "the slope":
        slope = right[4 - t][1]
        said.reads(r"between ([\d.]+) and ([\d.]+) here", min(slope), max(slope))
    spread = stage == "spread" and moves < 12
    said.claims("REPLACES (wrong)", spread and left_out == "the sum")
    said.claims("is added to dW_hh", spread and left_out != "the sum")
    if spread:
        said.claims(f"row {'hell'[t - 1]} of dW_xh", True)
    if moves == 12 and left_out == "nothing":
        dWs = [np.zeros((3, 3)), *(dW for _, _, dW in right)]
        changed = sum((a != b).any() for a, b in itertools.pairwise(dWs))
        said.reads(r"changed in (\d+) of the (\d+) moves", changed, 12)
    if moves == 12 and left_out != "nothing":
        off = np.linalg.norm(done[-1][2] - right[-1][2]) / np.linalg.norm(right[-1][2])
        said.reads(r"off by ([\d.]+) % of its norm", 100 * float(off))


def loss_of(entry: tuple[int, int], moved: Any, number: Any) -> Any:
    """Return the loss of the hello network in any kind of numbers, one entry moved."""
    exact = number is Decimal
    net = {
        name: [[number(str(w)) for w in row] for row in np.atleast_2d(value).tolist()]
        for name, value in HELLO_WEIGHTS.items()
    }
    net["W_hh"][entry[0]][entry[1]] += moved
    h, total = [number(0)] * 3, number(0)
    for letter, target in zip("hell", "ello", strict=True):
        a = [
            net["W_xh"]["helo".index(letter)][k]
            + sum(h[j] * net["W_hh"][j][k] for j in range(3))
            for k in range(3)
        ]
        if exact:
            h = [((2 * x).exp() - 1) / ((2 * x).exp() + 1) for x in a]
        else:
            h = [number(tanh(x)) for x in a]
        z = [
            sum(h[j] * net["W_hy"][j][k] for j in range(3)) + net["b_y"][0][k]
            for k in range(4)
        ]
        if exact:
            total += sum(x.exp() for x in z).ln() - z["helo".index(target)]
        else:
            whole = number(log(sum(exp(x) for x in z)))
            total += whole - z["helo".index(target)]
    return total / 4


ENTRIES = [(j, k) for j in range(3) for k in range(3)]


@cache
def without_rounding(eps: float, formula: str) -> Any:
    """Return what a formula gives in forty digits, for all nine entries."""
    e = Decimal(eps)
    low = -e if formula == "central" else Decimal(0)
    return np.array(
        [
            float((loss_of(x, e, Decimal) - loss_of(x, low, Decimal)) / (e - low))
            for x in ENTRIES
        ]
    )


@cache
def in_floats(eps: float, formula: str, floats: str) -> Any:
    number = {"float64": float, "float32": np.float32}[floats]
    low = -eps if formula == "central" else 0.0
    up, down = (
        [float(loss_of(x, number(m), number)) for x in ENTRIES] for m in (eps, low)
    )
    return (np.array(up) - np.array(down)) / (eps - low)


def off(found: Any) -> float:
    right = without_rounding(1e-12, "central")
    return float(np.linalg.norm(found - right) / np.linalg.norm(right))


def reads_share(said: Said, before: str, share: float, factor: float) -> None:
    """Find a share of the norm, or the same in percent."""
    percent = re.search(before + r"[\d.e-]+ %", said.verdict)
    unit = 100 if percent else 1
    said.reads(before + r"([\d.e-]+)", unit * share, factor=factor)


def finite_difference_lens(said: Said, eps: float, formula: str, floats: str) -> None:
    right = without_rounding(1e-12, "central")
    found, ideal = in_floats(eps, formula, floats), without_rounding(eps, formula)
    truncation, rounding = off(ideal), off(found - ideal + right)
    said.reads(r"^eps = ([\d.e-]+):", eps)
    bends = truncation > 20 * rounding  # else the noise of rounding is in the error
    reads_share(said, "gradient is off by ", off(found), 1 if bends else 6)
    truncates = "Truncation: the curve bends" in said.verdict
    rounds = "Rounding: the two losses agree" in said.verdict
    assert truncates + rounds + ("bottom of the V" in said.verdict) == 1
    assert truncates or not bends, said.verdict
    assert rounds or truncation * 20 > rounding, said.verdict
    if truncates:
        assert truncation > 2 * rounding, said.verdict
        closer = off(in_floats(eps / 10, formula, floats))
        reads_share(said, "smaller it is off by ", closer, 1.1 if bends else 6)
    elif rounds:
        assert rounding > 2 * truncation, said.verdict
        W_22 = ENTRIES.index((2, 2))
        far = eps * (2 if formula == "central" else 1)
        loss = float(loss_of((2, 2), Decimal(0), Decimal))
        kept = np.log10(loss / abs(right[W_22]) / far)
        said.claims("all", kept > {"float64": 15.5, "float32": 6.5}[floats])
        if "about" in said.verdict:
            said.reads(r"about (\d+) of", float(kept))
    else:
        reads_share(said, "truncation alone makes ", truncation, 1.1)
        reads_share(said, "rounding alone ", rounding, 6)


def path_counter(
    said: Said, quantity: str, steps: int, weight: float, last_only: bool, path: int
) -> None:
    h, slopes, from_loss = [0.5], [0.0], [0.0]
    for t in range(steps):
        h.append(tanh(0.7 * INPUTS[t] + weight * h[-1]))
        slopes.append(1 - h[-1] ** 2)
        asked = t == steps - 1 or not last_only
        from_loss.append((h[-1] - TARGETS[t]) * asked)
    paths = []
    for t in range(1, steps + 1):
        if last_only and t < steps:
            continue
        for k in range(t, 0, -1):
            enters = {"W_hh": h[k - 1], "h_0": weight * (k == 1), f"x_{k}": 0.7}
            if not (
                quantity == "W_hh"
                or quantity == f"x_{k}"
                or (quantity, k) == ("h_0", 1)
            ):
                continue
            term = enters[quantity] * slopes[k] * from_loss[t]
            for s in range(k + 1, t + 1):
                term *= weight * slopes[s]
            paths.append((k, t, term))
    total = sum(term for _, _, term in paths)
    said.claims("No path leads", not paths)
    if not paths:
        return
    if path:
        chosen = min(path, len(paths))
        k, t, term = paths[chosen - 1]
        said.reads(r"^Path (\d+) of (\d+):", chosen, len(paths))
        said.claims(f"into h_{k}, ", True)
        said.claims(f"into L_{t}.", True)
        said.reads(r"Its (\d+) local", t - k + 2)
        said.reads(r"multiply to (-?[\d.e-]+);", term)
        said.reads(r"add up to (-?[\d.e-]+)\.", total)
        return
    said.reads(r"along (\d+) path", len(paths))
    said.reads(
        r"add up to (−?[\d.]+); rnnlib's backward pass gives (−?[\d.]+)", total, total
    )
    said.claims(": the same.", True)
    said.claims(
        f"{steps} · {steps + 1} / 2", quantity == "W_hh" and not last_only and steps > 3
    )
