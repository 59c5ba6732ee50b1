"""Checkpoints: a run that is resumed goes on bit for bit, whatever has happened."""

import math
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    SGD,
    Adam,
    AdditiveAttention,
    GRUCell,
    LSTMCell,
    Momentum,
    Recurrent,
    RMSProp,
    RNNCell,
    SelfAttention,
    Stacked,
)
from rnnlib.batches import chunks
from rnnlib.models import Classifier, LanguageModel, SequenceClassifier
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.optimizers import Optimizer
from rnnlib.storage import StorageError, read_arrays, save, write_arrays
from rnnlib.tasks import Batch, Reversal, TemporalOrder
from rnnlib.training import EarlyStop, cosine_decay, fit
from rnnlib.training.checkpoints import Checkpoint, resume

V, H = 5, 4
OPTIMIZERS = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}
GENERATORS = ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"]


def rng(seed=0):
    return np.random.default_rng(seed)


def language_model(seed=0, dropout=0.0, dtype=np.float64):
    cells = (
        LSTMCell(V, H, rng=rng(seed), dtype=dtype),
        GRUCell(H, H, rng=rng(seed + 1), dtype=dtype),
    )
    layer = Stacked([Recurrent(cell) for cell in cells])
    return LanguageModel(layer, rng=rng(seed), dropout=dropout)


def classifier(seed=0):
    cell = RNNCell(6, H, rng=rng(seed))
    return SequenceClassifier(Recurrent(cell), 4, rng=rng(seed), dropout=0.3)


def translator(seed=0):
    draw, size = rng(seed), len(Reversal(3).source_vocabulary)
    encoder, decoder = (Recurrent(GRUCell(size, H, rng=draw)) for _ in range(2))
    attention = AdditiveAttention(H, H, 3, rng=draw)
    return Seq2Seq(encoder, decoder, rng=draw, attention=attention, teacher_forcing=0.5)


def examples(count, draw):
    return (TemporalOrder(steps=8).sample(3, rng=draw) for _ in range(count))


def pairs(count, draw):
    return (Reversal(3).sample(3, rng=draw) for _ in range(count))


def texts(count, draw):
    """Yield chunks of texts, four to a text, drawn when they are needed."""
    made = 0
    while True:
        tokens = draw.integers(0, V, size=(9, 3))
        for piece in chunks(Batch(tokens[:-1], tokens[1:]), 2):
            if made == count:
                return
            made += 1
            yield piece


def moments_of(optimizer):
    return {
        f"{moment}.{name}": array
        for moment, arrays in optimizer.state.items()
        for name, array in arrays.items()
    }


def assert_equal(found, expected):
    assert set(found) == set(expected)
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


def assert_same_run(found, expected):
    """Compare model, optimiser, generator and history of two runs."""
    model, optimizer, draw, history = found
    model_2, optimizer_2, draw_2, history_2 = expected
    assert_equal(model.params, model_2.params)
    assert_equal(moments_of(optimizer), moments_of(optimizer_2))
    assert optimizer.updates == optimizer_2.updates
    assert draw.random() == draw_2.random()
    for name in (
        "loss",
        "gradient_norm",
        "kept",
        "update_ratio",
        "metric",
        "saturation",
    ):
        assert getattr(history, name) == getattr(history_2, name), name


def options(draw, **more):
    return {
        "rng": draw,
        "clip_norm": 1.0,
        "schedule": cosine_decay(30),
        "progress": False,
    } | more


# going on


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(
    ("make", "batches"), [(classifier, examples), (translator, pairs)]
)
def test_twenty_updates_are_ten_and_ten_more(tmp_path, name, make, batches):
    path, optimizer = tmp_path / "run.npz", OPTIMIZERS[name](0.05)
    model, draw = make(), rng(3)
    history = fit(model, batches(20, draw), optimizer, **options(draw))
    straight = model, optimizer, draw, history

    model, optimizer, draw = make(), OPTIMIZERS[name](0.05), rng(3)
    place = Checkpoint(path, draw, every=10)
    fit(model, batches(10, draw), optimizer, **options(draw, checkpoint=place))
    model, optimizer, draw = make(7), OPTIMIZERS[name](0.05), rng(99)
    history, state = resume(path, model, optimizer, draw)
    assert history.updates == 10
    assert state is None
    fit(model, batches(10, draw), optimizer, **options(draw, history=history))
    assert_same_run((model, optimizer, draw, history), straight)


def test_what_was_watched_is_kept(tmp_path):
    model, draw = classifier(), rng(1)
    place = Checkpoint(tmp_path / "run.npz", draw, every=4)
    batches = examples(4, draw)
    history = fit(model, batches, SGD(0.1), checkpoint=place, watch=2, progress=False)
    back, _ = resume(place.path, model, SGD(0.1), draw)
    assert back.saturation == history.saturation
    assert [update for update, *_ in back.saturation] == [2, 4]
    back.cut(3)
    assert [update for update, *_ in back.saturation] == [2]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("first", [1, 3, 4, 10])
def test_chunks_go_on_in_the_middle_of_a_text(tmp_path, name, dtype, first):
    def parts(seed):
        return language_model(seed, 0.2, dtype), OPTIMIZERS[name](0.05), rng(3)

    pieces = [*texts(20, rng(8))]
    model, optimizer, draw = parts(0)
    history = fit(model, pieces, optimizer, **options(draw))
    straight = model, optimizer, draw, history

    path = tmp_path / "run.npz"
    model, optimizer, draw = parts(0)
    place = Checkpoint(path, draw, every=first)
    fit(model, pieces[:first], optimizer, **options(draw, checkpoint=place))
    model, optimizer, draw = parts(5)
    history, state = resume(path, model, optimizer, draw)
    more = options(draw, history=history, state=state)
    fit(model, pieces[first:], optimizer, **more)
    assert_same_run((model, optimizer, draw, history), straight)


def test_the_carried_state_comes_back_in_its_form(tmp_path):
    model, draw = language_model(), rng()
    place = Checkpoint(tmp_path / "run.npz", draw, every=1)
    (piece,) = texts(1, rng(8))
    expected = model.loss(piece).state
    fit(model, [piece], SGD(1e-9), checkpoint=place, progress=False)
    _, state = resume(place.path, model, SGD(1e-9), draw)
    assert [type(part) for part in state] == [type(part) for part in expected]
    for found, wanted in zip(state, expected, strict=True):
        assert_equal(found._asdict(), wanted._asdict())


def test_a_table_that_has_grown_comes_back_as_long_as_it_was(tmp_path):
    model, draw = LanguageModel(SelfAttention(V, H, rng=rng()), rng=rng()), rng()
    place = Checkpoint(tmp_path / "run.npz", draw, every=1)
    state: Any = None
    for piece in texts(3, rng(8)):
        state = model.loss(piece, state).state
    fit(model, texts(3, rng(8)), SGD(1e-12), checkpoint=place, progress=False)
    _, found = resume(place.path, model, SGD(1e-9), draw)
    assert type(found) is type(state)
    assert found.keys.shape == (6, 3, H)
    for array, wanted in zip(found, state, strict=True):
        np.testing.assert_allclose(array, wanted, rtol=1e-6)


@pytest.mark.parametrize("kind", GENERATORS)
def test_every_generator_of_numpy_can_be_saved(tmp_path, kind):
    def generator(seed):
        return np.random.Generator(getattr(np.random, kind)(seed))

    model, draw = classifier(), generator(3)
    draw.integers(0, 9, size=3, dtype=np.uint8)  # half a word is left over
    place = Checkpoint(tmp_path / "run.npz", draw, every=2)
    fit(model, examples(2, draw), SGD(0.1), checkpoint=place, progress=False)
    other = generator(4)
    resume(place.path, model, SGD(0.1), other)
    assert_equal({"drawn": other.random(9)}, {"drawn": draw.random(9)})


def test_a_score_that_draws_is_part_of_the_run(tmp_path):
    def score(draw):
        return EarlyStop(lambda model: draw.random(), every=5, patience=100)

    model, optimizer, draw = classifier(), Adam(0.05), rng(3)
    more = options(draw, early_stop=score(draw))
    history = fit(model, examples(20, draw), optimizer, **more)
    straight = model, optimizer, draw, history

    model, optimizer, draw = classifier(), Adam(0.05), rng(3)
    place = Checkpoint(tmp_path / "run.npz", draw, every=10)
    more = options(draw, early_stop=score(draw), checkpoint=place)
    fit(model, examples(10, draw), optimizer, **more)
    model, optimizer, draw = classifier(5), Adam(0.05), rng(4)
    history, _ = resume(place.path, model, optimizer, draw)
    more = options(draw, early_stop=score(draw), history=history)
    fit(model, examples(10, draw), optimizer, **more)
    assert_same_run((model, optimizer, draw, history), straight)


def test_it_is_saved_every_so_many_updates(tmp_path):
    draw, found = rng(), []

    class Watched(Checkpoint):
        def save(self, model, optimizer, history, state):
            found.append(history.updates)

    place = Watched(tmp_path / "run.npz", draw, every=3)
    fit(classifier(), examples(10, draw), SGD(0.1), checkpoint=place, progress=False)
    assert found == [3, 6, 9]


def test_one_generator_is_saved_so_dropout_must_not_have_its_own(tmp_path):
    place = Checkpoint(tmp_path / "run.npz", rng(), every=1)
    with pytest.raises(ValueError, match="rng must be the one of the checkpoint, got"):
        fit(classifier(), [], SGD(0.1), rng=rng(), checkpoint=place, progress=False)


# kills and failures

KILLED = """
import os, signal, sys
import numpy as np
from rnnlib import Adam
from rnnlib.training.checkpoints import Checkpoint
from rnnlib.training import fit
from tests.library.test_checkpoints import classifier, examples, rng

draw = rng(3)
place = Checkpoint(sys.argv[1], draw, every=10)
whole = np.lib.format.write_array

def killed(*args, **options):
    whole(*args, **options)
    killed.calls += 1
    if killed.calls > 4:
        if sys.argv[2] == "exit":
            os._exit(7)
        os.kill(os.getpid(), signal.SIGKILL)

killed.calls = 0

def batches():
    for n, batch in enumerate(examples(20, draw)):
        if n == 15:
            np.lib.format.write_array = killed
        yield batch

fit(classifier(), batches(), Adam(0.05), rng=draw, checkpoint=place, progress=False)
"""


@pytest.mark.parametrize("how", ["exit", "kill"])
def test_a_kill_in_the_middle_of_a_write_leaves_the_old_checkpoint(tmp_path, how):
    if how == "kill" and not hasattr(signal, "SIGKILL"):
        how = "exit"
    path = tmp_path / "run.npz"
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), how],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
    )
    assert run.returncode == (7 if how == "exit" else -9), run.stderr
    assert len(list(tmp_path.iterdir())) == 2  # the old one, and half of a new one

    model, optimizer, draw = classifier(5), Adam(0.05), rng(4)
    history, _ = resume(path, model, optimizer, draw)
    assert history.updates == 10
    fit(model, examples(10, draw), optimizer, rng=draw, history=history, progress=False)
    other, other_optimizer, other_draw = classifier(), Adam(0.05), rng(3)
    batches = examples(20, other_draw)
    straight = fit(other, batches, other_optimizer, rng=other_draw, progress=False)
    assert_same_run(
        (model, optimizer, draw, history),
        (other, other_optimizer, other_draw, straight),
    )


def saved(tmp_path, make=classifier, optimizer=None, batches=examples):
    """Return the path of a checkpoint after two updates."""
    draw = rng(3)
    place = Checkpoint(tmp_path / "run.npz", draw, every=2)
    optimizer = optimizer or Adam(0.05)
    fit(make(), batches(2, draw), optimizer, checkpoint=place, progress=False)
    return place.path


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ("numpy.savez", OSError),
        ("os.fsync", OSError),
        ("os.replace", OSError),
        ("os.replace", KeyboardInterrupt),
        ("numpy.savez", MemoryError),
    ],
)
def test_a_failure_before_the_renaming_leaves_the_old_file_alone(
    tmp_path, monkeypatch, broken, error
):
    path = saved(tmp_path)
    before = path.read_bytes()

    def fails(*args, **options):
        raise error(28, "No space left on device")

    monkeypatch.setattr(broken, fails)
    expected = StorageError if error is OSError else error
    with pytest.raises(expected, match="No space left on device"):
        write_arrays(path, "checkpoint", {}, {"param.W": np.ones(3)})
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]


def test_an_interrupt_in_a_write_ends_training_and_leaves_the_old_file(
    tmp_path, monkeypatch
):
    path, draw = saved(tmp_path), rng()
    before = path.read_bytes()

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    place = Checkpoint(path, draw, every=1)
    history = fit(
        classifier(), examples(5, draw), SGD(0.1), checkpoint=place, progress=False
    )
    assert history.stopped == "interrupted"
    assert history.updates == 1
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]


# wrong files


def other_cell():
    return SequenceClassifier(Recurrent(GRUCell(6, H, rng=rng())), 4, rng=rng())


def other_size():
    return SequenceClassifier(Recurrent(RNNCell(6, H + 1, rng=rng())), 4, rng=rng())


def other_dtype():
    cell = RNNCell(6, H, rng=rng(), dtype=np.float32)
    return SequenceClassifier(Recurrent(cell), 4, rng=rng())


def edited(path, change):
    """Write a checkpoint anew, with a change of its header or arrays."""
    header, arrays = read_arrays(path, "checkpoint")
    for name in ("rnnlib", "kind"):
        header.pop(name)
    change(header, arrays)
    write_arrays(path, "checkpoint", header, arrays)


def assert_refused(path, says, model=None, optimizer=None, draw=None):
    """Check that a file is refused, and nothing has been changed."""
    model, draw = model or classifier(5), draw or rng(9)
    optimizer = optimizer or Adam(0.05)
    params = {name: array.copy() for name, array in model.params.items()}
    state = str(draw.bit_generator.state)
    with pytest.raises(StorageError, match=says) as caught:
        resume(path, model, optimizer, draw)
    assert "\n" not in str(caught.value)
    assert_equal(model.params, params)
    assert optimizer.updates == 0
    assert optimizer.state == {}
    assert str(draw.bit_generator.state) == state


@pytest.mark.parametrize("make", [other_cell, other_size, other_dtype])
def test_another_model_is_refused_and_nothing_is_changed(tmp_path, make):
    assert_refused(saved(tmp_path), "must be a checkpoint of this model", make())


@pytest.mark.parametrize("optimizer", [SGD(0.05), Momentum(0.05), RMSProp(0.05)])
def test_another_optimiser_is_refused_and_nothing_is_changed(tmp_path, optimizer):
    says = "optimiser and generator, got a different one .the optimiser is Adam"
    assert_refused(saved(tmp_path), says, optimizer=optimizer)


def test_another_generator_is_refused_and_nothing_is_changed(tmp_path):
    draw = np.random.Generator(np.random.MT19937(0))
    assert_refused(saved(tmp_path), "must be a checkpoint of this", draw=draw)


def test_a_model_file_is_no_checkpoint(tmp_path):
    path = tmp_path / "model.npz"
    save(path, Classifier(2, 3, 2, rng=rng()))
    assert_refused(path, "must hold a checkpoint, got a model")


CHANGES = {
    "no history": lambda header, arrays: header.pop("history"),
    "a history of text": lambda header, arrays: header["history"].update(loss="ab"),
    "half a history": lambda header, arrays: header["history"]["loss"].pop(),
    "a history of nan": lambda header, arrays: header["history"].update(
        loss=[math.nan] * 2
    ),
    "a metric of one": lambda header, arrays: header["history"].update(metric=[[3]]),
    "an unknown field": lambda header, arrays: header["history"].update(accuracy=[]),
    "no updates": lambda header, arrays: header.pop("updates"),
    "updates of text": lambda header, arrays: header.update(updates="2"),
    "negative updates": lambda header, arrays: header.update(updates=-1),
    "no generator": lambda header, arrays: header.pop("rng"),
    "half a generator": lambda header, arrays: header["rng"].pop("state"),
    "a negative generator": lambda header, arrays: header["rng"]["state"].update(
        state=-1
    ),
    "no optimiser": lambda header, arrays: header.pop("optimizer"),
    "a missing parameter": lambda header, arrays: arrays.pop("param.output.b_y"),
    "a further parameter": lambda header, arrays: arrays.update(
        {"param.output.b": np.ones(3)}
    ),
    "a parameter of nan": lambda header, arrays: arrays["param.output.b_y"].fill(
        math.nan
    ),
    "a complex parameter": lambda header, arrays: arrays.update(
        {"param.output.b_y": np.ones(4, complex)}
    ),
    "a missing moment": lambda header, arrays: arrays.pop("moment.m.output.b_y"),
    "an infinite moment": lambda header, arrays: arrays["moment.s.output.b_y"].fill(
        math.inf
    ),
    "a moment of another shape": lambda header, arrays: arrays.update(
        {"moment.m.output.b_y": np.ones(9)}
    ),
    "a state of another shape": lambda header, arrays: arrays.update(
        {"state.0": np.ones((2, H + 3))}
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_checkpoint_that_was_changed_is_refused(tmp_path, change):
    path = saved(tmp_path)
    edited(path, CHANGES[change])
    assert_refused(path, "must be a checkpoint of this model, optimiser and generator")


def test_half_a_state_is_refused(tmp_path):
    path = saved(tmp_path, language_model, batches=texts)
    edited(path, lambda header, arrays: arrays.pop("state.1"))
    assert_refused(path, "must be a checkpoint of this", language_model())


def test_a_checkpoint_of_nothing_is_refused(tmp_path):
    assert_refused(tmp_path / "none.npz", "must be a file, got none there")


def test_an_optimiser_that_is_not_of_the_library_may_be_resumed(tmp_path):
    class Signs(Optimizer):
        def direction(self, gradient, *moments):
            return np.sign(gradient)

    path, optimizer = saved(tmp_path, optimizer=Signs(0.01)), Signs(0.01)
    history, _ = resume(path, classifier(5), optimizer, rng())
    assert history.updates == optimizer.updates == 2
