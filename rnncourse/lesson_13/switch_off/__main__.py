"""Measures anew what is lost: ``python -m rnncourse.lesson_13.switch_off``."""

from rnncourse.lesson_13.switch_off.losses import measure

if __name__ == "__main__":
    measure()
