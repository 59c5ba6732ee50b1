"""Questions in the XML that Moodle imports."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from classroom.quizzes.entries import START, Answer, Bounds, Entry, Kind
from classroom.quizzes.texts import as_html

__all__ = ["moodle"]

TYPES = {Kind.CHOICE: "multichoice", Kind.CARD: "truefalse", Kind.NUMBER: "numerical"}
COURSE = "$course$/top/Recurrent neural networks"
MYTH_OR_FACT = "Is it a fact? True is a fact, false is a myth."


def moodle(entries: Iterable[Entry]) -> bytes:
    """Return questions as Moodle XML, in a category for each lesson."""
    quiz = Element("quiz")
    for lesson, group in groupby(entries, key=lambda entry: entry.lesson):
        name = "Start here" if lesson == START else f"Lesson {lesson}"
        category = SubElement(quiz, "question", type="category")
        _text(category, "category", f"{COURSE}/{name}")
        quiz.extend(map(_question, group))
    ElementTree.indent(quiz)
    return ElementTree.tostring(quiz, encoding="utf-8", xml_declaration=True) + b"\n"


def _question(entry: Entry) -> Element:
    question = Element("question", type=TYPES[entry.kind])
    _text(question, "name", f"{entry.id} {entry.title}")
    prompt = f"<p>{as_html(entry.prompt)}</p>"
    if entry.kind is Kind.CARD:
        prompt += f"<p>{MYTH_OR_FACT}</p>"
    _text(question, "questiontext", prompt, format="html")
    _text(question, "generalfeedback", "", format="html")
    plain = {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0"}
    if entry.kind is Kind.CARD:
        plain["penalty"] = "1"
    plain["idnumber"] = entry.id
    if entry.kind is Kind.CHOICE:
        plain |= {"single": "true", "shuffleanswers": "false"}
        plain["answernumbering"] = "abc"
    for tag, text in plain.items():
        SubElement(question, tag).text = text
    question.extend(_answers(entry))
    return question


def _answers(entry: Entry) -> Iterator[Element]:
    if entry.bounds:
        yield from _numbers(entry, entry.bounds)
        return
    for answer in entry.answers:
        if entry.kind is Kind.CARD:
            word = "true" if answer.key == "fact" else "false"
            yield _answer(word, "moodle_auto_format", answer)
        else:
            yield _answer(as_html(answer.text), "html", answer)


def _numbers(entry: Entry, bounds: Bounds) -> Iterator[Element]:
    """Yield answers of which the first that fits counts: value and tolerance each.

    The right number itself comes first, for Moodle shows that one; what is right by a
    factor reaches further up than down, so a second range has the rest of it.
    """
    reply = {answer.key: answer for answer in entry.answers}
    near = min(bounds.right - bounds.lower, bounds.upper - bounds.right)
    yield _number(bounds.right, near, entry.right)
    if bounds.upper - bounds.lower > 2.000001 * near:
        yield _range(bounds.lower, bounds.upper, entry.right)
    for answer in entry.answers:
        if answer.value is not None:
            yield _number(answer.value, 0.0, answer)
    yield _range(bounds.low, bounds.lower, reply["less"])
    yield _range(bounds.upper, bounds.high, reply["more"])
    yield _answer("*", "moodle_auto_format", Answer("*", "*", bounds.outside))


def _range(low: float, high: float, answer: Answer) -> Element:
    return _number((low + high) / 2, (high - low) / 2, answer)


def _number(value: float, tolerance: float, answer: Answer) -> Element:
    element = _answer(f"{value:.12g}", "moodle_auto_format", answer)
    SubElement(element, "tolerance").text = f"{tolerance:.12g}"
    return element


def _answer(text: str, format: str, answer: Answer) -> Element:
    fraction = "100" if answer.right else "0"
    element = Element("answer", fraction=fraction, format=format)
    SubElement(element, "text").text = text
    _text(element, "feedback", f"<p>{as_html(answer.reply)}</p>", format="html")
    return element


def _text(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(SubElement(parent, tag, attributes), "text").text = text
