"""Splitting a document into passages: a few sentences under one heading, with ids that change only with their text."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from knowledge.reading.text import cost

PASSAGE_COST = 240
"""Longest passage, in approximate model tokens: ten of them fit a tool's result."""
MOST_HEADINGS = 2_000
MOST_PASSAGES = 5_000
"""Most passages per document: a handbook of 600 printed pages has fewer, and one page must not fill the whole index."""
LONGEST_HEADING = 300

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")


class Piece(BaseModel):
    """A passage before it is stored: a few sentences under one heading."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: int
    section: str
    text: str
    asked: str = ""


class TooLongError(ValueError):
    """A document that is too long."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"it has more than {most:,} {what}: split it into several documents")


def pieces_of(key: str, title: str, text: str, asked: Mapping[str, Sequence[str]]) -> list[Piece]:
    """Split a document's text into passages.

    Args:
        key: the document's.
        title: the document's; also the heading of the section before its first heading.
        text: the document's.
        asked: by heading, what customers ask about a section.

    Raises:
        TooLongError: it has too many headings or passages.
    """
    seen: Counter[str] = Counter()
    pieces = list[Piece]()
    for section, bare, body in _sections(title, text):
        for part in _parts(body):
            if len(pieces) == MOST_PASSAGES:
                raise TooLongError("passages", MOST_PASSAGES)
            questions = "\n".join(asked.get(section, asked.get(bare, ())))
            # Nothing is added if there are no questions, so that such a passage keeps its id.
            content = "\n".join(filter(None, (key, title, section, part, questions)))
            seen[content] += 1
            digest = hashlib.sha256(f"{content}\n{seen[content]}".encode()).hexdigest()
            pieces.append(Piece(id=digest[:32], number=len(pieces) + 1, section=section, text=part, asked=questions))
    return pieces


def first_heading(text: str) -> str | None:
    """Return the first heading in a text."""
    found = (HEADING.match(line) for line in text.split("\n"))
    return next((heading[2] for heading in found if heading is not None), None)


@dataclass
class _Section:
    """What stands under one heading, and the section that it is a part of."""

    heading: str
    lines: list[str]
    level: int
    above: "_Section | None" = None

    @property
    def body(self) -> str:
        """Its own text."""
        return "\n".join(self.lines).strip()


def _sections(title: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each section, its heading alone, and its text."""
    sections = _outline(title, text)
    names = Counter(section.heading for section in sections)
    levels = [section.level for section in sections[1:]]
    # A heading with all others below it is the page's title in other words.
    is_titled = len(levels) > 1 and levels.count(levels[0]) == 1 and levels[0] == min(levels)
    told = {title, sections[1].heading if is_titled else title}
    for at, section in enumerate(sections):
        deeper = at + 1 < len(sections) and sections[at + 1].level > section.level
        body = section.body if section.body or deeper else _said_by(section.heading, section.level)
        yield _named(section, names, told), section.heading, body


def _outline(title: str, text: str) -> list[_Section]:
    sections = [_Section(title, [], 0)]
    for line in text.split("\n"):
        heading = HEADING.match(line)
        if heading is None:
            sections[-1].lines.append(line)
            continue
        if len(sections) > MOST_HEADINGS:
            raise TooLongError("headings", MOST_HEADINGS)
        level, above = len(heading[1]), sections[-1]
        while above.level >= level and above.above is not None:
            above = above.above
        sections.append(_Section(*_short(heading[2]), level, above))
    return sections


def _named(section: _Section, names: Counter[str], told: Collection[str]) -> str:
    """Return a section's heading, after the one above it where nothing else would tell what that says."""
    above = section.above
    if above is None or above.heading in {*told, section.heading} or (above.body and names[section.heading] == 1):
        return section.heading
    name = f"{_named(above, names, told)}: {section.heading}"
    return name if len(name) <= LONGEST_HEADING else section.heading


def _said_by(heading: str, level: int) -> str:
    """Return what a heading with nothing under it says by itself, as a page in large letters does, if anything."""
    says = level and (heading.endswith((".", "!", "。")) or any(map(str.isdecimal, heading)))
    return heading if says else ""


def _short(heading: str) -> tuple[str, list[str]]:
    # A heading as long as a paragraph is cut, and repeated in full in the text below it.
    return (heading, []) if len(heading) <= LONGEST_HEADING else (f"{heading[:LONGEST_HEADING]}…", [heading])


def _parts(body: str) -> Iterator[str]:
    part = ""
    for sentence in _sentences(body):
        if part and cost(part) + cost(sentence) > PASSAGE_COST:
            yield part
            part = ""
        part = f"{part} {sentence}" if part else sentence
    # Text without words, such as a rule between sections, could never be found.
    if any(map(str.isalnum, part)):
        yield part


def _sentences(body: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(" ".join(body.split())):
        # Text without full stops is cut by length, so that no passage is too long for a result.
        step = PASSAGE_COST if cost(sentence) > PASSAGE_COST else max(1, len(sentence))
        for start in range(0, len(sentence), step):
            yield sentence[start : start + step]
