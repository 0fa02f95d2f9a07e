"""Masks what nobody should write into a chat: in a customer's message, in a ticket, and wherever else text is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from storage.sensitive.numbers import Place, cards_in, residents_in, socials_in
from storage.sensitive.passwords import passwords_in
from storage.sensitive.spoken import in_digits
from storage.sensitive.text import UNSEEN, plain

KINDS = ("card_number", "card_code", "resident_number", "social_security", "password")


@dataclass(frozen=True)
class Masked:
    """A text without what is sensitive, and the kinds that were in it, in the order of `KINDS`."""

    text: str
    kinds: tuple[str, ...] = ()


def masked(text: str) -> Masked:
    """Return a text with card numbers, card codes, personal numbers and passwords masked; idempotent.

    Of a card the last four digits stay, by which customers and staff tell cards apart.
    """
    return _without(text, [*_numbers(plain(text)), *passwords_in(plain(text))])


def without_numbers(text: str) -> Masked:
    """Return a text of the shop's own with the numbers of cards and persons masked; it has no passwords to tell."""
    return _without(text, _numbers(plain(text)))


def _without(text: str, found: list[Place]) -> Masked:
    places = list(_apart(sorted(found, key=lambda one: (one.start, -one.end))))
    for place in reversed(places):
        text = text[: place.start] + place.instead + text[place.end :]
    kinds = {place.kind for place in places}
    return Masked(text, tuple(kind for kind in KINDS if kind in kinds))


def _numbers(text: str) -> list[Place]:
    digits = in_digits(text)
    return [_whole(one, digits) for one in (*cards_in(digits), *residents_in(digits), *socials_in(digits))]


def _whole(place: Place, digits: str) -> Place:
    """Return a place with all the words of a number that is said: what follows its digits is unseen in `digits`."""
    end = place.end
    while end < len(digits) and digits[end] == UNSEEN:
        end += 1
    return replace(place, end=end)


def _apart(places: list[Place]) -> Iterator[Place]:
    """Yield the places without those that overlap one before them."""
    until = 0
    for place in places:
        if place.start >= until:
            yield place
            until = place.end
