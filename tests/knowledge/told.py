"""What the built-in policies tell: their sections, what stands in them, and which order statuses they name."""

import re
from collections.abc import Set
from functools import cache

from knowledge.reading.documents import HANDBOOK
from storage.shop.orders import OrderStatus

LANGUAGES = ("en", "ko")


@cache
def section(language: str, place: str) -> str:
    """Return the text of a policy's section, named as the question set names it: `refunds/1` is the first."""
    policy, _, number = place.partition("/")
    text = (HANDBOOK / language / f"{policy}.md").read_text()
    return text.split("\n## ")[int(number)].partition("\n")[2].strip()


def told(language: str, place: str, pattern: str) -> tuple[str, ...]:
    """Return what the groups of a pattern find in a section, which must say it."""
    found = re.search(pattern, section(language, place))
    assert found, f"{language} {place} does not say {pattern!r}"
    return found.groups()


def numbers(language: str, place: str, pattern: str) -> tuple[int, ...]:
    """Return the numbers that the groups of a pattern find in a section."""
    return tuple(map(int, told(language, place, pattern)))


def statuses(language: str, phrase: str) -> Set[OrderStatus]:
    """Return the statuses that a phrase names, longer names first: 'pending' is in 'pending (items changed)'."""
    found = set()
    for name, status in sorted(_names(language).items(), key=lambda pair: -len(pair[0])):
        if name in phrase:
            found.add(status)
            phrase = phrase.replace(name, "")
    return found


@cache
def _names(language: str) -> dict[str, OrderStatus]:
    if language == "en":
        return {status.value: status for status in OrderStatus}
    explained = re.findall(r"([가-힣]+ [가-힣]+|[가-힣]+)\(([a-z, ]+)\)", section("ko", "tracking/2"))
    english = {_letters(status.value): status for status in OrderStatus}
    return {korean: english[_letters(status)] for korean, status in explained}


def _letters(status: str) -> str:
    return "".join(filter(str.isalpha, status))
