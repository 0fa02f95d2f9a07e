"""A document's text cut into passages: a few sentences under one heading, with ids that last as long as their text."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from knowledge.reading.text import cost

PASSAGE_COST = 240
"""The longest passage, in about the tokens of a model: ten of them fit a tool's result."""
MOST_HEADINGS = 2_000
MOST_PASSAGES = 5_000
"""Of one document: a handbook of 600 printed pages has fewer, and one page may not swallow the whole index."""
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
    """A document with more in it than one document may have."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"it has more than {most:,} {what}: give it as several documents")


def pieces_of(key: str, title: str, text: str, asked: Mapping[str, Sequence[str]]) -> list[Piece]:
    """Cut a document's text into passages.

    Args:
        key: the document's.
        title: the document's; the section before its first heading has it for a heading.
        text: the document's.
        asked: by heading, what customers ask about a section.

    Raises:
        TooLongError: it has too many headings or passages.
    """
    seen: Counter[str] = Counter()
    pieces = list[Piece]()
    for section, body in _sections(title, text):
        for part in _parts(body):
            if len(pieces) == MOST_PASSAGES:
                raise TooLongError("passages", MOST_PASSAGES)
            questions = "\n".join(asked.get(section, ()))
            # Nothing is added where nothing is asked, so that such a passage's id stays what it was.
            content = "\n".join(filter(None, (key, title, section, part, questions)))
            seen[content] += 1
            digest = hashlib.sha256(f"{content}\n{seen[content]}".encode()).hexdigest()
            pieces.append(Piece(id=digest[:32], number=len(pieces) + 1, section=section, text=part, asked=questions))
    return pieces


def first_heading(text: str) -> str | None:
    """Return the first heading in a text."""
    found = (HEADING.match(line) for line in text.split("\n"))
    return next((heading[2] for heading in found if heading is not None), None)


def _sections(title: str, text: str) -> Iterator[tuple[str, str]]:
    section, lines, headings = title, list[str](), 0
    for line in text.split("\n"):
        heading = HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        headings += 1
        if headings > MOST_HEADINGS:
            raise TooLongError("headings", MOST_HEADINGS)
        yield section, "\n".join(lines).strip()
        section, lines = _short(heading[2])
    yield section, "\n".join(lines).strip()


def _short(heading: str) -> tuple[str, list[str]]:
    # A heading that is a paragraph is cut, and stands whole in the text below it.
    return (heading, []) if len(heading) <= LONGEST_HEADING else (f"{heading[:LONGEST_HEADING]}…", [heading])


def _parts(body: str) -> Iterator[str]:
    part = ""
    for sentence in _sentences(body):
        if part and cost(part) + cost(sentence) > PASSAGE_COST:
            yield part
            part = ""
        part = f"{part} {sentence}" if part else sentence
    # What holds no word, such as a rule between sections, could be found by nothing.
    if any(map(str.isalnum, part)):
        yield part


def _sentences(body: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(" ".join(body.split())):
        # A wall of text without a full stop is cut by length, so that no passage outgrows a result.
        step = PASSAGE_COST if cost(sentence) > PASSAGE_COST else max(1, len(sentence))
        for start in range(0, len(sentence), step):
            yield sentence[start : start + step]
