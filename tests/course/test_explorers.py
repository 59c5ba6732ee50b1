"""Explorers: every control moves the picture, at every corner, and never in silence."""

from __future__ import annotations

import html
import inspect
import pydoc
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from ipywidgets import Widget
from matplotlib.figure import Figure

from rnncourse.explorers import explorers
from rnncourse.exploring.controls import (
    Choice,
    Control,
    IntSlider,
    LogSlider,
    Slider,
    Steps,
    Stops,
    Text,
    Toggle,
)
from rnncourse.exploring.engine import Explorer, ExplorerWidget

ALL: tuple[Explorer, ...] = tuple(explorers().values())
MOVED_FROM: dict[str, dict[str, Any]] = {
    "wiring_board": {"inputs": "10000000", "outputs": "11111000"},
    "padding_trap": {"padding": 5},
    "backward_stepper": {"moves": 12},
    "eigen_picture": {"shear": 1.0},
    "free_run_drift": {"flipped": 2},
    "cliff": {"clip": "norm", "rate": 0.05},
    "chunk_grid": {"update": 2},
    "convention_switch": {"taken": "Keras"},
    "force_a_weight": {"how": "force one letter"},
    "alignment_map": {"output": 9},
    "fast_weights": {"pairs": 20},
    "memories": {"bits": 2, "strength": 0.7},
    "connectivity": {"read": 8},
    "state_film": {"t": 9},
}
SAYS: dict[str, dict[str, str]] = {
    "parameter_race": {
        "a line of text": "18.3 times as many",
        "words, not letters": "as many as",
        "the window is smaller": "fewer than the RNN",
    },
    "moved_word": {
        "where it was": "Both know the word here",
        "where it never was": "guesses here; the RNN knows the word at every step",
        "trained at all places": "knows the word in part here; the RNN knows the word",
        "asked only at the end": "Both guess here",
    },
    "word_order": {
        "good not bad": "their bags are the same.*100 % of the first and 0 %",
        "not good but bad": "0 % of the first and 100 %",
        "only one judgement": "their bags are the same",
        "a heap of words": "their bags are the same",
    },
    "wiring_board": {
        "one to one": "One to one",
        "one to many": "One to many.*fed back",
        "many to one": "Many to one.*all 5 inputs.*1 term",
        "aligned": "aligned.*p_1 depends on x_1 of 5 inputs",
        "both directions": "all 5 inputs.*2 sets",
        "read, then write": "first read, then write",
        "steps left out": "with steps left out",
    },
    "padding_trap": {
        "no padding": "no padding",
        "turned over": "turned over",
        "one step is enough": "1 padded step .*turned over",
        "garbage": "turned over",
        "the mask": "exactly as without padding",
    },
    "look_ahead": {
        "before the next word": "least sure of “light”",
        "after it": "sure of every word",
        "the other meaning": "sure of every word",
        "from the right": "least sure of “walks”",
        "a long one": "sure of every word",
    },
    "melody": {
        "by heart": "known by heart is (1[2-9]|2.) notes",
        "a variation": "known by heart is . notes",
    },
    "path_counter": {
        "T = 1": "along 1 path.*the same",
        "eight steps": "along 36 paths: 8 · 9 / 2.*the same",
        "one loss": "along 8 paths.*the same",
        "an input": "x_3 reaches the loss along 6 paths.*the same",
        "the initial state": "h_0 reaches the loss along 8 paths.*the same",
    },
    "backward_stepper": {
        "two gradients meet": "t = 3: two gradients meet",
        "arrived": "3 of the 12 moves.*equals that of rnnlib",
        "the next step forgotten": "wrong: without the next step",
        "overwritten": "wrong: without the sum",
    },
    "finite_difference_lens": {
        "too large": "Truncation",
        "just right": "bottom of the V",
        "too small": "Rounding",
        "float32": "bottom of the V",
    },
    "gradient_microscope": {
        "vanishes": "vanishing",
        "just right": "kept",
        "tanh explodes": "exploding",
        "louder input": "vanishing",
        "grows, then dies": "On the way.*vanishing|vanishing.*On the way",
    },
    "saturation_meter": {
        "small values learn": "comes through",
        "large values saturate": "vanishing",
    },
    "eigen_picture": {
        "shrinks": "vanishing",
        "turns for ever": "neither",
        "explodes": "exploding",
        "grows first, then shrinks": "grows",
    },
    "cliff": {
        "over the cliff": r"norm 65, in update 34,.* b = 3\.1\. 0 steps cut.*0\.25 aft",
        "clipped by norm": r"[1-9]\d steps cut\. Loss: 0\.19 at first, 0\.00\d+ after",
        "clipped by value": r"80 steps cut, turned by up to [23]\d°",
        "clip after the step": r"update 34,.*after the step: 6 times, to no effect",
        "a hundred times too slow": r"0 steps cut\. Loss: 0\.19 at first, 0\.19 after",
    },
    "tau_and_delay": {
        "chunks too short": "from none of 4 answers.*carried. 0 of 10 seeds",
        "just long enough": "from 2 of 8 answers.*carried. 10 of 10 seeds",
        "no state": "from 2 of 8 answers.*starts from zeros",
        "nothing cut": "Nothing is cut.* 10 of 10 seeds",
    },
    "chunk_grid": {
        "one long row": "Update 4 of 12: row 1 reads letters 49 to 64.*carry it",
        "eight rows": "Update 2 of 3: row 1 reads letters 9 to 16.*carry it",
        "the state fits": "read letter 32: carry it. In no update",
        "shuffled": "wrong to carry. In 4 updates of this order",
    },
    "optimiser_race": {
        "a long bowl": r"SGD 0\.01\d, Momentum.*The lowest is RMSProp",
        "a round bowl": "0.82 at first",
        "SGD flies out": "SGD 1.6e41,",
        "a real network": "The lowest is Momentum",
        "a real network, faster": "The lowest is Adam",
    },
    "clinic": {
        f"patient {letter}": f"Patient {letter}, seed 100" for letter in "BCDEFG"
    },
    "gate_desk": {
        "keep": r"c = 2\.00 . 0\.00 = 2\.00",
        "erase": r"c = 0\.00 . 0\.00 = 0\.00, h = 0\.00",
        "overwrite": r"c = 0\.00 − 0\.50 = −0\.50",
        "add up": r"c = 2\.00 − 0\.50 = 1\.50",
        "keep in secret": r"= 2\.00, h = 0\.00",
    },
    "latch": {
        "store": r"writes 99\.8 %.*the end c = 0\.88",
        "do not store": r"writes 0\.25 %.*the end c = 0\.00",
        "store again": r"the end c = 1\.5",
        "keep": r"keeps 99\.8 %.*the end c = 0\.88",
        "keep half": r"keeps 50 %.*the end c = 0\.44",
        "erase": r"keeps 0\.25 %.*the end c = 0\.00",
        "read": r"shows 99\.8 %.*at step 11",
        "read earlier": r"shows 99\.8 %.*at step 4",
    },
    "time_constant": {
        "mostly shut": r"τ = −1/ln f = 0\.47",
        "half open": r"f = σ\(0\.0\) = 0\.5,.*1\.4e-10 of its gradient.* 9\.5e-8",
        "half open, loud input": r"4\.2e-14 of its gradient.* 1\.5e-18",
        "the usual bias": r"= 0\.731, so τ = −1/ln f = 3\.19",
        "τ = 20": r"ln f = 20\.6 steps \(1/\(1 − f\) = 21\.1\)",
        "τ = 100": "37 % of c",
    },
    "gru_desk": {
        "keep": r"h = 0\.80 \+ 0\.00 = 0\.80\. As an LSTM: f = 1\.00, i = 0\.00",
        "overwrite": r"h = 0\.00 \+ 0\.10 = 0\.10",
        "begin anew": r"h = 0\.00 − 0\.91 = −0\.91",
        "half and half": r"h = 0\.40 − 0\.30 = 0\.10",
        "a plain RNN": r"h = 0\.00 \+ 0\.97 = 0\.97",
    },
    "convention_switch": {
        "copied to Keras": "PyTorch to Keras, copied: .* apart. Every shape fits",
        "converted to Keras": "PyTorch to Keras, converted: .* the same network",
        "z means the opposite": "2014 to Chung 2014, copied: .* it is another network",
        "z turned round": "2014 to Chung 2014, converted: .* the same network",
        "r on the other side": "to Cho 2014, converted: .* no weights make up for",
    },
    "hand_over": {
        "begin to read": "Reading 1 of 5: “b”",
        "the hand-over": "The whole word is read",
        "the whole answer": "The answer is “egdab”: right",
        "eight letters": "The answer is “cdeefdab”: right",
        "a mistake": "The answer is “[a-h]*”: wrong",
    },
    "teacher_forcing": {
        "the truth alone": "the true tokens alone, after 800 updates",
        "half and half": "50 % true tokens, after 800 updates",
        "its own words alone": "its own tokens alone, after 800 updates",
    },
    "beam_tree": {
        "greedy": "wrong. This is the greedy choice",
        "one wider": "Width 2 .* right. The greedy choice says",
        "more probable, and wrong": "wrong. The greedy choice says “cedb”",
        "alpha helps": "“fdaa” .* right. The greedy choice says",
    },
    "bottleneck": {
        "fits": "comes back as “[a-h]{4}”: right",
        "too small a state": "H = 16.*places are wrong",
        "too long a word": "length 12.*places are wrong",
    },
    "free_run_drift": {
        "nothing flipped": "Nothing is flipped. Running freely: 0 of 5",
        "the first": "Step 1 is flipped.*[1-4] of 4 tokens after it wrong",
        "the second": "Step 2 is flipped.*[1-3] of 3 tokens after it wrong",
        "the last": "Step 4 is flipped",
        "it drifts by itself": "Nothing is flipped. Running freely: 3 of 7",
    },
    "alignment_map": {
        "the year": "Output 4, “0”.*place 26 of 26.*4 of 4 outputs so far",
        "the month": "Output 7, “2”.*to “b”, place 16 of 26",
        "the whole date": "END.*11 of 11 outputs are right",
        "blurred": r"as wide as (1\d|2\d) places",
        "scaled scores": r"as wide as (1\d|2\d) places.*1[01] of 11 outputs are right",
        "number words": "END.*of 5.*5 of 5 outputs are right",
    },
    "with_and_without": {
        "six letters": "Length 6: .*ahead in 10 of 10 seeds, behind in 0",
        "as long as in training": "Length 8: .*ahead in 10 of 10 seeds, behind in 0",
        "longer than in training": "Length 10, longer than any word in training",
        "trained on longer ones": "Length 10: .*ahead in 10 of 10 seeds, behind in 0",
    },
    "next_letter_theatre": {
        "greedy": "; 1 of 27 may be drawn",
        "top-p of 80 %": "; 10 of 27 may be drawn",
        "hot": r"leads with 8\.1 %; 27 of 27",
        "known by heart": "“t” leads with 99 %",
        "a dinosaur": "After “velo”",
    },
    "training_film": {
        "nothing learned": "after 0 updates: 4.8. bits.* above the bigram's 3.01",
        "the ending comes first": "after 50 updates.* 0 are copies",
        "the best moment": "after 150 updates.* below the bigram's 3.01",
        "by heart": r"4\.06 on the held-out ones, above .* 69 are copies",
        "dinosaurs": "after 150 updates.* below the bigram's 3.14",
    },
    "capacity": {
        "a small RNN": "RNN, H = 8: 2.1",
        "a large RNN": r"RNN, H = 64: 2\.1.*four brackets deep 0\.25",
        "twice the units": r"LSTM, H = 16: 2\.07",
        "a large LSTM": r"LSTM, H = 64: 2\.0",
    },
    "loop_finder": {
        "greedy": "From letter 1 on, a loop of 33 letters",
        "another beginning": "From letter 6 on, a loop of 33 letters",
        "a little chance": "No loop",
        "as it has learned": "Temperature 1: No loop",
    },
    "which_letter": {
        "an open bracket": "matters most at symbol 1, “.”: ln p falls by 4.87",
        "which of two": "] has 25 %.* at symbol 1, “.”: ln p falls",
        "within a quote": "matters most at symbol 4, “.”: ln p falls",
        "not in a quote": "0.038 %.* at symbol 4, “.”: ln p rises",
    },
    "neuron_strip": {
        "follows the depth": "number 1 of 32 by “depth”.* is 0.80 over",
        "follows the quote": "number 1 of 32 by “quote”.* is 0.86 over",
        "knows where it is": "number 1 of 32 by “position”.* is 0.32 over",
        "knows nothing of it": "number 32 of 32 by “depth”.* is −0.03 over",
    },
    "composer": {
        "its own": "temperature 0.63.*stretch from a known tune is [3-6] notes",
        "by heart": "stretch from a known tune is (1[2-9]|2.) notes",
        "cold": "temperature 0.1",
        "hot": r"3\.2.* is [1-4] notes",
    },
    "gym": {
        "short": r"T = 10.*: RNN (\d) and \1, identity ReLU \1 and \1, LSTM \1 and \1",
        "long": r"T = 60.*: RNN 0 and 0, identity ReLU ([1-5]) and \1, ",
        "asked at each step": r"LSTM ([1-5]) and \1, GRU \1 and \1[,.]",
        "asked at the end": "RNN 0 and 0, identity ReLU 0 and 0, LSTM 0 and 0, GRU 0",
        "gates do not help": r"RNN ([1-5]) and \1, identity .*LSTM \1 and 0, GRU \1",
    },
    "which_gate": {
        "overwriting without f": r"no forget .*: worse in (\d) of \1 seeds.* apart",
        "holding without i": "no input gate at .*better in 0",
        "counting without tanh": "no output tanh at",
    },
    "fairness": {
        "more units": r"67 units and 400 updates\..*first: identity ReLU 100 %",
        "more updates": r"32 units and 1100 updates\..*first: identity ReLU 100 %",
        "echo, more units": r"65 units.*first: RNN 100 % \(100 %\), GRU",
    },
    "breaking_length": {
        "the RNN learns": "never below 60",
        "the RNN breaks": "falls below 60 at T = 35",
        "the RNN guesses": "26 on average",
        "identity keeps": "97 on average",
        "the LSTM keeps": "91 on average",
    },
    "forget_bias_race": {
        "at first": "after 40 updates: loss by forget bias −2: 1.39",
        "a quarter": "after 100 updates: loss by forget bias",
        "half": "after 200 updates",
        "the end": r"\+1: 100 %; guessing has 25 %",
    },
    "lstm_variants": {
        "standard": "whatever c_prev is.*80,400",
        "peephole": "c_prev takes part.*80,700",
        "coupled": r"i = 1 − f = 0\.34.*60,300",
        "peephole, cell reversed": r"f = 0\.32",
    },
    "scan_tree": {
        "one pass": "After 1 pass, step 11 stands for steps 10 to 11: 9 still missing",
        "T = 16, all passes": "After 4 passes.* 49 pairs .*a loop puts together 15,",
        "no power of two": "After 4 passes, step 9 stands for steps 1 to 9: nothing",
        "an early step": "step 4 stands for steps 1 to 4: nothing is missing",
    },
    "fast_weights": {
        "16 at right angles": r"Sum, 16 pairs .*100 % come back .* draws \(100 %\)",
        "one more": "Sum, 17 pairs .*of all bits 99 % come back",
        "16 random keys": "Sum, 16 pairs .*of all bits 8[2-8] % come back",
        "a table": "Softmax, 64 pairs .* in a table: of all bits 100 % come back",
        "again, sum": "Sum, 8 .* first key again, .*that key's new bits 7[4-9] %",
        "again, delta": "Delta, 8 .* first key again, .*that key's new bits 100 %",
    },
    "memory_meter": {
        "a sentence": "After 32 tokens .* has 66 kB, 0.25 times the matrix",
        "a page": "After 1,000 tokens .* has 2 MB, 7.8 times the matrix",
        "a book": "After 141,254 tokens .* has 290 MB, 1100 times the matrix",
        "a book, wide": "69 times the matrix .*takes 12 times the mult",
    },
    "three_ways": {
        "short": "T = 4, width 16: loop .*, scan .*, matrix",
        "long and narrow": r"scan takes 0\.1\d* times as long.*2 GiB: not tried",
        "long and wide": r"scan takes (0\.[89]\d*|1(\.\d)?) times as long.*8 GiB",
        "the matrix at its limit": r"matrix \d\d ms",
    },
    "parity_trial": {
        "never turns over": r"a in \(0, 1\) 0,",
        "turns over, for a while": r"a in \(-1, 1\) \d+, tanh",
        "sets itself right": r"asked at T = 2,000.*a in \(-1, 1\) 0, tanh RNN [1-9]",
        "order matters": r"a in \(0, 1\) 0, a in \(-1, 1\) 0, tanh",
    },
    "memories": {
        "1 bit, found": "found: 2 stable points and 1 saddle",
        "2 bits, found": "found: 4 stable points and 5 saddles",
        "3 bits, found": "found: 8 stable points and 19 saddles",
        "too weak": r"A pulse of 0\.40 .* says 00, before it 00",
        "strong enough": r"A pulse of 0\.70 .* says 10, before it 00",
        "only ten searches": "searches: 10, found: [1-7] stable",
    },
    "state_film": {
        "four corners": "bits held: [01][01]",
        "brackets": "brackets open: 2.* component 1 .*This plane holds 5",
        "brackets, 2 and 3": "brackets open: 2.* component 2 .*This plane holds 4",
        "an opinion": "opinion .*This plane holds 9[5-9] %",
        "stars": "good less bad reviews: .*This plane holds [78]",
    },
    "surgery": {
        "the probe, +1": r"reads 3\.2, not 2\.2; .* 41 %, not 42 %; .* closes 2,",
        "the probe, +3": r"reads 5\.2, not 2\.2; .* 37 %, not 42 %; .* closes 4,",
        "the means, +1": r"reads 3\.0, .* 58 %, not 42 %; .* closes 4, by itself 2",
        "the means, −2": r"reads 0\.4, .* 17 %, not 42 %; .* closes 0, by itself 2",
        "at random, +1": r"reads 2\.3, not 2\.2; .* closes 2, by itself 2",
    },
    "connectivity": {
        "an open bracket": "“.” with 31 %.* occlusion “.” at 1 .5",
        "a bracket far back": "gradient “.” at 1 .*gradients “.” at 1 .* "
        "occlusion “.” at 1",
        "within a quote": "“a” with 41 %.*gradient “a” at 8 .* occlusion “.” at 4",
        "all by gradient": "After 17 symbols",
        "all by occlusion": "After 17 symbols",
    },
    "switch_off": {
        "the unit that matters most": "unit 24, number 1 of 24, costs 0.097",
        "read the quote": "reading direction of the quote costs .*, 4.4 times",
        "move with the quote": "moving direction of the quote costs .*, 7.7 times",
        "read the depth": "reading direction of the depth costs .*, 0.64 times",
        "move with the depth": "moving direction of the depth costs .*, 1.6 times",
    },
    "look_up_table": {
        "between 1 and 2": r"Key 1 fits best and gets 58 %.*The blend is 4\.9\d, where",
        "nearly hard": r"Key 1 fits best and gets 96 %.*The blend is 2\.2\d, where",
        "no matter where": r"gets 21 %.*moves by 0\.00.; the plain mean .* 4\.80",
        "the best one masked": r"Key 3 fits best and gets 9\d %.*values would be 3\.75",
    },
    "force_a_weight": {
        "the year, elsewhere": "writes “0”.*now the same .* 3 of 26 places",
        "the day, elsewhere": "writes “2”.*now “7” .*it changes.* 17 of 26 places",
        "without the largest": "writes “2”.*now the same",
        "a narrow look": "writes “2”.* looks most, 99.7 %, at “ ” at place 13",
        "narrow, without it": "writes “2”.*now the same",
        "narrow, and needed": "writes “0”.*now “2” .*it changes",
        "all alike": "writes “2”.*now “0” .*it changes",
    },
}
TWO_LINES = 230


@pytest.fixture(scope="module", params=ALL, ids=lambda make: make.name)
def make(request: pytest.FixtureRequest) -> Explorer:
    """Return each explorer of the course, as it is declared."""
    found: Explorer = request.param
    return found


@pytest.fixture(scope="module")
def opened(make: Explorer) -> Iterator[ExplorerWidget]:
    """Return one that the tests of an explorer share: to open it takes long."""
    explorer = make()
    yield explorer
    explorer.close()


@pytest.fixture
def explorer(opened: ExplorerWidget) -> ExplorerWidget:
    """Return it as it opens."""
    opened.reset.click()
    return opened


@pytest.fixture
def frames(explorer: ExplorerWidget) -> Iterator[list[bytes]]:
    """Return a list that every new frame of it is added to."""
    found: list[bytes] = []

    def add(change: Any) -> None:
        found.append(bytes(change.new))

    explorer.image.observe(add, "value")
    yield found
    explorer.image.unobserve(add, "value")


@pytest.fixture(autouse=True)
def _explorers_are_closed() -> Iterator[None]:
    """Close what a test has opened, and leave what it shares with others."""
    opened: list[Widget] = []
    Widget.on_widget_constructed(opened.append)
    yield
    Widget.on_widget_constructed(None)
    for each in opened:
        each.close()


def said(explorer: ExplorerWidget) -> str:
    """Return the verdict line as plain text."""
    return html.unescape(re.sub("<[^>]*>", "", explorer.verdict.value))


def corners(controls: Mapping[str, Control]) -> Iterator[dict[str, Any]]:
    for values in product(*(control.corners() for control in controls.values())):
        yield dict(zip(controls, values, strict=True))


def test_every_corner_of_the_controls_has_a_picture_and_a_verdict(
    make: Explorer,
    explorer: ExplorerWidget,
    record_property: Callable[[str, object], None],
) -> None:
    times = []
    for values in corners(make.controls):
        start = time.perf_counter()
        explorer.set(**values)
        times.append(1000 * (time.perf_counter() - start))
        assert bytes(explorer.image.value[:4]) == b"\x89PNG"
        assert said(explorer), values
        assert "nan" not in (said(explorer) + repr(explorer)).split(), values
        assert len(said(explorer)) < TWO_LINES, values
        assert explorer.image.tooltip, values
        assert all_finite(explorer), values
    record_property(
        "notice",
        f"{make.name}: {len(times)} corners, median {np.median(times):.0f} ms, "
        f"slowest {max(times):.0f} ms",
    )


def all_finite(explorer: ExplorerWidget) -> bool:
    lines = (line for axes in explorer.figure.axes for line in axes.lines)
    return all(np.isfinite(line.get_xydata()).all() for line in lines)


def test_a_control_moves_the_picture(
    make: Explorer, explorer: ExplorerWidget, frames: list[bytes]
) -> None:
    for name, control in make.controls.items():
        explorer.reset.click()
        explorer.set(**MOVED_FROM.get(make.name, {}))
        drawn, value = len(frames), explorer.controls[name].value
        away = next(other for other in control.corners() if other != value)
        explorer.controls[name].value = away
        assert len(frames) == drawn + 1, name


def test_a_picture_and_its_words_are_sent_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[list[str], Any]] = []

    def send(_: Any, message: dict[str, Any], buffers: Any = None) -> None:
        sent.append((list(message["state"]), message["buffer_paths"]))

    explorer = explorers()["parameter_race"]()
    monkeypatch.setattr(type(explorer.image), "_send", send)
    explorer.set(steps=100)
    assert sent == [(["tooltip"], [["value"]])]


def test_a_preset_is_drawn_once(
    make: Explorer, explorer: ExplorerWidget, frames: list[bytes]
) -> None:
    first = next(iter(explorer.controls))
    for words, expected in make.presets.items():
        explorer.reset.click()
        explorer.controls[first].value = make.controls[first].corners()[0]
        drawn = len(frames)
        explorer.presets[words].click()
        assert len(frames) == drawn + 1, words
        shown = {name: explorer.values[name] for name in expected}
        assert shown == pytest.approx(expected), words


def test_a_preset_shows_what_it_says(make: Explorer, explorer: ExplorerWidget) -> None:
    for words, meaning in SAYS.get(make.name, {}).items():
        explorer.presets[words].click()
        assert re.search(meaning, said(explorer)), words
        seen = f"{explorer!r} {said(explorer)}"  # a capstone asks for a number
        assert re.search(r"\d", seen), words


def test_reset_brings_back_the_opening_picture(
    make: Explorer, explorer: ExplorerWidget, frames: list[bytes]
) -> None:
    opening = explorer.image.value, explorer.values, repr(explorer), said(explorer)
    for name, control in explorer.controls.items():
        control.value = make.controls[name].corners()[-1]
    drawn = len(frames)
    explorer.reset.click()
    assert len(frames) == drawn + 1
    now = explorer.image.value, explorer.values, repr(explorer), said(explorer)
    assert now == opening


def test_two_explorers_are_alike_and_do_not_share_a_picture(
    make: Explorer, explorer: ExplorerWidget
) -> None:
    one, other = make(), explorer
    assert one.image.value == other.image.value
    assert repr(one) == repr(other)
    opening = other.image.value
    one.reset.click()
    next(iter(one.presets.values())).click()
    assert other.image.value == opening


def test_where_no_widget_runs_there_is_a_still_frame_with_words(
    explorer: ExplorerWidget,
) -> None:
    data, metadata = explorer._repr_mimebundle_()
    assert data["image/png"].startswith("iVBOR")
    assert data["text/plain"] == repr(explorer) == metadata["image/png"]["alt"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "0x" not in repr(explorer)
    assert explorer.image.tooltip in repr(explorer)


def test_an_explorer_opens_with_the_values_given(make: Explorer) -> None:
    first, control = next(iter(make.controls.items()))
    low = control.corners()[0]
    explorer = make(**{first: low})
    assert explorer.values[first] == low
    next(iter(explorer.presets.values())).click()
    explorer.reset.click()
    assert explorer.values[first] == low


def test_it_is_written_as_one_would_call_it_and_tells_what_it_computes(
    make: Explorer, explorer: ExplorerWidget
) -> None:
    assert explorers()[make.name] is make
    assert eval(repr(make), {make.name: make}).values == explorer.values
    assert make.title in pydoc.render_doc(make)
    assert f"{make!r}" in str(make.__doc__)
    computed = inspect.getdoc(make.compute)
    assert computed
    assert computed in str(make.__doc__)


def test_an_unknown_value_is_refused(make: Explorer) -> None:
    with pytest.raises(ValueError, match="got 'colour'"):
        make(colour="red")


def test_the_picture_fits_beside_its_controls(explorer: ExplorerWidget) -> None:
    width, height = explorer.figure.bbox.size
    assert width <= 840
    assert height <= 420


def test_whatever_has_a_width_gives_way_where_there_is_less_room(
    explorer: ExplorerWidget,
) -> None:
    layouts = [part.layout for part in parts_of(explorer)]
    wide = [layout for layout in layouts if pixels(layout.width) > 160]
    assert len(wide) >= 5
    assert all(layout.max_width for layout in wide)


def parts_of(widget: Any) -> Iterator[Any]:
    """Yield a widget and whatever is in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from parts_of(child)


def pixels(width: str | None) -> int:
    return int(width.removesuffix("px")) if width and width.endswith("px") else 0


def test_playing_goes_on_step_by_step() -> None:
    explorer = explorers()["eigen_picture"]()
    steps, frames = explorer.controls["steps"], list[bytes]()
    explorer.image.observe(lambda change: frames.append(change.new), "value")
    steps.player.value = 12
    assert (steps.value, steps.slider.value, len(frames)) == (12, 12, 1)
    steps.forward.click()
    assert (steps.value, steps.player.value, len(frames)) == (13, 13, 2)
    steps.value = steps.slider.max
    steps.forward.click()
    assert steps.value == steps.slider.max


@dataclass(frozen=True)
class Halves:
    """What the frail explorer computes."""

    half: float

    @property
    def verdict(self) -> str:
        return f"Half of it is {self.half} <here>."


class Line:
    """A picture of one line."""

    size = (200, 100)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        (self.line,) = self.figure.add_subplot().plot([0, 1], [0, 1])
        self.moving = (self.line,)

    def draw(self, data: Halves) -> None:
        if data.half > 3:
            raise ValueError("the line is too long")
        self.line.set_ydata([0, data.half])

    def describe(self, data: Halves) -> str:
        return f"A line up to {data.half}."


def halve(whole: float, **_: Any) -> Halves:
    if whole < 0:
        raise ArithmeticError("nothing to halve")
    return Halves(whole / 2)


@pytest.fixture
def frail(monkeypatch: pytest.MonkeyPatch) -> ExplorerWidget:
    """Return an explorer with every kind of control, and an error at both ends."""
    monkeypatch.delenv("RNNLIB_STRICT", raising=False)
    return Explorer(
        title="Halves",
        question="What is half of it?",
        claim="Half of it.",
        controls={
            "whole": Slider("whole", -1, 10, 2),
            "count": IntSlider("count", 1, 5, 3),
            "size": LogSlider("size", 1e-3, 10, 1),
            "name": Choice("name", ("a", "b"), "b"),
            "stop": Stops("stop", (1, 10, 1000), 10),
            "on": Toggle("on", False),
            "word": Text("word", "hello", ("é",)),
            "steps": Steps("steps", 10, 0),
        },
        presets={"a quarter": {"whole": 0.5}},
        compute=halve,
        view=Line,
    )()


def test_a_computation_can_be_told_which_control_was_moved_last() -> None:
    told: list[str] = []

    def listen(moved: str, **values: Any) -> Halves:
        told.append(moved)
        return halve(**values)

    explorer = Explorer(
        title="Halves",
        question="",
        claim="",
        controls={"whole": Slider("whole", -1, 5, 2), "on": Toggle("on", False)},
        presets={"a quarter": {"whole": 0.5}},
        compute=listen,
        view=Line,
        tells_moved=True,
    )()
    explorer.controls["on"].value = True
    explorer.controls["whole"].value = 3
    explorer.controls["whole"].value = 3 + 1e-12  # as a page rounds it
    explorer.presets["a quarter"].click()
    explorer.controls["on"].value = True
    explorer.reset.click()
    assert told == ["", "on", "whole", "", "on", ""]


def test_a_verdict_is_text_and_not_markup(frail: ExplorerWidget) -> None:
    assert "Half of it is 1.0 &lt;here&gt;." in frail.verdict.value
    assert 'aria-live="polite"' in frail.verdict.value


def test_a_control_that_means_nothing_is_grey() -> None:
    explorer = explorers()["gradient_microscope"]()
    amplitude = explorer.controls["amplitude"]
    assert not amplitude.disabled
    explorer.controls["driven"].value = False
    assert amplitude.disabled
    explorer.reset.click()
    assert not amplitude.disabled


@pytest.mark.parametrize(
    ("whole", "words"), [(-1, "nothing to halve"), (10, "the line is too long")]
)
def test_an_error_is_shown_in_words_and_goes_away(
    frail: ExplorerWidget, whole: float, words: str
) -> None:
    before = frail.image.value
    frail.controls["whole"].value = whole
    assert words in said(frail)
    assert frail.image.value == before
    frail.reset.click()
    assert said(frail).startswith("Half of it is 1.0")


@pytest.mark.parametrize(
    ("whole", "words"), [(-1, "nothing to halve"), (10, "the line is too long")]
)
def test_an_error_is_raised_where_it_must_not_pass(
    frail: ExplorerWidget, whole: float, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNLIB_STRICT", "1")
    with pytest.raises((ArithmeticError, ValueError), match=words):
        frail.controls["whole"].value = whole
    assert "could not be made" in said(frail)


def test_each_kind_of_control_opens_at_its_value_and_knows_its_corners(
    frail: ExplorerWidget,
) -> None:
    opening = {
        "whole": 2,
        "count": 3,
        "size": 1,
        "name": "b",
        "stop": 10,
        "on": False,
        "word": "hello",
        "steps": 0,
    }
    assert frail.values == opening
    assert Text("word", "hello", ("é",)).corners() == ("", "hello", "é")
    assert Steps("steps", 10, 0).corners() == (0, 10)
    assert LogSlider("size", 1e-3, 10, 1).corners() == (1e-3, 10)
    assert Stops("stop", (1, 10, 1000), 10).corners() == (1, 1000)


def test_every_corner_is_within_reach_of_its_control(make: Explorer) -> None:
    for control in make.controls.values():
        for corner in control.corners():
            widget = control.widget()
            widget.value = corner
            assert widget.value == corner
