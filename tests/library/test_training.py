"""Training: what `fit` does to a model, what it records, and how it ends."""

import math
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnlib import SGD, Adam, GRUCell, LSTMCell, Recurrent, RNNCell, Stacked
from rnnlib.batches import Chunk, chunks
from rnnlib.models import Classifier, LanguageModel, SequenceClassifier, Tagger
from rnnlib.optimizers import clip_by_norm, global_norm
from rnnlib.tasks import Batch, Echo, TemporalOrder
from rnnlib.training import (
    EarlyStop,
    History,
    TrainingWarning,
    cosine_decay,
    exponential_decay,
    fit,
    linear_warmup,
)

T, B, V, H = 12, 4, 5, 6
LISTS = ("loss", "gradient_norm", "kept", "update_ratio", "seconds")


def rng(seed=0):
    return np.random.default_rng(seed)


def language_model(seed=0, cell=LSTMCell, size=V):
    return LanguageModel(Recurrent(cell(size, H, rng=rng(seed))), rng=rng(seed))


def text(steps=T, seed=1):
    tokens = rng(seed).integers(0, V, size=(steps + 1, B))
    return Batch(tokens[:-1], tokens[1:])


def regression(scale=1.0, activation="identity", **options):
    """Return a model that overflows if it is stepped too far, and a batch."""
    cell = RNNCell(3, H, rng=rng(), activation=activation)
    model = SequenceClassifier(
        Recurrent(cell), 2, rng=rng(), loss="mean_squared_error", **options
    )
    inputs = rng(1).standard_normal((T, B, 3)) * scale
    return model, Batch(inputs, rng(2).standard_normal((B, 2)))


def copies(params):
    return {name: array.copy() for name, array in params.items()}


def assert_equal(found, expected):
    assert set(found) == set(expected)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


def assert_close(found, expected):
    assert set(found) == set(expected)
    for name in expected:
        np.testing.assert_allclose(
            found[name], expected[name], rtol=1e-9, atol=1e-12, err_msg=name
        )


def quiet(model, batches, optimizer, **options):
    return fit(model, batches, optimizer, progress=False, **options)


class Interrupted:
    """An optimiser or a model that is interrupted in the middle of its n-th call."""

    def __init__(self, inner, name, call, *, after=True):
        self.inner, self.call, self.after = getattr(inner, name), call, after
        self.calls = 0

    def __call__(self, *args, **options):
        self.calls += 1
        if self.calls == self.call and not self.after:
            raise KeyboardInterrupt
        result = self.inner(*args, **options)
        if self.calls == self.call:
            raise KeyboardInterrupt
        return result


# learning and its record


@pytest.mark.parametrize("seed", range(3))
def test_a_tiny_task_is_learnt(seed):
    task, draw = Echo(delay=1, steps=8), rng(seed)
    model = Tagger(Recurrent(RNNCell(len(task.symbols), 16, rng=draw)), 2, rng=draw)
    batches = (task.sample(16, rng=draw) for _ in range(150))
    history = quiet(model, batches, Adam(0.02), clip_norm=1.0)
    test = task.sample(100, rng=draw, split="held_out")
    right = model.predict(test.inputs) == test.targets
    assert right[test.mask].mean() > 0.97
    assert np.mean(history.loss[-10:]) < 0.3 * history.loss[0]


def test_the_history_has_one_entry_for_each_update():
    score = iter(range(100))
    stop = EarlyStop(lambda model: next(score), every=3)
    history = quiet(language_model(), [text()] * 10, SGD(0.1), early_stop=stop)
    assert history.updates == 10
    assert [len(getattr(history, name)) for name in LISTS] == [10] * len(LISTS)
    assert history.metric == [(3, 0.0), (6, 1.0), (9, 2.0), (10, 3.0)]
    assert history.stopped == ""
    assert all(seconds > 0 for seconds in history.seconds)


def test_the_history_holds_the_loss_before_the_update_and_the_norm_before_clipping():
    model, batch = language_model(), text()
    loss = model.loss(batch)
    history = quiet(model, [batch], SGD(0.1), clip_norm=1e-3)
    assert history.loss == [loss.value]
    assert history.gradient_norm == [pytest.approx(global_norm(loss.grads))]
    assert history.gradient_norm[0] > 1e-3


def test_the_update_ratio_is_the_step_over_the_weights():
    model, batch = language_model(), text()
    before, grads = copies(model.params), model.loss(batch).grads
    history = quiet(model, [batch], SGD(0.1))
    expected = 0.1 * global_norm(grads) / global_norm(before)
    assert history.update_ratio == [pytest.approx(expected)]


def test_the_history_holds_what_clipping_kept_and_counts_the_clipped_steps():
    model, batches = language_model(), [text(seed=seed) for seed in range(6)]
    history = quiet(model, batches, SGD(0.1), clip_norm=0.2)
    norms = np.array(history.gradient_norm)
    limit = float(np.median(norms))
    assert history.kept == pytest.approx(np.minimum(1, 0.2 / norms))
    history = quiet(language_model(), batches, SGD(1e-9), clip_norm=limit)
    assert history.clipped == (np.array(history.gradient_norm) > limit).sum() == 3
    assert quiet(language_model(), batches, SGD(0.1)).kept == [1.0] * 6


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_watched_run_holds_the_shares_of_its_states(activation):
    cell = RNNCell(V, H, rng=rng(), activation=activation)
    cell.params["W_xh"] *= 4
    model, batch = LanguageModel(Recurrent(cell), rng=rng()), text()
    history = quiet(model, [batch] * 4, SGD(0.5), watch=2)
    assert [update for update, _, _ in history.saturation] == [2, 4]
    h, _, _ = Recurrent(cell).forward(batch.inputs)
    slope = 1 - h**2 if activation == "tanh" else (h > 0) * 1.0
    shares = (slope < 0.1).mean(), (slope.max(axis=(0, 1)) == 0).mean()
    assert history.saturation[-1][1:] == pytest.approx(shares)
    assert shares[0] > 0
    assert quiet(model, [batch], SGD(0.5)).saturation == []


def test_a_later_chunk_is_watched_from_the_state_that_it_was_given():
    model, pieces = language_model(cell=RNNCell), [*chunks(text(), 6)]
    model.params["recurrent.W_xh"][...] *= 3
    frozen = SGD(1e-12)
    history = quiet(model, pieces, frozen, watch=1)
    h, _, _ = model.parts["recurrent"].forward(text().inputs)
    shares = [(1 - h[part] ** 2 < 0.1).mean() for part in (slice(6), slice(6, 12))]
    assert [found for _, found, _ in history.saturation] == pytest.approx(shares)


def test_one_update_is_one_step_along_the_clipped_gradient():
    model, batch = language_model(), text()
    grads, _ = clip_by_norm(model.loss(batch).grads, 0.01)
    expected = {name: p - 0.1 * grads[name] for name, p in model.params.items()}
    quiet(model, [batch], SGD(0.1), clip_norm=0.01)
    assert_close(model.params, expected)


def test_parameters_are_changed_in_place():
    model = language_model()
    arrays = model.params
    quiet(model, [text()] * 2, Adam(0.1))
    assert all(model.params[name] is array for name, array in arrays.items())


def test_a_history_that_is_given_is_continued():
    model = language_model()
    history = quiet(model, [text()] * 3, SGD(0.1))
    same = quiet(model, [text()] * 2, SGD(0.1), history=history)
    assert same is history
    assert history.updates == 5


def test_dropout_draws_from_the_generator_that_is_given():
    found = []
    for seed in (0, 0, 1):
        model = LanguageModel(Recurrent(GRUCell(V, H, rng=rng())), rng=rng())
        model.dropout = type(model.dropout)(0.5)
        found.append(quiet(model, [text()] * 3, SGD(0.1), rng=rng(seed)).loss)
    assert found[0] == found[1] != found[2]


# schedules


def test_a_schedule_multiplies_the_learning_rate_and_leaves_it_as_it_was():
    found, expected = language_model(), language_model()
    optimizer = SGD(0.5)
    quiet(found, [text()] * 3, optimizer, schedule=lambda n: 1 / (n + 1))
    for rate in (0.5, 0.25, 0.5 / 3):
        quiet(expected, [text()], SGD(rate))
    assert_close(found.params, expected.params)
    assert optimizer.learning_rate == 0.5


def test_a_schedule_counts_the_updates_of_an_earlier_run():
    asked = []

    def schedule(n):
        asked.append(n)
        return 1.0

    lists: dict[str, Any] = {name: [1.0] * 7 for name in LISTS}
    history = History(**lists)
    quiet(
        language_model(),
        [text()] * 2,
        SGD(0.1),
        history=history,
        schedule=schedule,
    )
    assert asked == [7, 8]


def test_schedules_have_their_shape():
    cosine, halving, warm = cosine_decay(10), exponential_decay(5), linear_warmup(4)
    assert [cosine(n) for n in (0, 5, 10, 20)] == pytest.approx([1, 0.5, 0, 0])
    assert [halving(n) for n in (0, 5, 10, 15)] == pytest.approx(
        [1, 1 / 2, 1 / 4, 1 / 8]
    )
    assert [warm(n) for n in range(6)] == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1])


# stopping early


def test_early_stop_puts_the_best_parameters_back():
    model, kept = language_model(), {}
    scores = iter([1.0, 3.0, 2.0, 2.5, 1.0, 9.0])

    def score(model):
        value = next(scores)
        kept[value] = copies(model.params)
        return value

    stop = EarlyStop(score, every=2, patience=3)
    history = quiet(model, [text()] * 50, Adam(0.05), early_stop=stop)
    assert history.updates == 10
    assert history.metric == [(2, 1.0), (4, 3.0), (6, 2.0), (8, 2.5), (10, 1.0)]
    assert_equal(model.params, kept[3.0])
    assert history.stopped == "no score was better than 3"


def test_patience_counts_scores_in_a_row():
    scores = iter([1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 0.0, 9.0])
    stop = EarlyStop(lambda model: next(scores), every=1, patience=2)
    history = quiet(language_model(), [text()] * 20, SGD(0.1), early_stop=stop)
    assert history.updates == 7


def test_training_stops_at_the_target():
    model, kept = language_model(), []
    scores = iter([0.5, 0.95, 1.0])

    def score(model):
        kept.append(copies(model.params))
        return next(scores)

    stop = EarlyStop(score, every=5, target=0.9)
    history = quiet(model, [text()] * 50, SGD(0.1), early_stop=stop)
    assert history.updates == 10
    assert history.stopped == "the score reached 0.95"
    assert_equal(model.params, kept[-1])


@pytest.mark.parametrize(("every", "made"), [(1, "1 update"), (2, "2 updates")])
def test_a_score_that_is_not_a_number_stops_with_a_sentence(every, made):
    stop = EarlyStop(lambda model: math.nan, every=every)
    with pytest.warns(TrainingWarning, match=f"after {made}: the score must be fin"):
        history = quiet(language_model(), [text()] * 5, SGD(0.1), early_stop=stop)
    assert history.updates == every
    word: Any = lambda model: "good"  # noqa: E731
    stop = EarlyStop(word, every=2)
    with pytest.raises(ValueError, match="the score must be a number, got 'good'"):
        quiet(language_model(), [text()] * 5, SGD(0.1), early_stop=stop)


# truncated back-propagation through time


def gradient_of(pieces):
    """Return the mean gradient over pieces of equal length, with the state carried."""
    model, state = language_model(), None
    total = {name: np.zeros_like(p) for name, p in model.params.items()}
    for piece in pieces:
        _, grads, state = model.loss(piece, state)
        for name in total:
            total[name] += grads[name] / len(pieces)
    return total


def step_of(batches):
    """Return the sum of all steps of `fit`; they are too small to change a gradient."""
    model, rate = language_model(), 1e-6
    before = copies(model.params)
    quiet(model, batches, SGD(rate))
    return {name: (before[name] - p) / rate for name, p in model.params.items()}


@pytest.mark.parametrize("tau", [T, T + 1, 10 * T])
def test_with_tau_of_the_whole_length_the_gradient_is_the_full_one(tau):
    batch = text()
    found, expected = language_model(), language_model()
    quiet(found, chunks(batch, tau), SGD(0.1))
    quiet(expected, [batch], SGD(0.1))
    assert_equal(found.params, expected.params)


@pytest.mark.parametrize("tau", [1, 2, 3, 4, 6])
def test_with_a_smaller_tau_the_gradient_is_the_truncated_one(tau):
    """By hand: the whole forward pass at once, and one backward pass a chunk."""
    batch, model = text(), language_model()
    layer, output = model.parts["recurrent"], model.parts["output"]
    h, _, cache = layer.forward(batch.inputs)
    y, _ = output.forward(h)
    _, dy = model.criterion(y, batch.targets, None)
    dh, _ = output.backward(dy, h)
    expected = {name: np.zeros_like(p) for name, p in layer.params.items()}
    for start in range(0, T, tau):
        now = slice(start, start + tau)
        piece = cache._replace(
            **{
                name: getattr(cache, name)[now]
                for name in cache._fields
                if isinstance(getattr(cache, name), np.ndarray)
            }
        )
        for name, gradient in layer.backward(dh[now], piece)[2].items():
            expected[name] += gradient
    found = gradient_of([*chunks(batch, tau)])
    full = model.loss(batch).grads
    for name, gradient in expected.items():
        path = f"recurrent.{name}"
        np.testing.assert_allclose(found[path], gradient, rtol=1e-9, atol=1e-14)
    assert abs(found["recurrent.W_hh"] - full["recurrent.W_hh"]).max() > 1e-6
    np.testing.assert_allclose(found["output.W_hy"], full["output.W_hy"])


def test_fit_carries_the_state_over_a_cut_and_cuts_the_gradient():
    pieces = [*chunks(text(), 3)]
    steps = step_of(pieces)
    for name, gradient in gradient_of(pieces).items():
        np.testing.assert_allclose(
            steps[name] / len(pieces), gradient, rtol=1e-3, atol=1e-6
        )


def test_each_first_chunk_starts_anew():
    batch, model = text(), language_model()
    pieces = [piece for _ in range(2) for piece in chunks(batch, 4)]
    losses = quiet(model, pieces, SGD(1e-12)).loss
    assert losses[:3] == pytest.approx(losses[3:], rel=1e-9)
    assert np.mean(losses[:3]) == pytest.approx(language_model().loss(batch).value)


def test_a_batch_between_chunks_does_not_hand_on_its_state():
    first, second, *_ = chunks(text(), 4)
    with pytest.raises(ValueError, match="first chunk of a sequence, got a later one"):
        quiet(language_model(), [first, text(), second], SGD(0.1))


def test_chunks_carry_the_state_of_every_layer():
    cells = LSTMCell(V, H, rng=rng(0)), GRUCell(H, H, rng=rng(1))
    model = LanguageModel(Stacked([Recurrent(cell) for cell in cells]), rng=rng())
    batch = text()
    losses = quiet(model, chunks(batch, 3), SGD(1e-12)).loss
    assert np.mean(losses) == pytest.approx(model.loss(batch).value)


# the bar


def test_the_bar_shows_updates_and_loss(capfd):
    history = fit(language_model(), [text()] * 3, SGD(0.1))
    shown = capfd.readouterr()
    assert history.updates == 3
    assert "3/3" in shown.err
    assert "loss" in shown.err
    assert shown.out == ""


def test_without_progress_nothing_is_written(capfd):
    fit(language_model(), [text()] * 3, SGD(0.1), progress=False)
    assert capfd.readouterr() == ("", "")


def run_python(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )


def test_the_bar_is_loaded_by_fit_alone():
    code = (
        "import rnnlib.training, rnnlib.training.checkpoints, sys; print(*sys.modules)"
    )
    assert "tqdm" not in run_python(code).stdout.split()


TERMINAL = """
import fcntl, os, pty, struct, sys, termios
child, screen = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execv(sys.executable, [sys.executable, "-W", "error", "-c", '''
import numpy as np
from rnnlib import SGD
from rnnlib.models import Classifier
from rnnlib.tasks import Batch
from rnnlib.training import fit
rng = np.random.default_rng(0)
model = Classifier(2, 3, 2, rng=rng)
fit(model, [Batch(np.ones((1, 2)), np.array([1]))] * 5, SGD(0.1))
'''])
shown = b""
try:
    while piece := os.read(screen, 4096):
        shown += piece
except OSError:
    pass
print(os.waitpid(child, 0)[1], shown)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal: not on Windows")
def test_the_bar_works_in_a_terminal():
    shown = run_python(TERMINAL).stdout
    assert shown.startswith("0 ")
    assert "5/5" in shown
    assert "loss" in shown


# numbers that are not finite


def test_a_learning_rate_that_is_far_too_large_stops_with_a_sentence():
    model, batch = regression()
    before = model.loss(batch).value
    with pytest.warns(TrainingWarning, match="training stopped after") as caught:
        history = quiet(model, [batch] * 500, SGD(1e6))
    assert len(caught) == 1
    message = str(caught[0].message)
    assert "must be finite" in message
    assert "lower the learning rate" in message
    assert "are those of the last finite loss" in message
    assert 1 <= history.updates < 500
    assert history.stopped in message
    assert np.isfinite(model.loss(batch).value)
    assert history.loss[0] == before
    assert all(np.isfinite(getattr(history, name)).all() for name in LISTS)


def test_the_parameters_are_those_with_which_the_last_finite_loss_was_computed():
    model, batch = regression()
    with pytest.warns(TrainingWarning):
        history = quiet(model, [batch] * 500, SGD(1e6))
    last = model.loss(batch).value
    assert last == history.loss[-1]


def test_after_that_training_goes_on_with_the_same_optimiser():
    model, batch = regression()
    optimizer = Adam(1e200)
    with pytest.warns(TrainingWarning):
        quiet(model, [batch] * 500, optimizer)
    optimizer.learning_rate = 0.01
    history = quiet(model, [batch] * 200, optimizer, clip_norm=1.0)
    assert history.updates == 200
    assert history.stopped == ""


def test_nan_in_an_input_is_named_and_changes_nothing():
    model, batch = regression()
    before = copies(model.params)
    batch.inputs[3, 1, 2] = math.nan
    says = r"after 0 updates: x must be finite, got nan at index \(3, 1, 2\)"
    with pytest.warns(TrainingWarning, match=says):
        history = quiet(model, [batch], Adam(0.1))
    assert history.updates == 0
    assert_equal(model.params, before)


def test_nan_in_a_later_input_keeps_the_parameters_of_the_last_finite_loss():
    model, batch = regression()
    broken = Batch(batch.inputs * math.nan, batch.targets)
    before = []

    def batches():
        for given in (batch, batch, batch, broken):
            before.append(copies(model.params))
            yield given

    with pytest.warns(TrainingWarning, match="after 3 updates: x must be finite"):
        history = quiet(model, batches(), Adam(0.1))
    assert history.updates == 3
    assert_equal(model.params, before[2])
    assert model.loss(batch).value == history.loss[-1]


def test_a_loss_that_overflows_is_named():
    model, batch = regression(scale=1e300)
    with pytest.warns(TrainingWarning, match="(loss|predictions|h) must be finite"):
        quiet(model, [batch], SGD(0.1))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda loss: loss._replace(value=math.inf),
            "the loss must be finite, got inf",
        ),
        (
            lambda loss: loss._replace(
                grads=loss.grads
                | {"output.b_y": np.full_like(loss.grads["output.b_y"], math.nan)}
            ),
            "the gradient of output.b_y must be finite, got NaN or infinity",
        ),
    ],
)
def test_the_loss_and_the_gradient_are_told_apart(change, says, monkeypatch):
    model, batch = regression()
    before, loss = copies(model.params), model.loss
    monkeypatch.setattr(
        model, "loss", lambda *args, **options: change(loss(*args, **options))
    )
    with pytest.warns(TrainingWarning, match=says):
        quiet(model, [batch], SGD(0.1))
    assert_equal(model.params, before)


def test_a_step_that_overflows_is_named_and_taken_back():
    model, batch = regression()
    before = copies(model.params)
    with pytest.warns(TrainingWarning, match=r"parameter \S+\.\S+ must be finite"):
        history = quiet(model, [batch], SGD(1e308), schedule=lambda n: 10.0)
    assert history.updates == 0
    assert_equal(model.params, before)


def test_a_moment_that_overflows_is_named_and_taken_back():
    """Otherwise it would be infinite for ever, and its parameter stand still."""
    model, batch = regression()
    huge = Batch(batch.inputs * 1e100, batch.targets)
    optimizer = Adam(0.1)
    quiet(model, [batch], optimizer)
    before = copies(model.params)
    with pytest.warns(TrainingWarning, match=r"the square of the gradient of \S+ must"):
        quiet(model, [huge], optimizer)
    assert_equal(model.params, before)
    assert optimizer.updates == 1
    assert all(np.isfinite(s).all() for s in optimizer.state["s"].values())


def test_the_warning_says_nothing_where_all_is_well():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quiet(language_model(), [text()] * 3, SGD(0.1))


# interrupts


def test_an_interrupt_while_batches_are_drawn_returns_the_history_so_far():
    model, expected = language_model(), language_model()
    optimizer = Adam(0.1)

    def batches():
        yield text()
        yield text()
        raise KeyboardInterrupt

    history = quiet(model, batches(), optimizer)
    assert history.updates == 2
    assert history.stopped == "interrupted"
    assert optimizer.updates == 2
    quiet(expected, [text()] * 2, Adam(0.1))
    assert_equal(model.params, expected.params)


@pytest.mark.parametrize("where", ["loss", "update"])
@pytest.mark.parametrize("after", [False, True])
def test_an_interrupt_leaves_the_model_and_the_optimiser_of_the_last_whole_update(
    where, after, monkeypatch
):
    model, expected = language_model(), language_model()
    optimizer, other = Adam(0.1), Adam(0.1)
    owner = model if where == "loss" else optimizer
    with monkeypatch.context() as patch:
        patch.setattr(owner, where, Interrupted(owner, where, 3, after=after))
        history = quiet(model, [text()] * 9, optimizer)
    assert history.stopped == "interrupted"
    assert [len(getattr(history, name)) for name in LISTS] == [2] * len(LISTS)
    quiet(expected, [text()] * 2, other)
    assert_equal(model.params, expected.params)
    # ... and training goes on as if it had not been interrupted
    quiet(model, [text()] * 3, optimizer, history=history)
    quiet(expected, [text()] * 3, other)
    assert_equal(model.params, expected.params)
    assert history.updates == 5
    assert history.stopped == ""


def test_an_interrupt_between_two_parameters_is_undone(monkeypatch):
    model, optimizer = language_model(), Adam(0.1)
    before = copies(model.params)
    with monkeypatch.context() as patch:
        patch.setattr(optimizer, "direction", Interrupted(optimizer, "direction", 3))
        history = quiet(model, [text()], optimizer)
    assert history.updates == 0
    assert optimizer.updates == 0
    assert optimizer.state == {}
    assert_equal(model.params, before)


def test_an_interrupt_while_the_update_is_recorded_is_undone(monkeypatch):
    calls = iter([1.0, 2.0, 3.0])

    def clock():
        try:
            return next(calls)
        except StopIteration:
            raise KeyboardInterrupt from None

    model, expected = language_model(), language_model()
    with monkeypatch.context() as patch:
        patch.setattr("time.perf_counter", clock)
        history = quiet(model, [text()] * 3, SGD(0.1))
    quiet(expected, [text()], SGD(0.1))
    assert [len(getattr(history, name)) for name in LISTS] == [1] * len(LISTS)
    assert_equal(model.params, expected.params)


# errors are not swallowed


def test_a_wrong_batch_is_an_error_and_changes_nothing():
    model = language_model()
    before = copies(model.params)
    wrong = Batch(np.full((T, B), V), np.zeros((T, B), int))
    with pytest.raises(ValueError, match="x must lie between 0 and 4, got 5"):
        quiet(model, [wrong], SGD(0.1))
    assert_equal(model.params, before)


def test_an_error_of_the_batches_is_not_swallowed():
    def batches():
        yield text()
        raise RuntimeError("the corpus is gone")

    with pytest.raises(RuntimeError, match="the corpus is gone"):
        quiet(language_model(), batches(), SGD(0.1))


@pytest.mark.parametrize("empty", [[], iter([])])
def test_no_batch_is_an_error(empty):
    with pytest.raises(ValueError, match="batches must hold at least one batch, got n"):
        quiet(language_model(), empty, SGD(0.1))


def test_an_optimiser_of_another_model_is_an_error_and_changes_nothing():
    optimizer = Adam(0.1)
    quiet(
        Classifier(2, 3, 2, rng=rng()),
        [Batch(np.ones((1, 2)), np.array([1]))],
        optimizer,
    )
    model = language_model()
    before = copies(model.params)
    with pytest.raises(ValueError, match="params must have the keys"):
        quiet(model, [text()], optimizer)
    assert_equal(model.params, before)


def test_a_chunk_is_a_batch_for_a_model_that_carries_nothing():
    model = SequenceClassifier(Recurrent(RNNCell(6, H, rng=rng())), 4, rng=rng())
    batch = TemporalOrder(steps=10).sample(3, rng=rng())
    assert quiet(model, [Chunk(*batch)], SGD(0.1)).updates == 1


# a chunk that is padding from end to end


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("both", [False, True], ids=["one way", "stacked"])
def test_a_chunk_of_padding_alone_has_loss_0_and_hands_the_state_on(side, both):
    """Long padding, on either side: training goes on, and nothing is lost."""
    layer: Any = Recurrent(GRUCell(V, H, rng=rng()), learn_initial_state=True)
    if both:
        layer = Stacked([layer, Recurrent(LSTMCell(H, H, rng=rng(1)))])
    model = Tagger(layer, V, rng=rng())
    for name, array in model.params.items():
        if name.endswith(("h_0", "b_h")):
            array[...] = rng(2).standard_normal(array.shape)
    whole = text(6)
    padded = [np.concatenate([x, x, x]) for x in whole[:2]]
    places = slice(12, 18) if side == "left" else slice(0, 6)
    exists = np.zeros((18, B), dtype=bool)
    exists[places] = True
    long = Batch(padded[0], padded[1], exists, exists)
    pieces: list[Any] = [*chunks(long, 3)]
    assert sum(not piece.input_mask.any() for piece in pieces) == 4
    losses, state = [], None
    for piece in pieces:
        value, grads, state = model.loss(piece, state)
        losses.append(value)
        assert set(grads) == set(model.params)
        if not piece.input_mask.any():
            assert value == 0
            assert not any(array.any() for array in grads.values())
    expected, state_of_it = [], None
    short: Any = chunks(Batch(*(x[places] for x in padded)), 3)
    for piece in short:
        value, _, state_of_it = model.loss(piece, state_of_it)
        expected.append(value)
    assert [value for value in losses if value] == expected
    np.testing.assert_equal(state, state_of_it)
    history = quiet(model, pieces, SGD(0.1))
    assert history.updates == 6
    assert [value == 0 for value in history.loss] == [value == 0 for value in losses]
    assert history.stopped == ""


def test_a_batch_of_padding_alone_is_still_an_error():
    """It is no piece of anything: who passes it has made a mistake."""
    nothing = np.zeros((T, B), dtype=bool)
    batch = text()
    model = language_model()
    with pytest.raises(ValueError, match="mask must leave at least one step"):
        model.loss(Batch(batch[0], batch[1], None, nothing))


# what a generator is needed for


def test_a_model_that_drops_units_is_not_trained_without_a_generator():
    model, expected = (Tagger(layer_of(), V, rng=rng(), dropout=0.5) for _ in range(2))
    before = copies(model.params)
    with pytest.raises(
        ValueError, match=r"rng must be a numpy.random.Generator, since"
    ):
        quiet(model, [text()], SGD(0.1))
    assert_equal(model.params, before)
    quiet(model, [text()], SGD(0.1), rng=rng(5))
    loss = expected.loss(text(), rng=rng(5))
    SGD(0.1).update(expected.params, loss.grads)
    assert_equal(model.params, expected.params)


def layer_of():
    return Recurrent(GRUCell(V, H, rng=rng()))


def test_the_generator_of_a_checkpoint_serves_dropout(tmp_path):
    from rnnlib import Checkpoint

    model, expected = (Tagger(layer_of(), V, rng=rng(), dropout=0.5) for _ in range(2))
    checkpoint = Checkpoint(tmp_path / "run.npz", rng(5))
    quiet(model, [text()] * 3, SGD(0.1), checkpoint=checkpoint)
    quiet(expected, [text()] * 3, SGD(0.1), rng=rng(5))
    assert_equal(model.params, expected.params)


# who returned a number that is not finite


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_a_score_that_is_not_finite_blames_the_score_and_undoes_no_update(wrong):
    scores = iter([0.5, wrong])
    stop = EarlyStop(lambda model: next(scores), every=2)
    model, expected = language_model(), language_model()
    with pytest.warns(TrainingWarning, match="the score must be finite") as caught:
        history = quiet(model, [text()] * 9, SGD(0.1), early_stop=stop)
    message = str(caught[0].message)
    assert "Look at the score of early_stop" in message
    assert "are those of the best score" in message
    assert "learning rate" not in message
    assert history.updates == 4
    assert history.metric == [(2, 0.5)]
    quiet(expected, [text()] * 2, SGD(0.1))
    assert_equal(model.params, expected.params)  # of the best score


def test_a_first_score_of_nan_leaves_the_parameters_as_trained():
    stop = EarlyStop(lambda model: math.nan, every=3)
    model, expected = language_model(), language_model()
    with pytest.warns(
        TrainingWarning, match=r"of the last finite loss. Look at the sc"
    ):
        history = quiet(model, [text()] * 9, SGD(0.1), early_stop=stop)
    assert history.updates == 3
    quiet(expected, [text()] * 3, SGD(0.1))
    assert_equal(model.params, expected.params)


def test_a_factor_of_nan_blames_the_schedule():
    model, before = language_model(), copies(language_model().params)
    with pytest.warns(
        TrainingWarning, match=r"factor must be finite.* Look at the sch"
    ):
        history = quiet(model, [text()], SGD(0.1), schedule=lambda n: math.nan)
    assert history.updates == 0
    assert_equal(model.params, before)


def test_a_loss_of_nan_still_blames_the_learning_rate():
    model, batch = regression()
    wild = Batch(batch.inputs * 1e200, batch.targets * 1e200)
    with pytest.warns(
        TrainingWarning, match=r"lower the learning rate or set clip_norm"
    ):
        quiet(model, [batch, wild], SGD(0.1))


# the best parameters, however training ends

ENDS = {
    "the batches end": (lambda: [text()] * 8, None),
    "the batches end between two scores": (lambda: [text()] * 9, None),
    "an interrupt": (lambda: interrupting(8), None),
    "a batch that is wrong": (lambda: [*([text()] * 8), "none"], ValueError),
}


def interrupting(after):
    for _ in range(after):
        yield text()
    raise KeyboardInterrupt


@pytest.mark.parametrize("end", ENDS)
def test_the_parameters_of_the_best_score_are_kept_however_training_ends(end):
    batches, error = ENDS[end]
    scores = iter([0.1, 0.7, 0.3, 0.4, 0.6])
    stop = EarlyStop(lambda model: next(scores), every=2, patience=9)
    model, expected, history = language_model(), language_model(), History()
    options: Any = {"early_stop": stop, "history": history}
    if error:
        with pytest.raises(error):
            quiet(model, batches(), SGD(0.1), **options)
    else:
        quiet(model, batches(), SGD(0.1), **options)
    assert max(history.metric, key=lambda entry: entry[1]) == (4, 0.7)
    quiet(expected, [text()] * 4, SGD(0.1))
    assert_equal(model.params, expected.params)


def test_the_last_parameters_are_scored_and_kept_if_they_are_the_best():
    scores = iter([0.1, 0.9])
    stop = EarlyStop(lambda model: next(scores), every=4)
    model, expected = language_model(), language_model()
    history = quiet(model, [text()] * 7, SGD(0.1), early_stop=stop)
    assert history.metric == [(4, 0.1), (7, 0.9)]
    quiet(expected, [text()] * 7, SGD(0.1))
    assert_equal(model.params, expected.params)


# the learning rate


@pytest.mark.parametrize("wrong", [-1.0, 0.0, math.nan, math.inf])
def test_a_learning_rate_out_of_range_never_reaches_an_update(wrong):
    model, optimizer = language_model(), SGD(0.1)
    with pytest.raises(ValueError, match="learning_rate must be"):
        optimizer.learning_rate = wrong
    quiet(model, [text()], optimizer, schedule=lambda n: 0.0)  # a factor may be 0
    assert optimizer.learning_rate == 0.1


def test_a_norm_beyond_all_floats_stops_training():
    model, batch = regression()
    grads = {name: np.full_like(p, 1e308) for name, p in model.params.items()}

    class Steep(type(model)):  # type: ignore[misc]
        def loss(self, *args, **options):
            return super().loss(*args, **options)._replace(grads=grads)

    model.__class__ = Steep
    with pytest.warns(TrainingWarning, match=r"the norm of the gradient must be fin"):
        history = quiet(model, [batch], SGD(1e-310))
    assert history.updates == 0
