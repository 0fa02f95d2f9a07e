"""The file beside a shop's policies that holds the questions written for them, for a person to read and change."""

import hashlib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tomlkit

from knowledge.reading.documents import Source
from knowledge.taking_in.files import QUESTIONS
from storage.settings import CannotStartError

_ABOVE = (
    "Questions customers ask about each section, written by a model: they make it easier to find, and are never shown.",
    "Change, add or delete what you like. A section gets new ones when its text changes, or when you delete it here.",
)


class QuestionsFileError(CannotStartError):
    """The file is not what it should be."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"{path} cannot be used: {problem}. Correct it, or delete it to have the questions written anew."
        )


@dataclass(frozen=True)
class Section:
    """A section of a policy, and the digest of its text."""

    key: str
    title: str
    name: str
    text: str

    @property
    def digest(self) -> str:
        """Tells whether its text has changed."""
        return hashlib.sha256(f"{self.title}\n{self.name}\n{self.text}".encode()).hexdigest()[:16]


@dataclass
class Questions:
    """The questions in one file: by policy, then by section, with the digest of the text they were written for."""

    path: Path
    told: dict[str, dict[str, tuple[str, list[str]]]] = field(default_factory=dict)

    def of(self, section: Section) -> Sequence[str] | None:
        """Return the questions about a section, or None if none were written for its text as it is."""
        digest, asked = self.told.get(section.key, {}).get(section.name, ("", []))
        return asked if digest == section.digest else None

    def put(self, section: Section, asked: Sequence[str]) -> None:
        """Set the questions about a section."""
        self.told.setdefault(section.key, {})[section.name] = (section.digest, list(asked))

    def write(self) -> None:
        """Write the file, whole or not at all."""
        document = tomlkit.document()
        for line in _ABOVE:
            document.add(tomlkit.comment(line))
        for key, sections in sorted(self.told.items()):
            policy = tomlkit.table()
            for name, (digest, asked) in sections.items():
                lines = tomlkit.array()
                lines.extend(asked)
                policy.add(name, {"written_for": digest, "asked": lines.multiline(multiline=True)})
            document.add(key, policy)
        part = self.path.with_name(f".{self.path.name}.part")
        part.write_text(tomlkit.dumps(document), encoding="utf-8")
        os.replace(part, self.path)


def read_questions(path: Path) -> Questions:
    """Read a file of questions; one that does not exist has none.

    Raises:
        QuestionsFileError: it is not TOML, or not of this shape.
    """
    if not path.exists():
        return Questions(path)
    try:
        told = tomllib.loads(path.read_text("utf-8-sig"))
        return Questions(path, {key: {name: _pair(one) for name, one in part.items()} for key, part in told.items()})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsFileError(path, " ".join(str(error).split())[:200]) from error


def file_for(path: Path) -> Path:
    """Return the file of the questions about a file's, or a folder's, policies."""
    return (path if path.is_dir() else path.parent) / QUESTIONS


def sections_of(source: Source) -> list[Section]:
    """Return the sections of a document."""
    texts: dict[str, list[str]] = {}
    for piece in source.pieces:
        texts.setdefault(piece.section, []).append(piece.text)
    return [Section(source.key, source.heading.title, name, " ".join(parts)) for name, parts in texts.items()]


def _pair(told: Mapping[str, object]) -> tuple[str, list[str]]:
    asked = told["asked"]
    if not isinstance(asked, list) or not all(isinstance(one, str) for one in asked):
        raise TypeError("asked is not a list of texts")
    return str(told["written_for"]), [one.strip()[:200] for one in asked if one.strip()]
