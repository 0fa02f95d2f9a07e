"""Words that nobody's product has, as somebody may have meant them: one letter wrong, missing, too many, or swapped."""

import unicodedata
from collections.abc import Iterator, Mapping

LATIN = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, SHORTEST_KOREAN = 5, 6
LONGEST = 24
# First consonants, vowels and last consonants, of which Korean syllables are made.
JAMO = "".join(
    chr(code)
    for first, last in ((0x1100, 0x1112), (0x1161, 0x1175), (0x11A8, 0x11C2))
    for code in range(first, last + 1)
)


def slips(word: str, known: Mapping[str, str]) -> list[str]:
    """Return the known words that are one slip of the finger away; none for a short word, which is near too many.

    Args:
        word: what was typed.
        known: words by their single letters (NFD), since a slip in Korean is one within a syllable.
    """
    letters = unicodedata.normalize("NFD", word)
    shortest, alphabet = (SHORTEST, LATIN) if word.isascii() else (SHORTEST_KOREAN, JAMO)
    if not shortest <= len(letters) <= LONGEST:
        return []
    return list(dict.fromkeys(known[each] for each in _near(letters, alphabet) if each in known))


def _near(word: str, letters: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
        yield from (word[:place] + letter + word[place + 1 :] for letter in letters)
        yield from (word[:place] + letter + word[place:] for letter in letters)
        if place + 1 < len(word):
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    yield from (word + letter for letter in letters)
