"""Storage: a model that is saved comes back whole, and nothing else comes back."""

import io
import json
import math
import os
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnlib import (
    AdditiveAttention,
    Bidirectional,
    DotAttention,
    Dropout,
    Embedding,
    FastWeights,
    MinGRUCell,
    MinLSTMCell,
    Recurrent,
    RNNCell,
    Scanned,
    SelfAttention,
    Stacked,
    Vocabulary,
)
from rnnlib._npz import FORMAT
from rnnlib.models import (
    Classifier,
    LanguageModel,
    SequenceClassifier,
    Tagger,
)
from rnnlib.models.conditional import ConditionalLanguageModel
from rnnlib.models.seq2seq import Seq2Seq
from rnnlib.storage import KINDS, StorageError, load, save
from rnnlib.tasks import Batch
from tests.library.nets import KINDS as CELLS
from tests.library.nets import LAYERS, draw_cell, draw_layer

T, B, V, H = 6, 3, 5, 4
DTYPES = [np.float64, np.float32]


def rng(seed=0):
    return np.random.default_rng(seed)


def recurrent(kind="lstm", dtype=np.float64, D=V, **options):
    return Recurrent(draw_cell(rng(), D, H, kind, dtype), **options)


def translator(attention=None, **options):
    layers = recurrent("gru"), recurrent("gru", D=V + 1)
    return Seq2Seq(*layers, rng=rng(), attention=attention, **options)


TOKENS = rng(1).integers(0, V, size=(T, B))
MASK = np.arange(T)[:, None] < [T, 3, 1]
VECTORS = rng(2).standard_normal((B, 3))
MODELS = {
    "classifier": lambda: Classifier(3, H, 2, rng=rng()),
    "sequence classifier": lambda: SequenceClassifier(recurrent(), 2, rng=rng()),
    "sequence classifier, mean": lambda: SequenceClassifier(
        recurrent("gru"), 3, rng=rng(), pool="mean", loss="mean_squared_error"
    ),
    "sequence classifier, one number": lambda: SequenceClassifier(
        recurrent(), rng=rng(), loss="binary_cross_entropy"
    ),
    "tagger": lambda: Tagger(recurrent("tanh"), 2, rng=rng()),
    "tagger, yes or no": lambda: Tagger(
        recurrent(), 2, rng=rng(), loss="binary_cross_entropy", dropout=0.25
    ),
    "language model": lambda: LanguageModel(recurrent(), rng=rng(), dropout=0.5),
    "language model, embedding and vocabulary": lambda: LanguageModel(
        Stacked(
            [
                Embedding(V, 3, rng=rng()),
                Dropout(0.25, same_over_time=True),
                recurrent("gru", D=3),
                Dropout(0.5),
                recurrent(D=H),
            ]
        ),
        rng=rng(),
        vocabulary=Vocabulary("hé o", unknown="<?>"),
    ),
    "tagger, fast weights": lambda: Tagger(
        FastWeights(V, 3, 4, rng=rng(), rule="delta", dtype=np.float32), 2, rng=rng()
    ),
    "tagger, scanned": lambda: Tagger(
        Scanned(MinGRUCell(V, H, rng=rng(), signed=True), learn_initial_state=True),
        2,
        rng=rng(),
    ),
    "language model, self-attention": lambda: LanguageModel(
        Stacked([Embedding(V, 4, rng=rng()), SelfAttention(4, 6, heads=3, rng=rng())]),
        rng=rng(),
    ),
    "tagger, self-attention that sees all": lambda: Tagger(
        SelfAttention(V, H, causal=False, rng=rng(), dtype=np.float32), 2, rng=rng()
    ),
    "generator": lambda: ConditionalLanguageModel(
        3, recurrent("gru"), rng=rng(), start=3, end=4, dropout=0.1
    ),
    "translator": lambda: translator(),
    "translator, vocabularies": lambda: translator(
        vocabulary=Vocabulary("abcdef"), source_vocabulary=Vocabulary("vwxyz")
    ),
    "translator, attention": lambda: translator(DotAttention(scaled=True)),
    "translator, additive": lambda: translator(
        AdditiveAttention(H, H, 3, lenient=True, rng=rng()),
        teacher_forcing=0.5,
        start=4,
        end=3,
    ),
}


def predictions(model):
    """Return what a model says, in numbers as fine as it has."""
    if isinstance(model, Classifier):
        return model.logits(VECTORS)[0]
    if isinstance(model, ConditionalLanguageModel):
        scores, state = model.step(TOKENS[0], model.start(VECTORS))
        return np.stack([scores, model.step(TOKENS[1], state)[0]])
    if isinstance(model, Seq2Seq):
        state = model.start(TOKENS, MASK)
        scores, state = model.step(TOKENS[0], state)
        return np.stack([scores, model.step(TOKENS[1], state)[0]])
    return model.logits(TOKENS, mask=MASK)[0]


def told(model):
    """Return everything about a model that is not an array."""
    found: dict[str, Any] = {}
    for name, value in vars(model).items():
        if isinstance(value, bool | int | float | str):
            found[name] = value
    return {**found, "repr": repr(model)}


def assert_same(found, expected):
    assert type(found) is type(expected)
    assert list(found.params) == list(expected.params)
    for name, array in expected.params.items():
        np.testing.assert_array_equal(found.params[name], array, err_msg=name)
        assert found.params[name].dtype == array.dtype
    assert told(found) == told(expected)
    np.testing.assert_array_equal(predictions(found), predictions(expected))


# what is saved comes back


@pytest.mark.parametrize("name", MODELS)
def test_every_kind_of_model_comes_back_whole(tmp_path, name):
    model = MODELS[name]()
    save(tmp_path / "model.npz", model)
    assert_same(load(tmp_path / "model.npz"), model)


def parts_of(thing):
    """Return the classes of an object and of all that its config holds."""
    if isinstance(thing, list | tuple):
        return {kind for entry in thing for kind in parts_of(entry)}
    if not hasattr(thing, "config"):
        return set()
    return {type(thing), *parts_of(list(thing.config().values()))}


def test_every_kind_that_can_be_stored_is_stored_here():
    found = parts_of([make() for make in MODELS.values()])
    found |= {type(draw_cell(rng(), kind=kind)) for kind in CELLS}
    found |= parts_of([draw_layer(rng(), form) for form in LAYERS])
    assert found == set(KINDS.values())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("learned", [False, True])
def test_every_kind_of_cell_comes_back_whole(tmp_path, kind, dtype, learned):
    model = Tagger(recurrent(kind, dtype, learn_initial_state=learned), 2, rng=rng())
    for array in model.params.values():
        array[...] = rng(3).standard_normal(array.shape)
    save(tmp_path / "model.npz", model)
    found = load(tmp_path / "model.npz")
    assert_same(found, model)
    assert predictions(found).dtype == dtype


@pytest.mark.parametrize("kind", [MinGRUCell, MinLSTMCell])
def test_a_wide_minimal_cell_of_few_inputs_comes_back_whole(tmp_path, kind):
    """It has no W_hh, so H times H may be more than all that is stored."""
    model = Tagger(Scanned(kind(V, 100, rng=rng())), 2, rng=rng())
    save(tmp_path / "model.npz", model)
    assert_same(load(tmp_path / "model.npz"), model)


@pytest.mark.parametrize("form", LAYERS)
def test_every_nesting_of_layers_comes_back_whole(tmp_path, form):
    model = SequenceClassifier(draw_layer(rng(), form, D=V), 2, rng=rng())
    save(tmp_path / "model.npz", model)
    assert_same(load(tmp_path / "model.npz"), model)


def test_a_size_may_be_a_number_of_numpy(tmp_path):
    size: Any = np.int64(2)
    rate: Any = np.float32(0.5)
    model = Tagger(recurrent(), size, rng=rng(), dropout=rate)
    save(tmp_path / "model.npz", model)
    assert_same(load(tmp_path / "model.npz"), model)


def test_the_loss_and_its_gradient_come_back_too(tmp_path):
    model = MODELS["tagger"]()
    batch = Batch(TOKENS, TOKENS % 2, None, MASK)
    save(tmp_path / "model.npz", model)
    found, expected = load(tmp_path / "model.npz").loss(batch), model.loss(batch)
    assert found.value == expected.value
    for name, gradient in expected.grads.items():
        np.testing.assert_array_equal(found.grads[name], gradient)


@pytest.mark.parametrize("name", ["model.npz", "model", "model.bin", "a b é.npz", ".m"])
@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_a_file_has_the_name_that_was_given(tmp_path, name, kind):
    model = MODELS["classifier"]()
    save(kind(tmp_path / name), model)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert_same(load(kind(tmp_path / name)), model)


def test_saving_again_replaces_the_file(tmp_path):
    path = tmp_path / "model.npz"
    for name in ("tagger", "classifier"):
        save(path, MODELS[name]())
    assert_same(load(path), MODELS["classifier"]())
    assert [*tmp_path.iterdir()] == [path]


def test_a_relative_name_will_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save("model.npz", MODELS["classifier"]())
    assert_same(load("model.npz"), MODELS["classifier"]())


@pytest.mark.skipif(sys.platform == "win32", reason="rights of a file: not on Windows")
def test_a_file_has_the_rights_of_any_other_file(tmp_path):
    save(tmp_path / "model.npz", MODELS["classifier"]())
    (tmp_path / "other").write_text("")
    rights = [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()]
    assert len(set(rights)) == 1


def test_a_file_is_read_without_pickle(tmp_path, monkeypatch):
    path, asked = tmp_path / "model.npz", []
    save(path, MODELS["classifier"]())
    whole = np.load

    def watched(*args, **options):
        asked.append(options["allow_pickle"])
        return whole(*args, **options)

    monkeypatch.setattr("numpy.load", watched)
    load(path)
    assert asked == [False]


def test_a_loaded_model_shares_nothing_with_the_saved_one(tmp_path):
    model = MODELS["classifier"]()
    save(tmp_path / "model.npz", model)
    twin = load(tmp_path / "model.npz")
    twin.params["output.b_y"] += 1
    assert (model.params["output.b_y"] == 0).all()


# what an older library saved comes back, too

SAVED = Path(__file__).parent / "reference" / "saved"
OLD_INPUTS = dict(np.load(SAVED / "inputs.npz"))
OLD_ANSWERS = dict(np.load(SAVED / "answers.npz"))


def now_says(model):
    """Return the scores of a model of before, as `make_saved.py` asked for them."""
    tokens, mask, vectors = OLD_INPUTS.values()
    if isinstance(model, Classifier):
        return model.logits(vectors)[0]
    if isinstance(model, Seq2Seq | ConditionalLanguageModel):
        given = (tokens, mask) if isinstance(model, Seq2Seq) else (vectors,)
        scores, state = model.step(tokens[0], model.start(*given))
        return np.stack([scores, model.step(tokens[1], state)[0]])
    return model.logits(tokens, mask=mask)[0]


@pytest.mark.parametrize("name", OLD_ANSWERS)
def test_a_file_of_before_is_read_and_says_what_it_said(tmp_path, name):
    model, says = load(SAVED / f"{name}.npz"), OLD_ANSWERS[name]
    tolerance = 1e-12 if says.dtype == np.float64 else 1e-6
    np.testing.assert_allclose(now_says(model), says, rtol=tolerance, atol=tolerance)
    assert now_says(model).dtype == says.dtype
    save(tmp_path / "model.npz", model)
    np.testing.assert_array_equal(
        now_says(load(tmp_path / "model.npz")), now_says(model)
    )


def test_what_was_a_generator_is_a_conditional_language_model_now():
    model = load(SAVED / "generator.npz")
    assert type(model) is ConditionalLanguageModel
    assert (model.start_token, model.end_token, model.dropout.rate) == (3, 4, 0.1)


def test_the_variants_of_the_lstm_were_options_and_are_classes_now():
    layer = load(SAVED / "tagger_of_every_cell.npz").parts["recurrent"]
    found = [
        type(inner.cell).__name__
        for inner in layer.layers
        if "c" in inner.cell.State._fields
    ]
    assert found == [
        "LSTMCell",
        "PeepholeLSTMCell",
        "CoupledLSTMCell",
        "CoupledPeepholeLSTMCell",
    ]


def test_a_vocabulary_comes_back_with_its_model(tmp_path):
    model = MODELS["language model, embedding and vocabulary"]()
    save(tmp_path / "model.npz", model)
    found: Any = load(tmp_path / "model.npz").vocabulary
    assert (found.symbols, found.unknown) == (("h", "é", " ", "o", "<?>"), "<?>")
    model = MODELS["tagger"]()
    model.vocabulary = Vocabulary("vwxyz")
    save(tmp_path / "model.npz", model)
    found = load(tmp_path / "model.npz").vocabulary
    assert found.symbols == tuple("vwxyz")


# what is not a whole file of this library does not


def assert_refused(path, says):
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StorageError, match=says) as caught:
        load(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert "got" in message
    if before is not None:
        assert path.read_bytes() == before


UNREADABLE = "must be a whole file that rnnlib wrote, got one that cannot be read; it"


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "model.npz"
    save(path, MODELS["tagger"]())
    return path


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.6, 0.9, 0.99, 0.9999])
def test_a_truncated_file_is_refused(stored, share):
    whole = stored.read_bytes()
    stored.write_bytes(whole[: int(share * len(whole))])
    assert_refused(stored, UNREADABLE)


def test_no_single_changed_byte_goes_unnoticed(stored):
    """Either the file is refused, or the model is the same."""
    whole, refused, model = stored.read_bytes(), 0, MODELS["tagger"]()
    for place in rng().choice(len(whole), size=200, replace=False):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        stored.write_bytes(changed)
        try:
            found = load(stored)
        except StorageError:
            refused += 1
        else:
            assert_same(found, model)
    assert refused > 100


class Harmful:
    """An object that would create a file as soon as it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def array_to(path, array):
    with path.open("wb") as file:
        np.save(file, array)


FOREIGN = {
    "a text": lambda path: path.write_text("W_hh = 3"),
    "an empty file": lambda path: path.write_bytes(b""),
    "random bytes": lambda path: path.write_bytes(rng().bytes(1000)),
    "an array": lambda path: array_to(path, np.ones(3)),
    "other arrays": lambda path: np.savez(path, x=np.ones(3)),
    "no arrays": lambda path: np.savez(path),
    "a header of numbers": lambda path: np.savez(path, header=np.ones(3)),
    "a header that is a list": lambda path: np.savez(path, header="[1]"),
    "a header that is deep": lambda path: np.savez(path, header="[" * 10**5),
    "a zip of texts": lambda path: zip_of(path, {"header.npy": b"{}"}),
    "a huge array": lambda path: zip_of(path, {"header.npy": huge()}),
    "a locked zip": lambda path: lock(path),
}


def zip_of(path, members):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)


def huge():
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,), }"
    return b"\x93NUMPY\x01\x00" + (len(text) + 1).to_bytes(2, "little") + text + b"\n"


def lock(path):
    """Write a file of which the members are marked as encrypted."""
    zip_of(path, {"header.npy": b"{}"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_is_refused(tmp_path, kind):
    path = tmp_path / "model.npz"
    FOREIGN[kind](path)
    assert_refused(path, UNREADABLE)


@pytest.mark.parametrize("name", ["header", "param.output.b_y"])
def test_a_pickled_object_is_refused_and_not_run(tmp_path, stored, name):
    with np.load(stored) as file:
        arrays = dict(file)
    arrays[name] = np.array([Harmful(tmp_path / "harm")], dtype=object)
    np.savez(stored, **arrays)
    assert_refused(stored, UNREADABLE)
    assert not (tmp_path / "harm").exists()


def test_a_missing_file_is_refused(tmp_path):
    assert_refused(tmp_path / "none.npz", "must be a file, got none there")


def test_a_folder_is_refused(tmp_path):
    assert_refused(tmp_path, "must be a file, got a folder")


def edited(path, change):
    """Write a file anew, with a change of its header or arrays."""
    with np.load(path) as file:
        arrays = dict(file)
    header = json.loads(str(arrays.pop("header")))
    change(header, arrays)
    np.savez(path, header=json.dumps(header), **arrays)


@pytest.mark.parametrize("version", [FORMAT + 1, 99, 0, "2.0", None, [1]])
def test_a_file_of_another_format_is_refused(stored, version):
    edited(stored, lambda header, arrays: header.update(rnnlib=version))
    says = f"must be of format {FORMAT}, got .*; it needs another version of rnnlib"
    assert_refused(stored, says)


@pytest.mark.parametrize("kind", ["checkpoint", None, 3])
def test_a_file_of_another_kind_is_refused(stored, kind):
    edited(stored, lambda header, arrays: header.update(kind=kind))
    assert_refused(stored, f"must hold a model, got a {kind}")


def described(**changes):
    return lambda header, arrays: header["model"].update(changes)


def cell(**changes):
    return lambda header, arrays: header["model"]["layer"]["cell"].update(changes)


TAMPERED = {
    "a missing array": lambda header, arrays: arrays.pop("param.output.b_y"),
    "a further array": lambda header, arrays: arrays.update({"param.x": np.ones(2)}),
    "an array of another name": lambda header, arrays: arrays.update(x=np.ones(2)),
    "another shape": lambda header, arrays: arrays.update(
        {"param.output.b_y": np.ones(3)}
    ),
    "another dtype": lambda header, arrays: arrays.update(
        {"param.output.b_y": np.ones(2, np.float32)}
    ),
    "whole numbers": lambda header, arrays: arrays.update(
        {"param.output.b_y": np.ones(2, int)}
    ),
    "complex numbers": lambda header, arrays: arrays.update(
        {"param.output.b_y": np.ones(2, complex)}
    ),
    "nan": lambda header, arrays: arrays["param.output.b_y"].fill(np.nan),
    "infinity": lambda header, arrays: arrays["param.output.b_y"].fill(np.inf),
    "no description": lambda header, arrays: header.pop("model"),
    "a description of text": lambda header, arrays: header.update(model="Tagger"),
    "a description of nothing": lambda header, arrays: header.update(model={}),
    "an unknown kind": described(kind="Transformer"),
    "a kind that is a list": described(kind=["Tagger"]),
    "another kind": described(kind="LanguageModel"),
    "a layer": lambda header, arrays: header.update(model=header["model"]["layer"]),
    "a cell for a layer": lambda header, arrays: header["model"].update(
        layer=header["model"]["layer"]["cell"]
    ),
    "a number for a layer": described(layer=3),
    "an unknown option": described(width=3),
    "an unknown loss": described(loss="hinge"),
    "a dropout of 2": described(dropout=2),
    "another vocabulary": described(
        vocabulary={"kind": "Vocabulary", "symbols": ["a"], "unknown": None}
    ),
    "a vocabulary of numbers": described(
        vocabulary={"kind": "Vocabulary", "symbols": [1, 2, 3, 4, 5], "unknown": None}
    ),
    "a text for a vocabulary": described(vocabulary="vwxyz"),
    "an unknown activation": cell(activation="gelu"),
    "another kind of cell": cell(kind="GRUCell"),
    "another size": cell(hidden_size=H - 1),
    "a size that fills the memory": cell(hidden_size=10**9),
    "a size of 0": cell(hidden_size=0),
    "a size of text": cell(hidden_size="4"),
    "a size of a half": cell(hidden_size=0.5),
    "no size": lambda header, arrays: header["model"]["layer"]["cell"].pop(
        "hidden_size"
    ),
    "another precision": cell(dtype="float32"),
    "an unknown precision": cell(dtype="float9"),
}


@pytest.mark.parametrize("change", TAMPERED)
def test_a_tampered_file_is_refused(stored, change):
    edited(stored, TAMPERED[change])
    assert_refused(stored, "must hold a whole model, got one that cannot be built")


def test_a_deep_description_is_refused(stored):
    deep = '{"kind":"Stacked","layers":[' * 300 + "]}" * 300

    def change(header, arrays):
        header["model"] = json.loads(deep)

    edited(stored, change)
    assert_refused(stored, "must hold a whole model, got one that cannot be built")


# what is looked at before anything is unpacked


@pytest.fixture
def sealed(monkeypatch):
    """Let no array be unpacked, and no model be built from what is refused."""

    def opened(*args, **options):
        raise AssertionError("it was unpacked")

    monkeypatch.setattr("numpy.load", opened)


def zeros(shape):
    """Return the beginning of an .npy file, and how many bytes of zeros follow."""
    head = io.BytesIO()
    form = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, form)
    return head.getvalue(), 8 * math.prod(shape)


def with_zeros(path, name, shape, kind=zipfile.ZIP_DEFLATED, stated=None):
    """Add an array of zeros to a file, or one that says it has another shape."""
    head, count = zeros(shape)
    with zipfile.ZipFile(path, "a", kind) as file, file.open(name, "w") as member:
        member.write(zeros(stated)[0] if stated else head)
        for start in range(0, count, 2**20):
            member.write(bytes(min(2**20, count - start)))


def test_a_file_that_grows_beyond_all_measure_is_refused_before_it_is_unpacked(
    stored, sealed
):
    """Zeros of 240 MB, in a quarter of a megabyte; 2.5 GB are no different."""
    with_zeros(stored, "param.more.npy", (300, 10**5))
    assert stored.stat().st_size < 10**6
    assert_refused(stored, UNREADABLE)


@pytest.mark.parametrize("name", ["param.more", "more"])
def test_an_array_that_does_not_belong_is_refused_before_it_is_unpacked(
    stored, sealed, name
):
    with_zeros(stored, f"{name}.npy", (300, 10**3), zipfile.ZIP_STORED)
    assert_refused(stored, "must hold a whole model, got one that cannot be built")


def test_an_array_of_another_shape_is_refused_before_it_is_unpacked(stored, sealed):
    with zipfile.ZipFile(stored) as file:
        members = {name: file.read(name) for name in file.namelist()}
    head, count = zeros((1000, 500))
    members["param.output.W_hy.npy"] = head + bytes(count)
    zip_of(stored, members)
    assert_refused(stored, r"'output.W_hy'\] must have shape \(\d, 2\), got \(1000, 5")


@pytest.mark.parametrize("stated", [(3,), (300, 10**6), (10**15,)])
def test_an_array_that_lies_about_its_size_is_refused(stored, sealed, stated):
    with_zeros(stored, "param.more.npy", (30, 100), stated=stated)
    assert_refused(stored, UNREADABLE)


def test_a_file_that_another_program_has_compressed_is_read(stored):
    model = load(stored)
    with np.load(stored) as file:
        arrays = dict(file)
    np.savez_compressed(stored, **arrays)
    assert_same(load(stored), model)


@pytest.mark.parametrize("size", [10**4, 10**9])
@pytest.mark.parametrize("name", MODELS)
def test_no_size_in_a_description_asks_for_more_weights_than_are_stored(
    tmp_path, name, size
):
    """Each size of each part by itself: there is no memory for a billion of them."""
    path = tmp_path / "model.npz"
    save(path, MODELS[name]())

    def sizes_in(part, where=()):
        inner = part.items() if isinstance(part, dict) else enumerate(part)
        for key, value in inner:
            if isinstance(value, dict | list):
                yield from sizes_in(value, (*where, key))
            elif type(value) is int and key not in ("start", "end"):
                yield (*where, key)

    with np.load(path) as file:
        header = json.loads(str(file["header"]))
    places = [*sizes_in(header["model"])]
    assert places
    for place in places:

        def change(header, arrays, place=place):
            part = header["model"]
            for key in place[:-1]:
                part = part[key]
            part[place[-1]] = size

        edited(path, change)
        assert_refused(path, "must hold a whole model, got one that cannot be built")
        save(path, MODELS[name]())


# where it cannot be written


def assert_not_written(path, says):
    with pytest.raises(StorageError, match=says) as caught:
        save(path, MODELS["classifier"]())
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert_not_written(tmp_path / "none" / "model.npz", "a place where a file can be")
    assert [*tmp_path.iterdir()] == []


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "model.npz").mkdir()
    assert_not_written(tmp_path / "model.npz", "must be a place where a file can be")
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("kept")
    assert_not_written(tmp_path / "file" / "model.npz", "must be a place where a file")
    assert (tmp_path / "file").read_text() == "kept"


def test_a_place_without_the_right_to_write_is_refused(tmp_path, monkeypatch):
    def refused(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refused)
    assert_not_written(tmp_path / "model.npz", "got the answer 'Permission denied'")


def test_a_full_disk_leaves_the_old_file_and_no_half_one(stored, monkeypatch):
    before = stored.read_bytes()

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert_not_written(stored, "got the answer 'No space left on device'; nothing was")
    assert stored.read_bytes() == before
    assert [*stored.parent.iterdir()] == [stored]


def test_a_model_with_nan_is_not_saved(stored):
    before, model = stored.read_bytes(), MODELS["tagger"]()
    model.params["output.b_y"][0] = np.nan
    with pytest.raises(
        ValueError, match=r"parameter output.b_y must be finite, got Na"
    ):
        save(stored, model)
    assert stored.read_bytes() == before
    assert [*stored.parent.iterdir()] == [stored]


def test_a_model_of_ones_own_is_refused(tmp_path):
    class Tagger(SequenceClassifier):
        """One that happens to have a name of the library."""

    model = Tagger(recurrent(), 2, rng=rng())
    with pytest.raises(ValueError, match=r"model must be of a class that .*, got Tagg"):
        save(tmp_path / "model.npz", model)
    assert [*tmp_path.iterdir()] == []


class LeakyCell(RNNCell):
    """A cell of one's own."""


LEAKY = {
    "model.layer.cell": lambda cell: Tagger(Recurrent(cell), 2, rng=rng()),
    r"model.layer.layers\[1\].cell": lambda cell: Tagger(
        Stacked([Embedding(H, V, rng=rng()), Recurrent(cell)]), 2, rng=rng()
    ),
    "model.decoder.cell": lambda cell: Seq2Seq(
        recurrent("tanh"), Recurrent(cell), rng=rng()
    ),
    "model.layer.right_to_left": lambda cell: SequenceClassifier(
        Bidirectional(draw_cell(rng(), V, H), cell), 2, rng=rng()
    ),
}


@pytest.mark.parametrize("part", LEAKY)
def test_the_part_that_cannot_be_saved_is_named_and_what_to_do_works(tmp_path, part):
    model = LEAKY[part](LeakyCell(V, H, rng=rng()))
    says = rf"^{part} must be of a class that rnnlib can build again, got LeakyCell"
    with pytest.raises(ValueError, match=says) as caught:
        save(tmp_path / "model.npz", model)
    assert "np.savez(path, **model.params)" in str(caught.value)
    arrays: dict[str, Any] = dict(model.params)
    np.savez(tmp_path / "arrays.npz", **arrays)
    with np.load(tmp_path / "arrays.npz") as found:
        assert set(found) == set(model.params)
