"""Lesson 06: the sick runs and their twins, the stored numbers, and what is claimed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from rnncourse.drawing import style
from rnncourse.exploring.engine import ExplorerWidget
from rnncourse.lesson_06.cliff import compute as cliffs
from rnncourse.lesson_06.clinic import compute as clinics
from rnncourse.lesson_06.clinic.compute import Own
from rnncourse.lesson_06.clinic.runs import ILLS, UPDATES, Chart, follow
from rnncourse.lesson_06.clinic.view import ClinicView
from rnncourse.lesson_06.exercises.truncated import truncated
from rnncourse.lesson_06.explorers import tau_and_delay
from rnncourse.lesson_06.optimiser_race import compute as race
from rnncourse.lesson_06.sentences import SENTENCES, VOCABULARY, ten_sentences
from rnncourse.lesson_06.tau_and_delay import compute as cut
from rnncourse.shared.trials import SEEDS
from rnnlib import Recurrent, RNNCell
from rnnlib.optimizers import Optimizer, global_norm
from rnnlib.tasks import Echo, TemporalOrder

GRADS = {"p": np.array([3.0, -0.5]), "q": np.array([[40.0]])}


def moved_by(optimizer: Optimizer, grads: dict[str, np.ndarray]) -> np.ndarray:
    params = {name: np.zeros_like(g) for name, g in grads.items()}
    optimizer.update(params, grads)
    return -np.concatenate([p.ravel() for p in params.values()])


def said(explorer: ExplorerWidget) -> str:
    return re.sub("<[^>]*>", "", explorer.verdict.value)


# the clinic


def test_each_switch_of_the_optimiser_does_what_it_says() -> None:
    flat = np.array([3.0, -0.5, 40.0])
    late, right = (ILLS["B"].optimizer(sick) for sick in (True, False))
    assert moved_by(late, GRADS) == pytest.approx(moved_by(right, GRADS))
    assert ILLS["B"].clip == (None, 1.0)
    up, down = (ILLS["D"].optimizer(sick) for sick in (True, False))
    assert moved_by(up, GRADS) == pytest.approx(-moved_by(down, GRADS))
    assert moved_by(down, GRADS) == pytest.approx(0.1 * flat)
    fast, slow = (ILLS["E"].optimizer(sick).learning_rate for sick in (True, False))
    assert fast == pytest.approx(30 * slow)
    bare, corrected = (ILLS["F"].optimizer(sick) for sick in (True, False))
    first = moved_by(bare, GRADS) / moved_by(corrected, GRADS)
    assert first == pytest.approx(0.1 / np.sqrt(0.001), rel=1e-5)


@pytest.mark.parametrize("patient", ILLS)
def test_a_patient_and_the_twin_begin_with_the_same_weights(patient: str) -> None:
    one, other = (ILLS[patient].model(np.random.default_rng(100)) for _ in range(2))
    for name, array in one.params.items():
        assert (array == other.params[name]).all()


def test_shuffled_chunks_are_the_same_chunks() -> None:
    sick, well = (
        ILLS["C"].batches(shuffled, np.random.default_rng(5))
        for shuffled in (True, False)
    )
    mixed, straight = ([next(each) for _ in range(10)] for each in (sick, well))
    assert [piece.is_first for piece in mixed] == [True] + [False] * 9
    bits = [{piece.inputs.tobytes() for piece in each} for each in (mixed, straight)]
    assert bits[0] == bits[1]
    assert any(
        (a.inputs != b.inputs).any() for a, b in zip(mixed, straight, strict=True)
    )


def test_padding_counts_in_one_of_two_runs_that_read_the_same() -> None:
    sick, well = (
        next(ILLS["G"].batches(counted, np.random.default_rng(5)))
        for counted in (True, False)
    )
    assert (sick.inputs == well.inputs).all()
    assert (sick.targets == well.targets).all()
    assert sick.input_mask is None
    assert sick.mask.sum() > well.mask.sum()
    assert not (well.mask & ~well.input_mask).any()
    assert (sick.targets[~well.input_mask] == 0).all()


@pytest.mark.parametrize(("patient", "sick"), [("D", True), ("F", False)])
def test_a_stored_patient_comes_out_again(patient: str, sick: bool) -> None:
    chart = clinics.measure(patient, sick, 103)
    stored = clinics.stored()
    row, k = int(not sick), clinics.SEEDS.index(103)
    assert chart.loss[0] == pytest.approx(stored[f"loss {patient}"][row, k, 0], 1e-3)
    assert chart.score == pytest.approx(stored[f"score {patient}"][row, k], abs=0.1)
    assert len(chart.loss) == UPDATES // 10
    assert chart.progress == 1


def test_a_chart_grows_block_by_block() -> None:
    charts = follow("A", True, np.random.default_rng(0))
    first, second = next(charts), next(charts)
    assert (len(first.loss), len(second.loss)) == (1, 2)
    assert first.loss[0] == second.loss[0]
    assert first.score is None
    assert 0 < first.progress < second.progress < 1
    assert (first.saturated == 0).all()


def test_ten_of_ten_and_the_other_counts_of_the_clinic() -> None:
    score = {
        name: clinics.stored()[f"score {name}"] for name in ILLS
    }  # (2, 10): sick, well
    guessing = "ABDEF"
    assert max(float(score[name][0].max()) for name in guessing) < 0.5
    assert score["C"][0].min() > 0.995
    assert 0.93 < score["G"][0].min() <= score["G"][0].max() < 0.97
    above = {name: int((found[1] > 0.95).sum()) for name, found in score.items()}
    assert above == {"A": 8, "B": 9, "C": 10, "D": 8, "E": 9, "F": 10, "G": 10}
    last = clinics.stored()["loss C"][0, :, -1]
    assert (round(float(last.min()), 2), round(float(last.max()), 2)) == (0.33, 0.45)


def test_the_steps_of_e_and_f_are_too_large_and_their_states_saturate() -> None:
    stored = clinics.stored()
    for name in "EF":
        sick, well = stored[f"update_ratio {name}"][:, :, 0]
        assert 0.105 < sick.min() < sick.max() < 0.205
        assert 0.005 < well.min() < well.max() < 0.035
        assert stored[f"saturated {name}"][0, :, 9:].min() > 0.5


def test_own_runs_are_dots_and_belong_to_one_patient() -> None:
    falls = np.linspace(1.4, 0.2, 8)
    chart = Chart(falls, falls, falls, falls)
    own = Own("E", False, chart)
    view = ClinicView(style.figure(840, 360))
    view.draw(clinics.compute(patient="E", seed=100, healed=False, trained=(own,)))
    assert np.asarray(view.own.get_ydata()) == pytest.approx(chart.loss)
    assert len(np.asarray(view.old["loss"].get_xdata())) == 0
    view.draw(clinics.compute(patient="E", seed=100, healed=True, trained=(own,)))
    assert len(np.asarray(view.own.get_ydata())) == 0
    stored = clinics.stored()["loss E"][:, 0]
    assert np.asarray(view.old["loss"].get_ydata()) == pytest.approx(stored[0])
    assert np.asarray(view.new["loss"].get_ydata()) == pytest.approx(stored[1])


# truncated BPTT


def test_the_missing_share_is_what_the_loop_of_the_exercise_finds() -> None:
    rng, delay = np.random.default_rng(100), 6
    model, batch = cut.network(rng), Echo(delay=delay, steps=48).sample(256, rng=rng)
    asked = np.asarray(batch.mask)
    h, _, _ = model.parts["recurrent"].forward(batch.inputs)
    y = h @ model.params["output.W_hy"] + model.params["output.b_y"]
    p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
    dy = (p - np.eye(2)[batch.targets]) * asked[..., None] / asked.sum()
    dh = (dy @ model.params["output.W_hy"].T).astype(np.float32)
    layer = model.parts["recurrent"]
    whole = truncated(layer, batch.inputs, dh, 48)["W_hh"]
    shares = cut.missing_share(delay, 100)
    for tau, share in zip(cut.TAUS, shares, strict=True):
        lost = whole - truncated(layer, batch.inputs, dh, tau)["W_hh"]
        found = np.linalg.norm(lost) / np.linalg.norm(whole)
        assert share == pytest.approx(found, rel=1e-3, abs=1e-4)
    assert shares[0] > shares[-1]


def test_a_delay_is_learned_where_the_chunk_is_longer() -> None:
    runs = {name: found > 0.95 for name, found in cut.stored().items()}
    learned = runs["carried"].sum(axis=-1)
    for row, tau in enumerate(cut.TAUS):
        for column, delay in enumerate(cut.DELAYS[:-1]):
            if tau > delay or delay <= 2:
                assert learned[row, column] == 10, (tau, delay)
            else:
                assert learned[row, column] <= (delay == 4), (tau, delay)
    assert [*learned[:, -1]] == [0, 0, 0, 0, 0, 0, 1]
    assert [*runs["whole"][0].sum(axis=-1)] == [10, 10, 10, 10, 10, 9]


def test_a_click_trains_a_point_and_reset_takes_it_away() -> None:
    explorer = tau_and_delay(tau=4, delay=2)
    opening = bytes(explorer.image.value), said(explorer)
    assert explorer.live is not None
    explorer.live.start.click()
    explorer.live.wait()
    assert re.search(r"Yours has (9\d|100) % right", said(explorer))
    explorer.reset.click()
    assert (bytes(explorer.image.value), said(explorer)) == opening


# the race and the cliff


def test_the_stored_gradient_is_that_of_the_stored_loss() -> None:
    loss, gradient = race.surface()
    step = 6 / 64
    slopes = np.gradient(loss, step, step)
    for found, axis in ((slopes[1], 0), (slopes[0], 1)):
        same = np.corrcoef(
            found[1:-1, 1:-1].ravel(), gradient[1:-1, 1:-1, axis].ravel()
        )
        assert same[0, 1] > 0.99


def test_the_gradient_of_the_cliff_is_the_numerical_one() -> None:
    for w, b in ((1.7, 0.15), (1.0, 0.2), (0.6, -0.3)):
        _, dw, db = cliffs.loss_and_gradient(w, b)
        up, down = (cliffs.loss_and_gradient(w + e, b)[0] for e in (1e-6, -1e-6))
        assert dw == pytest.approx((up - down) / 2e-6, rel=1e-5)
        up, down = (cliffs.loss_and_gradient(w, b + e)[0] for e in (1e-6, -1e-6))
        assert db == pytest.approx((up - down) / 2e-6, rel=1e-5)


# what the text says


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_half_has_about_a_hundredth_of_the_gradient(seed: int) -> None:
    """Lesson 06, section 2: 10 of 10 seeds."""
    rng = np.random.default_rng(seed)
    layer = Recurrent(RNNCell(6, 32, rng=rng))
    x = TemporalOrder(steps=60).sample(32, rng=rng).inputs
    h, _, cache = layer.forward(x)
    dh = np.zeros_like(h)
    dh[-1] = rng.standard_normal(dh[-1].shape)
    whole = layer.backward(dh, cache)[2]
    _, middle, _ = layer.forward(x[:30])
    near = layer.backward(dh[30:], layer.forward(x[30:], middle)[2])[2]
    far = {name: whole[name] - near[name] for name in whole}
    assert global_norm(whole) > 50
    assert 0.002 < global_norm(far) / global_norm(whole) < 0.05


def test_each_letter_of_the_ten_sentences_can_be_known() -> None:
    assert len({sentence[0] for sentence in SENTENCES}) == len(SENTENCES) == 10
    batch = ten_sentences()
    read = set()
    for b in range(10):
        n = int(np.asarray(batch.input_mask)[:, b].sum())
        tokens = [*batch.inputs[:n, b], batch.targets[n - 1, b]]
        read.add("".join(VOCABULARY.decode(tokens)))
    assert read == set(SENTENCES)
