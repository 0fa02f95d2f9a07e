"""Drafts of sections that a handbook lacks: files for a person to complete, of which nothing is taken in by itself.

A draft has a heading and the questions that customers asked, and no text: until somebody writes it, an ingest refuses
the file, since there is nothing under its heading.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from knowledge.gaps.subjects import Subject
from knowledge.language.words import STOP_WORDS
from storage.words.languages import LANGUAGES

NAME_WORDS = 4
MOST_ASKED = 20


def write_drafts(subject: Subject, folder: Path) -> list[Path]:
    """Write a subject's draft in each language in which it was asked; a file that is there already stays as it is.

    Args:
        subject: what was asked.
        folder: where the drafts are written.

    Returns:
        The files that were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written, name = list[Path](), name_of(subject)
    for language in LANGUAGES:
        path = folder / f"{name}.{language}.md"
        if subject.first(language) is not None and not path.exists():
            path.write_text("\n".join(_lines(subject, name, language)), encoding="utf-8")
            written.append(path)
    return written


def name_of(subject: Subject) -> str:
    """Return a policy id for a subject: the first words of its most frequent English question, or of any."""
    gap = subject.first("en") or subject.gaps[0]
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", gap.question).casefold())
    telling = [word for word in words if word not in STOP_WORDS] or words
    return "-".join(telling[:NAME_WORDS])[:60] or "unnamed"


def _lines(subject: Subject, name: str, language: str) -> Iterator[str]:
    asked = [gap.question for gap in subject.gaps if gap.language == language]
    heading = _in_one_line(asked[0])
    yield "---"
    yield f"# Asked without an answer ({subject.times}). Write one under the heading: until then the file is refused."
    if subject.nearest is not None:
        near = subject.nearest
        yield f"# The nearest section, which was no answer: {near.document.title}, {near.passage.section}."
    yield f"id: {json.dumps(name, ensure_ascii=False)}"
    yield f"title: {json.dumps(heading, ensure_ascii=False)}"
    yield f"language: {language}"
    yield "asked:"
    yield f"  {json.dumps(heading, ensure_ascii=False)}:"
    yield from (f"    - {json.dumps(_in_one_line(one), ensure_ascii=False)}" for one in asked[:MOST_ASKED])
    yield "---"
    yield ""
    yield f"## {heading}"
    yield ""


def _in_one_line(text: str) -> str:
    return " ".join(text.split())[:200].lstrip("#").strip()
