"""Every verdict of lesson 10 at every corner, against a second computation."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from rnncourse.lesson_10.beam_tree import compute as tree
from rnncourse.lesson_10.bottleneck import compute as narrow
from rnncourse.lesson_10.explorers import (
    beam_tree,
    bottleneck,
    free_run_drift,
    hand_over,
    teacher_forcing,
)
from rnncourse.lesson_10.free_run_drift import compute as drift
from rnncourse.lesson_10.hand_over import compute as handed
from rnncourse.lesson_10.teacher_forcing import compute as forcing
from rnncourse.shared import translators
from rnnlib.tasks import Reversal
from tests.course.verdicts import NUMBER, corners_of, opened, parts, shows

START, END = 1, 2
LETTERS = "abcdefgh"  # token 3 is a
NOT_READ = r"(?P<note>.*)"


@cache
def weights_of(name: str) -> dict[str, np.ndarray]:
    """Return the parameters of a stored net in double precision."""
    params = translators.stored(name).params
    return {key: np.asarray(array, dtype=np.float64) for key, array in params.items()}


class ByHand:
    """The stored net of a name, as equations for one word at a time."""

    def __init__(self, name: str) -> None:
        self.params = weights_of(name)

    def gru(self, half: str, token: int, h: np.ndarray) -> np.ndarray:
        """Return the state after one token."""
        W_xh, W_hh, b_h, b_hn = (
            self.params[f"{half}.{part}"] for part in ("W_xh", "W_hh", "b_h", "b_hn")
        )
        H = len(h)
        a, back = W_xh[token] + b_h, h @ W_hh
        r = 1 / (1 + np.exp(-(a[:H] + back[:H])))
        z = 1 / (1 + np.exp(-(a[H : 2 * H] + back[H : 2 * H])))
        n = np.tanh(a[2 * H :] + r * (back[2 * H :] + b_hn))
        return (1 - z) * n + z * h

    def read(self, word: str) -> np.ndarray:
        """Return the state that is handed over."""
        h = np.zeros(len(self.params["encoder.W_hh"]))
        for letter in word:
            h = self.gru("encoder", 3 + LETTERS.index(letter), h)
        return h

    def step(self, token: int, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities of what follows a token, and the new state."""
        h = self.gru("decoder", token, h)
        scores = h @ self.params["output.W_hy"] + self.params["output.b_y"]
        powers = np.exp(scores - scores.max())
        return powers / powers.sum(), h

    def greedy(self, word: str, most: int) -> list[tuple[int, float]]:
        """Return what is said in a free run, each token with its probability."""
        h, token, said = self.read(word), START, list[tuple[int, float]]()
        while len(said) < most and token != END:
            p, h = self.step(token, h)
            token = max(range(len(p)), key=p.__getitem__)
            said.append((token, float(p[token])))
        return said


def name_of(token: int) -> str:
    return "END" if token == END else LETTERS[token - 3]


def letters_in(tokens: list[int]) -> str:
    return "".join(name_of(token) for token in tokens if token != END)


def heard(text: str) -> tuple[str, str]:
    """Return what is read of a typed text, and what the verdict should say of it."""
    signs = [sign for sign in text.lower() if sign != " "]
    known = [sign for sign in signs if sign in LETTERS]
    strange = list(dict.fromkeys(sign for sign in signs if sign not in LETTERS))
    assert len(strange) <= 8
    missed = [f"“{''.join(strange)}”"] * bool(strange)
    missed += ["all after 8 letters"] * (len(known) > 8)
    note = f" Not read: {' and '.join(missed)}." if missed else ""
    if not known:
        note += " There is no letter from a to h, so “a” is read."
    return "".join(known)[:8] or "a", note


TYPED = ("zebra crossing", "a badge of defeat, egad", "", "Ö", "BADGE")
WRITTEN = (
    rf"The decoder says (?P<token>END|[a-h]), with probability (?P<sure>{NUMBER} %)\."
    rf"( The answer is “(?P<answer>[a-h]*)”: (?P<judged>right|wrong)\.)?"
)


def words_of(explorer: Any) -> list[str]:
    return [*explorer.controls["word"].corners(), *TYPED]


@pytest.mark.parametrize("text", words_of(hand_over))
def test_the_hand_over_says_what_the_equations_give(text: str) -> None:
    word, note = heard(text)
    said = ByHand("reversal").greedy(word, 10)
    S = len(word)
    for step in range(19):
        verdict = handed.compute(word=text, step=step).verdict
        assert verdict.endswith(note)
        verdict = verdict.removesuffix(note)
        shown = min(step, S + len(said))
        if shown == 0:
            assert verdict == "Nothing is read yet: the encoder's state is 48 zeros."
        elif shown < S:
            start = f"Reading {shown} of {S}: “{word[shown - 1]}” goes"
            assert verdict.startswith(start)
        elif shown == S:
            assert verdict.startswith("The whole word is read. These 48 numbers")
        else:
            token, sure = said[shown - S - 1]
            seen = parts(WRITTEN, verdict)
            assert seen["token"] == name_of(token)
            assert shows(seen["sure"], sure)
            assert ("answer" in seen) == (shown == S + len(said))
            if "answer" in seen:
                tokens = [token for token, _ in said]
                assert seen["answer"] == letters_in(tokens)
                right = [name_of(token) for token in tokens] == [*word[::-1], "END"]
                assert seen["judged"] == ("right" if right else "wrong")


FORCING = (
    rf"Fed with (?P<fed>.*), after (?P<updates>\d+) updates: (?P<loss>{NUMBER}) nats a "
    rf"token with the truth fed in, and (?P<exact>{NUMBER} %) exact when it runs freely"
    rf"\.( With the truth alone: (?P<best>{NUMBER} %)\.)?"
)


@pytest.mark.parametrize("ratio", forcing.RATIOS)
def test_teacher_forcing_says_what_is_stored(ratio: float) -> None:
    assert set(teacher_forcing.controls) == {"ratio", "done"}
    with np.load(forcing.RESULTS) as file:
        loss, match = file["loss"].tolist(), file["match"].tolist()
    row = [0, 0.25, 0.5, 0.75, 1].index(ratio)
    for done in range(40, 801, 40):
        seen = parts(FORCING, forcing.compute(ratio=ratio, done=done).verdict)
        alone = {0.0: "its own tokens alone", 1.0: "the true tokens alone"}
        fed = alone.get(ratio, "")
        assert seen["fed"] == (fed or f"{100 * ratio:.0f} % true tokens")
        assert int(seen["updates"]) == done
        column = done // 40 - 1
        assert shows(seen["loss"], loss[row][column])
        assert shows(seen["exact"], match[row][column])
        assert ("best" in seen) == (ratio < 1)
        assert shows(seen.get("best", seen["exact"]), match[4][column])


def searched(
    word: str, width: int, depth: int, alpha: float
) -> tuple[list[int], float]:
    """Return what a beam search finds, tokens and probability, with plain lists."""
    net = ByHand(tree.NAME)
    open_ones: list[tuple[tuple[int, ...], float, Any]] = [((), 1.0, net.read(word))]
    closed: list[tuple[tuple[int, ...], float]] = []
    for _ in range(depth):
        grown = []
        for tokens, probability, h in open_ones:
            p, after = net.step(tokens[-1] if tokens else START, h)
            grown += [((*tokens, k), probability * p[k], after) for k in range(len(p))]
        grown.sort(key=lambda found: -found[1])
        best = grown[:width]
        closed += [(tokens, p) for tokens, p, _ in best if tokens[-1] == END]
        open_ones = [found for found in best if found[0][-1] != END]
    every = closed + [(tokens, p) for tokens, p, _ in open_ones]
    winner = max(every, key=lambda found: math.log(found[1]) / len(found[0]) ** alpha)
    return [*winner[0]], float(winner[1])


TREE = (
    rf"Width (?P<width>\d) says “(?P<said>[a-h]*)”(?P<open> …)? with probability "
    rf"(?P<share>{NUMBER} %), (?P<judged>right so far|right|wrong)\. "
    rf"(?P<beside>This is the greedy choice\.|The greedy choice, width 1, says the "
    rf"same\.|The greedy choice says “(?P<greedy>[a-h]*)”(?P<greedy_open> …)? with "
    rf"(?P<greedy_share>{NUMBER} %)\.)(?P<note>.*)"
)
TREES = [
    *corners_of(beam_tree),
    *(opened(beam_tree, preset) for preset in beam_tree.presets.values()),
]


@pytest.mark.parametrize("values", TREES, ids=str)
def test_the_beam_tree_says_what_a_search_with_lists_finds(
    values: dict[str, Any],
) -> None:
    seen = parts(TREE, tree.compute(**values).verdict)
    word, note = heard(values["word"])
    width, depth = values["width"], values["depth"]
    tokens, share = searched(word, width, depth, values["alpha"])
    assert (int(seen["width"]), seen["note"]) == (width, note)
    assert seen["said"] == letters_in(tokens)
    assert ("open" in seen) == (tokens[-1] != END)
    assert shows(seen["share"], share)
    names, wanted = [name_of(token) for token in tokens], [*word[::-1], "END"]
    judged = "right so far" if names == wanted[: len(names)] else "wrong"
    assert seen["judged"] == ("right" if names == wanted else judged)
    greedy = ByHand(tree.NAME).greedy(word, depth)
    same = [token for token, _ in greedy] == tokens
    if width == 1:
        assert same
        assert seen["beside"] == "This is the greedy choice."
    elif same:
        assert seen["beside"].endswith("says the same.")
    else:
        assert seen["greedy"] == letters_in([token for token, _ in greedy])
        assert ("greedy_open" in seen) == (greedy[-1][0] != END)
        assert shows(seen["greedy_share"], math.prod(p for _, p in greedy))


NARROW = (
    rf"H = (?P<H>\d+), length (?P<length>\d+): (?P<share>{NUMBER} %) of new words come "
    r"back without a mistake\. “(?P<word>[a-h]*)” comes back as “(?P<said>[a-h]*)”: "
    r"(?P<judged>right|(?P<wrong>\d+) of (?P<of>\d+) places (is|are) wrong)\."
)
NARROWS = [
    *corners_of(bottleneck),
    *(opened(bottleneck, preset) for preset in bottleneck.presets.values()),
]


@cache
def share_of(H: int, length: int) -> float:
    """Return the share of new words that come back, one by one."""
    task = Reversal(max_length=length, min_length=length)
    count = min(200, 8**length // 10)
    pairs = task.sample(count, rng=np.random.default_rng(length), split="held_out")
    words = ["".join(LETTERS[token - 3] for token in row) for row in pairs.source.T]
    net = ByHand(f"bottleneck {H}")
    said = [net.greedy(word, length + 3) for word in words]
    right = [
        [name_of(token) for token, _ in tokens] == [*word[::-1], "END"]
        for word, tokens in zip(words, said, strict=True)
    ]
    return sum(right) / len(right)


@pytest.mark.parametrize("values", NARROWS, ids=str)
def test_the_bottleneck_says_what_comes_back(values: dict[str, Any]) -> None:
    seen = parts(NARROW, narrow.compute(**values).verdict)
    H, length = int(values["hidden"]), values["length"]
    assert (
        (int(seen["H"]), int(seen["length"])) == (H, length) == (H, len(seen["word"]))
    )
    assert shows(seen["share"], share_of(H, length))
    said = ByHand(f"bottleneck {H}").greedy(seen["word"], 14)
    assert seen["said"] == letters_in([token for token, _ in said])
    answer, wanted = seen["said"], seen["word"][::-1]
    longest = max(len(answer), len(wanted))
    wrong = sum(answer[k : k + 1] != wanted[k : k + 1] for k in range(longest))
    if answer == wanted:
        assert seen["judged"] == "right"
    else:
        assert (int(seen["wrong"]), int(seen["of"])) == (wrong, longest)


def test_a_state_that_is_too_small_opens_on_a_word_that_is_lost() -> None:
    preset = opened(bottleneck, bottleneck.presets["too small a state"])
    assert "wrong" in narrow.compute(**preset).verdict


DRIFT = (
    rf"(?P<flip>.*) Running freely: (?P<wrong>\d+) of (?P<later>\d+) tokens?"
    rf"(?P<after> after it)? wrong\. The right answer has probability "
    rf"(?P<share>{NUMBER} %), the product of the blue ones\.{NOT_READ}"
)


@pytest.mark.parametrize("text", words_of(free_run_drift))
def test_the_drift_says_what_two_runs_by_hand_give(text: str) -> None:
    word, note = heard(text)
    net = ByHand(drift.NAME)
    target = [*(3 + LETTERS.index(letter) for letter in word[::-1]), END]
    forced, h = 1.0, net.read(word)
    for fed, wanted in zip([START, *target], target, strict=False):
        p, h = net.step(fed, h)
        forced *= p[wanted]
    for flipped in range(9):
        for letter in LETTERS:
            said, would = flipped_run(net, word, len(target), flipped, letter)
            verdict = drift.compute(word=text, flipped=flipped, letter=letter).verdict
            seen = parts(DRIFT, verdict)
            at = min(flipped, len(word))
            pairs = zip(said[at:], target[at:], strict=True)
            assert int(seen["wrong"]) == sum(one != other for one, other in pairs)
            assert int(seen["later"]) == len(target) - at
            assert ("after" in seen) == (at > 0)
            assert shows(seen["share"], forced)
            assert seen.get("note", "") == note
            assert seen["flip"] == flip_in_words(at, letter, would, target)


def flip_in_words(at: int, letter: str, would: int | None, target: list[int]) -> str:
    if not at:
        return "Nothing is flipped."
    if would is None:
        return f"It says END before step {at}, so nothing is flipped."
    if name_of(would) == letter:
        return f"Step {at} says “{letter}” anyway, so nothing is changed."
    right = ", the right letter" if name_of(target[at - 1]) == letter else ""
    return f"Step {at} is flipped to “{letter}”{right}."


def flipped_run(
    net: ByHand, word: str, length: int, flipped: int, letter: str
) -> tuple[list[int], int | None]:
    """Return what is said, 0 after the END, and what would have been said there."""
    at, h, token, would = min(flipped, len(word)), net.read(word), START, None
    said: list[int] = []
    while len(said) < length and token != END:
        p, h = net.step(token, h)
        token = int(np.argmax(p))
        if len(said) + 1 == at:
            would, token = token, 3 + LETTERS.index(letter)
        said.append(token)
    return said + [0] * (length - len(said)), would
