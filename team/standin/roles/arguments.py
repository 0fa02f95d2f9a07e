"""Fills a tool call's arguments from the customer's words, following the tool's schema."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from team.standin.roles.subject import searched_for
from team.standin.understanding.conversation import Conversation
from team.standin.understanding.words import group, says
from team.standin.wire import Function, Json

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.]+")
TICKET = re.compile(r"\bT(?:KT|ICKET)?-?\d{3,}\b", re.IGNORECASE)
PRICE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(만\s*)?(천\s*)?(원|won|krw)?", re.IGNORECASE)
NOTE = re.compile(r"(?:ticket|티켓|문의)[^:：\n]{0,30}[:：]\s+(.+)", re.IGNORECASE | re.DOTALL)
BUDGET = re.compile(
    r"(?:under|below|less than|up to|max|at most|within|budget|[$€£]|\bspend)\D{0,12}\d"
    r"|(?<![\d,.])\d[\d,.]*+\s*+(?:만|천|원|달러|불|dollars|bucks|usd)",
    re.IGNORECASE,
)
ADDRESS = ("address1", "address2", "city", "state", "country", "zip")
BEFORE_AN_ADDRESS = re.compile(r"\bto:?\s+|(?:주소|배송지)(?:를|는)?:?\s*|:\s*", re.IGNORECASE)
KOREAN_VERB = re.compile(r"(?<=\w)(?:으로|로)\s*(?:바꿔|변경|수정|보내|옮겨|해)[^,]*$")
"""What follows an address in Korean: "… 05551로 변경해 주세요"."""
STATE_AND_ZIP = re.compile(r"(?<![A-Za-z. ])([A-Za-z][A-Za-z. ]*[A-Za-z.])\s++(\d{5}(?:-\d{4})?)")
FEWEST_COMMAS = 2
SUBJECT_LENGTH = 80
LINES_FOR_A_PERSON = 3
LONGEST = {"query": 500, "question": 500, "reason": 500, "body": 2000, "summary": 2000, "resolution": 2000}
"""Character limits of the shop's tools, which no schema tells a model."""


@dataclass(frozen=True)
class Source:
    """What arguments are filled from: the customer's words, and what is already settled."""

    text: str
    conversation: Conversation
    settled: Json = field(default_factory=dict)
    whole_sentence: bool = False


class MissingArgumentError(Exception):
    """The customer has not said something the tool requires."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def fill(function: Function, source: Source) -> Json:
    """Return the arguments of a call; optional ones only if the customer mentioned them."""
    found: Json = {}
    for name, schema in function.properties.items():
        needed = name in function.required
        value = _value(name, schema, source, needed)
        if value is not None:
            found[name] = value[: schema.get("maxLength", LONGEST.get(name))] if isinstance(value, str) else value
    missing = [name for name in function.required if name not in found]
    if missing:
        raise MissingArgumentError(missing)
    return found


def _value(name: str, schema: Json, source: Source, needed: bool) -> object:
    if name in source.settled:
        return source.settled[name]
    if name == "language":
        return source.conversation.language
    if options := _options(schema):
        return _chosen(options, source, needed)
    if name in FILLERS:
        return FILLERS[name](source)
    return _plain(schema, source) if needed else None


def _options(schema: Json) -> list[str]:
    branches = [schema, *schema.get("anyOf", []), *schema.get("allOf", [])]
    return [option for branch in branches for option in branch.get("enum", []) if isinstance(option, str)]


def _chosen(options: list[str], source: Source, needed: bool) -> str | None:
    texts = [source.text, source.conversation.message]
    fit = [option for text in texts for option in options if says(text, "values", option)]
    defaults = [pattern.pattern for pattern in group("values")["defaults"]]
    usual = next((option for option in defaults if option in options), options[0])
    return fit[0] if fit else usual if needed else None


def _plain(schema: Json, source: Source) -> object:
    number = re.search(r"\d+", source.text)
    match schema.get("type"):
        case "integer" | "number":
            return int(number[0]) if number else None
        case "boolean":
            return True
        case "string":
            return _identifier(source.text) or source.text or None
    return None


def _identifier(text: str) -> str | None:
    found = re.search(r"#?\b[A-Za-z]*[-_]?\d[\w-]{2,}", text)
    return found[0] if found else None


def price_limit(text: str) -> int | None:
    """Return the most a customer wants to pay, in minor units: cents, or won."""
    if not (found := BUDGET.search(text)) or not (price := PRICE.search(text, max(0, found.start()))):
        return None
    amount = float(price[1].replace(",", ""))
    if price[2] or price[3] or price[4]:
        return round(amount * (10_000 if price[2] else 1_000 if price[3] else 1))
    return round(amount * 100)


def address(text: str) -> dict[str, str]:
    """Parse an address written as street, apartment, city, state, country, postcode."""
    beginnings = [0, *(found.end() for found in BEFORE_AN_ADDRESS.finditer(text))]
    after = next((text[at:] for at in reversed(beginnings) if text.count(",", at) >= FEWEST_COMMAS), "")
    after = KOREAN_VERB.sub("", after)
    parts = _with_state_apart([part.strip(" .") for part in after.split(",") if part.strip(" .")])
    if len(parts) == len(ADDRESS) - 1:
        parts.insert(1, "")
    return dict(zip(ADDRESS, parts, strict=True)) if len(parts) == len(ADDRESS) else {}


def _with_state_apart(parts: list[str]) -> list[str]:
    """Split "WA 98101" in "99 Pine Road, Seattle, WA 98101" into state and postcode; the country may be missing."""
    for at, part in enumerate(parts):
        if found := STATE_AND_ZIP.fullmatch(part):
            country = parts[at + 1] if len(parts) > at + 1 else "USA"
            return [*parts[:at], found[1], country, found[2]]
    return parts


def _match(pattern: re.Pattern[str]) -> Callable[[Source], str | None]:
    def find(source: Source) -> str | None:
        found = pattern.search(source.text) or pattern.search(source.conversation.message)
        return found[0] if found else None

    return find


def _address(part: str) -> Callable[[Source], str | None]:
    return lambda source: address(source.conversation.message).get(part)


def _query(source: Source) -> str:
    return source.text if source.whole_sentence else searched_for(source.text)


def _subject(source: Source) -> str:
    words = source.text or source.conversation.message
    return words if len(words) <= SUBJECT_LENGTH else words[:SUBJECT_LENGTH].rsplit(" ", 1)[0]


def _note(source: Source) -> str:
    """Return the words meant for a ticket: what follows a colon, or else the whole message."""
    quoted = NOTE.search(source.conversation.message)
    return quoted[1] if quoted else source.conversation.message


def _summary(source: Source) -> str:
    """Return what a person has to know: what the customer said last."""
    said = [line.text for line in source.conversation.history if line.by_customer]
    return "\n".join([*said, source.conversation.message][-LINES_FOR_A_PERSON:])


FILLERS: dict[str, Callable[[Source], object]] = {
    **{part: _address(part) for part in ADDRESS},
    "query": _query,
    "max_price": lambda source: price_limit(source.text),
    "budget": lambda source: price_limit(source.text),
    "email": _match(EMAIL),
    "ticket_id": _match(TICKET),
    "subject": _subject,
    "body": _note,
    "resolution": _note,
    "summary": _summary,
    "reason": lambda source: source.conversation.message,
    "image_id": lambda source: next(iter(source.conversation.image_ids), None),
    "question": lambda source: source.text or None,
}
