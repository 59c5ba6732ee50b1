"""A melody as notes on a staff."""

from matplotlib.figure import Figure

from rnncourse.drawing import style
from rnncourse.drawing.staff import Staff
from rnncourse.lesson_03.melody.compute import Melody

__all__ = ["MelodyView"]


class MelodyView:
    """Notes on the five lines of a staff, each as wide as it is long."""

    size = (840, 300)

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        title = "the melody, one note after the other"
        self.staff = Staff(figure, (58, 78, 760, 186), title)
        style.key_below(self.staff.axes, self.staff.keys, columns=3, drop=42)
        self.moving = (*self.staff.moving, *style.spines(self.staff.axes))

    def draw(self, data: Melody) -> None:
        """Show `data`."""
        self.staff.draw(data)

    def describe(self, data: Melody) -> str:
        """Return what the picture shows, in words."""
        return (
            f"Notes on a staff, over {data.onsets[-1]:g} beats: "
            f"{' '.join(data.symbols)}. A number is a length in eighths."
        )
