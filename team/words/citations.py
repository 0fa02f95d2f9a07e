"""Which policies an answer relies on: customers read their titles, never their ids; events hold both."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

POLICIES = "policies"
"""The tool server whose results are policies."""

BRACKETED = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")


def policies_in(structured: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the titles of the policies in a result, by id."""
    return {one["policy_id"]: one["title"] for one in _passages(structured or {})}


def without_ids(text: str, policies: Mapping[str, str]) -> str:
    """Remove policy ids in square brackets from an answer, since models like to cite them."""
    if not policies:
        return text
    ids = "|".join(re.escape(one) for one in policies)
    return re.sub(rf"(?<![ \t])[ \t]*+\[(?:policy[:_ ]*)?(?:{ids})\]", "", text)


def sources(text: str, policies: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Return the part of the `message` event with the policies whose titles appear in brackets in the answer.

    Specialists are told to cite them that way; the same words in a sentence, such as "gift cards", are not a citation.
    """
    cited = BRACKETED.findall(text)
    named = [{"policy_id": one, "title": title} for one, title in policies.items() if any(map(_listed(title), cited))]
    return {"policies": named} if named else {}


def _listed(title: str) -> Callable[[str], object]:
    """Return a test for whether a title is an entry of a list; the title may itself contain commas."""
    return re.compile(rf"(?:^|[,;·])\s*{re.escape(title)}\s*(?:$|[,;·])").search


def _passages(structured: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    # Several passages from a search, or one policy.
    shown = structured.get("passages", [structured])
    yield from (one for one in shown if "policy_id" in one and "title" in one)
