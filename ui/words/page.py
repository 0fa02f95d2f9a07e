"""A language's words as one JSON, which the page reads before it shows anything, and when its language is switched."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.cards.building import WORDS as CARDS
from storage.words import shop
from storage.words.catalogue import Catalogue
from storage.words.languages import LANGUAGES, spoken
from storage.words.patterns import patterns_in

WORDS = Catalogue(Path(__file__).parent)
ALSO = {"inside": Catalogue(Path(__file__).parent.parent / "inside" / "words")}
"""Words of the pages for staff, which no other page has to load."""

REASON = "reason_"
"""Begins the messages of the whole shop that the page shows too."""


@dataclass(frozen=True)
class Words:
    """A language's words as they are sent, and the tag by which a browser asks whether they changed."""

    body: bytes
    tag: str


@cache
def words_in(language: str, also: str = "") -> Words:
    """Return the words of a language: which one it is, all there are by their own names, and the messages.

    `also` names a part of the page whose own words are among them.
    """
    reasons = {name: text for name, text in patterns_in(shop.WORDS, language).items() if name.startswith(REASON)}
    told = {
        "language": language,
        "languages": {code: one.own_name for code, one in LANGUAGES.items()},
        "messages": patterns_in(WORDS, language)
        | patterns_in(CARDS, language)
        | (patterns_in(ALSO[also], language) if also else {})
        | reasons,
    }
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Words(body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')


async def words(request: Request) -> Response:
    """Return the words of a language as a browser names it, such as `ko-KR`; the English ones if it is not ours.

    With `?also=inside` those of the pages for staff are among them.
    """
    also = request.query_params.get("also", "")
    found = words_in(spoken(request.path_params["language"]), also if also in ALSO else "")
    # A browser asks each time whether they changed, as it does for the page's files.
    headers = {"Cache-Control": "no-cache", "ETag": found.tag}
    if request.headers.get("If-None-Match") == found.tag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type="application/json", headers=headers)


ROUTES = [Route("/words/{language}", words)]
