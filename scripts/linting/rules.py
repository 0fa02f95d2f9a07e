"""The rules for a tool's name, description, annotations and schemas, for small models and strict clients."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from scripts.linting.finding import Finding
from scripts.linting.offered import Json, Offer, Shelf

VERB_AND_NOUN = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
WORD = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_NAME = 40
SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 20, 400
PLAIN = {"string", "integer", "boolean"}
HINTS = {
    "read_only_hint": "readOnlyHint",
    "destructive_hint": "destructiveHint",
    "idempotent_hint": "idempotentHint",
    "open_world_hint": "openWorldHint",
}
FLAT = "Use str, int, bool, list[str] or Literal, alone or with `| None = None`"


def rules_broken(shelf: Shelf) -> Iterator[Finding]:
    """Yield the rules broken by a server's title and instructions, and by each of its tools."""
    server = shelf.server
    if server is not None and not (server.title.strip() and server.instructions.strip()):
        yield Finding(shelf.place, "the server has no title or no instructions", "Add both; clients show them")
    if server is not None and not shelf.offers and not shelf.findings:
        yield Finding(shelf.place, "the server offers no tools", "List its functions in reads or writes")
    for offer in shelf.offers:
        for problem, mend in _broken(offer):
            yield Finding(offer.place, problem, mend, offer.name)


def same_names(shelves: Sequence[Shelf]) -> Iterator[Finding]:
    """Yield the tools whose name another server already uses, since all servers are also served as one."""
    seen: dict[str, Offer] = {}
    own_first = sorted(shelves, key=lambda shelf: not shelf.own)
    for offer in (offer for shelf in own_first for offer in shelf.offers):
        first = seen.setdefault(offer.name, offer)
        if first is not offer:
            yield Finding(offer.place, f"{first.place} has a tool with that name", "Rename one of them", offer.name)


def _broken(offer: Offer) -> Iterator[tuple[str, str]]:
    if not VERB_AND_NOUN.fullmatch(offer.name) or len(offer.name) > LONGEST_NAME:
        yield "the name is not a verb and a noun", f"Name it like get_order, in at most {LONGEST_NAME} characters"
    yield from _description(offer.tool.description or "")
    missing = [wire for hint, wire in HINTS.items() if getattr(offer.tool.annotations, hint, None) is None]
    if missing or not offer.tool.title:
        yield f"it has no {' and no '.join(missing) or 'title'}", "Register it in reads or writes, which sets them"
    for name, schema in offer.tool.parameters.get("properties", {}).items():
        yield from _argument(name, schema)
    result = offer.tool.output_schema or {}
    if result.get("type") != "object" or not result.get("properties"):
        yield "its result has no schema of fields", "Return a pydantic model; for a list, one with the list in a field"


def _description(text: str) -> Iterator[tuple[str, str]]:
    if "\n\n" in text.strip():
        yield "the description has several paragraphs", "Write one paragraph: the docstring is what a model reads"
    if not text.rstrip().endswith("."):
        yield "the description is not a complete sentence", "Write whole sentences in the docstring"
    if not SHORTEST_DESCRIPTION <= len(text) <= LONGEST_DESCRIPTION:
        limits = f"{SHORTEST_DESCRIPTION} to {LONGEST_DESCRIPTION}"
        yield f"the description has {len(text)} characters", f"Say in {limits} what it does and when to use it"


def _argument(name: str, schema: Json) -> Iterator[tuple[str, str]]:
    if not WORD.fullmatch(name):
        yield f"the argument {name} is not in snake_case", "Rename it"
    if not _flat(schema):
        yield f"the argument {name} is not flat", FLAT


def _flat(schema: Any) -> bool:  # noqa: ANN401 - a JSON schema is any JSON
    if "enum" in schema or "const" in schema:
        return True
    if schema.get("type") == "array":
        return bool(schema.get("items", {}).get("type") == "string")
    return schema.get("type") in PLAIN
