"""Measures the three ways anew: ``python -m rnncourse.lesson_12.three_ways``."""

from functools import partial

from rnncourse.lesson_12.three_ways.times import measure


def main() -> None:
    """Measure and store all times."""
    from tqdm.auto import tqdm

    measure(bar=partial(tqdm, unit=" sizes"))


if __name__ == "__main__":
    main()
