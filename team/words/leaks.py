"""What no customer may read: internal ids, raw data, a model's own markup, the words of its prompt."""

import re
from collections.abc import Collection
from functools import lru_cache

from storage.reasons import Code, Reason
from team.words.language import say

PAYMENT = re.compile(
    r"(?:\b[Pp]ayment method )?`?\b(?:credit_card|gift_card|paypal|debit_card|bank_transfer)_\w*\d\w*\b`?"
)
AFTER_ITS_NAME = re.compile(rf"(?<![ \t])[ \t]*+\((?:id:? )?{PAYMENT.pattern}\)")
"""An id that only annotates a name, such as `Visa ending in 9212 (credit_card_1)`."""
OURS = re.compile(r"(?<![\w@.#/-])`?(?:img_[0-9a-f]{6,}|call_[0-9a-f]{8,}|[qactuv]_(?=[\w-]*[\dA-Z])[\w-]{12,})`?")
"""Ids of pictures, questions, audit rows, conversations, turns, accounts and visitors, as storage generates them."""

OBJECT = re.compile(r"[\[{]\s*(?:\{\s*)?\"[\w $/-]+\"\s*:.*[}\]]|^[^\S\n]*+\"\w++\"\s*+:.*$", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"```[\w-]*\n?.*?(?:```|\Z)", re.DOTALL)
TOKENS = re.compile(
    r"<\|[^|<>\n]{1,40}\|>|<think>.*?(?:</think>|\Z)|</?(?:think|s|tool_call|tool_response|tools)>", re.DOTALL
)
EMPTY_BRACKETS = re.compile(r"(?<![ \t])[ \t]*+[(\[](?:[^()\[\]:]{0,24}:)?\s*+[)\]]")
RULE_CHARS = 40
"""A prompt line at least this long would not be anybody's own words."""

WORD = re.compile(r"\w+")
WORDS_IN_A_ROW = 8
"""This many words in the prompt's own order are no coincidence: small models parrot parts of what they are told."""


def leaks_in(text: str, secrets: Collection[str] = (), prompt: str = "") -> list[Reason]:
    """Return the kinds of leaks in the text; `secrets` are values of this turn, such as the customer's id."""
    kinds = {
        Code.PAYMENT_ID: PAYMENT.search(text),
        Code.INTERNAL_ID: OURS.search(text) or any(one in text for one in secrets if one),
        Code.RAW_DATA: OBJECT.search(text),
        Code.MARKUP: TOKENS.search(text),
        Code.PROMPT: any(rule in text for rule in _rules(prompt)) or not _prompt_runs(prompt).isdisjoint(_runs(text)),
    }
    return [Reason(kind) for kind, found in kinds.items() if found]


def masked(text: str, language: str, secrets: Collection[str] = (), prompt: str = "") -> str:
    """Return the text without its leaks; the sentences around them stay."""
    text = FENCE.sub(_without_data, TOKENS.sub("", text))
    text = OBJECT.sub("", text)
    for rule in _rules(prompt):
        text = text.replace(rule, "")
    text = OURS.sub("", PAYMENT.sub(say("payment_method", language), AFTER_ITS_NAME.sub("", text)))
    for secret in secrets:
        text = text.replace(secret, "") if secret else text
    return re.sub(r"[ \t]{2,}", " ", EMPTY_BRACKETS.sub("", text)).strip()


def _without_data(fence: re.Match[str]) -> str:
    """Remove fenced JSON; code, or numbers meant to be copied, stay."""
    return "" if OBJECT.search(fence[0]) else fence[0]


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    return frozenset(tuple(words[at : at + WORDS_IN_A_ROW]) for at in range(len(words) - WORDS_IN_A_ROW + 1))


@lru_cache(maxsize=64)
def _prompt_runs(prompt: str) -> frozenset[tuple[str, ...]]:
    return _runs(prompt)


def _rules(prompt: str) -> list[str]:
    lines = (line.strip().removeprefix("- ") for line in prompt.splitlines())
    return [line for line in lines if len(line) >= RULE_CHARS]
