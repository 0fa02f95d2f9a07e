"""The words a customer may answer a question with, read from a file for each language, such as `answers_en.toml`.

A reply is cut into words, and the longest known phrase is taken at each place: no step ever goes back.
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
"""Letters of a word in which two may have changed places."""

SHORTEST_DROPPED = 6
"""Letters of a word of which one may be missing."""


@dataclass(slots=True)
class Node:
    """A place in a phrase: how it may go on, and what it means if it ends here, `to` one tool's question."""

    next: dict[str, "Node"] = field(default_factory=dict)
    kind: str = ""
    to: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A Latin word, one Korean syllable or one sign. `opens`: no syllable stands right before this one.

    `mark`: a mark stands before it, so that no phrase goes on here.
    """

    text: str
    opens: bool
    mark: bool


@dataclass(frozen=True)
class Lexicon:
    """Every phrase, the spellings of the words they are made of, and the phrases that the next may be written on to."""

    phrases: Node
    spelt: dict[str, str]
    squeezed: dict[str, list[str]]
    joins: frozenset[str]
    tools: frozenset[str]

    def kinds(self, words: list[Word], tool: str) -> list[str] | None:
        """Name what each phrase of an answer to this tool's question means, in order; None where a word is in none."""
        found, at = [], 0
        while at < len(words):
            end, kind = self._phrase(words, at, tool)
            if not kind:
                return None
            found.append(kind)
            at = end
        return found

    def begins_with(self, words: list[Word]) -> set[str]:
        """Name what the phrases mean that the words begin with, the short ones too, whatever was asked."""
        node, found = self.phrases, set[str]()
        for word in words:
            if (following := node.next.get(word.text)) is None:
                break
            node = following
            found |= {node.kind, *node.to.values()}
        return found

    def known(self, word: str) -> str:
        """The word as the phrases spell it, if it is one of theirs with a slip or with letters said longer."""
        if word in self.spelt:
            return self.spelt[word]
        fitting = [one for one in self.squeezed.get(_squeezed(word), ()) if _stretches(word, one)]
        return self.spelt[max(fitting, key=len)] if fitting else word

    def _phrase(self, words: list[Word], start: int, tool: str) -> tuple[int, str]:
        """The longest phrase that begins at this word: where it ends, and what it means."""
        node, end, meant = self.phrases, start, ""
        for at in range(start, len(words)):
            following = node.next.get(words[at].text)
            if following is None or (at > start and words[at].mark):
                break
            node = following
            kind = node.to.get(tool, node.kind)
            if kind and (kind == "unclear" or self._may_end(words, start, at + 1)):
                end, meant = at + 1, kind
        # A stretched ending, such as "네에에에", says the last syllable once more.
        while meant and end < len(words) and _is_said_again(words, end):
            end += 1
        return end, meant

    def _may_end(self, words: list[Word], start: int, end: int) -> bool:
        if end == len(words) or words[end].opens or _is_said_again(words, end):
            return True
        return "".join(word.text for word in words[start:end]) in self.joins


def read_words(text: str, lexicon: Lexicon) -> list[Word]:
    """Cut a reply into words, without its marks, smileys, skin tones and what has no width."""
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
    # A file for each language, and the signs, which are of none.
    paths = [*sorted(HERE.glob("answers_??.toml")), HERE / "answers_signs.toml"]
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]


@cache
def _signs() -> dict[str, list[str]]:
    """The table of signs. Its marks stand between phrases, its links between the words of one."""
    return {key: list(value) for key, value in _tables()[-1]["signs"].items()}


def _lines(table: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every line of a table, what it means, and to which tool's question; empty for any."""
    for kind, lines in table.get("kinds", {}).items():
        yield from ((line, kind, "") for line in lines)
    for tool, lines in table.get("actions", {}).items():
        yield from ((line, "beside_yes", tool) for line in lines["said"])
        yield from ((line, "no", tool) for line in lines["undone"])


def _spread(line: str, parts: dict[str, list[str]]) -> Iterator[str]:
    """Every phrase a line with `{name}`s in it stands for."""
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
        # What only reads like an answer stays that, whatever else is made of the same words.
        node.kind = kind


def _plain(text: str) -> str:
    """Wide, bold and other forms of a letter as the letter; what stands for several letters is left as it is."""
    return "".join(_letter(char) for char in unicodedata.normalize("NFC", text))


def _letter(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return char if len(plain) != 1 or "\u3131" <= char <= "\u318e" else plain


def _pieces(text: str, *, spaces: bool = True) -> Iterator[str]:
    """Latin words whole, and everything else one by one."""
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
    """Whether a word is a known one with letters said longer."""
    runs = zip(groupby(word), groupby(known), strict=True)
    return all(len(list(said)) >= len(list(meant)) for (_, said), (_, meant) in runs)


def _slips(word: str) -> Iterator[str]:
    """What the word becomes with two neighbours changed, or, of a long one, with a letter left out."""
    if len(word) >= SHORTEST_SLIP:
        yield from (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    if len(word) >= SHORTEST_DROPPED:
        yield from (word[:at] + word[at + 1 :] for at in range(1, len(word)))
