"""What ten seeds make of the worked duet.

``python -m rnncourse.lesson_14.duet.trials`` trains them anew and stores what came out;
it takes about a minute.
"""

from pathlib import Path

import numpy as np

from rnncourse.lesson_14.exercises.duet import DUET
from rnncourse.lesson_14.worked import duet
from rnncourse.shared.trials import Trials
from rnnlib._typing import Array

__all__ = ["ten_runs"]


def _scores(seed: int) -> Array:
    """Return the score on the test part, and without what is to come, (2,)."""
    task = DUET.task
    data = task.data()
    net, test = duet.train(data, seed), duet.split(data)[2].tolist()
    truths = [task.truth(data, i) for i in test]
    answers = (
        [duet.predict(found, task.given(data, i)) for i in test]
        for found in (net, duet.ablate(net))
    )
    return np.array([task.score(found, truths) for found in answers])


ten_runs = Trials(Path(__file__).with_name("trials.npz"), {"duet": _scores})

if __name__ == "__main__":
    ten_runs.measure()
