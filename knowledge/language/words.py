"""Words: the search terms of a text, in English and Korean."""

from collections.abc import Iterator
from functools import cache

from knowledge.language.glossary import HANGUL, english_meanings, korean_meanings, stemmer

MEANING_MARK = "§"
"""Prefix of a meaning, so that it is never confused with a word."""

_STOP_WORDS = """
a about am an and any are as at be been but by can could d did do does for from had has have he her here him his how i
if in into is it its just ll m may me my no not of on or our out re s shall she should so some t than that the their
them then there these they this those to up us ve was we were what when where which who why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_PAIRS_OF_ENDINGS = """
가요 거나 거든 거예 건가 게요 그거 까요 까지 나면 나요 네요 니까 니다 는데 는지 돼요 되나 되요 드려 든요 라고 라는
라도 려면 려요 면서 부터 세요 수있 습니 싶어 아도 아요 어도 어떻 어서 어요 에게 에는 에도 에서 에요 예요 으로 으면
은데 은지 을까 이거 이나 이라 이면 이에 인가 인데 입니 있나 있어 없어 저는 제가 주나 주세 줘요 지만 지요 하고 하나
하는 하려 하면 하지 한테 할수 합니 해도 해요 했는 였는 떻게 다고
"""
_STOP_PAIRS = frozenset(_PAIRS_OF_ENDINGS.split())
"""Syllable pairs of endings and particles, which occur in every Korean sentence."""


@cache
def _stop_stems() -> frozenset[str]:
    return frozenset(stemmer().analyze(" ".join(STOP_WORDS)))


def syllable_pairs(text: str) -> Iterator[str]:
    """Yield each Korean word's pairs of neighbouring syllables; a one-syllable word is yielded whole."""
    for word in HANGUL.findall(text):
        if len(word) == 1:
            yield word
        for start in range(len(word) - 1):
            yield word[start : start + 2]


def search_words(text: str) -> list[str]:
    """Return the terms for BM25: English stems, Korean syllable pairs, and the meanings of shop words."""
    stems = stemmer().analyze(HANGUL.sub(" ", text))
    words = [stem for stem in stems if stem not in _stop_stems()]
    pairs = [pair for pair in syllable_pairs(text) if pair not in _STOP_PAIRS]
    meant = (*korean_meanings(text), *english_meanings(stems))
    return [*words, *pairs, *(f"{MEANING_MARK}{one.meaning}" for one in meant)]


def subjects(text: str) -> list[tuple[str, ...]]:
    """Return each topic of a question, as the search terms that would match it.

    A shop word is one topic, matched by its own stems or pairs or by its meaning; so is every other word.
    """
    return [*_english_subjects(text), *_korean_subjects(text)]


def _english_subjects(text: str) -> Iterator[tuple[str, ...]]:
    stems = stemmer().analyze(HANGUL.sub(" ", text))
    inside = set[int]()
    for meant in english_meanings(stems):
        places = range(meant.start, meant.start + meant.length)
        inside.update(places)
        yield f"{MEANING_MARK}{meant.meaning}", *(stems[place] for place in places)
    for place, stem in enumerate(stems):
        if place not in inside and stem not in _stop_stems():
            yield (stem,)


def _korean_subjects(text: str) -> Iterator[tuple[str, ...]]:
    left = list(text)
    for meant in korean_meanings(text):
        end = meant.start + meant.length
        yield f"{MEANING_MARK}{meant.meaning}", *syllable_pairs(text[meant.start : end])
        # Anything after a shop word within the same word is a particle or an ending.
        while end < len(text) and HANGUL.match(text[end]):
            end += 1
        left[meant.start : end] = " " * (end - meant.start)
    for word in HANGUL.findall("".join(left)):
        pairs = tuple(pair for pair in syllable_pairs(word) if pair not in _STOP_PAIRS)
        if len(word) > 1 and pairs:
            yield pairs


def language_of(text: str) -> str:
    """Return a question's language: Korean if at least a third of its letters are Hangul."""
    letters = sum(mark.isalpha() for mark in text)
    hangul = sum(map(len, HANGUL.findall(text)))
    return "ko" if hangul and hangul * 3 >= letters else "en"
