"""Which policies an answer rests on: customers read their titles, never their ids; the events hold both."""

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
    """Return an answer without the ids of policies in square brackets, as models like to cite them."""
    if not policies:
        return text
    ids = "|".join(re.escape(one) for one in policies)
    return re.sub(rf"(?<![ \t])[ \t]*+\[(?:policy[:_ ]*)?(?:{ids})\]", "", text)


def sources(text: str, policies: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Return the part of the `message` event that holds the policies whose titles stand in the answer's brackets.

    Specialists are told to name them so; the same words in a sentence, as "gift cards", are no source.
    """
    cited = BRACKETED.findall(text)
    named = [{"policy_id": one, "title": title} for one, title in policies.items() if any(map(_listed(title), cited))]
    return {"policies": named} if named else {}


def _listed(title: str) -> Callable[[str], object]:
    """Tell whether a title stands by itself in a list; it may hold commas of its own."""
    return re.compile(rf"(?:^|[,;·])\s*{re.escape(title)}\s*(?:$|[,;·])").search


def _passages(structured: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    # A list of them from a search, or one policy.
    shown = structured.get("passages", [structured])
    yield from (one for one in shown if "policy_id" in one and "title" in one)
