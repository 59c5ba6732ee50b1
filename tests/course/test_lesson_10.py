"""What lesson 10 shows, against searches and runs that are written out here."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from rnncourse.catalogue import exercise
from rnncourse.commands import report_on
from rnncourse.drawing import style
from rnncourse.explorers import free_run_drift
from rnncourse.exploring.engine import ExplorerWidget
from rnncourse.lesson_10.beam_tree import compute as beam_tree
from rnncourse.lesson_10.bottleneck import compute as bottleneck
from rnncourse.lesson_10.explorers import beam_tree as beam_explorer
from rnncourse.lesson_10.explorers import bottleneck as bottleneck_explorer
from rnncourse.lesson_10.explorers import hand_over as hand_over_explorer
from rnncourse.lesson_10.explorers import teacher_forcing as forcing_explorer
from rnncourse.lesson_10.free_run_drift import compute as drift
from rnncourse.lesson_10.hand_over import compute as hand_over
from rnncourse.lesson_10.teacher_forcing import compute as forcing
from rnncourse.lesson_10.teacher_forcing.view import ForcingView
from rnncourse.shared import translators
from rnnlib.activations import log_softmax, softmax
from rnnlib.batches import END, START
from rnnlib.decoding import generate
from rnnlib.metrics import bleu
from rnnlib.tasks import Reversal, read


def view_of(explorer: ExplorerWidget) -> Any:
    """Return the picture of an explorer, with its artists."""
    return explorer.view


WORDS = ("a", "bade", "badge", "feedbach")


@pytest.mark.parametrize("word", WORDS)
def test_the_hand_over_shows_the_states_of_both_halves(word: str) -> None:
    data = hand_over.compute(word=word, step=99)
    net, task = translators.stored("reversal"), translators.task_of("reversal")
    tokens = np.array(task.source_vocabulary.encode(word))[:, None]
    h, state, _ = net.parts["encoder"].forward(tokens)
    said = net.predict(tokens, max_length=hand_over.SAID_AT_MOST)
    fed = np.vstack([[[START]], said[:-1]])
    s, _, _ = net.parts["decoder"].forward(fed, state)
    y = s[:, 0] @ net.params["output.W_hy"] + net.params["output.b_y"]
    np.testing.assert_allclose(data.states, np.vstack([h, s])[:, 0], atol=1e-6)
    np.testing.assert_allclose(data.probabilities, softmax(y), atol=1e-6)
    assert "".join(data.said[:-1]) == read(said, task.target_vocabulary)[0]


def test_the_phases_follow_the_steps() -> None:
    phases = [hand_over.compute(word="bad", step=step).phase for step in range(6)]
    assert phases == ["start", "reading", "reading", "handing over", *["writing"] * 2]
    assert "“dab”: right" in hand_over.compute(word="bad", step=99).verdict


@pytest.mark.parametrize(
    ("typed", "read_as"), [("", "a"), ("XYZ", "a"), ("Bé!d", "bd")]
)
def test_what_cannot_be_read_is_left_out(typed: str, read_as: str) -> None:
    assert hand_over.compute(word=typed, step=0).word == read_as


def test_short_words_fit_through_any_state_and_long_ones_through_none() -> None:
    exact = bottleneck.accuracies()
    assert exact.shape == (3, 11)
    assert (exact[1:, 0] > 0.95).all()
    assert (exact[:, -1] < 0.4).all()
    assert (np.diff(exact, axis=0) >= -0.05).all(), "a larger state carries more"
    assert (np.diff(exact, axis=1) <= 0.08).all(), "a longer word is harder"


def test_the_bottleneck_says_what_the_net_says() -> None:
    data = bottleneck.compute(length=5, hidden=48, draw=3)
    assert len(data.word) == 5
    assert f"“{data.word}” comes back as “{data.said}”" in data.verdict
    assert ("right" in data.verdict) == (data.said == data.word[::-1])


def test_an_answer_that_is_too_long_is_wrong_where_it_should_have_ended() -> None:
    said = {
        word: bottleneck.Bottleneck(bottleneck.accuracies(), 4, 16, "abcd", word)
        for word in ("dcba", "dcbah", "dcb", "")
    }
    assert {word: sum(data.wrong) for word, data in said.items()} == {
        "dcba": 0,
        "dcbah": 1,
        "dcb": 1,
        "": 4,
    }
    assert "1 of 5 places is wrong" in said["dcbah"].verdict


def test_without_a_flip_a_right_free_run_is_the_forced_run() -> None:
    data = drift.compute(word="bade", flipped=0, letter="g")
    assert data.said == data.target
    np.testing.assert_allclose(data.free, data.forced, rtol=1e-6)


def test_a_flip_changes_nothing_before_it() -> None:
    data = drift.compute(word="bade", flipped=2, letter="g")
    np.testing.assert_allclose(data.free[:2], data.forced[:2], rtol=1e-6)
    assert data.said[1] == "g"
    assert data.free.prod() < data.forced.prod()


def test_the_forced_probabilities_are_those_of_the_loss() -> None:
    data = drift.compute(word="bade", flipped=3, letter="c")
    net, task = translators.stored(drift.NAME), translators.task_of(drift.NAME)
    source = np.array(task.source_vocabulary.encode("bade"))[:, None]
    target = np.array([*task.target_vocabulary.encode("edab"), END])[:, None]
    batch = task.sample(1, rng=np.random.default_rng(0))._replace(
        source=source,
        source_mask=np.ones_like(source, bool),
        target=target,
        target_mask=np.ones_like(target, bool),
    )
    assert -np.log(data.forced).mean() == pytest.approx(net.loss(batch).value, rel=1e-5)


def log_probability(word: str, tokens: tuple[int, ...]) -> float:
    """Return the log-probability of an answer, fed in token by token."""
    net, task = translators.stored(drift.NAME), translators.task_of(drift.NAME)
    state = net.start(np.array(task.source_vocabulary.encode(word))[:, None])
    total, last = 0.0, START
    for token in tokens:
        scores, state = net.step(np.array([last]), state)
        total += float(log_softmax(scores)[0, token])
        last = token
    return total


def test_the_beam_adds_up_the_logarithms() -> None:
    data = beam_tree.compute(word="fcbf", width=3, depth=5, alpha=0.5)
    expected = log_probability("fcbf", data.best.tokens)
    assert data.best.log_probability == pytest.approx(expected, abs=1e-5)
    assert data.best.score == pytest.approx(expected / 5**0.5, abs=1e-5)


def test_a_beam_that_keeps_all_is_exhaustive() -> None:
    data = beam_tree.compute(word="ha", width=11 * 11, depth=2, alpha=0)
    pairs = [(a, b) for a, b in product(range(11), repeat=2) if a != END]
    answers: list[tuple[int, ...]] = [(END,), *pairs]
    best = max(answers, key=lambda tokens: log_probability("ha", tokens))
    assert data.best.tokens == best


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_the_tree_keeps_what_the_search_keeps(width: int) -> None:
    data = beam_tree.compute(word="echeh", width=width, depth=6, alpha=0)
    for level in data.levels:
        shares = [branch.log_probability for branch in level]
        assert shares == sorted(shares, reverse=True)
        assert sum(branch.kept for branch in level) == min(width, len(level))
    kept = [b for level in data.levels for b in level if b.kept]
    assert data.answer in [branch.tokens for branch in kept]
    parents = {branch.tokens for branch in kept} | {()}
    assert all(b.tokens[:-1] in parents for level in data.levels for b in level)


def test_a_wider_beam_finds_what_the_greedy_choice_shut_out() -> None:
    greedy = beam_tree.compute(word="fcbf", width=1, depth=5, alpha=0)
    wide = beam_tree.compute(word="fcbf", width=3, depth=5, alpha=0)
    assert greedy.answer == greedy.greedy != wide.answer == (*"fbcf", "END")
    assert "right" in wide.verdict
    assert "wrong" in greedy.verdict


def test_the_answer_is_drawn_thick() -> None:
    explorer = beam_explorer(width=3, depth=5, word="fcbf")
    widths = view_of(explorer).branches.get_linewidth()
    assert sorted(set(widths)) == [1.0, 1.8, 4.0]
    assert sum(width == 4.0 for width in widths) == 5


def test_the_flipped_token_is_in_another_colour() -> None:
    explorer = free_run_drift(word="bade", flipped=2, letter="g")
    view = view_of(explorer)
    assert view.said.get_texts()[1] == "g"
    assert view.said.get_colours()[1] == style.INK
    assert view.marks.get_texts()[:2] == ("yes", "no")


def test_each_share_is_named_where_its_curves_end() -> None:
    view = ForcingView(style.figure(840, 350))
    view.draw(forcing.compute(ratio=0.5, done=280))
    for digits in view.ends:
        inks = dict(zip(digits.get_texts(), digits.get_colours(), strict=True))
        assert list(inks) == [f"{ratio:g}" for ratio in forcing.RATIOS]
        assert [name for name in inks if inks[name] == style.INK] == ["0.5"]


def test_teacher_forcing_is_the_quickest_here() -> None:
    data = forcing.compute(ratio=1.0, done=forcing.UPDATES)
    assert data.updates[-1] == forcing.UPDATES
    assert data.match[-1, -1] > 0.9 > data.match[0, -1] > 0.4
    assert data.loss[-1, -1] < data.loss[0, -1]
    assert "the true tokens alone" in data.verdict


def test_a_longer_training_carries_longer_words() -> None:
    longest = Reversal(max_length=12, min_length=12)
    short, long = (
        translators.exact(translators.stored(name), longest, rng=rng)
        for name in ("bottleneck 48", "bottleneck 48, longer")
        for rng in [np.random.default_rng(0)]
    )
    assert short < 0.3 < 0.5 < long


def test_a_more_probable_answer_may_be_wrong() -> None:
    greedy, wide = (
        beam_tree.compute(word="bdec", width=width, depth=5, alpha=0)
        for width in (1, 5)
    )
    assert "right" in greedy.verdict
    assert "wrong" in wide.verdict
    assert wide.best.log_probability > greedy.best.log_probability


def test_alpha_is_kinder_to_a_long_answer() -> None:
    by_sum, by_mean = (
        beam_tree.compute(word="aadf", width=5, depth=6, alpha=alpha)
        for alpha in (0, 1)
    )
    assert len(by_sum.answer) < len(by_mean.answer)
    assert "wrong" in by_sum.verdict
    assert "right" in by_mean.verdict


def test_only_what_comes_after_the_flip_is_counted() -> None:
    data = drift.compute(word="bade", flipped=4, letter="g")
    assert data.said == ("e", "d", "a", "g", "END")
    assert data.wrong == 0
    assert "0 of 1 token after it wrong" in data.verdict


@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_the_stored_curves_are_those_of_a_fresh_training(ratio: float) -> None:
    row, stored = forcing.RATIOS.index(ratio), forcing.compute(ratio=ratio, done=40)
    _, loss, match = forcing.curves(ratio, seed=1)
    assert match[-1] == pytest.approx(stored.match[row, -1], abs=0.2)
    assert loss[-1] == pytest.approx(stored.loss[row, -1], abs=0.15)


SHARES = {
    "reversal": (0.85, 1),
    "half-trained reversal": (0.3, 0.85),
    "bottleneck 16": (0.1, 0.35),
    "bottleneck 32": (0.35, 0.7),
    "bottleneck 48": (0.55, 0.9),
    "bottleneck 48, longer": (0.85, 1),
    "dates": (0, 0.2),
    "dates with attention": (0.9, 1),
}


@pytest.mark.parametrize(  # one of each kind: some are only larger
    "name",
    ["reversal", "half-trained reversal", "bottleneck 48", "dates with attention"],
)
def test_a_stored_net_is_as_good_as_one_that_is_trained_anew(name: str) -> None:
    low, high = SHARES[name]
    stored, task = translators.stored(name), translators.task_of(name)
    assert low <= translators.exact(stored, task, rng=np.random.default_rng(1)) <= high
    assert low <= translators.retrained(name, seed=1)[1] <= high


def halfway(count: int, seed: int) -> tuple[Any, ...]:
    """Return pairs, what is said freely, and the scores with the truth fed in."""
    net, task = translators.stored(drift.NAME), translators.task_of(drift.NAME)
    pairs = task.sample(count, rng=np.random.default_rng(seed), split="held_out")
    fed = np.vstack([np.full((1, count), START), pairs.target[:-1]])
    scores, _ = net.logits(
        pairs.source, fed, source_mask=pairs.source_mask, mask=pairs.target_mask
    )
    longest = len(pairs.target)
    free = net.predict(pairs.source, pairs.source_mask, max_length=longest)
    return net, pairs, free, scores


def test_greedy_answers_are_exact_as_often_as_with_the_truth_fed_in() -> None:
    """Not one of 4,000 answers differs; what differs comes after the first mistake."""
    _, pairs, free, scores = halfway(4000, seed=1)
    forced = scores.argmax(axis=-1)
    mask = pairs.target_mask
    one, other = (
        ((said == pairs.target) | ~mask).all(axis=0) for said in (free, forced)
    )
    assert (one == other).all()
    assert 0.4 < one.mean() < 0.8
    wrong = (free != pairs.target) & mask
    step = np.arange(len(mask))[:, None]
    later = mask & wrong.any(axis=0) & (step > wrong.argmax(axis=0))
    freely, truly = ((said == pairs.target)[later].mean() for said in (free, forced))
    assert freely < 0.5 < 0.8 < truly


def test_drawn_answers_are_exact_as_often_as_the_product_says() -> None:
    """Within four standard errors, of 4,000 answers."""
    net, pairs, free, scores = halfway(4000, seed=2)
    target, mask = pairs.target, pairs.target_mask
    log_p = np.take_along_axis(log_softmax(scores), target[..., None], -1)[..., 0]
    product = np.exp((log_p * mask).sum(axis=0))
    begun = net.start(pairs.source, pairs.source_mask)
    rng = np.random.default_rng(0)
    drawn = generate(net, len(target), state=begun, end=END, rng=rng)
    exact = ((drawn == target) | ~mask).all(axis=0).mean()
    error = np.sqrt((product * (1 - product)).mean() / 4000)
    assert abs(exact - product.mean()) < 4 * error
    assert exact < ((free == target) | ~mask).all(axis=0).mean()


def test_greedy_the_mode_and_the_marginals_answer_three_questions() -> None:
    """The language of section 6: aa, ab, ba, bb."""
    whole = np.array([0.6, 0.4])[:, None] * np.array([[0.5, 0.5], [0.0, 1.0]])
    first, second = whole.sum(axis=1).argmax(), whole.sum(axis=0).argmax()
    assert np.unravel_index(whole.argmax(), (2, 2)) == (1, 1)
    assert (first, second) == (0, 1)
    assert whole[first, second] == pytest.approx(0.3)
    assert whole.max() == pytest.approx(0.4)


def test_a_single_word_has_no_pair_and_so_the_score_0() -> None:
    answer = exercise("10.6").reference  # type: ignore[union-attr]
    assert answer(["un"], ["un"]) == bleu([["un"]], [[["un"]]], max_n=2) == 0
    assert answer(["un", "deux"], ["un", "deux"]) == 1


def test_an_explorer_of_lesson_10_opens_without_its_answer() -> None:
    assert all(
        max(curve.get_xdata()) == 4 for curve in view_of(bottleneck_explorer()).curves
    )
    for make, says in (
        (free_run_drift, "Nothing is flipped"),
        (hand_over_explorer, "Reading 1 of 5"),
        (forcing_explorer, "after 120 updates"),
    ):
        explorer = make()
        assert says in explorer.data(**explorer.values).verdict


def test_bleu_of_two_words_of_three_is_what_the_lesson_computes() -> None:
    found = bleu([["vingt", "et"]], [[["vingt", "et", "un"]]], max_n=2)
    assert found == pytest.approx(np.exp(-0.5))


@pytest.mark.parametrize("id", ["10.4", "10.5"])
def test_the_scores_that_a_step_returns_are_left_as_they_are(id: str) -> None:
    def first(step: Any, state: Any, start: int) -> int:
        scores, _ = step(start, state)
        scores -= scores.max()
        return int(scores.argmax())

    def greedy(step: Any, state: Any, start: int, end: int, max_length: int) -> Any:
        return [first(step, state, start)][:max_length]

    def beam(
        step: Any, state: Any, start: int, end: int, max_length: int, width: int
    ) -> Any:
        return [first(step, state, start)], 0.0

    report = report_on(id, greedy if id == "10.4" else beam)
    assert "output array is read-only" in report.words


def test_an_empty_list_is_told_that_a_token_is_missing() -> None:
    def beam(
        step: Any, state: Any, start: int, end: int, max_length: int, width: int
    ) -> Any:
        return [], 0.0

    assert "Your list is empty" in report_on("10.5", beam).words
