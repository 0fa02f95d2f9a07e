"""Joins a turn's answer from its parts: what each specialist said, in order, with the question last."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from team.turn.confirmations import OpenQuestion
from team.words.inviting import without_invitations
from team.words.language import say
from team.words.sentences import sentences

MORE = re.compile(
    r"[?？]\s*\S|[.!;\n]\s+\S|,|\b(?:and|also|plus|then|but|or)\b|그리고|또한|[하이되주시]고(?:요)?[\s,]|[는은인]데(?:요)?[\s,]|(?:[다요죠까줘]|할게|싶어)\s+\S",
    re.IGNORECASE,
)
"""What separates two requests. A false match costs one extra model call."""

FEW_WORDS = 12

NOTHING_MORE = re.compile(r"\W*+(?:ok|okay|none|nothing|done|네|확인)?\W*+", re.IGNORECASE)

FACT = re.compile(r"(?<!\w)[^\W\d]*+\d(?=[\w.,][.,]*\w)\w*+(?:[.,]++\w++)*+")
"""An id, an amount, a postcode, or the last digits of a card."""


def asks_one_thing(text: str) -> bool:
    """Whether a message certainly holds only one request."""
    return len(text.split()) <= FEW_WORDS and MORE.search(text.strip()) is None


def says_nothing(text: str) -> bool:
    """Whether a line next to a question only says that there is nothing else to say."""
    return NOTHING_MORE.fullmatch(text) is not None


def joined(parts: Iterable[str], *, asked: bool) -> str:
    """Join the specialists' answers in order; before a question, drop lines that only say there is nothing more."""
    told = [part.strip() for part in parts if part.strip()]
    return "\n\n".join(part for part in told if not (asked and says_nothing(part)))


def with_changes(text: str, done: Iterable[str], language: str) -> str:
    """Prepend each change the answer does not mention: no order, amount or postcode of the change occurs in it."""
    missing = [
        change for change in done if (facts := set(FACT.findall(change))) and not facts & set(FACT.findall(text))
    ]
    told = [say("was_done", language, change=change.rstrip(".")) for change in missing]
    return "\n\n".join(part for part in (" ".join(told), text) if part)


def naming_the_rest(rest: str, message: str, language: str) -> str:
    """Say which part of a message nobody answered, quoting the customer if the words are theirs."""
    if not rest.strip():
        return ""
    theirs = _squeezed(rest) in _squeezed(message)
    return say("not_answered", language, part=" ".join(rest.split())) if theirs else say("not_all_answered", language)


def before_question(text: str, asked: OpenQuestion) -> str:
    """Return the answers before a question, plus which change comes next.

    Any other invitation to reply is left out, and what the question, shown right below, says itself.
    """
    later = [say("comes_next", asked.language, change=_headline(one.text)) for one in asked.then]
    return "\n\n".join(part for part in (_without(asked.text, without_invitations(text)), *later) if part)


def _without(question: str, text: str) -> str:
    """Return the text without the sentences that a question repeats word for word."""
    asked = {_words(one) for one in (question, *sentences(question))}
    return "".join(one for one in sentences(text) if _words(one) not in asked or not _words(one)).strip()


def _words(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def single_message(steps: Iterable[tuple[str, Mapping[str, Any]]]) -> str | None:
    """Return what a turn says in a channel that takes one message: its question, or else its answer; None if neither.

    Args:
        steps: kind and data of the turn's steps, in order.
    """
    single, asks = None, False
    for kind, data in steps:
        if kind == "question":
            single, asks = str(data["text"]), True
        elif kind == "message" and data["role"] == "assistant" and not asks:
            single = str(data["text"])
    return single


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".?!")


def _headline(text: str) -> str:
    """Return the change itself: the first line of its question."""
    return text.strip().splitlines()[0].rstrip(".?")
