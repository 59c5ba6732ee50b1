"""What ten seeds make of the worked duet.

``python -m rnncourse.lesson_14.duet.trials`` trains them anew and stores what came out;
it takes about a minute.
"""

from functools import partial
from pathlib import Path

from rnncourse.lesson_14.exercises.duet import DUET
from rnncourse.lesson_14.worked import duet
from rnncourse.lesson_14.worked.trials import named
from rnncourse.shared.trials import Trials

__all__ = ["ten_runs"]

ten_runs = Trials(
    Path(__file__).with_name("trials.npz"), {"duet": partial(named, duet, DUET.task)}
)

if __name__ == "__main__":
    ten_runs.measure()
