"""Numbers in the verdicts of lesson 06."""

from rnncourse.shared.wording import number

__all__ = ["signed", "small"]

LEAST = 1e-6


def signed(value: float) -> str:
    """Return a number with a true minus sign.

    >>> signed(-0.113), signed(-3e-5)
    ('−0.11', '−3e-5')
    """
    return f"−{number(-value)}" if value < 0 else number(value)


def small(loss: float) -> str:
    """Return a loss in words: below a millionth its digits mean nothing.

    >>> small(0.0023), small(3.1e-33)
    ('0.0023', 'under 1e-6')
    """
    return number(loss) if loss >= LEAST else "under 1e-6"
