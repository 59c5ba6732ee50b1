"""Pictures: the encoder, the canvas and the artists."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import matplotlib.image
import numpy as np
import pytest
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

from rnncourse.drawing import style
from rnncourse.drawing.bars import Bars
from rnncourse.drawing.canvas import Canvas
from rnncourse.drawing.diagram import Diagram
from rnncourse.drawing.digits import Digits
from rnncourse.drawing.heatmap import HeatMap
from rnncourse.drawing.png import encode
from rnncourse.explorers import explorers
from rnncourse.lesson_05.eigen_picture import compute as eigen
from rnncourse.lesson_05.eigen_picture.view import EigenView
from rnncourse.lesson_05.gradient_microscope import compute as microscope
from rnncourse.lesson_05.gradient_microscope.view import MicroscopeView
from rnncourse.lesson_05.saturation_meter import compute as saturation
from rnncourse.lesson_05.saturation_meter.view import SaturationView

DEEP: dict[str, Any] = {
    "gain": 1.5,
    "activation": "tanh",
    "initialiser": "orthogonal",
    "steps": 30,
    "hidden": 8,
    "amplitude": 0.5,
    "driven": True,
}


def decoded(png: bytes) -> np.ndarray:
    return np.round(matplotlib.image.imread(BytesIO(png)) * 255).astype(np.uint8)


@pytest.mark.parametrize("shape", [(1, 1, 4), (3, 7, 4), (350, 840, 4)])
def test_the_encoder_keeps_the_colour_of_every_pixel(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    assert (decoded(encode(pixels)) == pixels[..., :3]).all()


def line_figure() -> tuple[Figure, Any]:
    figure = style.figure(300, 200)
    axes = style.panel(
        figure,
        (60, 50, 220, 110),
        title="a line",
        x=("x", 0, 1),
        y=("y", 0, 1),
    )
    (line,) = axes.plot([0, 1], [0.2, 0.2], color=style.STATE)
    return figure, line


def test_a_frame_is_what_a_whole_drawing_would_be() -> None:
    figure, line = line_figure()
    canvas = Canvas(figure, (line, *style.spines(line.axes)))
    canvas.pixels()
    line.set_ydata([0.1, 0.9])
    fresh, other = line_figure()
    other.set_ydata([0.1, 0.9])
    whole = BytesIO()
    fresh.savefig(whole, dpi=100)
    complete = decoded(whole.getvalue())[..., :3]
    assert abs(decoded(canvas.frame()).astype(int) - complete).max() <= 40


def test_spines_painted_from_memory_are_spines_drawn_anew() -> None:
    figure, line = line_figure()
    edges = style.spines(line.axes)
    painted = Canvas(figure, (line, *edges)).pixels().copy()
    again = Canvas(figure, (line, *edges)).pixels().copy()
    other, fresh = line_figure()
    spines = [it for it in fresh.axes.spines.values() if it.get_visible()]
    drawn = Canvas(other, (fresh, *spines)).pixels()
    assert (painted == drawn).all()
    assert (again == drawn).all()


def test_the_background_follows_limits_and_size() -> None:
    figure, line = line_figure()
    canvas = Canvas(figure, [line])
    first = canvas.frame()
    line.axes.set_xlim(0, 2)
    second = canvas.frame()
    line.axes.set_xlim(0, 1)
    assert first != second
    assert canvas.frame() == first
    figure.set_dpi(50)
    assert decoded(canvas.frame()).shape == (100, 150, 3)


def test_the_canvas_forgets_old_backgrounds() -> None:
    figure, line = line_figure()
    canvas = Canvas(figure, [line])
    for right in range(1, 30):
        line.axes.set_xlim(0, right)
        canvas.pixels()
    assert len(canvas._backgrounds) == Canvas.backgrounds_kept


def test_the_heat_map_has_its_first_row_on_top() -> None:
    figure, line = line_figure()
    cells = np.zeros((2, 2, 4), dtype=np.uint8)
    cells[0, 1] = 255, 0, 0, 255
    heat_map = HeatMap(line.axes)
    heat_map.set_cells(cells)
    canvas = Canvas(figure, [heat_map])
    assert tuple(canvas.pixels()[45, 275]) == (255, 0, 0, 255)
    assert tuple(canvas.pixels()[45, 65]) == (255, 255, 255, 255)
    assert tuple(canvas.pixels()[145, 275]) == (255, 255, 255, 255)


def test_a_heat_map_that_is_invisible_is_not_painted() -> None:
    figure, line = line_figure()
    heat_map = HeatMap(line.axes)
    heat_map.set_cells(np.full((1, 1, 4), (255, 0, 0, 255), dtype=np.uint8))
    canvas = Canvas(figure, [heat_map])
    heat_map.set_visible(False)
    assert tuple(canvas.pixels()[45, 275]) == (255, 255, 255, 255)


@pytest.mark.parametrize("lying", [False, True])
def test_bars_stand_on_0_or_lie_along_it(lying: bool) -> None:
    axes = line_figure()[0].axes[0]
    bars = Bars(axes, [1, 3], 0.5, lying=lying)
    bars.set_heights([2, -1])
    for path, place, height in zip(bars.get_paths(), (1, 3), (2, -1), strict=True):
        along, up = np.asarray(path.vertices).T[:: -1 if lying else 1]
        assert {*along} == {place - 0.25, place + 0.25}
        assert {*up} == {0, height}


def test_vanishing_and_exploding_have_opposite_colours() -> None:
    below, one, above, nothing, most, future = style.magnitude_colours(
        np.array([1e-6, 1, 1e6, 0, np.inf, np.nan])
    )
    assert below[2] > below[0]  # purple
    assert above[0] > above[2]  # orange
    assert min(one[:3]) > 240
    assert (nothing == below).all()
    assert (most == above).all()
    assert future[3] == 0


def same(shown: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(shown), np.asarray(expected))


def test_the_microscope_draws_the_numbers() -> None:
    data = microscope.compute(**DEEP)
    view = MicroscopeView(style.figure(840, 350))
    view.draw(data)
    same(view.left.get_ydata(), data.left)
    same(view.largest.get_ydata(), data.largest)
    same(view.bound.get_ydata(), np.minimum(data.bound, 1e9))
    same(view.left.get_xdata(), range(data.steps + 1))
    assert view.map.get_cells().shape == (40, 40, 4)
    assert (view.map.get_cells()[30:] == 0).all()
    assert "30" in view.describe(data)


@pytest.mark.parametrize(("steps", "frame"), [(5, 10), (60, 60), (61, 80), (100, 100)])
def test_the_microscope_changes_between_a_few_frames(steps: int, frame: int) -> None:
    view = MicroscopeView(style.figure(840, 350))
    view.draw(microscope.compute(**(DEEP | {"steps": steps})))
    assert view.axes.get_xlim() == (0, frame)


def test_the_meter_draws_the_numbers() -> None:
    data = saturation.compute(a=2.0, activation="tanh", gain=3.0)
    view = SaturationView(style.figure(840, 350))
    view.draw(data)
    same(view.curve.get_ydata(), np.tanh(saturation.GRID))
    same(view.slope.get_ydata(), 1 - np.tanh(saturation.GRID) ** 2)
    same(view.dots.get_ydata(), [np.tanh(2), 1 - np.tanh(2) ** 2])
    heights, _, _ = view.saturated.get_data()
    assert heights.sum() == pytest.approx(100 * data.saturated)


def test_the_eigen_picture_draws_the_numbers() -> None:
    data = eigen.compute(angle=0.5, scale=0.9, shear=1.0, steps=6)
    view = EigenView(style.figure(840, 350))
    view.draw(data)
    same(view.largest.get_ydata(), data.largest)
    same(view.radius.get_ydata(), 0.9 ** np.arange(31))
    same(view.path.get_xydata(), data.path)
    same(view.circle.get_xy()[:121], data.circle)
    same(view.now.get_xdata(), [6, 6])


def test_a_quantity_has_one_colour() -> None:
    view = MicroscopeView(style.figure(840, 350))
    other = SaturationView(style.figure(840, 350))
    for artist in (view.left, other.slope):
        assert to_rgba(artist.get_color()) == to_rgba(style.GRADIENT)
    for artist in (view.largest, other.curve):
        assert to_rgba(artist.get_color()) == to_rgba(style.STATE)


@pytest.mark.parametrize("name", explorers())
def test_text_is_large_enough_and_with_its_key_inside_the_figure(name: str) -> None:
    figure = explorers()[name]().figure
    renderer, whole = figure.canvas.get_renderer(), figure.bbox
    for axes in figure.axes:
        if not (axes.get_visible() and axes.axison):
            continue
        texts = [axes.title, axes.xaxis.label, axes.yaxis.label]
        legend = axes.get_legend()
        ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
        key = legend.get_texts() if legend else []
        for text in (*texts, *ticks, *key):
            assert text.get_fontsize() >= style.SMALL
        for part in (*filter(Text.get_text, texts), *([legend] if legend else [])):
            box = part.get_window_extent(renderer)
            assert min(box.x0, box.y0) >= -2
            assert box.x1 <= whole.x1 + 2
            assert box.y1 <= whole.y1 + 2


def digits_on(axes: Any, *places: tuple[float, float]) -> Digits:
    return Digits(axes, list(places), colour=style.STATE)


def test_digits_are_painted_where_they_belong_in_their_colour() -> None:
    figure, line = line_figure()
    digits = digits_on(line.axes, (0.25, 0.5), (0.75, 0.5))
    canvas = Canvas(figure, [digits])
    empty = canvas.pixels().copy()
    digits.set_texts(["", "8"])
    rows, columns = np.nonzero((canvas.pixels() != empty).any(axis=-1))
    assert abs(columns.mean() - (60 + 0.75 * 220)) < 2
    assert abs(rows.mean() - (200 - 50 - 0.5 * 110)) < 2
    darkest = canvas.pixels()[rows, columns][:, :3].astype(int).sum(axis=1).argmin()
    shown = canvas.pixels()[rows, columns][darkest, :3] / 255
    assert shown == pytest.approx(to_rgb(style.STATE), abs=0.15)


def test_digits_can_be_written_anew_at_other_places() -> None:
    figure, line = line_figure()
    digits = digits_on(line.axes, (0.25, 0.5))
    canvas = Canvas(figure, [digits])
    digits.set_texts(["8"])
    at_first = canvas.frame()
    digits.write([(0.75, 0.5), (0.25, 0.5)], ["1", "2"], [style.INK, style.STATE])
    assert canvas.frame() != at_first
    digits.write([(0.25, 0.5)], ["8"], style.STATE)
    assert canvas.frame() == at_first
    with pytest.raises(ValueError, match="texts must be 2, one a place, got 1"):
        digits.write([(0, 0), (1, 1)], ["1"])


def test_digits_stand_upright() -> None:
    figure, line = line_figure()
    digits = digits_on(line.axes, (0.5, 0.5))
    canvas = Canvas(figure, [digits])
    empty = canvas.pixels().copy()
    digits.set_texts(["L"])
    rows, _ = np.nonzero((canvas.pixels() != empty).any(axis=-1))
    counts = np.bincount(rows)[rows.min() : rows.max() + 1]
    assert counts[-3:].max() > 2 * counts[:3].max()


def test_digits_that_are_not_visible_are_not_painted() -> None:
    figure = style.figure(100, 50)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    digits = Digits(axes, [(0.5, 0.5)])
    digits.set_texts(["8"])
    canvas = Canvas(figure, (digits,))
    assert (np.array(canvas.pixels())[..., :3] < 255).any()
    digits.set_visible(False)
    assert (canvas.pixels()[..., :3] == 255).all()


def test_unknown_letters_become_question_marks_and_counts_must_fit() -> None:
    figure, line = line_figure()
    digits = digits_on(line.axes, (0.5, 0.5))
    canvas = Canvas(figure, [digits])
    digits.set_texts(["?"])
    asked = canvas.frame()
    digits.set_texts(["語"])
    assert canvas.frame() == asked
    with pytest.raises(ValueError, match="texts must be 1, one a place, got 2"):
        digits.set_texts(["1", "2"])


def small_diagram() -> tuple[Diagram, Canvas]:
    figure = style.figure(200, 100)
    diagram = Diagram(figure, (0, 0, 200, 100))
    diagram.box("cell", (100, 50), (40, 30), "h", style.STATE)
    diagram.circle("sum", (30, 50), 10, "+", style.INK)
    diagram.wire("x", [(40, 50), (80, 50)], style.INPUT)
    return diagram, Canvas(figure, diagram.artists())


def test_a_part_lights_up_and_the_others_fade() -> None:
    diagram, canvas = small_diagram()
    every = canvas.pixels().copy()
    diagram.light(["x"])
    lit = canvas.pixels().copy()
    assert diagram.names == ("cell", "sum", "x")
    assert (lit[50, 60] == every[50, 60]).all()
    assert lit[50, 60, :3] / 255 == pytest.approx(to_rgb(style.INPUT), abs=0.02)
    assert (lit[50, 80:84] >= every[50, 80:84]).all()
    assert (lit != every).any()


def test_a_gradient_runs_back_along_the_same_wire_in_its_colour() -> None:
    diagram, canvas = small_diagram()
    diagram.light({"x": style.GRADIENT})
    shown = canvas.pixels()[50, 60, :3] / 255
    assert shown == pytest.approx(to_rgb(style.GRADIENT), abs=0.02)


def test_an_unknown_part_and_a_late_one_are_refused() -> None:
    diagram, _ = small_diagram()
    with pytest.raises(ValueError, match="parts are cell, sum, x, got 'y'"):
        diagram.light(["y"])
    with pytest.raises(ValueError, match="'y' must be drawn before"):
        diagram.wire("y", [(0, 0), (10, 0)], style.OUTPUT)


def test_labels_are_moved_apart_and_keep_their_order() -> None:
    assert style.apart([3.0, 1.0, 1.5], 1).tolist() == [3, 1, 2]
