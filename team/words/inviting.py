"""Detects sentences that invite an answer: next to a question from code, no model's sentence may do that.

A text is scanned sentence by sentence against word lists, in linear time: whoever wrote it may be an attacker. Because
the lists will miss some, a question stands alone, and a yes that follows other text makes us ask again.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from team.words.inviting_words import (
    ALIKE,
    ASK_FIRST,
    ASKING,
    ASKING_KO,
    BEFORE_AN_ORDER,
    DICTATED_KO,
    NAMED,
    ORDERS,
    SAYING,
    SAYING_KO,
    WANTED_KO,
    YES,
)

ENDS = frozenset(".!?。！？｡؟…‽⁇⁈⁉❓❔")
QUESTION_MARKS = frozenset("?؟‽❓❔")
QUOTES = frozenset("\"'`“”‘’„‚«»‹›「」『』《》〈〉()[]{}<>")
BEFORE_A_CLAUSE = frozenset(",;:()-–—→/|\n")
UNSEEN = frozenset(("Cf", "Mn", "Me"))
"""Unicode categories that take no space on screen and could hide inside a word."""

APOSTROPHES = ("'", "’")
SHORTENED = frozenset(("s", "t", "d", "m", "re", "ve", "ll"))
"""What follows an apostrophe inside a word, as in "let's"."""

LONGEST_PHRASE = max(map(len, ASKING))


@dataclass(frozen=True)
class Word:
    """A word of a sentence, and the text between it and its neighbours."""

    text: str
    before: str
    after: str

    @property
    def is_quoted(self) -> bool:
        """Whether it is in quotation marks."""
        return self.before[-1:] in QUOTES and self.after[:1] in QUOTES

    @property
    def begins_clause(self) -> bool:
        """Whether a clause could start here: it is the first word, or follows a comma, a colon or a dash."""
        return not BEFORE_A_CLAUSE.isdisjoint(self.before)


def without_invitations(text: str) -> str:
    """Return the text without the sentences that invite an answer."""
    return "".join(_kept(text)).strip()


def invites(text: str) -> bool:
    """Whether any sentence of the text invites an answer."""
    return "".join(_kept(text)) != text


def dictates(text: str) -> bool:
    """Whether any sentence says which word to answer with, since the customer may do so much later."""
    return any(_dictates(Sentence(one)) for one in {*_sentences(text, lines=True), *_sentences(text, lines=False)})


class Sentence:
    """A sentence as words, and as bare letters, because spacing in Korean varies."""

    def __init__(self, text: str) -> None:
        self.plain = _plain(text)
        self.words = _words(self.plain)
        self.texts = [word.text for word in self.words]
        self.letters = "".join(filter(str.isalnum, self.plain))


def _kept(text: str) -> list[str]:
    lines = [one for one in _sentences(text, lines=True) if not _invites(Sentence(one))]
    # What is left may contain a sentence that was split across lines.
    return [one for one in _sentences("".join(lines), lines=False) if not _invites(Sentence(one))]


def _sentences(text: str, *, lines: bool) -> Iterator[str]:
    """Yield each sentence with the space after it; with `lines`, a line break also ends a sentence."""
    begin, at = 0, 0
    while at < len(text):
        ends = _ends(text, at) or (lines and text[at] == "\n")
        at += 1
        if ends:
            while at < len(text) and (text[at] in ENDS or text[at] in QUOTES):
                at += 1
            while at < len(text) and text[at].isspace():
                at += 1
            yield text[begin:at]
            begin = at
    if begin < len(text):
        yield text[begin:]


def _ends(text: str, at: int) -> bool:
    """Whether a sentence ends here; a dot inside a number or a name, as in 54.20, does not end one."""
    return text[at] in ENDS and not (text[at] == "." and text[at + 1 : at + 2].isalnum())


def _invites(sentence: Sentence) -> bool:
    return (
        not QUESTION_MARKS.isdisjoint(sentence.plain)
        or _asks(sentence)
        or _dictates(sentence)
        or _holds(sentence, ASKING_KO)
        or (_holds(sentence, SAYING_KO) and _holds(sentence, WANTED_KO))
    )


def _asks(sentence: Sentence) -> bool:
    texts = sentence.texts
    phrases = (tuple(texts[at : at + size]) for at in range(len(texts)) for size in range(1, LONGEST_PHRASE + 1))
    return (
        (bool(texts) and texts[0] in ASK_FIRST)
        or any(phrase in ASKING for phrase in phrases)
        or any(text in ORDERS and _is_order(sentence.words, at) for at, text in enumerate(texts))
    )


def _is_order(words: list[Word], at: int) -> bool:
    """Whether this verb starts its clause, ignoring words such as "please" and "just"."""
    while at > 0 and not words[at].begins_clause:
        at -= 1
        if words[at].text not in BEFORE_AN_ORDER:
            return False
    return True


def _dictates(sentence: Sentence) -> bool:
    texts = set(sentence.texts)
    return bool(
        (not texts.isdisjoint(SAYING) and not texts.isdisjoint(YES | NAMED))
        or any(word.is_quoted and word.text in YES | NAMED for word in sentence.words)
        or any(text in YES for text in sentence.texts[1:])
        or (sentence.texts[:1] and sentence.texts[0] in YES and not _is_answer(sentence.words))
        or _holds(sentence, DICTATED_KO)
    )


def _is_answer(words: list[Word]) -> bool:
    """Whether the first word is a yes that opens an answer, as in "Yes, we have it."."""
    return len(words) == 1 or not BEFORE_A_CLAUSE.isdisjoint(words[0].after)


def _holds(sentence: Sentence, among: Iterable[str]) -> bool:
    return any(each in sentence.letters for each in among)


def _plain(text: str) -> str:
    """Lowercase the text, drop invisible characters, and map look-alike letters to Latin ones."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    seen = "".join(char for char in decomposed if unicodedata.category(char) not in UNSEEN)
    return unicodedata.normalize("NFC", seen.translate(ALIKE))


def _words(plain: str) -> list[Word]:
    """Return the words; single letters in a row are one word, as in "y e s" and "O.K."."""
    spans: list[tuple[str, int, int]] = []
    gap: str | None = None
    for start, end in _spans(plain):
        text, between = plain[start:end], plain[spans[-1][2] : start] if spans else ""
        # The letters of one spelled-out word all have the same separator.
        spelled = end - start == 1 and gap is not None and between[:1] in (gap or between[:1])
        if spans and (spelled or (between in APOSTROPHES and text in SHORTENED)):
            before = spans.pop()
            spans.append((before[0] + text, before[1], end))
            gap = between[:1] if spelled else None
        else:
            spans.append((text, start, end))
            gap = "" if end - start == 1 else None
    ends, starts = [0, *(end for _, _, end in spans)], [*(start for _, start, _ in spans), len(plain)]
    return [
        Word(text, plain[ends[at] : start], plain[end : starts[at + 1]]) for at, (text, start, end) in enumerate(spans)
    ]


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each run of letters and digits."""
    at = 0
    for is_word, run in groupby(plain, key=str.isalnum):
        begin, at = at, at + len(list(run))
        if is_word:
            yield begin, at
