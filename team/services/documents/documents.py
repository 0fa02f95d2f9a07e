"""`document_analysis`: what a draft, contract, PDF or page says, obliges to, and where the handbook says otherwise.

Dates, figures, obligations and contradictions are found by code. A model only summarises, and each of its claims has to
quote the text. Whatever the answer says has a place: characters of the text, and a page. The text of a picture is what
a model reads in it; where several do, lines that they read differently are told.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from storage.words.catalogue import Catalogue
from team.services.documents.contradicting import contradictions
from team.services.documents.finding import dates, obliges, quantities
from team.services.documents.seeing import Seen, see_document
from team.services.documents.summarising import Summary, summarise
from team.services.documents.text import Document, Format, read_document
from team.services.place import Place
from team.words.language import language_of

WORDS = Catalogue(Path(__file__).parent)
HEAD = 2_000
"""Characters of a text that tell its language."""
MOST_OF_A_KIND = 200
"""Entries of a list in an answer; `found` says how many there are."""


class Wanted(BaseModel):
    """The parameters of `document_analysis`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Format | Literal["picture"] = "text"
    """What `content` is: text, HTML (as it is or in base64), a PDF in base64, or a picture in base64 or a data URL."""
    analysis_type: str = Field("comprehensive", pattern="^(comprehensive|code)$")
    """`code` leaves out the model's summary."""


async def answer(place: Place, content: str, wanted: Wanted) -> dict[str, Any]:
    """Read a document closely.

    Raises:
        DocumentError, BadImageError: it cannot be read.
        NoModelError: it is a picture, and no model that can look at it answers.
        HandbookAwayError: the handbook cannot be searched.
    """
    seen = await _seen(place, content, wanted)
    document = seen.document
    place = replace(place, language=language_of(document.text[:HEAD], place.language))
    # A thousand pages take a second, in which the page has others to serve.
    found = await asyncio.to_thread(_found, document)
    against, held, left = await contradictions(place, document)
    summary = await summarise(place, document) if wanted.analysis_type == "comprehensive" else Summary([])
    counts = {name: len(one) for name, one in found.items()}
    return {
        "service_type": "document_analysis",
        "status": "answered",
        "answer": WORDS.say("found", place.language, **counts, contradictions=len(against), pages=len(document.begins)),
        "pages": len(document.begins),
        "characters": len(document.text),
        "summary": summary.claims,
        "summary_problem": summary.problem,
        "summary_read": {"parts": summary.parts, "of": summary.of, "dropped": summary.dropped},
        **{name: one[:MOST_OF_A_KIND] for name, one in found.items()},
        "found": counts,
        "contradictions": against,
        "handbook_checked": {"sentences": held, "left_out": left},
        "text": document.text if wanted.format != "text" else None,
        "read_by": seen.by,
        "unsure": [_line(document, at, text) for at, text in seen.unsure[:MOST_OF_A_KIND]],
    }


async def _seen(place: Place, content: str, wanted: Wanted) -> Seen:
    """Return the document, and which models read it: none, but for a picture."""
    if wanted.format == "picture":
        return await see_document(place, content)
    return Seen(await read_document(content, wanted.format), [], [])


def _line(document: Document, at: int, text: str) -> dict[str, Any]:
    return document.quote(document.place(at, at + len(text)))


def _found(document: Document) -> dict[str, list[dict[str, Any]]]:
    """Return what code finds, each with its place."""
    found: dict[str, list[dict[str, Any]]] = {"obligations": [], "dates": [], "amounts": [], "periods": []}
    for at, sentence in document.sentences():
        if obliges(sentence):
            found["obligations"].append(_line(document, at, sentence))
        for start, end in dates(sentence):
            found["dates"].append(document.quote(document.place(at + start, at + end)))
        for one in quantities(sentence):
            kind = "amounts" if one.kind in {"money", "percent"} else "periods"
            found[kind].append(document.quote(document.place(at + one.start, at + one.end)))
    return found
