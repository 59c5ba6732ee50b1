"""Dates written in English, and in ISO 8601.

All letters are lower case, and no word depends on the language of the machine.
"""

from datetime import date

from rnnlib._checks import check_choice
from rnnlib._words import kind_of

__all__ = ["STYLES", "iso", "written"]

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAYS = (
    *("monday", "tuesday", "wednesday", "thursday"),
    *("friday", "saturday", "sunday"),
)
STYLES = ("day first", "month first", "weekday", "ordinal")
ORDINALS = {
    **{1: "1st", 2: "2nd", 3: "3rd"},
    **{21: "21st", 22: "22nd", 23: "23rd", 31: "31st"},
}


def iso(day: date) -> str:
    """Return a date in ISO 8601, year-month-day.

    Raises
    ------
    ValueError
        If `day` is not a `datetime.date`.

    >>> iso(date(1969, 7, 20))
    '1969-07-20'
    """
    return date.isoformat(_check(day))


def written(day: date, style: str = "day first") -> str:
    """Return a date in English words and digits, in one of four styles.

    Raises
    ------
    ValueError
        If `day` is not a `datetime.date`, or there is no such style.

    >>> for style in STYLES:
    ...     written(date(1969, 7, 20), style)
    '20 july 1969'
    'july 20, 1969'
    'sunday, 20 july 1969'
    'the 20th of july 1969'
    """
    number, month, year = _check(day).day, MONTHS[day.month - 1], day.year
    match check_choice("style", style, STYLES):
        case "month first":
            return f"{month} {number}, {year}"
        case "weekday":
            return f"{WEEKDAYS[day.weekday()]}, {number} {month} {year}"
        case "ordinal":
            return f"the {ORDINALS.get(number, f'{number}th')} of {month} {year}"
    return f"{number} {month} {year}"


def _check(day: date) -> date:
    if not isinstance(day, date):
        raise ValueError(
            f"day must be a date, got {kind_of(day)}; write datetime.date(1969, 7, 20)"
        )
    return day
