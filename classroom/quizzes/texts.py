"""Words of the course as markup: code, and indices of formulas."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

__all__ = ["as_html", "fill", "paragraph"]

PART = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\b(?P<name>d?[A-Za-zαβγσστ]|sigma)_(?P<sub>\{[^{}]+\}|[A-Za-z0-9]+)"
    r"|\^(?P<sup>\{[^{}]+\}|[^\W_]+)"
)


def fill(element: Element, words: str) -> Element:
    """Append words to an element, as its text and its children; return the element.

    >>> as_html("W_hh^2 at h_{t-1} in `a < b`")
    'W<sub>hh</sub><sup>2</sup> at h<sub>t−1</sub> in <code>a &lt; b</code>'
    """
    last: Element | None = None
    for tag, text in _pieces(words):
        if tag:
            last = SubElement(element, tag)
            last.text = text
        elif last is not None:
            last.tail = (last.tail or "") + text
        else:
            element.text = (element.text or "") + text
    return element


def paragraph(words: str) -> Element:
    """Return words as a paragraph."""
    return fill(Element("p"), words)


def as_html(words: str) -> str:
    """Return words as HTML without an element around them."""
    whole = ElementTree.tostring(fill(Element("p"), words), encoding="unicode")
    return whole.removeprefix("<p>").removesuffix("</p>").removesuffix("<p />")


def _pieces(words: str) -> Iterator[tuple[str, str]]:
    """Yield text with its tag, which is empty for what is only text."""
    end = 0
    for found in PART.finditer(words):
        yield "", words[end : found.start()]
        parts = found.groupdict()
        if parts["code"]:
            yield "code", parts["code"]
        else:
            yield "", parts["name"] or ""
            tag = "sub" if parts["sub"] else "sup"
            yield tag, parts[tag].strip("{}").replace("-", "−")
        end = found.end()
    yield "", words[end:]
