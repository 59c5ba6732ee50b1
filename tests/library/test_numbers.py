import random
from datetime import date, datetime, timedelta

import pytest

from rnnlib.tasks.dates import MONTHS, STYLES, WEEKDAYS, iso, written
from rnnlib.tasks.numbers import (
    ENGLISH_WORDS,
    FRENCH_WORDS,
    LARGEST,
    english,
    french,
)

ENGLISH_0_TO_99 = """
zero one two three four five six seven eight nine
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty twenty-one twenty-two twenty-three twenty-four
twenty-five twenty-six twenty-seven twenty-eight twenty-nine
thirty thirty-one thirty-two thirty-three thirty-four
thirty-five thirty-six thirty-seven thirty-eight thirty-nine
forty forty-one forty-two forty-three forty-four
forty-five forty-six forty-seven forty-eight forty-nine
fifty fifty-one fifty-two fifty-three fifty-four
fifty-five fifty-six fifty-seven fifty-eight fifty-nine
sixty sixty-one sixty-two sixty-three sixty-four
sixty-five sixty-six sixty-seven sixty-eight sixty-nine
seventy seventy-one seventy-two seventy-three seventy-four
seventy-five seventy-six seventy-seven seventy-eight seventy-nine
eighty eighty-one eighty-two eighty-three eighty-four
eighty-five eighty-six eighty-seven eighty-eight eighty-nine
ninety ninety-one ninety-two ninety-three ninety-four
ninety-five ninety-six ninety-seven ninety-eight ninety-nine
"""

FRENCH_0_TO_99 = """
zéro, un, deux, trois, quatre, cinq, six, sept, huit, neuf,
dix, onze, douze, treize, quatorze, quinze, seize, dix-sept, dix-huit, dix-neuf,
vingt, vingt et un, vingt-deux, vingt-trois, vingt-quatre,
vingt-cinq, vingt-six, vingt-sept, vingt-huit, vingt-neuf,
trente, trente et un, trente-deux, trente-trois, trente-quatre,
trente-cinq, trente-six, trente-sept, trente-huit, trente-neuf,
quarante, quarante et un, quarante-deux, quarante-trois, quarante-quatre,
quarante-cinq, quarante-six, quarante-sept, quarante-huit, quarante-neuf,
cinquante, cinquante et un, cinquante-deux, cinquante-trois, cinquante-quatre,
cinquante-cinq, cinquante-six, cinquante-sept, cinquante-huit, cinquante-neuf,
soixante, soixante et un, soixante-deux, soixante-trois, soixante-quatre,
soixante-cinq, soixante-six, soixante-sept, soixante-huit, soixante-neuf,
soixante-dix, soixante et onze, soixante-douze, soixante-treize, soixante-quatorze,
soixante-quinze, soixante-seize, soixante-dix-sept, soixante-dix-huit,
soixante-dix-neuf,
quatre-vingts, quatre-vingt-un, quatre-vingt-deux, quatre-vingt-trois,
quatre-vingt-quatre, quatre-vingt-cinq, quatre-vingt-six, quatre-vingt-sept,
quatre-vingt-huit, quatre-vingt-neuf,
quatre-vingt-dix, quatre-vingt-onze, quatre-vingt-douze, quatre-vingt-treize,
quatre-vingt-quatorze, quatre-vingt-quinze, quatre-vingt-seize,
quatre-vingt-dix-sept, quatre-vingt-dix-huit, quatre-vingt-dix-neuf
"""

LARGE = {
    100: ("one hundred", "cent"),
    101: ("one hundred and one", "cent un"),
    111: ("one hundred and eleven", "cent onze"),
    121: ("one hundred and twenty-one", "cent vingt et un"),
    180: ("one hundred and eighty", "cent quatre-vingts"),
    199: ("one hundred and ninety-nine", "cent quatre-vingt-dix-neuf"),
    200: ("two hundred", "deux cents"),
    201: ("two hundred and one", "deux cent un"),
    280: ("two hundred and eighty", "deux cent quatre-vingts"),
    300: ("three hundred", "trois cents"),
    471: ("four hundred and seventy-one", "quatre cent soixante et onze"),
    999: ("nine hundred and ninety-nine", "neuf cent quatre-vingt-dix-neuf"),
    1000: ("one thousand", "mille"),
    1001: ("one thousand and one", "mille un"),
    1080: ("one thousand and eighty", "mille quatre-vingts"),
    1100: ("one thousand one hundred", "mille cent"),
    1200: ("one thousand two hundred", "mille deux cents"),
    1789: (
        "one thousand seven hundred and eighty-nine",
        "mille sept cent quatre-vingt-neuf",
    ),
    2000: ("two thousand", "deux mille"),
    2024: ("two thousand and twenty-four", "deux mille vingt-quatre"),
    21_000: ("twenty-one thousand", "vingt et un mille"),
    80_000: ("eighty thousand", "quatre-vingt mille"),
    80_080: ("eighty thousand and eighty", "quatre-vingt mille quatre-vingts"),
    100_000: ("one hundred thousand", "cent mille"),
    200_000: ("two hundred thousand", "deux cent mille"),
    280_200: (
        "two hundred and eighty thousand two hundred",
        "deux cent quatre-vingt mille deux cents",
    ),
    999_999: (
        "nine hundred and ninety-nine thousand nine hundred and ninety-nine",
        "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf",
    ),
}

SOME = [*range(10_000), *random.Random(0).sample(range(LARGEST + 1), 5000)]


def test_english_below_a_hundred():
    assert [english(n) for n in range(100)] == ENGLISH_0_TO_99.split()


def test_french_below_a_hundred():
    expected = [words.strip() for words in FRENCH_0_TO_99.split(",")]
    assert len(expected) == 100
    assert [french(n) for n in range(100)] == expected


@pytest.mark.parametrize("n", LARGE)
def test_larger_numbers(n):
    assert (english(n), french(n)) == LARGE[n]


def words_of(text):
    return text.replace("-", " ").split()


def english_value(text):
    """Return the number that English words mean: add, multiply by 100 and 1000."""
    units = {word: n for n, word in enumerate(ENGLISH_0_TO_99.split())}
    total = current = 0
    for word in words_of(text):
        if word == "thousand":
            total, current = 1000 * current, 0
        elif word == "hundred":
            current *= 100
        elif word != "and":
            current += units[word]
    return total + current


def french_value(text):
    """Return the number that French words mean; `quatre vingt` is four times twenty."""
    units = {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6}
    units |= {"zéro": 0, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11}
    units |= {"douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16}
    units |= {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50}
    units |= {"soixante": 60}
    total = current = 0
    last = ""
    for word in words_of(text):
        if word == "mille":
            total, current = 1000 * (current or 1), 0
        elif word in ("cent", "cents"):
            current = 100 * (current or 1)
        elif word in ("vingt", "vingts") and last == "quatre":
            current += 76
        elif word != "et":
            current += units[word]
        last = word
    return total + current


def test_words_mean_the_number_they_were_made_of():
    for n in SOME:
        assert english_value(english(n)) == n
        assert french_value(french(n)) == n


def test_all_words_are_listed_and_each_is_used():
    assert {word for n in SOME for word in words_of(english(n))} == {*ENGLISH_WORDS}
    assert {word for n in SOME for word in words_of(french(n))} == {*FRENCH_WORDS}


def test_vingts_and_cents_end_the_number():
    for n in SOME:
        *others, last = words_of(french(n))
        assert not {"vingts", "cents"} & {*others}
        assert (last == "vingts") == (n % 100 == 80)
        assert (last == "cents") == (n % 100 == 0 and n % 1000 >= 200)


def test_et_stands_only_before_un_and_onze():
    for n in range(1000):
        found = words_of(french(n))
        joined = n % 100 in (21, 31, 41, 51, 61, 71)
        assert ("et" in found) == joined
        assert not joined or found[found.index("et") + 1] in ("un", "onze")


DAYS = {
    date(1789, 7, 14): "tuesday, 14 july 1789",
    date(1900, 1, 1): "monday, 1 january 1900",
    date(1969, 7, 20): "sunday, 20 july 1969",
    date(1989, 11, 9): "thursday, 9 november 1989",
    date(2000, 2, 29): "tuesday, 29 february 2000",
    date(2024, 12, 25): "wednesday, 25 december 2024",
    date(2038, 1, 19): "tuesday, 19 january 2038",
}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_days_of_history_fall_on_their_weekdays(day):
    assert written(day, "weekday") == DAYS[day]


def test_the_endings_of_ordinals():
    found = [written(date(2021, 5, n), "ordinal").split()[1] for n in range(1, 32)]
    expected = """
        1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th
        17th 18th 19th 20th 21st 22nd 23rd 24th 25th 26th 27th 28th 29th 30th 31st
    """
    assert found == expected.split()


def test_each_style_names_the_day_the_month_and_the_year():
    day = date(1998, 3, 3)
    found = [written(day, style) for style in STYLES]
    assert found == [
        "3 march 1998",
        "march 3, 1998",
        "tuesday, 3 march 1998",
        "the 3rd of march 1998",
    ]
    assert written(day) == found[0]


def test_a_year_of_dates_agrees_with_the_calendar():
    for n in range(366):
        day = date(2024, 1, 1) + timedelta(n)
        assert iso(day) == f"2024-{day.month:02}-{day.day:02}"
        assert written(day).split() == [str(day.day), MONTHS[day.month - 1], "2024"]
        assert WEEKDAYS.index(written(day, "weekday").split(",")[0]) == n % 7


def test_a_time_of_day_is_left_out():
    assert iso(datetime(2001, 2, 3, 4, 5)) == "2001-02-03"
    assert iso(date(987, 6, 5)) == "0987-06-05"
