"""Documents: a policy read from a file, made plain, and cut into passages under its headings."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import frontmatter
import yaml  # type: ignore[import-untyped]  # it has no types of its own
from pydantic import BaseModel, ConfigDict, Field, ValidationError

HANDBOOK = Path(__file__).resolve().parent / "policies"
PASSAGE_COST = 240
"""The longest passage, in about the tokens of a model: ten of them fit a tool's result."""

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")


class DocumentRefusedError(ValueError):
    """A file that cannot be taken in; the message says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name}: {why}")


class Heading(BaseModel):
    """What stands in a file's front matter."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)
    title: str = Field(min_length=1, max_length=200)
    language: str = Field(pattern=r"^[a-z]{2}$")
    category: str = Field("", max_length=80)
    effective_date: date
    replaced_date: date | None = None


@dataclass(frozen=True)
class Piece:
    """A passage before it is stored: a few sentences under one heading."""

    id: str
    number: int
    section: str
    text: str


@dataclass(frozen=True)
class Source:
    """A document as its file has it, normalised."""

    key: str
    heading: Heading
    place: str
    sha256: str
    text: str
    pieces: tuple[Piece, ...]


def read_document(path: Path, place: str) -> Source:
    """Read a Markdown file with front matter.

    Args:
        path: the file.
        place: how the document remembers where it came from.

    Raises:
        DocumentRefusedError: it is not UTF-8, has no usable front matter, or says nothing.
    """
    try:
        post = frontmatter.loads(path.read_text(encoding="utf-8"))
        heading = Heading.model_validate(post.metadata)
    except UnicodeDecodeError as error:
        raise DocumentRefusedError(path, "it is not UTF-8 text") from error
    except yaml.YAMLError as error:
        raise DocumentRefusedError(path, "its front matter is not YAML") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise DocumentRefusedError(path, f"front matter, {first['loc'][0]}: {first['msg'].lower()}") from error
    text = normalise(post.content)
    if not text:
        raise DocumentRefusedError(path, "it has no text")
    return _source(place, heading, text)


def _source(place: str, heading: Heading, text: str) -> Source:
    key = f"{heading.id}:{heading.language}"
    digest = hashlib.sha256(f"{heading.model_dump_json()}\n{text}".encode()).hexdigest()
    return Source(key, heading, place, digest, text, tuple(_pieces(key, heading.title, text)))


def normalise(text: str) -> str:
    """Bring text to one form: composed letters, single spaces, no invisible characters, paragraphs by empty lines."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    visible = "".join(mark for mark in composed if mark == "\n" or unicodedata.category(mark) not in {"Cc", "Cf", "Co"})
    lines = (re.sub(r"[ \u00a0\u3000]+", " ", line).strip() for line in visible.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def cost(text: str) -> int:
    """Estimate how many tokens a model reads: one for four Latin letters, one for each Korean syllable."""
    latin = sum(mark.isascii() for mark in text)
    return latin // 4 + len(text) - latin


def _pieces(key: str, title: str, text: str) -> Iterator[Piece]:
    seen: Counter[str] = Counter()
    number = 0
    for section, body in _sections(title, text):
        for part in _parts(body):
            number += 1
            content = f"{key}\n{title}\n{section}\n{part}"
            seen[content] += 1
            digest = hashlib.sha256(f"{content}\n{seen[content]}".encode()).hexdigest()
            yield Piece(digest[:32], number, section, part)


def _sections(title: str, text: str) -> Iterator[tuple[str, str]]:
    section, lines = title, list[str]()
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        yield section, "\n".join(lines).strip()
        section, lines = heading[2], []
    yield section, "\n".join(lines).strip()


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
