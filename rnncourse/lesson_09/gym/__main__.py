"""Makes the grid of the gym anew: ``python -m rnncourse.lesson_09.gym``."""

import sys
from functools import partial

from rnncourse.lesson_09.gym.grid import GRID, measure


def main() -> None:
    """Make the entries whose names hold a word of the command line, or all."""
    from tqdm.auto import tqdm

    words = sys.argv[1:] or [""]
    chosen = [e for name, e in GRID.items() if any(word in name for word in words)]
    measure(chosen, bar=partial(tqdm, unit=" runs"))


if __name__ == "__main__":
    main()
