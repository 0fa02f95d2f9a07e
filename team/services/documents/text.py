"""A document as text, in which every place is known: the characters from where to where, and the page."""

import asyncio
import base64
import binascii
import bisect
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storage.errors import ShopError

Format = Literal["text", "html", "pdf"]
SECONDS = 60
KEPT = ("PATH", "LANG", "VIRTUAL_ENV", "PYTHONPATH")
"""What the process that reads a file gets of the environment."""
LONGEST = 4_000_000
"""Characters of a document: a thousand pages."""
SENTENCE = re.compile(r"[^\s].*?(?:[.!?。](?=\s|$)|$)", re.MULTILINE)
SHORTEST, LONGEST_SENTENCE = 3, 1_000


class DocumentError(ShopError):
    """A document cannot be read; the text says why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The document cannot be read: {why}.")


@dataclass(frozen=True)
class Place:
    """Where something stands in a document: characters of its text, and the page, counted from 1."""

    start: int
    end: int
    page: int

    def as_json(self) -> dict[str, int]:
        """The place as an answer gives it."""
        return {"start": self.start, "end": self.end, "page": self.page}


@dataclass(frozen=True)
class Document:
    """A document's text, and where each of its pages begins."""

    text: str
    begins: Sequence[int]

    def place(self, start: int, end: int) -> Place:
        """Return a place in the text with its page."""
        return Place(start, end, bisect.bisect_right(self.begins, start))

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Yield every sentence with where it begins; a line that goes on without an end is cut into pieces."""
        for found in SENTENCE.finditer(self.text):
            at = found.start()
            while at < found.end():
                end = self._piece(at, found.end())
                if end - at >= SHORTEST:
                    yield at, self.text[at:end]
                at = end

    def _piece(self, at: int, end: int) -> int:
        """Return where a piece of a sentence ends: between words, if there are any."""
        if end - at <= LONGEST_SENTENCE:
            return end
        space = self.text.rfind(" ", at + SHORTEST, at + LONGEST_SENTENCE)
        return at + LONGEST_SENTENCE if space < 0 else space

    def quote(self, place: Place) -> dict[str, Any]:
        """Return what stands at a place, with the place."""
        return {"text": self.text[place.start : place.end], "place": place.as_json()}


async def read_document(content: str, form: Format) -> Document:
    """Return the document that a request holds: text as it is, a PDF or a page of HTML in base64 or, HTML, as it is.

    Raises:
        DocumentError: it cannot be read, is too long, or has no text.
    """
    pages = [content] if form == "text" else await _extracted(content, form)
    begins, text = list[int](), ""
    for page in pages:
        begins.append(len(text))
        text += page + "\n" * (len(pages) > 1)
        if len(text) > LONGEST:
            raise DocumentError(f"it has more than {LONGEST:,} characters")
    if not any(map(str.isalnum, text)):
        raise DocumentError("it has no text")
    return Document(text, begins)


async def _extracted(content: str, form: Format) -> list[str]:
    if form == "html" and "<" in content:
        data = content.encode()
    else:
        try:
            data = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise DocumentError("content is not base64") from error
    # It gets no secrets: neither the shop's key nor the address of its database.
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "team.services.documents.extracting", form),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(SECONDS):
            out, _ = await process.communicate(data)
    except TimeoutError as error:
        raise DocumentError(f"reading it takes longer than {SECONDS} seconds") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0 or not out:
        raise DocumentError("it is broken, or needs too much memory or time")
    told = json.loads(out)
    if "refused" in told:
        raise DocumentError(told["refused"][0])
    return list(told["pages"])
