"""Every verdict of lesson 07 at every corner, against a second computation."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from functools import cache
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_07 import nets
from rnncourse.lesson_07.capacity import compute as capacities
from rnncourse.lesson_07.composer import compute as tunes
from rnncourse.lesson_07.explorers import (
    capacity,
    composer,
    loop_finder,
    neuron_strip,
    next_letter_theatre,
    training_film,
    which_letter,
)
from rnncourse.lesson_07.loop_finder import compute as loops
from rnncourse.lesson_07.neuron_strip import compute as units
from rnncourse.lesson_07.next_letter_theatre import compute as theatre
from rnncourse.lesson_07.training_film import compute as films
from rnncourse.lesson_07.trials import ten_runs
from rnncourse.lesson_07.which_letter import compute as which
from rnnlib.tasks import Names
from rnnlib.tasks.tunes import HELD_OUT, TUNES
from tests.course.verdicts import (
    NUMBER,
    corners_of,
    opened,
    parts,
    shows,
    shows_fixed,
)

START, END = 1, 2


def every(explorer: Any) -> list[dict[str, Any]]:
    """Return the values at all corners, at the opening and after each preset."""
    presets = [{}, *explorer.presets.values()]
    return [*corners_of(explorer), *(opened(explorer, preset) for preset in presets)]


class ByHand:
    """The stored LSTM of a name, as equations in double precision."""

    def __init__(self, name: str) -> None:
        model = nets.stored(name)
        self.symbols = model.vocabulary.symbols
        self.W_xh, self.W_hh, self.b_h, self.W_hy, self.b_y = (
            np.asarray(model.params[key], dtype=np.float64)
            for key in (
                "recurrent.W_xh",
                "recurrent.W_hh",
                "recurrent.b_h",
                "output.W_hy",
                "output.b_y",
            )
        )
        self.H = len(self.W_hh)

    def states(self, x: np.ndarray) -> np.ndarray:
        """Return the hidden states of inputs (T, B, V)."""
        h, c, found = np.zeros((2, x.shape[1], self.H))[0], 0.0, []
        for x_t in x:
            a = x_t @ self.W_xh + h @ self.W_hh + self.b_h
            i, f, o = (
                1 / (1 + np.exp(-a[:, k * self.H : (k + 1) * self.H])) for k in range(3)
            )
            c = f * c + i * np.tanh(a[:, 3 * self.H :])
            h = o * np.tanh(c)
            found.append(h)
        return np.array(found)

    def scores(self, tokens: list[int]) -> np.ndarray:
        """Return what is said after each of some tokens, (T, V)."""
        x = np.eye(len(self.W_xh))[tokens][:, None]
        return (self.states(x) @ self.W_hy + self.b_y)[:, 0]

    def stepper(self) -> Any:
        """Return a function that reads one token and returns the next scores."""
        h = c = np.zeros(self.H)

        def step(token: int) -> np.ndarray:
            nonlocal h, c
            a = self.W_xh[token] + h @ self.W_hh + self.b_h
            i, f, o = (1 / (1 + np.exp(-part)) for part in np.split(a, 4)[:3])
            c = f * c + i * np.tanh(np.split(a, 4)[3])
            h = o * np.tanh(c)
            z: np.ndarray = h @ self.W_hy + self.b_y
            return z

        return step


def shares(z: np.ndarray, banned: tuple[int, ...] = ()) -> np.ndarray:
    """Return the probabilities of scores, of some tokens zero."""
    powers = np.exp(z - z.max())
    powers[list(banned)] = 0
    return np.asarray(powers / powers.sum())


def cut(p: np.ndarray, top_k: int, top_p: float) -> np.ndarray:
    """Return what top-k and top-p leave, token by token."""
    order = sorted(range(len(p)), key=lambda n: (-p[n], n))[:top_k]
    whole, have, left = sum(p[n] for n in order), 0.0, np.zeros(len(p))
    for n in order:
        if have < top_p * whole * (1 - 1e-12):
            left[n] = p[n]
        have += p[n]
    return left / left.sum()


def drawn(p: np.ndarray, rng: np.random.Generator) -> int:
    """Return the token in whose stretch a number between 0 and 1 falls."""
    return int((np.cumsum(p) / p.sum() <= rng.random()).sum())


@cache
def counts(kind: str) -> dict[tuple[str, ...], Counter[str]]:
    """Return what came after each context in the training texts, by Counter."""
    if kind == "tunes":
        texts = [
            t.replace("|", " ").split() for n, t in TUNES.items() if n not in HELD_OUT
        ]
    else:
        texts = [[*name] for name in Names(kind).names()]
    text = [symbol for name in texts for symbol in ("<start>", *name, "<end>")]
    found: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for place, symbol in enumerate(text):
        for length in range(3):
            if place >= length:
                found[tuple(text[place - length : place])][symbol] += 1
    return found


def counted(kind: str, V: int, context: tuple[str, ...], symbol: str) -> float:
    """Return the probability of a symbol after a context, backing off."""
    shorter = 1 / V if not context else counted(kind, V, context[1:], symbol)
    seen = counts(kind).get(context)
    if not seen:
        return shorter
    return (seen[symbol] + len(seen) * shorter) / (seen.total() + len(seen))


def counted_bits(kind: str, V: int, text: list[str], order: int) -> list[float]:
    """Return the surprise of each symbol of a text, but for the first."""
    return [
        -np.log2(counted(kind, V, tuple(text[max(0, t + 1 - order) : t]), text[t]))
        for t in range(1, len(text))
    ]


THEATRE = (
    rf"(After “(?P<prefix>[a-z]+)”|At the start) (the end|“(?P<best>[a-z])”) "
    rf"leads with "
    rf"(?P<share>{NUMBER} %); (?P<kept>\d+) of 27 may be drawn\. Drawn: "
    rf"“(?P<drawn>[a-z.]+)”, at (?P<own>{NUMBER}) bits a letter; bigram "
    rf"(?P<two>{NUMBER}), trigram (?P<three>{NUMBER})\.(?P<note>.*)"
)
READ = {
    "": ("", ""),
    "quar": ("quar", ""),
    "velo": ("velo", ""),
    "zebra 7!": ("zebra", " Not read: “ 7!”."),
    "abcdefghijklmnop": ("abcdefghij", " Not read: all after 10 letters."),
}


@pytest.mark.parametrize("net", theatre.NETS)
def test_the_theatre_says_what_equations_and_counters_give(net: str) -> None:
    hand, kind = ByHand(net), net.partition(",")[0]
    V = len(hand.symbols)
    for values in every(next_letter_theatre):
        if values["net"] != net:
            continue
        seen = parts(THEATRE, theatre.compute(**values).verdict)
        read, note = READ[values["prefix"]]
        assert (seen.get("prefix", ""), seen.get("note", "")) == (read, note)
        text = [START, *(hand.symbols.index(letter) for letter in read)]
        step, rng = hand.stepper(), np.random.default_rng(values["draw"])
        for token in text:
            z = step(token)
        first = shares(z / values["temperature"], (0, START))
        left = cut(first, values["top_k"], values["top_p"])
        best = hand.symbols[int(first.argmax())]
        assert seen.get("best", "<end>") == best
        assert shows(seen["share"], first.max())
        assert int(seen["kept"]) == np.count_nonzero(left)
        said: list[int] = []
        while len(read) + len(said) < 20 and END not in said:
            p = shares(z / values["temperature"], (0, START))
            said.append(drawn(cut(p, values["top_k"], values["top_p"]), rng))
            z = step(said[-1])
        letters = [hand.symbols[token] for token in said]
        assert seen["drawn"] == "".join(letters).replace("<end>", ".")
        own = [
            -np.log2(shares(z, (0, START))[token])
            for z, token in zip(
                hand.scores([*text, *said])[len(read) :], said, strict=False
            )
        ]
        assert shows_fixed(seen["own"], float(np.mean(own)))
        whole = ["<start>", *read, *letters]
        for name, order in (("two", 2), ("three", 3)):
            bits = counted_bits(kind, V, whole, order)[len(read) :]
            assert shows_fixed(seen[name], float(np.mean(bits)))


FILM = (
    r"Seed (?P<seed>\d+), stored film, after (?P<updates>\d+) updates: "
    rf"(?P<train>{NUMBER}) bits a letter on the training names, (?P<held>{NUMBER}) on "
    rf"the held-out ones, (?P<side>below|above) the bigram's (?P<bigram>{NUMBER})\. Of "
    r"200 made names (?P<copies>\d+) are copies\."
)


@pytest.mark.parametrize("of", films.LISTS)
def test_the_film_says_what_is_stored(of: str) -> None:
    names, V = Names(of).names("held_out"), len(Names(of).symbols)
    texts = [["<start>", *name, "<end>"] for name in names]
    each = [b for text in texts for b in counted_bits(of, V, text, 2)]
    bigram = float(np.mean(each))
    with np.load(films.STORED) as file:
        losses, novelty = file[f"{of} losses"], file[f"{of} novelty"]
    assert set(training_film.controls) == {"of", "seed", "at"}
    for seed in range(100, 110):
        for at, updates in enumerate(films.UPDATES):
            verdict = films.compute(of=of, seed=seed, at=at).verdict
            seen = parts(FILM, html.unescape(verdict))
            assert (int(seen["seed"]), int(seen["updates"])) == (seed, updates)
            train, held = losses[seed - 100, at].astype(float)
            assert shows_fixed(seen["train"], train)
            assert shows_fixed(seen["held"], held)
            assert seen["side"] == ("below" if held < bigram else "above")
            assert shows_fixed(seen["bigram"], bigram)
            assert int(seen["copies"]) == novelty[seed - 100, at, 0]


CAPACITY = (
    rf"(?P<cell>\w+), H = (?P<H>\d+): (?P<bits>{NUMBER}) bits, "
    rf"(?P<above>{NUMBER}) above "
    rf"the bound of 2\.005 \(10 seeds: (?P<low>{NUMBER}) to "
    rf"(?P<high>{NUMBER})\)\. With "
    rf"nothing open (?P<flat>{NUMBER}) above, four brackets deep (?P<deep>{NUMBER})\."
)


@pytest.mark.parametrize("values", every(capacity), ids=str)
def test_the_capacity_is_the_mean_of_what_is_stored(values: dict[str, Any]) -> None:
    seen = parts(CAPACITY, capacities.compute(**values).verdict)
    assert (seen["cell"], int(seen["H"])) == (values["cell"], values["hidden"])
    place = ten_runs.place if values["cell"] == "RNN" else capacities.STORED
    with np.load(place) as file:
        stored = file[values["cell"]].tolist()
    rows = [run[(8, 16, 32, 64).index(values["hidden"])] for run in stored]
    assert len(rows) == 10
    mean = [sum(row[k] for row in rows) / len(rows) for k in (0, 1, 5)]
    numbers = {
        "bits": 2.00529 + mean[0],
        "above": mean[0],
        "low": min(row[0] for row in rows),
        "high": max(row[0] for row in rows),
        "flat": mean[1],
        "deep": mean[2],
    }
    for name, value in numbers.items():
        assert shows_fixed(seen[name], value, 3), name


LOOP = (
    rf"Temperature (?P<T>{NUMBER}): (No loop in 240 letters|From letter (?P<begin>\d+) "
    r"on, a loop of (?P<length>\d+) letters)\. (?P<numbers>\d+) numbers, "
    r"(?P<kinds>\d+) "
    rf"of them different; a letter that it wrote had (?P<bits>{NUMBER}) bits "
    rf"on average\."
)


def loop_of(text: str) -> tuple[int, int]:
    """Return begin and period of the loop that a text ends in."""
    for period in range(1, len(text) // 3 + 1):
        begin = next(
            k
            for k in range(len(text))
            if all(text[n] == text[n + period] for n in range(k, len(text) - period))
        )
        if len(text) - begin >= max(3 * period, 20):
            return begin, period
    return 0, 0


@pytest.mark.parametrize("values", every(loop_finder), ids=str)
def test_the_loop_is_found_in_a_text_written_by_hand(values: dict[str, Any]) -> None:
    data = loops.compute(**values)
    seen = parts(LOOP, data.verdict)
    hand, T = ByHand("numbers"), values["temperature"]
    step, rng = hand.stepper(), np.random.default_rng(values["draw"])
    for letter in values["prompt"]:
        z = step(hand.symbols.index(letter))
    text, bits = "", []
    for _ in range(240):
        token = drawn(shares(z / T), rng) if T else int(z.argmax())
        bits.append(-np.log2(shares(z)[token]))
        text += hand.symbols[token]
        z = step(token)
    assert data.text == text
    begin, length = loop_of(text)
    assert int(seen.get("length", 0)) == length
    assert int(seen.get("begin", 1)) == begin + 1
    written = text.split(", ")[:-1]
    assert (int(seen["numbers"]), int(seen["kinds"])) == (
        len(written),
        len(set(written)),
    )
    assert shows(seen["bits"], float(np.mean(bits)))
    assert shows(seen["T"], T)


WHICH = (
    rf"After (?P<read>\d+) symbols? (?P<target>.) has (?P<share>{NUMBER} %)\. The "
    r"gradient is steepest at symbol (?P<steep>\d+), “.”\. Taking a symbol away "
    r"matters most (there, too|at symbol (?P<far>\d+), “.”): ln p "
    r"(?P<way>falls|rises) by "
    rf"(?P<nats>{NUMBER})\.(?P<note>.*)"
)


def log_p(hand: ByHand, x: np.ndarray) -> np.ndarray:
    """Return the logarithms of what comes next, for inputs (T, B, V)."""
    z = hand.states(x)[-1] @ hand.W_hy + hand.b_y
    return np.asarray(z - np.log(np.exp(z).sum(axis=-1, keepdims=True)))


@pytest.mark.parametrize("text", sorted({v["text"] for v in every(which_letter)}))
def test_which_letter_mattered_is_found_by_moving_and_erasing(text: str) -> None:
    hand = ByHand("brackets")
    known = "".join(sign for sign in text if sign in hand.symbols)[:24] or "a"
    for values in every(which_letter):
        if values["text"] != text:
            continue
        read = known[: values["read"]]
        x = np.eye(7)[[hand.symbols.index(sign) for sign in read]]
        T, target = len(read), values["target"]
        p = np.exp(log_p(hand, x[:, None])[0])
        wanted = int(p.argmax()) if len(target) > 1 else hand.symbols.index(target)
        moves = 1e-5 * np.eye(7 * T).reshape(7 * T, T, 7).swapaxes(0, 1)
        up, down = (log_p(hand, x[:, None] + s * moves)[:, wanted] for s in (1, -1))
        steep = np.linalg.norm(((up - down) / 2e-5).reshape(T, 7), axis=1)
        erased = np.repeat(x[:, None], T, axis=1)
        erased[np.arange(T), np.arange(T)] = 0
        fall = np.log(p[wanted]) - log_p(hand, erased)[:, wanted]
        seen = parts(WHICH, which.compute(**values).verdict)
        assert (seen["target"], int(seen["read"])) == (hand.symbols[wanted], T)
        assert shows(seen["share"], p[wanted])
        at = int(seen["steep"]) - 1
        assert steep[at] == pytest.approx(steep.max(), rel=1e-3)
        far = int(seen.get("far", at + 1)) - 1
        assert abs(fall[far]) == pytest.approx(abs(fall).max(), rel=1e-3)
        assert seen["way"] == ("falls" if fall[far] > 0 else "rises")
        assert shows_fixed(seen["nats"], abs(fall[far]))
        assert bool(seen["note"]) == (known != text)


STRIP = (
    r"Unit (?P<unit>\d+), number (?P<rank>\d+) of 32 by “(?P<by>\w+)”: its correlation "
    rf"with [\w ]+ is (?P<r>{NUMBER}) over 200 texts\. In this text it goes from "
    rf"(?P<low>{NUMBER}) to (?P<high>{NUMBER})\."
)


def test_a_unit_follows_what_its_correlation_says() -> None:
    hand, tokens = ByHand("brackets"), units.measured()[0]
    h = hand.states(np.eye(7)[tokens])
    signs = np.array(hand.symbols)[tokens]
    opened_, closed = (np.isin(signs, [*kinds]).astype(int) for kinds in ("([", ")]"))
    depth: np.ndarray = np.cumsum(opened_ - closed, axis=0)
    within = np.cumsum(signs == '"', axis=0) % 2
    place = np.broadcast_to(np.arange(40)[:, None], tokens.shape)
    features = {"depth": depth, "quote": within, "position": place}
    for values in every(neuron_strip):
        seen = parts(STRIP, units.compute(**values).verdict)
        feature = features[values["by"]].ravel()
        r = [np.corrcoef(h[..., k].ravel(), feature)[0, 1] for k in range(32)]
        rank, unit = values["rank"], int(seen["unit"]) - 1
        assert (int(seen["rank"]), seen["by"]) == (rank, values["by"])
        assert abs(r[unit]) == pytest.approx(sorted(map(abs, r))[-rank], abs=1e-4)
        assert shows_fixed(seen["r"], r[unit])
        run = h[:, values["example"] - 1, unit]
        assert shows_fixed(seen["low"], run.min())
        assert shows_fixed(seen["high"], run.max())


TUNE = (
    rf"(?P<count>\d+) notes? at temperature (?P<T>{NUMBER}), (?P<end>it "
    rf"ended by itself|"
    rf"cut off): (?P<own>{NUMBER}) bits a note for the net, (?P<two>{NUMBER}) for the "
    r"bigram\. The longest stretch from a known tune is (?P<known>\d+) notes?, of "
    r"“(?P<name>.+)”\."
)


@pytest.mark.parametrize("net", tunes.NETS)
def test_the_composer_says_what_its_notes_cost(net: str) -> None:
    hand = ByHand(net)
    learned = {n: t.replace("|", " ").split() for n, t in TUNES.items()}
    for values in every(composer):
        if values["net"] != net:
            continue
        data = tunes.compute(**values)
        seen = parts(TUNE, data.verdict)
        step, rng = hand.stepper(), np.random.default_rng(values["draw"])
        z, said = step(START), [hand.symbols.index(values["seed"])]
        while len(said) < values["length"] and said[-1] != END:
            z = step(said[-1])
            said.append(drawn(shares(z / values["temperature"], (0, START)), rng))
        notes = [hand.symbols[token] for token in said if token != END]
        assert [*data.symbols] == notes
        assert int(seen["count"]) == len(notes)
        assert seen["end"] == ("it ended by itself" if said[-1] == END else "cut off")
        scores = hand.scores([START, *said])[1 : len(notes)]
        own = [
            -np.log2(shares(z, (0, START))[token])
            for z, token in zip(scores, said[1:], strict=False)
        ]
        assert shows_fixed(seen["own"], float(np.mean(own)))
        two = counted_bits("tunes", len(hand.symbols), ["<start>", *notes], 2)[1:]
        assert shows_fixed(seen["two"], float(np.mean(two)))
        assert shows(seen["T"], values["temperature"])
        known, tune = int(seen["known"]), learned[seen["name"]]
        assert seen["name"] not in HELD_OUT
        spans = [tune[k : k + known] for k in range(len(tune) - known + 1)]
        assert any(notes[k : k + known] in spans for k in range(len(notes)))
        longer = [
            t[k : k + known + 1]
            for n, t in learned.items()
            if n not in HELD_OUT
            for k in range(len(t) - known)
        ]
        assert not any(
            notes[k : k + known + 1] in longer for k in range(len(notes) - known)
        )
