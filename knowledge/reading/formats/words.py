"""The words of a part of a page in one line, as a reader takes them: breaks are spaces, raised figures stay apart."""

import re

from lxml.html import HtmlElement

_BLOCK_NAMES = """
address article aside blockquote body button center dd details dialog dir div dl dt fieldset figcaption figure footer
form header hgroup hr li main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul br
h1 h2 h3 h4 h5 h6 caption
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())

NOTE, END = "\ue000", "\ue001"
"""Around the mark of a note, until the words around it are known."""
_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNIT = re.compile(r"(?:^|[\s\d/.(,])(?:[kcdmµ]?m|km|ft|in|yd|s)$")
_POWER = re.compile(
    rf"(?<![\d.,])10{NOTE}([2-9]|1\d){END}(?!\s*(?:days?|hours?|weeks?|months?|years?|일|시간|주|개월|년|%))"
)
_MARK = re.compile(r"[\[(]?\s*(\d{1,3}|[a-z]|[ivx]{1,4})\s*[\])]?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\[\d{1,3}\]")
_NOTED_FIGURE = re.compile(rf"(\d){NOTE}(\w++){END}( ?[^\W\d]\w*+)")
_NOTED = re.compile(rf" ?{NOTE}(\w++){END}")
_NOTE_ITSELF = re.compile(rf"^{NOTE}(\w++){END} ?")


def words_of(element: HtmlElement) -> str:
    """Return all text of an element in one line."""
    words = list[str]()
    _add(element, words)
    return in_line("".join(words))


def in_line(text: str) -> str:
    """Return text in one line, its marks of notes put in words after what they belong to."""
    text = " ".join(text.split())
    if NOTE not in text:
        return text
    text = _POWER.sub(r"10^\1", _NOTE_ITSELF.sub(r"Note \1: ", text))
    return _NOTED.sub(r" (note \1)", _NOTED_FIGURE.sub(rf"\1\3{NOTE}\2{END}", text))


def raised(before: str, text: str) -> str:
    """Return a raised text as it is written in a line, after the text before it: m³, 10^2, 1st, or a note's mark."""
    text = " ".join(text.split())
    if text in {"2", "3"} and _UNIT.search(before):
        return text.translate(_DIGITS)
    if re.fullmatch(r"[-−]\d+", text):
        return f"^{text}"
    mark = _MARK.fullmatch(text)
    # A raised letter after a figure is an ordinal's, one after a word may be a note's.
    is_note = mark is not None and (mark[1].isdecimal() or not (before[-1:].isdecimal() or mark[1] == text))
    return f"{NOTE}{mark[1]}{END}" if mark is not None and is_note else text


def is_raised(element: HtmlElement) -> bool:
    """Tell whether an element stands above its line, or is the mark of a note that some write in the line: [1]."""
    if element.tag == "a" and element.get("href", "").startswith("#"):
        return bool(_IN_BRACKETS.fullmatch("".join(element.itertext()).strip()))
    return bool(element.tag == "sup")


def _add(element: HtmlElement, words: list[str]) -> None:
    if element.tag in BLOCKS:
        words.append(" ")
    if is_raised(element):
        inside = "".join(element.itertext())
        words.append(raised("".join(words[-2:]).rstrip(), inside))
        return
    words.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            _add(child, words)
        words.append(child.tail or "")
    if element.tag in BLOCKS:
        words.append(" ")
