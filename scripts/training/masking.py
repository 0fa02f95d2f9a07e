"""Masks personal data: each value is replaced by an invented one of the same shape, wherever it stands."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from storage.shop.customers import Customer

NAMES, STREETS, PLACES = ("first_name", "last_name"), ("address1", "address2"), ("city", "state")
NUMBERED = ("zip", "customer_id", "payment_method_id", "order_id", "ticket_id", "tracking_ids", "last_four", "image_id")
EMAIL_FIELD = "email"
PERSONAL = frozenset((*NAMES, *STREETS, *PLACES, *NUMBERED, EMAIL_FIELD, "phone"))
"""The fields of tools' arguments and results that tell of a person, and of nothing else."""

INVENTED = {
    "en": {"name": ("Alex", "Robin", "Jamie", "Casey", "Morgan", "Taylor"), "street": "Sample Street", "place": "Town"},
    "ko": {"name": ("가온", "나래", "다온", "라온", "마루", "보람"), "street": "예시로", "place": "예시시"},
}
HANGUL = re.compile(r"[가-힣]")
LOOKS_PERSONAL = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"|(?P<email>[A-Za-z0-9_.%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24})"
    r"|(?P<order>#\w{3,40}|(?<![\w#])[A-Za-z]{1,3}\d{4,20}(?![A-Za-z0-9]))"
    r"|(?P<number>(?<![\w#])\+?\(?\d(?:[ ().-]{0,2}\d){7,18}(?![A-Za-z0-9]))"
)
"""What is masked wherever it stands, dates apart: emails, orders' numbers, and eight digits or more however grouped,
which may be a telephone, a card, an identity number or an account.
"""
SHORTEST, SHORTEST_HANGUL = 3, 2
"""A shorter value, such as a state's two letters, is masked in its field alone: in a sentence it may be a word."""


@dataclass
class Mask:
    """Masks the data of one conversation; `key` makes the same value the same stand-in throughout an export."""

    key: bytes
    values: dict[str, str] = field(default_factory=dict)
    """What is put in the place of each value that is known to be personal, by the value in lower case."""

    def know(self, kind: str, value: object) -> None:
        """Learn a personal value, to be masked from now on in every text."""
        for one in value if isinstance(value, list) else [value]:
            text = one.strip() if isinstance(one, str) else ""
            if text:
                self.values.setdefault(text.lower(), self._invented(kind, text))

    def know_customer(self, customer: Customer, login: str) -> None:
        """Learn what the shop knows of a customer, and the email they log in with."""
        for name in (*NAMES, *STREETS, *PLACES, "zip", EMAIL_FIELD):
            self.know(name, getattr(customer, name))
        self.know(NAMES[0], f"{customer.last_name}{customer.first_name}")
        self.know(EMAIL_FIELD, login)
        self.know("customer_id", customer.id)
        for method in customer.payment_methods:
            self.know("payment_method_id", method.id)
            self.know("last_four", method.last_four)

    def know_data(self, data: object) -> None:
        """Learn every personal field of a tool's arguments or result."""
        for name, value in _fields(data):
            if name in PERSONAL:
                self.know(name, value)

    def text(self, text: str) -> str:
        """Return a text without personal data: neither what is known nor what looks like it."""
        known = sorted((value for value in self.values if _is_told(value)), key=len, reverse=True)
        # In one pass: what was put in is not masked again, so a call and the words about it agree.
        pattern = "|".join([*map(_standing, known), LOOKS_PERSONAL.pattern])
        return re.sub(pattern, self._masked, text, flags=re.IGNORECASE)

    def data(self, data: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return JSON without personal data, in its fields and in its texts."""
        if isinstance(data, dict):
            return {name: self._field(name, value) for name, value in data.items()}
        if isinstance(data, list):
            return [self.data(one) for one in data]
        return self.text(data) if isinstance(data, str) else data

    def result(self, text: str) -> str:
        """Return a tool's result as a model reads it: JSON, or a sentence."""
        try:
            data = json.loads(text)
        except ValueError:
            return self.text(text)
        return json.dumps(self.data(data), ensure_ascii=False, separators=(",", ":"))

    def left_in(self, text: str) -> bool:
        """Whether a personal value still stands in what was masked."""
        put_in = {value.lower() for value in self.values.values()}
        left = (_standing(value) for value in self.values if _is_told(value) and value not in put_in)
        return any(re.search(one, text, re.IGNORECASE) for one in left)

    def _field(self, name: str, value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        if name not in PERSONAL:
            return self.data(value)
        if isinstance(value, list):
            return [self._field(name, one) for one in value]
        if not isinstance(value, str) or not value.strip():
            return value
        return self.values.get(value.strip().lower()) or self._invented(name, value)

    def _masked(self, found: "re.Match[str]") -> str:
        known = self.values.get(found[0].lower())
        if known is not None or found.lastgroup == "date":
            return known or found[0]
        return self._invented(EMAIL_FIELD if found.lastgroup == EMAIL_FIELD else "number", found[0])

    def _invented(self, kind: str, value: str) -> str:
        invented, number = INVENTED["ko" if HANGUL.search(value) else "en"], self._number(value)
        if kind in NAMES:
            return invented["name"][number % len(invented["name"])]
        if kind == EMAIL_FIELD:
            return f"customer{number % 10_000}@example.com"
        if kind in STREETS:
            return f"{number % 100} {invented['street']}"
        if kind in PLACES:
            return str(invented["place"])
        if kind == "customer_id":
            return f"customer_{number % 100_000}"
        spun = iter(str(number).zfill(60))
        return "".join(next(spun) if one.isdigit() else one for one in value)

    def _number(self, value: str) -> int:
        told = value.lower().removeprefix("#").encode()
        return int(hmac.new(self.key, told, hashlib.sha256).hexdigest(), 16)


def _is_told(value: str) -> bool:
    return len(value) >= (SHORTEST_HANGUL if HANGUL.search(value) else SHORTEST)


def _standing(value: str) -> str:
    """Return the pattern of a value that is no part of a longer word; Korean writes its particles right behind it."""
    return rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])"


def _fields(data: object) -> Iterator[tuple[str, object]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield name, value
            yield from _fields(value)
    elif isinstance(data, list):
        for one in data:
            yield from _fields(one)
