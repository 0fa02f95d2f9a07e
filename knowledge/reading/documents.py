"""Documents: a policy as described by its file, completed and checked, with its passages."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from knowledge.language.words import language_of
from knowledge.reading.pieces import LONGEST_HEADING, Piece, TooLongError, first_heading, pieces_of
from knowledge.reading.text import normalise
from storage.words.languages import LANGUAGES

HANDBOOK = Path(__file__).resolve().parents[1] / "policies"

MOST_ASKED = 20
"""Most questions about a section."""
Question = Annotated[str, Field(min_length=1, max_length=200)]
SectionName = Annotated[str, Field(min_length=1, max_length=LONGEST_HEADING + 1)]
PolicyId = Annotated[str, Field(pattern=r"^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{M}\p{N}-]*$", max_length=80)]


class DocumentRefusedError(ValueError):
    """A document that cannot be ingested; the message says why."""


class Left(BaseModel):
    """Text of a file that did not become text of its document, and why; `lost` if its reader may well see it."""

    model_config = ConfigDict(frozen=True)

    why: str
    text: str
    lost: bool = False


@dataclass(frozen=True)
class Draft:
    """What a file says about itself: `told` uses the field names of `Heading`; headings in the text are `## …`.

    `left` is what was left out of the text, and `notes` are whole sentences about how the file was read.
    """

    text: str
    told: dict[str, object] = field(default_factory=dict)
    left: Sequence[Left] = ()
    notes: Sequence[str] = ()


class Heading(BaseModel):
    """A document's metadata; a file may give it in front matter.

    `asked` are, by heading, questions customers ask about a section: they are searched but never shown.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)

    id: PolicyId
    title: str = Field(min_length=1, max_length=200)
    language: str = Field(pattern=r"^[a-z]{2}$")
    category: str = Field("", max_length=80)
    effective_date: date | None = None
    expires: date | None = None
    asked: Mapping[SectionName, Annotated[Sequence[Question], Field(max_length=MOST_ASKED)]] = Field({}, max_length=500)
    replaces: Annotated[Sequence[PolicyId], BeforeValidator(lambda told: [told] if isinstance(told, str) else told)] = (
        Field((), max_length=20)
    )


class Source(BaseModel):
    """A document from its file, normalised."""

    model_config = ConfigDict(frozen=True)

    key: str
    heading: Heading
    place: str
    sha256: str
    text: str
    pieces: Sequence[Piece]
    left: Sequence[Left] = ()
    notes: Sequence[str] = ()


def source_of(place: str, path: PurePath, draft: Draft) -> Source:
    """Complete a file's metadata from its name and text, and split it into passages.

    Args:
        place: the source to record for the document.
        path: the file, whose name is the default id: `returns.ko.html` is `returns` in Korean.
        draft: what was read from it.

    Raises:
        DocumentRefusedError: it has no text, too much text, or invalid metadata.
    """
    text = normalise(draft.text)
    if not any(map(str.isalnum, text)):
        raise DocumentRefusedError("it has no text")
    heading = _heading(path, draft.told, text)
    key = f"{heading.id}:{heading.language}"
    try:
        pieces = pieces_of(key, heading.title, text, heading.asked)
    except TooLongError as error:
        raise DocumentRefusedError(str(error)) from error
    if not pieces:
        raise DocumentRefusedError("it has headings but no text under them")
    named = {name for piece in pieces for name in (piece.section, piece.section.rpartition(": ")[2])}
    if strays := heading.asked.keys() - named:
        raise DocumentRefusedError(f"front matter, asked: there is no text under the heading {min(strays)}")
    return Source(
        key=key,
        heading=heading,
        place=place,
        sha256=_digest(heading, text),
        text=text,
        pieces=pieces,
        left=draft.left,
        notes=draft.notes,
    )


def with_asked(source: Source, asked: Mapping[str, Sequence[str]]) -> Source:
    """Return a document with these questions, by section, besides its own."""
    if not asked:
        return source
    own = source.heading.asked
    both = {name: [*own.get(name, ()), *asked.get(name, ())][:MOST_ASKED] for name in {**own, **asked}}
    heading = source.heading.model_copy(update={"asked": both})
    pieces = pieces_of(source.key, heading.title, source.text, both)
    return source.model_copy(update={"heading": heading, "pieces": pieces, "sha256": _digest(heading, source.text)})


def _digest(heading: Heading, text: str) -> str:
    return hashlib.sha256(f"{heading.model_dump_json()}\n{text}".encode()).hexdigest()


def _heading(path: PurePath, told: dict[str, object], text: str) -> Heading:
    name, language = _named(path)
    title = first_heading(text) or name
    known = {"id": slug(name), "title": title[:200], "language": language or language_of(text)}
    try:
        heading = Heading.model_validate(known | told)
    except ValidationError as error:
        first = error.errors()[0]
        raise DocumentRefusedError(f"front matter, {first['loc'][0]}: {first['msg'].lower()}") from error
    if heading.id in heading.replaces:
        raise DocumentRefusedError(f"it says that it replaces {heading.id}, which is its own id")
    return heading


def _named(path: PurePath) -> tuple[str, str | None]:
    stem, _, language = path.stem.rpartition(".")
    if not stem or language not in LANGUAGES:
        stem, language = path.stem, path.parent.name
    # An index page is named after its folder.
    name = path.parent.name if stem.lower() in {"index", "default"} and path.parent.name else stem
    return name, language if language in LANGUAGES else None


def slug(name: str) -> str:
    """Return a name as an id: lower-case letters and digits of any script, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name).lower()).strip("-")[:80].rstrip("-")
