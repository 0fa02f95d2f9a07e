"""Where a document and the handbook say the same with another figure. Code alone compares; no model is asked.

For each sentence with a figure the handbook is searched through MCP, as the caller. A sentence of a passage is about
the same if they share most of their words; then a figure of the same kind that it does not hold contradicts it.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mcp import MCPError
from mcp.types import CallToolResult

from storage.errors import ShopError
from team.services.documents.finding import Quantity, quantities
from team.services.documents.text import SENTENCE, Document
from team.services.place import Place
from team.tools.client import CustomerClient, ServerUnreachableError
from team.words.guardrails import MARKS
from team.words.language import language_of

MOST_SEARCHES = 200
"""Sentences of one document that are held against the handbook; the answer says how many were not."""
MOST_FIGURES = 12
"""Figures of one sentence that are compared."""
AT_ONCE = 4
LONGEST_QUERY = 500
PASSAGES = 5
SAME, NEARLY_ALL, LEAST_SHARED = 0.5, 0.75, 2
WORD = re.compile(r"[a-z]{3,}|[가-힣]{2,}")
ENDING = re.compile(r"(?:ing|ed|es|s)$")
STOPPED = """the and for you your are not with that this from within after before into can may must will shall has have
our been was were which when who its also any all day week month year hour minute business working than then they them
their percent usd eur krw dollar about only more less most least"""
STOP = frozenset(STOPPED.split())


class HandbookAwayError(ShopError):
    """The handbook cannot be searched right now."""

    def __init__(self) -> None:
        super().__init__("The shop's handbook cannot be searched right now. Try again in a minute.")


@dataclass(frozen=True)
class Told:
    """One sentence of the handbook, where it stands, and the sentence before it."""

    policy_id: str
    section: str
    text: str
    before: str


async def contradictions(place: Place, document: Document) -> tuple[list[dict[str, Any]], int, int]:
    """Return what contradicts the handbook, how many sentences were held against it, and how many were not.

    Raises:
        HandbookAwayError: it cannot be searched.
    """
    figured = await asyncio.to_thread(_figured, document)
    chosen, left = figured[:MOST_SEARCHES], max(0, len(figured) - MOST_SEARCHES)
    if not chosen:
        return [], 0, 0
    try:
        connection = await place.servers.connect(place.caller)
    except (ServerUnreachableError, MCPError) as error:
        raise HandbookAwayError from error
    free, done = asyncio.Semaphore(AT_ONCE), 0

    async def held(at: int, text: str) -> list[dict[str, Any]]:
        nonlocal done
        async with free:
            told = await _search(connection.client, text, language_of(text, place.language))
        done += 1
        place.tell("handbook", done, len(chosen))
        return list(_against(document, at, text, told))

    found = await asyncio.gather(*(held(at, text) for at, text in chosen))
    return [one for of_sentence in found for one in of_sentence], len(chosen), left


def _figured(document: Document) -> list[tuple[int, str]]:
    return [(at, text) for at, text in document.sentences() if any(quantities(text))]


async def _search(client: CustomerClient, text: str, language: str) -> list[Told]:
    given = {"query": text[:LONGEST_QUERY], "language": language, "limit": PASSAGES}
    try:
        result = await client.call_tool("search_policies", given)
    except (ServerUnreachableError, MCPError) as error:
        raise HandbookAwayError from error
    if not isinstance(result, CallToolResult) or result.is_error or result.structured_content is None:
        raise HandbookAwayError
    return [told for one in result.structured_content["passages"] for told in _sentences(one)]


def _sentences(passage: Mapping[str, Any]) -> Iterator[Told]:
    before = ""
    for sentence in SENTENCE.finditer(str(passage["text"]).translate(MARKS)):
        yield Told(passage["policy_id"], str(passage["section"]).translate(MARKS), sentence[0], before)
        before = sentence[0]


def _against(document: Document, at: int, text: str, told: Sequence[Told]) -> Iterator[dict[str, Any]]:
    """Yield each figure of a sentence that the handbook's nearest sentence has otherwise."""
    own = subject_of(text)
    for quantity in islice(quantities(text), MOST_FIGURES):
        near = _nearest(own, quantity, told)
        if near is None:
            continue
        others = [one for one in quantities(near.text) if one.kind == quantity.kind]
        if any(one.value == quantity.value for one in others):
            continue
        span = document.place(at + quantity.start, at + quantity.end)
        yield {
            "claim": document.quote(document.place(at, at + len(text))),
            "figure": document.quote(span),
            "handbook": {
                "policy_id": near.policy_id,
                "section": near.section,
                "text": near.text,
                "figures": [near.text[one.start : one.end] for one in others],
            },
        }


def _nearest(own: frozenset[str], quantity: Quantity, told: Sequence[Told]) -> Told | None:
    best: tuple[float, Told] | None = None
    for one in told:
        if not any(other.kind == quantity.kind for other in quantities(one.text)):
            continue
        score = likeness(own, subject_of(one.text), subject_of(one.section), subject_of(one.before))
        if score >= SAME and (best is None or score > best[0]):
            best = score, one
    return None if best is None else best[1]


def likeness(
    own: frozenset[str], sentence: frozenset[str], section: frozenset[str], before: frozenset[str] = frozenset()
) -> float:
    """Return how far a sentence is about the same as one of a passage, from 0 to 1.

    A heading counts for its sentences, and the sentence before where the two of them say nearly all of it:
    "Take a photo of the item. Tell us within 7 days of delivery."
    """
    shared = own & (sentence | section)
    if len(shared) < LEAST_SHARED or not own & sentence:
        return 0.0
    with_before = len(shared | own & before) / len(own)
    return max(len(shared) / min(len(own), len(sentence) or 1), with_before if with_before >= NEARLY_ALL else 0.0)


def subject_of(text: str) -> frozenset[str]:
    """Return the words that tell what a sentence is about, without its figures and endings."""
    words = WORD.findall(text.lower())
    # "days" is no more a subject than "day" is.
    return frozenset(_stem(word) for word in words if not {word, _stem(word)} & STOP)


def _stem(word: str) -> str:
    # Korean words go on with particles; two syllables tell most nouns apart.
    return word[:2] if not word.isascii() else ENDING.sub("", word)
