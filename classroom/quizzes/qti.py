"""Questions as a content package of QTI 2.1: a manifest, and a file for each item."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from classroom.quizzes.entries import Answer, Bounds, Entry, Kind
from classroom.quizzes.texts import fill

__all__ = ["identifier", "item", "manifest", "package"]

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
RESPONSE, SCORE, FEEDBACK = "RESPONSE", "SCORE", "FEEDBACK"
YEAR = (1980, 1, 1, 0, 0, 0)  # of each file, so that the same questions give one zip
OUTSIDE = "outside"


def package(entries: Sequence[Entry]) -> bytes:
    """Return the package as the bytes of a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        parts = {"imsmanifest.xml": manifest(entries)}
        parts.update((_place(entry), item(entry)) for entry in entries)
        for name, content in parts.items():
            about = zipfile.ZipInfo(name, date_time=YEAR)
            archive.writestr(about, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def identifier(entry: Entry) -> str:
    """Return the name of an item: of letters, digits and underscores."""
    return f"q_{entry.id.replace('.', '_')}"


def _place(entry: Entry) -> str:
    return f"items/{identifier(entry)}.xml"


def manifest(entries: Iterable[Entry]) -> bytes:
    """Return the manifest, which lists the items."""
    root = Element("manifest", xmlns=PACKAGE, identifier="rnnlib_questions")
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = "QTIv2.1 Package"
    SubElement(about, "schemaversion").text = "1.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for entry in entries:
        resource = SubElement(
            resources,
            "resource",
            identifier=identifier(entry),
            type="imsqti_item_xmlv2p1",
            href=_place(entry),
        )
        SubElement(resource, "file", href=_place(entry))
    return _bytes(root)


def item(entry: Entry) -> bytes:
    """Return one item: its variables, its text, its marks, and its replies."""
    root = Element(
        "assessmentItem",
        xmlns=QTI,
        identifier=identifier(entry),
        title=f"{entry.id} {entry.title}",
        adaptive="false",
        timeDependent="false",
    )
    _declare(root, entry)
    body = SubElement(root, "itemBody")
    if entry.bounds:
        _ask_number(body, entry)
        _mark_number(SubElement(root, "responseProcessing"), entry, entry.bounds)
    else:
        _ask_choice(body, entry)
        _mark_choice(SubElement(root, "responseProcessing"))
    for answer in _replies(entry):
        feedback = SubElement(
            root,
            "modalFeedback",
            outcomeIdentifier=FEEDBACK,
            showHide="show",
            identifier=answer.key,
        )
        fill(SubElement(feedback, "p"), answer.reply)
    return _bytes(root)


def _replies(entry: Entry) -> list[Answer]:
    more = [Answer(OUTSIDE, "", entry.bounds.outside)] if entry.bounds else []
    return [*entry.answers, *more]


def _declare(root: Element, entry: Entry) -> None:
    base = "float" if entry.bounds else "identifier"
    response = SubElement(
        root,
        "responseDeclaration",
        identifier=RESPONSE,
        cardinality="single",
        baseType=base,
    )
    right = f"{entry.bounds.right:.12g}" if entry.bounds else entry.right.key
    SubElement(SubElement(response, "correctResponse"), "value").text = right
    for name, kind in {SCORE: "float", FEEDBACK: "identifier"}.items():
        outcome = SubElement(
            root,
            "outcomeDeclaration",
            identifier=name,
            cardinality="single",
            baseType=kind,
        )
        if name == SCORE:
            SubElement(SubElement(outcome, "defaultValue"), "value").text = "0"


def _ask_choice(body: Element, entry: Entry) -> None:
    choice = SubElement(
        body,
        "choiceInteraction",
        responseIdentifier=RESPONSE,
        shuffle="false",
        maxChoices="1",
    )
    asked = entry.prompt
    asked += " Is it a myth or a fact?" if entry.kind is Kind.CARD else ""
    fill(SubElement(choice, "prompt"), asked)
    for answer in entry.answers:
        fill(SubElement(choice, "simpleChoice", identifier=answer.key), answer.text)


def _ask_number(body: Element, entry: Entry) -> None:
    fill(SubElement(body, "p"), entry.prompt)
    line = SubElement(body, "p")
    line.text = "Your number: "
    SubElement(
        line, "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="12"
    )


def _mark_choice(processing: Element) -> None:
    """One point for the right answer; the reply is that of the answer."""
    condition = SubElement(processing, "responseCondition")
    right = SubElement(condition, "responseIf")
    match = SubElement(right, "match")
    _variable(match)
    SubElement(match, "correct", identifier=RESPONSE)
    _set(right, SCORE, "float", "1")
    reply = SubElement(processing, "setOutcomeValue", identifier=FEEDBACK)
    _variable(reply)


def _mark_number(processing: Element, entry: Entry, bounds: Bounds) -> None:
    """One point within the bounds; the reply is the first that fits."""
    condition = SubElement(processing, "responseCondition")
    empty = SubElement(condition, "responseIf")
    _variable(SubElement(empty, "isNull"))
    _set(empty, SCORE, "float", "0")
    inside = SubElement(condition, "responseElseIf")
    both = SubElement(inside, "and")
    _compare(both, "gte", bounds.lower)
    _compare(both, "lte", bounds.upper)
    _set(inside, SCORE, "float", "1")
    _set(inside, FEEDBACK, "identifier", entry.right.key)
    for answer in entry.answers:
        if answer.value is not None:
            known = SubElement(condition, "responseElseIf")
            _compare(known, "equal", answer.value, toleranceMode="exact")
            _set(known, FEEDBACK, "identifier", answer.key)
    outside = SubElement(condition, "responseElseIf")
    either = SubElement(outside, "or")
    _compare(either, "lt", bounds.low)
    _compare(either, "gt", bounds.high)
    _set(outside, FEEDBACK, "identifier", OUTSIDE)
    less = SubElement(condition, "responseElseIf")
    _compare(less, "lt", bounds.lower)
    _set(less, FEEDBACK, "identifier", "less")
    _set(SubElement(condition, "responseElse"), FEEDBACK, "identifier", "more")


def _variable(parent: Element) -> None:
    SubElement(parent, "variable", identifier=RESPONSE)


def _compare(parent: Element, how: str, number: float, **options: str) -> None:
    comparison = SubElement(parent, how, options)
    _variable(comparison)
    SubElement(comparison, "baseValue", baseType="float").text = f"{number:.12g}"


def _set(parent: Element, name: str, kind: str, value: str) -> None:
    outcome = SubElement(parent, "setOutcomeValue", identifier=name)
    SubElement(outcome, "baseValue", baseType=kind).text = value


def _bytes(root: Element) -> bytes:
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
