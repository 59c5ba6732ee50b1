"""An answer in a process of its own is judged as one beside the judge."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classroom.grading import codec, wire
from classroom.grading.answer import Answer, EndedError, Library, library
from classroom.grading.codec import Codec, put_back
from classroom.grading.program import parse, program_of
from rnncourse.catalogue import exercise
from rnncourse.checking.exercise import Exercise
from rnncourse.checking.judging import judge
from rnncourse.checking.plain import Strange
from rnncourse.checking.reports import Report
from rnnlib import Adam, GRUCell, LSTMState, Recurrent
from rnnlib.models.seq2seq import Seq2Seq
from tests.classroom.simulated import on_linux

IMPORTS = parse("", "import numpy as np")


@pytest.fixture(scope="module")
def made() -> Iterator[Library]:
    with library() as found:
        yield found


def start(made: Library, name: str, source: str, seconds: float = 30.0) -> Answer:
    program = program_of(name, parse("", source), [IMPORTS], [])
    return Answer(program.cells, name, seconds, made)


def item(id: str) -> Exercise:
    found = exercise(id)
    assert isinstance(found, Exercise)
    return found


def judged(made: Library, id: str, source: str) -> Report:
    with start(made, item(id).reference.__name__, source) as answer:
        return judge(item(id), answer)


STEP = """\
def step_backward(dh, h, h_prev, W_hh):
    da = dh * (1 - h**2)
    return da, da @ W_hh.T, h_prev.T @ da
"""
SAME = """\
out = np.zeros((99, 99)), np.zeros((99, 99)), np.zeros((99, 99))
def step_backward(dh, h, h_prev, W_hh):
    da = dh * (1 - h**2)
    for kept, new in zip(out, (da, da @ W_hh.T, h_prev.T @ da)):
        kept[:new.shape[0], :new.shape[1]] = new
    B, H = dh.shape
    return out[0][:B, :H], out[1][:B, :H], out[2][:H, :H]
"""
ODD = {
    "right": STEP,
    "a known mistake": STEP.replace("1 - h**2", "1 + h**2"),
    "transposed": STEP.replace("W_hh.T", "W_hh"),
    "changes an argument": STEP.replace("    da =", "    h_prev += 1e-3\n    da ="),
    "hands out twice": SAME,
    "a stub": STEP.replace("    da =", "    raise NotImplementedError\n    da ="),
    "does nothing": "def step_backward(dh, h, h_prev, W_hh):\n    pass",
    "another signature": STEP.replace("h_prev, W_hh", "h_prev"),
    "stops": STEP.replace("1 - h**2", "1 - h[99]"),
    "draws": STEP.replace("    da =", "    np.random.rand()\n    da ="),
    "prints": STEP.replace("    da =", "    print(dh.shape)\n    da ="),
    "numpy warns": STEP.replace("    da =", "    np.zeros(1) / 0\n    da ="),
    "in single precision": STEP.replace("return da,", "return da.astype('f4'),"),
    "a function": STEP.replace("return da,", "return np.sum,"),
    "a generator": STEP.replace("return da,", "return (n for n in range(3)),"),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_answer_far_away_gets_the_report_it_gets_nearby(
    made: Library, kind: str
) -> None:
    names: dict[str, Any] = {"np": np}
    exec(ODD[kind], names)
    near = judge(item("04.2"), names["step_backward"])
    far = judged(made, "04.2", ODD[kind])
    words = near.words
    if kind == "stops":  # which line it was is added by who grades
        words = words.replace(" in the line `da = dh * (1 - h[99])`", "")
        words = words.replace(" in the line ``", "")
    assert replace(far, got=None, expected=None) == replace(
        near, words=words, got=None, expected=None
    )


FUNCTIONS = {
    "04.1": """\
def numerical_gradient(loss, x, eps):
    found = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = eps
        found[place] = (loss(x + nudge) - loss(x - nudge)) / (2 * eps)
    return found""",
    "01.1": """\
def make_vocabulary(text):
    symbols = list(dict.fromkeys(text))
    def encode(message):
        for symbol in message:
            if symbol not in symbols:
                raise ValueError(f"{symbol} is unknown")
        return [symbols.index(symbol) for symbol in message]
    return encode, lambda tokens: "".join(symbols[token] for token in tokens)""",
    "10.4": """\
def greedy(step, state, start, end, max_length):
    said, token = [], start
    while len(said) < max_length:
        scores, state = step(token, state)
        token = int(scores.argmax())
        said.append(token)
        if token == end:
            break
    return said""",
}


@pytest.mark.parametrize("id", FUNCTIONS)
def test_functions_and_models_go_there_and_come_back(made: Library, id: str) -> None:
    assert judged(made, id, FUNCTIONS[id]).passed


def f(made: Library, lines: str, seconds: float = 30.0) -> Answer:
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return start(made, "f", f"def f(x):\n{body}", seconds)


@pytest.mark.parametrize(
    "lines",
    [
        "import os\nos._exit(0)",
        "import ctypes\nctypes.string_at(0)",
        "import os\nfor n in range(3, 20):\n    os.close(n) if n < 15 else None",
        "import os\nfor n in range(3, 20):\n    os.write(n, b'x' * 10**7)",
    ],
    ids=["exits", "crashes", "closes files", "writes everywhere"],
)
def test_an_answer_that_ends_its_process_ends_no_other(
    made: Library, lines: str
) -> None:
    with f(made, lines) as answer:
        with pytest.raises((EndedError, OSError)):
            answer(1)
        with pytest.raises((EndedError, OSError)):
            answer(1)


@on_linux
def test_an_answer_reaches_neither_files_nor_network_nor_others(made: Library) -> None:
    lines = """\
import os, pathlib, signal, socket, sys, threading
tries = {
    "course": lambda: pathlib.Path(x).read_text(),
    "passwords": lambda: open("/etc/passwd").read(),
    "writes": lambda: open("/tmp/rnnlib-was-here", "w"),
    "network": lambda: socket.socket(),
    "forks": os.fork,
    "starts": lambda: os.posix_spawn(sys.executable, ["python"], {}),
    "kills": lambda: os.kill(os.getppid(), signal.SIGKILL),
    "course by name": lambda: __import__("rnncourse.catalogue"),
}
reached = []
for name, attempt in tries.items():
    try:
        attempt()
        reached.append(name)
    except (OSError, ImportError):
        pass
return reached"""
    with f(made, lines) as answer:
        assert answer.open_ends == []
        assert answer(__file__) == []


@pytest.mark.parametrize(
    "lines",
    [
        "class A:\n    def __array__(self, *_):\n        raise OSError\nreturn A()",
        "a = []\nfor _ in range(400):\n    a = [a]\nreturn a",
        "a = []\na.append(a)\nreturn a",
        "raise type('class', (BaseException,), {})()",
        "raise type('E', (Exception,), {'__str__': lambda self: 3})()",
    ],
    ids=["no array", "deep", "in itself", "odd exception", "no message"],
)
def test_an_odd_answer_is_an_error_and_no_end(made: Library, lines: str) -> None:
    with f(made, lines) as answer, pytest.raises(Exception) as error:  # noqa: PT011
        answer(1)
    assert not isinstance(error.value, AssertionError)


@on_linux
def test_memory_is_limited_and_what_is_returned_too(made: Library) -> None:
    with f(made, "return len(np.ones(10**9)) if x else np.ones((9, 10**6))") as answer:
        with pytest.raises(MemoryError):
            answer(1)
        with pytest.raises(ValueError, match="larger than 64 MB"):
            answer(0)


def test_models_come_as_what_they_are(made: Library) -> None:
    lines = """\
from rnnlib import GRUCell, Recurrent
from rnnlib.models.seq2seq import Seq2Seq
rng = np.random.default_rng(0)
one, two = (Recurrent(GRUCell(5, 4, rng=rng)) for _ in range(2))
return [one, one] if x else Seq2Seq(one, two, rng=rng)"""
    with f(made, lines) as answer:
        (one, same), own = answer(True), answer(False)
    assert one is same
    assert isinstance(own, Seq2Seq)
    rng = np.random.default_rng(0)
    cells = [Recurrent(GRUCell(5, 4, rng=rng)) for _ in range(2)]
    expected = Seq2Seq(*cells, rng=rng).params
    assert {*expected} == {*own.params}
    assert all((own.params[key] == expected[key]).all() for key in expected)


def pair() -> tuple[Codec, Codec]:
    def refuse(name: str, about: str) -> Any:
        raise AssertionError(name)

    return tuple(Codec(side, refuse, callable, Strange) for side in "pc")  # type: ignore[return-value]


@pytest.mark.parametrize(
    "value",
    [
        [None, True, 3, -0.5, "ä", 2j, b"\0", ...],
        {"a": (1, [2]), 3: {}},
        np.arange(6.0).reshape(2, 3).T,
        np.float32(1.5),
        np.array(["a", "bc"]),
        np.zeros((0, 3), bool),
        LSTMState(np.zeros((1, 2)), np.ones((1, 2))),
        10**40,
    ],
    ids=str,
)
def test_values_come_as_they_went(value: Any) -> None:
    here, there = pair()
    back = there.decode(*here.encode(value))
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype
        assert back.flags.f_contiguous == value.flags.f_contiguous


def test_what_is_no_data_is_told_by_its_kind() -> None:
    here, there = pair()
    values = [object(), {1, 2}, np.array([None])]
    said = [repr(there.decode(*here.encode(value))) for value in values]
    assert said == ["an object", "a set", "a ndarray of objects"]


def test_optimisers_and_generators_keep_their_state() -> None:
    here, there = pair()
    rng = np.random.default_rng(3)
    twin = there.decode(*here.encode(rng))
    assert twin.random() == np.random.default_rng(3).random()
    here.decode(*there.encode(twin))  # what was drawn there has been drawn here
    assert rng.bit_generator.state == twin.bit_generator.state
    optimizer = there.decode(*here.encode(Adam(0.25)))
    assert (type(optimizer), optimizer.learning_rate) == (Adam, 0.25)


@pytest.mark.parametrize(
    "encoded",
    [
        {"array": ["|O", [1], "C", 0]},
        {"array": ["<f8", [3], "C", 0]},
        {"array": ["<f8", [1], "C", 7]},
        {"fields": ["os", "stat_result", []]},
        {"fields": ["rnnlib.cells", "GRUCell", []]},
        {"object": ["c0", "eval", {}, {}]},
        {"object": ["c0", "GRUCell", {"input_size": 10**6, "hidden_size": 10**6}, {}]},
        {"lent": ["p0", "function"]},
        {"dict": [[[1], 2]]},
        {"known": 1},
    ],
    ids=str,
)
def test_what_is_forged_is_refused(encoded: Any) -> None:
    here, _ = pair()
    faults = (ValueError, TypeError, KeyError, IndexError, AttributeError)
    with pytest.raises(faults):
        here.decode(encoded, [b"12345678"])


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff" * 8,
        b"\5\0\0\0\0\0\0\0[1,2]",
        b"\2\0\0\0\0\0\0\0[]",
        b"\x0b\0\0\0\1\0\0\0[1,[-1, 2]]x",
        b"\5\0\0\0\0\0\0\0hello",
        b"\x40\x0d\x03\0\0\0\0\0" + b"[" * 200_000,
    ],
    ids=range(6),
)
def test_what_is_no_message_is_refused(sent: bytes) -> None:
    with pytest.raises((wire.WireError, EOFError)):
        wire.read(io.BytesIO(sent))


def test_contents_are_put_back_into_the_same_objects() -> None:
    array, inner = np.zeros(2), [1]
    held = [array, {"a": array, "b": 0}, inner]
    put_back(held, [np.ones(2), {"a": np.ones(2), "c": 3}, [1, 2]])
    assert held[0] is array
    assert array.tolist() == [1, 1]
    assert held[1] == {"a": array, "c": 3}
    assert held[2] is inner
    assert inner == [1, 2]


def test_all_kinds_that_are_stored_can_be_sent() -> None:
    assert {"GRUCell", "Seq2Seq", "Adam"} <= {*codec.KINDS}
