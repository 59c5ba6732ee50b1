"""Tasks of lesson 03: pictures, films, scenes, tags and tunes; and their sound."""

import io
import wave
from collections import Counter, defaultdict
from itertools import product
from typing import Any

import numpy as np
import pytest

from rnnlib import Vocabulary
from rnnlib.sound import LOUDNESS, RATE, Note, frequency, samples, wav
from rnnlib.tasks import (
    SPECIALS,
    SPLITS,
    Glyphs,
    GrammarTags,
    MovingDot,
    ShapeScenes,
    Tunes,
    read,
)
from rnnlib.tasks.glyphs import DRAWN, SIDE
from rnnlib.tasks.grammar import DOUBTFUL, KNOWN, LAST_TELLS, NEXT_TELLS, WORDS, _forms
from rnnlib.tasks.scenes import COLOURS, KINDS, PLACES, SIZES
from rnnlib.tasks.tunes import HELD_OUT, TUNES, note

TAGS = GrammarTags()
Table = dict[Any, Any]


def test_each_digit_is_drawn_alike_and_fits_at_twelve_places():
    for rows in DRAWN.values():
        assert len(rows) == 6
        assert {len(row) for row in rows} == {5}
        assert {pixel for row in rows for pixel in row} == {".", "#"}
    batch = Glyphs(noise=0.0).sample(2000, rng=np.random.default_rng(0))
    held_out = Glyphs(noise=0.0).sample(
        2000, rng=np.random.default_rng(0), split="held_out"
    )
    seen = {image.tobytes() for image in (*batch.inputs, *held_out.inputs)}
    assert len(seen) == 10 * 3 * 4


def test_a_digit_without_noise_is_the_drawing_somewhere():
    batch = Glyphs(noise=0.0).sample(200, rng=np.random.default_rng(1))
    images = batch.inputs.reshape(-1, SIDE, SIDE)
    for image, target in zip(images, batch.targets, strict=True):
        rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
        drawn = np.array([[*row] for row in DRAWN[str(target)]]) == "#"
        drawn = drawn[:, drawn.any(axis=0)]
        cut = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        np.testing.assert_array_equal(cut, drawn)


def test_noise_turns_over_the_share_of_pixels_asked_for():
    n, rng = 4000, np.random.default_rng(2)
    clean = Glyphs(noise=0.0)._draw(n, np.random.default_rng(3))
    noisy = Glyphs(noise=0.1)._draw(n, np.random.default_rng(3))
    turned = [a.pixels != b.pixels for a, b in zip(clean, noisy, strict=True)]
    assert abs(np.mean(turned) - 0.1) < 5 * np.sqrt(0.09 / (64 * n))
    counts = np.bincount(Glyphs().sample(n, rng=rng).targets, minlength=10)
    assert abs(counts - n / 10).max() < 5 * np.sqrt(n * 0.09)


def places_of(frames, side):
    """Return row and column of the dot at each frame, for one film (T, D)."""
    assert (frames.sum(axis=-1) == 1).all()
    return np.stack(np.divmod(frames.argmax(axis=-1), side), axis=-1)


def test_the_dot_moves_by_one_pixel_as_the_label_says():
    task = MovingDot(9, side=4)
    moves = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
    batch = task.sample(100, rng=np.random.default_rng(4))
    assert batch.mask is not None
    assert not batch.mask[0].any()
    assert batch.mask[1:].all()
    for b in range(100):
        path = places_of(batch.inputs[:, b], 4)
        for t in range(1, 9):
            move = moves[task.classes[batch.targets[t, b]]]
            np.testing.assert_array_equal((path[t - 1] + move) % 4, path[t])


@pytest.mark.parametrize(("turn", "share"), [(0.0, 0.0), (0.4, 0.3), (1.0, 0.75)])
def test_the_dot_turns_as_often_as_asked_for(turn, share):
    targets = MovingDot(20, turn=turn).sample(500, rng=np.random.default_rng(5)).targets
    turned = targets[2:] != targets[1:-1]
    spread = np.sqrt(share * (1 - share) / turned.size)
    assert abs(turned.mean() - share) <= 5 * spread


def test_a_single_frame_says_nothing_about_the_direction():
    task = MovingDot(10, turn=1.0)
    batch = task.sample(20_000, rng=np.random.default_rng(6))
    place = batch.inputs[-1].argmax(axis=-1)
    counts = np.zeros((25, 4))
    np.add.at(counts, (place, batch.targets[-1]), 1)
    n = counts.sum(axis=1, keepdims=True)
    assert abs(counts - n / 4).max() < 5 * np.sqrt(n.max() * 0.25 * 0.75)


def described(sentence):
    """Return what a sentence says: for each place a size, a colour and a kind."""
    found = {}
    for part in sentence.split(" and "):
        article, size, colour, kind, place = part.split()
        assert article == "a"
        found[place] = size, colour, kind
    return found


@pytest.mark.parametrize("split", SPLITS)
def test_a_sentence_says_what_the_vector_holds(split):
    task = ShapeScenes()
    batch = task.sample(300, rng=np.random.default_rng(7), split=split)
    assert set(np.unique(batch.inputs)) == {0.0, 1.0}
    sentences = read(batch.targets, Vocabulary(task.symbols))
    for vector, sentence in zip(batch.inputs, sentences, strict=True):
        seen = described(sentence)
        assert list(seen) == [place for place in PLACES if place in seen]
        for row, place in zip(vector.reshape(3, 8), PLACES, strict=True):
            if place not in seen:
                assert not row.any()
                continue
            size, colour, kind = seen[place]
            names = [(*SIZES, *COLOURS, *KINDS)[k] for k in np.flatnonzero(row)]
            assert names == [size, colour, kind]
        assert task.caption(vector) == sentence


def test_one_two_and_three_shapes_are_equally_frequent_at_all_places():
    n = 6000
    batch = ShapeScenes().sample(n, rng=np.random.default_rng(8))
    there = batch.inputs.reshape(n, 3, 8).any(axis=-1)
    counts = np.bincount(there.sum(axis=1), minlength=4)[1:]
    assert abs(counts - n / 3).max() < 5 * np.sqrt(n * 2 / 9)
    assert abs(there.mean(axis=0) - 2 / 3).max() < 5 * np.sqrt(2 / 9 / n)


def test_the_best_constant_sentence_has_the_chance_it_says():
    one_shape = 3 * len(SIZES) * len(COLOURS) * len(KINDS)
    assert ShapeScenes.chance == pytest.approx(1 / 3 / one_shape)


def every_sentence():
    """Yield words, tags and probability of all sentences there are."""
    for form, p in _forms().items():
        tags, kinds = zip(*form, strict=True)
        choices = [WORDS[kind] for kind in kinds]
        each = p / np.prod([len(words) for words in choices])
        for words in product(*choices):
            yield words, tags, each


KNOWN_WORDS = {
    "left to right": lambda words, t: words[: t + 1],
    "right to left": lambda words, t: words[t:],
    "both": lambda words, t: (words, t),
}


@pytest.mark.parametrize("direction", KNOWN)
def test_the_ceiling_of_a_reader_is_that_of_all_sentences_word_by_word(direction):
    shares: Table = defaultdict(lambda: np.zeros(4))
    doubtful: Table = defaultdict(lambda: np.zeros(4))
    for words, tags, p in every_sentence():
        for t, tag in enumerate(tags):
            known = KNOWN_WORDS[direction](words, t)
            shares[known][tag] += p
            if words[t] in DOUBTFUL:
                doubtful[known][tag] += p
    for found, only in ((shares, False), (doubtful, True)):
        table = np.array(list(found.values()))
        best = table.max(axis=1).sum() / table.sum()
        assert TAGS.ceiling(direction, doubtful=only) == pytest.approx(best)


def test_each_direction_leaves_something_open_and_both_nothing():
    left, right, both = map(TAGS.ceiling, KNOWN)
    assert left < right < 0.97 < both == 1
    assert TAGS.chance < 0.5
    assert sum(_forms().values()) == pytest.approx(1)


def test_a_word_has_the_tag_that_its_neighbours_tell():
    batch = TAGS.sample(2000, rng=np.random.default_rng(9))
    assert batch.mask is not None
    for b, sentence in enumerate(read(batch.inputs, Vocabulary(TAGS.symbols))):
        words = [*sentence.split(), "."]
        for t, word in enumerate(words[:-1]):
            tag = TAGS.classes[batch.targets[t, b]]
            if word in WORDS[NEXT_TELLS]:
                noun = WORDS["noun"] + WORDS[NEXT_TELLS]
                assert tag == ("adjective" if words[t + 1] in noun else "noun")
            elif word in WORDS[LAST_TELLS]:
                assert tag == ("noun" if words[t - 1] == "the" else "verb")
            else:
                kind = next(kind for kind, known in WORDS.items() if word in known)
                assert kind.startswith(tag)
        np.testing.assert_array_equal(batch.mask[:, b].sum(), len(words) - 1)


def test_a_note_that_was_typed_has_its_pitch_and_its_length():
    assert note("C2") == Note(60, 1)
    assert note("c") == Note(72, 0.5)
    assert note("G,3") == Note(55, 1.5)
    assert [note(letter).pitch for letter in "CDEFGAB"] == [60, 62, 64, 65, 67, 69, 71]


def test_the_bars_of_each_tune_add_up():
    """All but those at the ends of its lines are equally long."""
    for name, tune in TUNES.items():
        bars = [sum(note(s).beats for s in bar.split()) for bar in tune.split("|")]
        (length, often), *_ = Counter(bars).most_common()
        assert often >= 0.6 * len(bars), (name, bars)
        assert max(bars) == length, (name, bars)


def test_the_held_out_tunes_have_no_note_of_their_own():
    typed = {name: set(tune.replace("|", " ").split()) for name, tune in TUNES.items()}
    others = set().union(*(typed[name] for name in TUNES if name not in HELD_OUT))
    assert set().union(*(typed[name] for name in HELD_OUT)) <= others
    assert 20 <= len(TUNES) <= 25


@pytest.mark.parametrize("split", SPLITS)
def test_what_is_asked_for_is_the_next_note(split):
    task = Tunes()
    batch = task.sample(30, rng=np.random.default_rng(10), split=split)
    assert batch.input_mask is not None
    names = set()
    tunes = {
        tuple(tune.replace("|", " ").split()): name for name, tune in TUNES.items()
    }
    for b in range(30):
        exists = batch.input_mask[:, b]
        inputs = [task.symbols[token] for token in batch.inputs[exists, b]]
        targets = [task.symbols[token] for token in batch.targets[exists, b]]
        assert inputs == [SPECIALS[1], *targets[:-1]]
        assert targets[-1] == SPECIALS[2]
        names.add(tunes[tuple(targets[:-1])])
    assert (names <= {*HELD_OUT}) == (split == "held_out")


def test_the_most_frequent_note_has_the_chance_it_says():
    targets = [
        s for tune in TUNES.values() for s in (*tune.replace("|", " ").split(), 2)
    ]
    assert Tunes().chance == max(Counter(targets).values()) / len(targets)


MELODY = [Note(60, 1), Note(64, 0.5), Note(None, 0.5), Note(67, 2)]


def test_a_melody_is_as_long_as_its_notes():
    assert len(samples(MELODY, beats_per_minute=120)) == 2 * RATE
    assert len(samples(MELODY, beats_per_minute=60)) == 4 * RATE


@pytest.mark.parametrize("pitch", [21, 48, 60, 69, 84, 108])
def test_a_tone_has_its_pitch(pitch):
    tone = samples([Note(pitch, 2)], beats_per_minute=60)
    spectrum = abs(np.fft.rfft(tone))
    loudest = np.fft.rfftfreq(len(tone), 1 / RATE)[spectrum.argmax()]
    assert loudest == pytest.approx(frequency(pitch), abs=1)


def test_an_octave_doubles_the_frequency():
    assert frequency(69) == 440
    assert frequency(60) / frequency(48) == pytest.approx(2)


def test_no_note_clicks_and_none_is_clipped():
    loud = [Note(pitch, 0.25) for pitch in range(21, 109)]
    for notes in (MELODY, loud):
        sound = samples(notes)
        assert abs(sound).max() <= LOUDNESS
        ends = np.cumsum([round(n.beats * RATE / 2) for n in notes])
        for end in ends:
            assert abs(sound[end - 20 : end + 20]).max() < 0.05
        assert abs(sound[[0, -1]]).max() < 1e-3


def test_a_rest_is_silent():
    sound = samples(MELODY)
    begin, end = round(0.75 * RATE), round(RATE)
    assert not sound[begin:end].any()


def test_a_file_of_sound_holds_the_samples():
    sound = samples(MELODY)
    with wave.open(io.BytesIO(wav(sound))) as file:
        shape = file.getnchannels(), file.getsampwidth(), file.getframerate()
        found = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    assert shape == (1, 2, RATE)
    np.testing.assert_allclose(found / 32_767, sound, atol=1 / 32_767)
