"""The words a customer may answer a question with, read from one file per language, such as `answers_en.toml`.

A reply is split into words and matched greedily, the longest known phrase first; the matcher never backtracks.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, product
from pathlib import Path
from string import Formatter
from typing import Any

HERE = Path(__file__).parent
SHORTEST_SLIP = 3
"""Letters a word needs before two adjacent ones may be swapped."""

SHORTEST_DROPPED = 6
"""Letters a word needs before one may be missing."""


@dataclass(slots=True)
class Node:
    """A node of the phrase trie: how a phrase may continue, and what it means if it ends here; `to` is by tool."""

    next: dict[str, "Node"] = field(default_factory=dict)
    kind: str = ""
    to: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A Latin word, a single Korean syllable or a single sign. `opens`: no syllable directly precedes it.

    `mark`: a punctuation mark precedes it, so a phrase cannot continue across it.
    """

    text: str
    opens: bool
    mark: bool


@dataclass(frozen=True)
class Lexicon:
    """All phrases, the spellings of their words, and the phrases that the next may follow without a space."""

    phrases: Node
    spelt: dict[str, str]
    squeezed: dict[str, list[str]]
    joins: frozenset[str]
    tools: frozenset[str]

    def kinds(self, words: list[Word], tool: str) -> list[str] | None:
        """Return what each phrase of an answer to this tool's question means, in order; None if a word is in none."""
        found, at = [], 0
        while at < len(words):
            end, kind = self._phrase(words, at, tool)
            if not kind:
                return None
            found.append(kind)
            at = end
        return found

    def begins_with(self, words: list[Word]) -> set[str]:
        """Return the meanings of every phrase the words start with, shorter ones included, for any tool."""
        node, found = self.phrases, set[str]()
        for word in words:
            if (following := node.next.get(word.text)) is None:
                break
            node = following
            found |= {node.kind, *node.to.values()}
        return found

    def known(self, word: str) -> str:
        """Return the word as the phrases spell it, if it is one of theirs misspelt or with letters stretched."""
        if word in self.spelt:
            return self.spelt[word]
        fitting = [one for one in self.squeezed.get(_squeezed(word), ()) if _stretches(word, one)]
        return self.spelt[max(fitting, key=len)] if fitting else word

    def _phrase(self, words: list[Word], start: int, tool: str) -> tuple[int, str]:
        """Find the longest phrase that starts at this word: where it ends, and what it means."""
        node, end, meant = self.phrases, start, ""
        for at in range(start, len(words)):
            following = node.next.get(words[at].text)
            if following is None or (at > start and words[at].mark):
                break
            node = following
            kind = node.to.get(tool, node.kind)
            if kind and (kind == "unclear" or self._may_end(words, start, at + 1)):
                end, meant = at + 1, kind
        # A stretched ending, such as "네에에에", repeats the last syllable.
        while meant and end < len(words) and _is_said_again(words, end):
            end += 1
        return end, meant

    def _may_end(self, words: list[Word], start: int, end: int) -> bool:
        if end == len(words) or words[end].opens or _is_said_again(words, end):
            return True
        return "".join(word.text for word in words[start:end]) in self.joins


def read_words(text: str, lexicon: Lexicon) -> list[Word]:
    """Split a reply into words, dropping punctuation, smileys, skin tones and zero-width characters."""
    signs = _signs()
    text = _plain(text).translate(dict.fromkeys(map(ord, signs["unseen"])))
    for smiley in signs["smileys"]:
        text = text.replace(smiley, " ")
    words, before, mark = list[Word](), " ", True
    for piece in _pieces(text.lower()):
        if piece in signs["marks"] or piece.isspace():
            mark = mark or piece == "\n" or (not piece.isspace() and (piece not in signs["links"] or before.isspace()))
        else:
            opens = not (_is_syllable(before) and _is_syllable(piece))
            for word in lexicon.known(piece).split():
                words.append(Word(word, opens, mark))
                mark = False
        before = piece
    return words


def _is_said_again(words: list[Word], at: int) -> bool:
    return not words[at].opens and words[at].text == words[at - 1].text


@cache
def lexicon() -> Lexicon:
    """Return the phrases of every language."""
    phrases, joins, spelt, words = Node(), set[str](), dict[str, str](), set[str]()
    for table in _tables():
        for line, kind, tool in _lines(table):
            for phrase in _spread(line, table.get("parts", {})):
                pieces = list(_pieces(phrase, spaces=False))
                _add(phrases, pieces, kind, tool)
                words |= {piece for piece in pieces if piece.isascii()}
        joins |= set(table.get("joins", ()))
        spelt |= table.get("spelt", {})
    tools = frozenset(tool for table in _tables() for tool in table.get("actions", {}))
    squeezed: dict[str, list[str]] = {}
    for word in words:
        squeezed.setdefault(_squeezed(word), []).append(word)
    slips = {slip: word for word in sorted(words) for slip in _slips(word)}
    return Lexicon(phrases, slips | spelt | {word: word for word in words}, squeezed, frozenset(joins), tools)


@cache
def _tables() -> list[dict[str, Any]]:
    # One file per language, plus the signs, which belong to none.
    paths = [*sorted(HERE.glob("answers_??.toml")), HERE / "answers_signs.toml"]
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]


@cache
def _signs() -> dict[str, list[str]]:
    """Return the table of signs. Its marks separate phrases, its links join the words of one phrase."""
    return {key: list(value) for key, value in _tables()[-1]["signs"].items()}


def _lines(table: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield every line of a table with its meaning and the tool whose question it answers; empty for any tool."""
    for kind, lines in table.get("kinds", {}).items():
        yield from ((line, kind, "") for line in lines)
    for tool, lines in table.get("actions", {}).items():
        yield from ((line, "beside_yes", tool) for line in lines["said"])
        yield from ((line, "no", tool) for line in lines["undone"])


def _spread(line: str, parts: dict[str, list[str]]) -> Iterator[str]:
    """Yield every phrase that a line with `{name}` placeholders stands for."""
    if "{" not in line:
        yield line
        return
    pieces: list[list[str]] = []
    for words, name, _, _ in Formatter().parse(line):
        pieces += [[words]] if name is None else [[words], parts[name]]
    yield from map("".join, product(*pieces))


def _add(node: Node, words: Iterable[str], kind: str, tool: str) -> None:
    for word in words:
        node = node.next.setdefault(word, Node())
    if tool:
        node.to[tool] = kind
    elif node.kind != "unclear":
        # A phrase that only looks like an answer stays unclear, whatever else the same words could mean.
        node.kind = kind


def _plain(text: str) -> str:
    """Convert full-width, bold and other variants of a letter to the plain one; ligatures are left alone."""
    return "".join(_letter(char) for char in unicodedata.normalize("NFC", text))


def _letter(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return char if len(plain) != 1 or "\u3131" <= char <= "\u318e" else plain


def _pieces(text: str, *, spaces: bool = True) -> Iterator[str]:
    """Split into whole Latin words and single other characters."""
    for latin, chars in groupby(text, key=lambda char: char.isascii() and char.isalnum()):
        if latin:
            yield "".join(chars)
        else:
            yield from (char for char in chars if spaces or not char.isspace())


def _is_syllable(piece: str) -> bool:
    return "\uac00" <= piece[-1] <= "\ud7a3"


def _squeezed(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _stretches(word: str, known: str) -> bool:
    """Whether a word is a known one with stretched letters."""
    runs = zip(groupby(word), groupby(known), strict=True)
    return all(len(list(said)) >= len(list(meant)) for (_, said), (_, meant) in runs)


def _slips(word: str) -> Iterator[str]:
    """Yield the word with two neighbouring letters swapped and, if it is long enough, with one letter missing."""
    if len(word) >= SHORTEST_SLIP:
        yield from (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    if len(word) >= SHORTEST_DROPPED:
        yield from (word[:at] + word[at + 1 :] for at in range(1, len(word)))
