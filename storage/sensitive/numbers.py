"""Numbers by their form: cards (Luhn), the code on a card, resident registration and social security numbers.

A number that stands directly after a word such as "order" or "운송장" is the shop's own, whatever its form.

Sources: ISO/IEC 7812 (lengths and the check digit of cards; the issuers' ranges are public), Article 2 of the
Enforcement Rule of the Resident Registration Act (six digits of a birthday, then a digit from 1 to 8; since October
2020 the rest is random, so there is no check digit to rely on), and the Social Security Administration (3-2-4 digits).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.sensitive.text import UNSEEN
from storage.sensitive.words import LINK, any_of

SEPARATORS = r"[ \x01\t\n./,_|·•:;*+~()\[\]-]"
RUN = re.compile(rf"(?<![\da-z])\d(?:\x01*+{SEPARATORS}{{0,3}}+\d){{12,39}}(?![\da-z])")
GROUP = re.compile(r"\d+")

GROUPINGS = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8), (4, 12), (6, 10), (12, 4), (4, 4, 4, 4, 1), (6, 6, 4)}
)
"""How the digits of a card are written apart."""

ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({16, 19})),  # Visa
    (51, 55, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),  # Mastercard
    (34, 34, frozenset({15})),  # American Express
    (37, 37, frozenset({15})),
    (300, 305, frozenset({14, 16})),  # Diners Club
    (36, 36, frozenset({14, 16})),
    (38, 39, frozenset({14, 16})),
    (6011, 6011, frozenset({16, 17, 18, 19})),  # Discover
    (644, 659, frozenset({16, 17, 18, 19})),
    (3528, 3589, frozenset({16, 17, 18, 19})),  # JCB
    (62, 62, frozenset({16, 17, 18, 19})),  # UnionPay
    (60, 60, frozenset({16})),  # RuPay
    (81, 82, frozenset({16})),
    (2200, 2204, frozenset({16, 17, 18, 19})),  # Mir
    (50, 50, frozenset({16})),  # Maestro
    (56, 58, frozenset({16})),
    (67, 67, frozenset({16})),
)
"""The first digits of each issuer's cards, from and to, and how many digits its cards have."""

LONGEST_GROUP = 6
"""Digits written together, of a number that is nothing but a card's but is divided as no card is."""

MOST_DIGITS = 28
"""Of the longest card, with an expiry and a code behind it."""

NAMED_LENGTHS = frozenset({13, 14, 15, 16, 18, 19})
"""How many digits a card has where the customer calls it one."""

OURS = re.compile(rf"(?:{any_of('ours', 'before')}){LINK}")
OURS_AFTER = re.compile(rf"[ \t)\]]{{0,2}}(?:{any_of('ours', 'after')})")
CARD = re.compile(rf"(?:{any_of('card', 'before')}){LINK}")
SOCIAL = re.compile(rf"(?:{any_of('social', 'before')}){LINK}")
RESIDENT = re.compile(rf"(?:{any_of('resident', 'before')}){LINK}")
RESIDENT_NAMED = re.compile(any_of("resident", "before"))
OURS_NAMED = re.compile(any_of("ours", "nouns"))
PAID = re.compile(any_of("ours", "context"))
AROUND = 60
"""Characters on both sides of a number written in one piece, in which it may be called an order's."""

LOOKED_BACK = 40
"""Characters before a number in which its name is looked for."""

LISTED = re.compile(rf"(?:[ \t]{{0,2}}(?:[,;/&+]|{any_of('ours', 'joins')})){{1,2}}[ \t#]{{0,2}}\Z")
"""What stands between two numbers of one list, such as "orders 12-3 and 12-4"."""

LONGEST_LIST, MOST_BETWEEN = 20, 12
DIGIT = re.compile(r"\d")

RESIDENT_NUMBER = re.compile(
    r"(?<![\da-z.-])(?:19|20)?\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])\x01*+"
    rf"(?:[ ]?(?:{any_of('resident', 'halves')})[ ]?[:은는이가]?[ ]?|[ ]{{0,2}}[-·./_~:*|,]{{0,2}}[ ]{{0,2}})"
    r"[1-8]\d{6}(?![\da-z]|-\d)"
)
RESIDENT_BACK = re.compile(rf"(?:{any_of('resident', 'back')})[^\d\n.!?]{{0,8}}([1-8]\d{{6}})(?!\d)")
SOCIAL_NUMBER = re.compile(r"(?<![\da-z.-])\d{3}([ ]?[-./_·]?[ ]?)\d\d\1\d{4}(?![\da-z]|[-.]\d)")

MARKS = frozenset({"-", ""})
"""Between the parts of a social security number that nobody calls one."""

NOT_A_CODE = r"(?![\d/-])"
NAMED_CODE, BESIDE_A_CARD = any_of("card", "code"), any_of("card", "code_beside")
DOORS = re.compile(any_of("password", "doors"))
CODE_NAMED = re.compile(rf"(?:{any_of('card', 'code_named')})(?:[^\d\n.!?]{{0,24}})(\d{{3,4}}){NOT_A_CODE}(?!\d)")
CODE = re.compile(
    rf"(?:{NAMED_CODE})[^\d\n]{{0,24}}(\d{{3,4}}){NOT_A_CODE}"
    rf"|(?<![\d/-])(?<!● )(\d{{3,4}})[^\d\n]{{0,16}}(?:{NAMED_CODE})"
)
CODE_BESIDE = re.compile(
    rf"(?:{BESIDE_A_CARD})[^\d\n]{{0,48}}(\d{{3,4}}){NOT_A_CODE}"
    rf"|(?<![\d/-])(?<!● )(\d{{3,4}})[^\d\n]{{0,12}}(?:{BESIDE_A_CARD})"
)
TOPIC = any_of("card", "topic")
MONTH_AND_YEAR = r"(?:0[1-9]|1[0-2])[ ]?[/.-]?[ ]?(?:20)?\d\d"
CODE_AFTER = re.compile(
    rf"[ \t\n,;/|()-]{{1,4}}+(?:(?:{any_of('card', 'expiry')})?(?:[ \t]|{TOPIC}){{0,3}}+{MONTH_AND_YEAR}"
    rf"[ \t\n,;/|()-]{{1,4}}+)?(?:and[ ])?(\d{{3,4}}){NOT_A_CODE}"
)


@dataclass(frozen=True)
class Place:
    """Where something sensitive stands, its kind, and what is shown instead."""

    start: int
    end: int
    kind: str
    instead: str


def cards_in(text: str) -> Iterator[Place]:
    """Yield the numbers of cards in a plain text, then the codes that stand beside them or are named."""
    found = [place for run in RUN.finditer(text) if (place := _card(text, run)) is not None]
    yield from found
    yield from _codes(text, found)


def residents_in(text: str) -> Iterator[Place]:
    """Yield the resident registration numbers in a plain text: by form, since newer ones have no check digit."""
    for back in RESIDENT_BACK.finditer(text):
        if RESIDENT_NAMED.search(text, 0, back.start()) is not None:
            yield Place(*back.span(1), "resident_number", "●●●●●●●")
    for number in RESIDENT_NUMBER.finditer(text):
        if RESIDENT.search(_before(text, *number.span())) or not _is_ours(text, *number.span()):
            yield Place(*number.span(), "resident_number", "●●●●●●-●●●●●●●")


def socials_in(text: str) -> Iterator[Place]:
    """Yield the social security numbers in a plain text; written without marks, only where they are called one."""
    for number in SOCIAL_NUMBER.finditer(text):
        named = SOCIAL.search(_before(text, *number.span())) is not None
        if named or (number[1].strip() in MARKS and number[1] and not _is_ours(text, *number.span())):
            yield Place(*number.span(), "social_security", "●●●-●●-●●●●")


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (int(one) * (2 if place % 2 else 1) for place, one in enumerate(reversed(digits)))
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0  # noqa: PLR2004 - two digits


def _card(text: str, run: re.Match[str]) -> Place | None:
    groups = [(run.start() + one.start(), run.start() + one.end()) for one in GROUP.finditer(run[0])]
    if sum(stop - begin for begin, stop in groups) > MOST_DIGITS:
        return None
    for first in range(len(groups)):
        for last in range(len(groups), first, -1):
            start, end = groups[first][0], groups[last - 1][1]
            digits = "".join(text[begin:stop] for begin, stop in groups[first:last])
            if _is_written_as_card(groups, first, last) and _is_card(text, start, end, digits):
                return Place(start, end, "card_number", f"●●●● ●●●● ●●●● {digits[-4:]}")
    return None


def _is_written_as_card(groups: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether these groups of a run are written as a card is; what is left may be an expiry and a code."""
    sizes = tuple(end - start for start, end in groups[first:last])
    whole = (first, last) == (0, len(groups))
    apart = sizes in GROUPINGS or len(sizes) == 1 or (whole and max(sizes) <= LONGEST_GROUP)
    rest = [end - start for start, end in groups[:first] + groups[last:]]
    return apart and sum(rest) <= 9 and all(size <= 4 for size in rest)  # noqa: PLR2004 - MM YYYY and a code


def _is_card(text: str, start: int, end: int, digits: str) -> bool:
    before = _before(text, start, end)
    ours, card = OURS.search(before), CARD.search(before)
    if ours is not None and (card is None or ours.start() <= card.start()):
        return False
    if card is not None:
        return len(digits) in NAMED_LENGTHS and len(set(digits)) > 1
    known = any(low <= int(digits[: len(str(low))]) <= high and len(digits) in sizes for low, high, sizes in ISSUERS)
    return known and passes_luhn(digits) and not (_is_ours(text, start, end) or _is_called_ours(text, start, end))


def _is_called_ours(text: str, start: int, end: int) -> bool:
    """Whether a number without gaps stands in words about an order's or a parcel's number, and not about paying."""
    around = text[max(0, start - AROUND) : start] + " " + text[end : end + AROUND]
    whole = text[start:end].isdigit()
    return whole and OURS_NAMED.search(around) is not None and PAID.search(around) is None


def _is_ours(text: str, start: int, end: int) -> bool:
    """Whether the words beside a number say that it is an order's, a parcel's or a phone's."""
    before = _before(text, start, end)
    return before.endswith("#") or OURS.search(before) is not None or OURS_AFTER.match(text, end) is not None


def _codes(text: str, cards: list[Place]) -> Iterator[Place]:
    rest = text
    for card in cards:
        # The last digits of a card before the word "cvv" are no code.
        rest = f"{rest[: card.start]}{UNSEEN * (card.end - card.start)}{rest[card.end :]}"
    patterns = [CODE, *([CODE_BESIDE] if cards else [])]
    spans = [found.span(1) if found[1] else found.span(2) for one in patterns for found in one.finditer(rest)]
    spans += [found.span(1) for found in CODE_NAMED.finditer(rest) if not _is_a_doors(rest, *found.span())]
    spans += [found.span(1) for card in cards if (found := CODE_AFTER.match(rest, card.end)) is not None]
    for start, end in dict.fromkeys(spans):
        yield Place(start, end, "card_code", "●●●")


def _is_a_doors(text: str, start: int, end: int) -> bool:
    return DOORS.search(text, max(0, start - LOOKED_BACK), end + LOOKED_BACK) is not None


def _before(text: str, start: int, end: int) -> str:
    """What stands before a number; in a list of numbers that are written alike, before the first of them."""
    form, size = DIGIT.sub("0", text[start:end]), end - start
    for _ in range(LONGEST_LIST):
        gap = LISTED.search(text, max(0, start - MOST_BETWEEN), start)
        if gap is None or DIGIT.sub("0", text[max(0, gap.start() - size) : gap.start()]) != form:
            break
        start = gap.start() - size
    return text[max(0, start - LOOKED_BACK) : start]
