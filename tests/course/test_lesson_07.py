"""Lesson 07: its nets, its films, and what else the lesson claims."""

from __future__ import annotations

import io
import wave
from itertools import islice
from typing import Any

import numpy as np
import pytest

from rnncourse.drawing import style
from rnncourse.exploring.engine import ExplorerWidget
from rnncourse.lesson_07 import nets
from rnncourse.lesson_07.blind_test import blind_test
from rnncourse.lesson_07.brackets import correlations, depths, excess, quoted
from rnncourse.lesson_07.capacity.compute import compute as capacities
from rnncourse.lesson_07.composer.compute import bigram as note_pairs
from rnncourse.lesson_07.composer.compute import compute as compose
from rnncourse.lesson_07.exercises.beat_the_bigram import BEAT_THE_BIGRAM, names_model
from rnncourse.lesson_07.explorers import composer, training_film
from rnncourse.lesson_07.figures.strip import LetterStrip, signed_colours
from rnncourse.lesson_07.loop_finder.compute import cycle
from rnncourse.lesson_07.next_letter_theatre import compute as theatre
from rnncourse.lesson_07.next_letter_theatre.view import NextLetterView
from rnncourse.lesson_07.training_film import compute as films
from rnncourse.lesson_07.training_film.view import COPY, TrainingFilmView
from rnncourse.lesson_07.trials import told_apart
from rnnlib.tasks import SPLITS, BracketLanguage, Names

MARGIN = 0.05


@pytest.mark.parametrize("name", nets.RECIPES)
def test_a_stored_net_is_as_good_as_the_lesson_says(name: str) -> None:
    expected = {
        "minerals, 50 updates": 2.93,
        "minerals, 150 updates": 2.74,
        "minerals, 800 updates": 4.18,
        "dinosaurs, 150 updates": 2.67,
        "brackets": 2.03,
        "numbers": 0.40,
        "tunes, 75 updates": 3.35,
        "tunes, 400 updates": 10.6,
    }
    found = nets.bits(nets.stored(name), nets.held_out(name))
    assert found == pytest.approx(expected[name], abs=0.01)


def test_training_a_stored_net_again_gives_the_same_loss() -> None:
    name = "minerals, 50 updates"
    again = nets.bits(nets.RECIPES[name].train(), nets.held_out(name))
    stored = nets.bits(nets.stored(name), nets.held_out(name))
    assert again == pytest.approx(stored, abs=MARGIN)


def test_stopped_early_a_net_beats_counting_and_by_heart_it_does_not() -> None:
    for of in films.LISTS:
        counting = min(films.baselines(of))
        losses = np.array([film.losses[:, 1] for film in films.stored(of)])
        assert (losses[:, 4] < counting).all()
        assert (losses[:, -1] > counting + 1).all()


def test_in_every_film_the_held_out_loss_turns_and_copies_come() -> None:
    for of in films.LISTS:
        for film in films.stored(of):
            best = film.losses[:, 1].argmin()
            assert 100 <= films.UPDATES[best] <= 200
            assert (np.diff(film.losses[best:, 1]) > 0).all()
            assert (np.diff(film.losses[:, 0]) < 0).all()
            assert film.novelty[best, 0] <= 2
            assert film.novelty[-1, 0] > 50
            assert (film.novelty.sum(axis=1) == films.DRAWN).all()


def test_a_film_made_again_begins_like_the_stored_one() -> None:
    stored = films.stored("dinosaurs")[2]
    last = list(islice(films.run("dinosaurs", 102), 51))[-1]
    assert len(last.losses) == 3
    assert last.progress == 50 / 800
    assert last.losses == pytest.approx(stored.losses[:3].astype(float), abs=MARGIN)
    assert last.names[0] == stored.names[0]


def test_while_a_film_is_made_its_last_picture_is_shown() -> None:
    half = films.stored("minerals")[0]
    half = films.Film(
        "minerals", 100, half.losses[:5], half.novelty[:5], half.names, 0.2
    )
    data = films.compute(of="minerals", seed=100, at=10, trained=(half,))
    assert (data.at, data.live) == (4, True)
    assert "your film, after 150 updates" in data.verdict
    other = films.compute(of="minerals", seed=101, at=10, trained=(half,))
    assert (other.at, other.live) == (10, False)


def test_a_copy_is_marked_beside_its_name() -> None:
    view = TrainingFilmView(style.figure(840, 350))
    known = set(Names("minerals").names())
    for seed in (100, 104):
        data = films.compute(of="minerals", seed=seed, at=10)
        view.draw(data)
        assert view.names.get_texts() == data.film.names[10]
        marked = [text == COPY for text in view.marks.get_texts()]
        assert marked == [name in known for name in data.film.names[10]]
    assert any(marked)
    view.draw(films.compute(of="minerals", seed=100, at=3))
    assert list(np.asarray(view.held_out.get_xdata())) == [0, 20, 50, 100]


def test_a_click_makes_a_film_and_stop_ends_it() -> None:
    explorer: ExplorerWidget = training_film()
    live = explorer.live
    assert live is not None
    live.start.click()
    while not live.records or live.records[-1].progress < 0.03:
        pass
    live.stop.click()
    live.wait()
    assert "your film" in explorer.verdict.value
    assert not live.is_running
    explorer.reset.click()
    assert "stored film" in explorer.verdict.value


def test_no_held_out_name_is_read_in_training() -> None:
    for of in ("minerals", "dinosaurs", "numbers"):
        train, held_out = (set(Names(of).names(split)) for split in SPLITS)
        assert not train & held_out
    text = nets.numbers_text(3000, rng=np.random.default_rng(0))
    assert not set(text.split(", ")) & set(Names("numbers").names("held_out"))


def test_depth_and_quote_are_those_of_the_language() -> None:
    language = BracketLanguage(60)
    tokens = language.sample(40, rng=np.random.default_rng(3)).inputs
    p = language.probabilities(tokens)
    closing = p[..., 4:6].sum(axis=-1) > 0
    assert (closing == ((depths(tokens) > 0) & ~quoted(tokens))).all()
    assert (p[..., 2:6].sum(axis=-1) == 0)[quoted(tokens)].all()
    assert depths(tokens).max() == language.max_depth


def test_the_excess_is_the_loss_less_that_of_the_language() -> None:
    language, model = BracketLanguage(40), nets.stored("brackets")
    batch = language.sample(4000, rng=np.random.default_rng(4), split="held_out")
    p = language.probabilities(batch.inputs)
    came = np.take_along_axis(p, batch.targets[..., None], axis=-1)
    expected = nets.bits(model, batch) + np.log2(came).mean()
    found = excess(model, batch)
    assert found[0] == pytest.approx(expected, abs=0.003)
    weights = np.bincount(depths(batch.inputs).ravel(), minlength=5)
    assert np.average(found[1:], weights=weights) == pytest.approx(found[0])


def test_a_deep_symbol_costs_most_and_half_is_lost_near_the_surface() -> None:
    held_out = BracketLanguage(40).sample(500, rng=np.random.default_rng(1))
    often = np.bincount(depths(held_out.inputs).ravel(), minlength=5)
    often = often / often.sum()
    assert 0.035 < often[4] < 0.045  # one symbol in 25
    for cell in ("LSTM", "RNN"):
        lost = capacities(hidden=8, cell=cell).above[cell].mean(axis=0)[:, 1:]
        assert (lost[:, 4] > 2 * lost[:, 0]).all()
        shares = lost * often / (lost * often).sum(axis=1, keepdims=True)
        assert shares[:, :2].sum(axis=1).min() > 0.4


def test_a_unit_that_never_moves_has_no_correlation() -> None:
    rng = np.random.default_rng(5)
    h, feature = rng.standard_normal((9, 4, 3)), rng.standard_normal((9, 4))
    h[..., 1] = 0.5
    h[..., 2] = -3 * feature + 1
    found = correlations(h, feature)
    assert found[1] == 0
    assert found[2] == pytest.approx(-1)


@pytest.mark.parametrize("period", [1, 7, 28, 100])
def test_a_loop_is_found_with_its_beginning_and_its_length(period: int) -> None:
    rng = np.random.default_rng(period)
    words = "".join(rng.choice([*"abcdefghij"], 53)) + "k"
    loop = "".join(rng.choice([*"lmnopqrs"], period - 1)) + "t"
    text = (words + 40 * loop)[: 54 + 20 + 3 * period]
    assert cycle(text) == (54, period)
    assert cycle(text + "?") == (0, 0)


def test_the_blind_test_has_five_real_names_and_five_new_ones() -> None:
    task = Names("minerals")
    places, printed = set(), task.names("held_out")[:5]
    for seed in range(8):
        names, real = blind_test(seed)
        assert len(set(names)) == 10
        assert not set(names) & set(printed)
        for number, name in enumerate(names, 1):
            counted = task.novelty([name])
            assert counted == ((0, 1, 0) if number in real else (0, 0, 1))
        places |= {frozenset(real)}
    assert len(places) > 4


def test_told_apart_counts_the_pairs() -> None:
    assert told_apart(np.array([1.0, 3.0]), np.array([2.0, 4.0])) == 0.75


def test_the_theatre_shows_what_was_cut_off_and_what_was_drawn() -> None:
    view = NextLetterView(style.figure(840, 350))
    given: dict[str, Any] = {
        "prefix": "gra",
        "net": theatre.NETS[1],
        "temperature": 1.0,
        "draw": 3,
    }
    data = theatre.compute(**given, top_k=5, top_p=1.0)
    view.draw(data)
    drawn = view.bars.get_heights()
    assert np.count_nonzero(drawn) == 5
    heights = view.cut.get_heights()
    assert heights == pytest.approx(100 * data.probabilities)
    assert "".join(view.text.get_texts()) == data.prefix + data.drawn
    own = view.own.get_heights()[: data.surprises.shape[1]]
    assert own == pytest.approx(np.minimum(data.surprises[0], 10))
    assert data.left.sum() == pytest.approx(1)


def test_what_is_not_known_is_said_and_left_out() -> None:
    given: dict[str, Any] = {"net": theatre.NETS[0], "temperature": 1.0, "draw": 1}
    data = theatre.compute(prefix="Ö9x", **given, top_k=27, top_p=1.0)
    assert data.prefix == "x"
    assert data.verdict.endswith("Not read: “ö9”.")


def test_a_number_of_updates_that_is_none_is_told_in_a_few_words() -> None:
    def answer(V: int, rng: np.random.Generator) -> tuple[Any, str]:
        return names_model(V, rng)[0], "150" * 99

    case = {"rng": np.random.default_rng(0)}
    said = BEAT_THE_BIGRAM.observe(answer, case)
    assert said.startswith("The number of updates should be whole, from 1 to 1000; it")
    assert len(said) < 110


def test_a_strip_puts_each_letter_in_its_cell() -> None:
    strip = LetterStrip(style.figure(840, 350), (10, 10, 400, 60), 4, rows=2)
    values = np.array([-1.0, 0.0, 1.0, 0.5, -0.5])
    strip.write("abcde", signed_colours(values))
    cells = strip.cells.get_cells()
    assert cells.shape == (2, 4, 4)
    assert (cells[1, 1:] == 255).all()
    assert cells[0, 0, 2] > cells[0, 0, 0]  # purple
    assert cells[0, 2, 0] > cells[0, 2, 2]  # orange
    assert min(cells[0, 1, :3]) > 240
    assert strip.place_of(5) == (1.5, 0.5)


def test_a_tune_is_played_as_it_is_shown() -> None:
    explorer = composer()
    assert explorer.speaker is not None
    explorer.speaker.play.click()
    _, player = explorer.speaker.children
    data = compose(**explorer.values)
    with wave.open(io.BytesIO(player.value)) as file:
        seconds = file.getnframes() / file.getframerate()
    assert seconds == pytest.approx(60 / 150 * data.onsets[-1], abs=0.01)


def test_no_net_of_tunes_beats_counting_pairs() -> None:
    batch = nets.held_out("tunes, 75 updates")
    pairs = nets.bits(note_pairs(), batch)
    assert pairs == pytest.approx(3.334, abs=0.001)
    for name in ("tunes, 75 updates", "tunes, 400 updates"):
        assert nets.bits(nets.stored(name), batch) > pairs
