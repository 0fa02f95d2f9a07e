"""How somebody writes to the desk: whether they insult it, or try to give its models orders.

It is read by the words of `conduct.toml`, never by a model. Abuse is answered calmly; orders to the model are taken out
before one reads the message.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from storage.characters import UNSEEN
from team.guards.codes import decoded
from team.words.sentences import sentences

ABUSE, ORDERS, REQUEST = "abuse", "orders", "request"

LONGEST = 800
"""Characters of a sentence that are read at a time; a longer one is read in parts that overlap by half."""

ALIKE = str.maketrans("аеорсухіѕԁ", "aeopcyxisd")
"""Cyrillic letters that look like Latin ones."""
QUOTES = str.maketrans("’‘`´“”「」『』", '\'\'\'\'""""""')
LEET = {ord(sign): letter for sign, letter in zip("013457@$", "oieastas", strict=True)}
IN_A_WORD = re.compile(r"(?<![a-z0-9@$#])(?=[0-9@$]{0,3}[a-z][a-z0-9@$]{0,30}[0-9@$])[a-z0-9@$]{4,24}(?![a-z0-9@$])")
FEWEST_LETTERS = 3
SPELLED = re.compile(
    r"(?<![^\W_])[a-z](?:[ ._*-][a-z]){2,40}(?![^\W_])"
    r"|(?<![\uac00-\ud7a3])[\uac00-\ud7a3](?:[ ._*-][\uac00-\ud7a3]){3,40}(?![\uac00-\ud7a3])"
)
"""A word written letter by letter, `i g n o r e`; two spaces part it from the next."""

DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Conduct:
    """What a message does besides asking. `told` is what of it a model may read: the sentences that give no orders.

    `asks` is whether the shop is asked for something in it as well.
    """

    told: str
    abuse: bool = False
    orders: bool = False
    asks: bool = True


def conduct_of(text: str) -> Conduct:
    """Read a message in either language."""
    parts = [(one, _plain(f"{one} {decoded(one)}")) for one in sentences(text)]
    kept = "".join(one for one, plain in parts if not _does(ORDERS, plain)).strip()
    orders = kept != text.strip() and any(_does(ORDERS, plain) for _, plain in parts)
    if not orders and len(parts) > 1 and _does(ORDERS, _plain(text)):
        # Orders that are spread over several lines say them together.
        orders, kept = True, ""
    abuse = any(_does(ABUSE, plain) for _, plain in parts)
    told = kept if orders else text
    return Conduct(told, abuse, orders, asks=_does(REQUEST, _plain(told)) if abuse or orders else True)


def _does(what: str, plain: str) -> bool:
    return any(_matches(what, language, part) for part in _parts(plain) for language in ("en", "ko"))


def _matches(what: str, language: str, plain: str) -> bool:
    found, harmless = _patterns()[what, language]
    return any(one.search(plain) for one in found) and not any(one.search(plain) for one in harmless)


def _parts(plain: str) -> list[str]:
    return [plain[at : at + LONGEST] for at in range(0, max(1, len(plain) - LONGEST // 2), LONGEST // 2)]


def _plain(text: str) -> str:
    """Return a sentence as the words of `conduct.toml` are written: small letters, single spaces, no disguise."""
    composed = unicodedata.normalize("NFC", UNSEEN.sub("", text))
    folded = "".join(map(_folded, composed)).lower().translate(QUOTES)
    if not folded.isascii():
        folded = folded.translate(ALIKE)
    joined = SPELLED.sub(lambda letters: re.sub(r"[ ._*-]", "", letters[0]), folded)
    return SPACE.sub(" ", DRAWN_OUT.sub(r"\1", IN_A_WORD.sub(_undisguised, joined))).strip()


def _folded(char: str) -> str:
    # A single Korean letter stays as it is typed: NFKC would make another character of it.
    return char if char.isascii() or "\u3131" <= char <= "\u318e" else unicodedata.normalize("NFKC", char)


def _undisguised(word: re.Match[str]) -> str:
    """Return `1gn0re` as `ignore`; a word with few letters is a number or a name of its own."""
    letters = sum(map(str.isalpha, word[0]))
    disguised = letters >= FEWEST_LETTERS >= len(word[0]) - letters
    return word[0].translate(LEET) if disguised else word[0]


Patterns = tuple[list[re.Pattern[str]], list[re.Pattern[str]]]


@cache
def _patterns() -> dict[tuple[str, str], Patterns]:
    lists = _lists()
    return {
        (what, language): (_compiled(lists[what][language], "patterns"), _compiled(lists[what][language], "unless"))
        for what in (ABUSE, ORDERS, REQUEST)
        for language in ("en", "ko")
    }


def _compiled(section: dict[str, Any], name: str) -> list[re.Pattern[str]]:
    return [re.compile(line) for line in filled(section, name)]


def filled(section: dict[str, Any], name: str) -> list[str]:
    """Return the expressions of a section with its lists of words in them."""
    lines: list[str] = section[name]
    for word, listed in section["words"].items():
        lines = [line.replace(f"{{{word}}}", listed) for line in lines]
    return lines


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
