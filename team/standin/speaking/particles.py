"""The Korean particle that fits a word."""

FIRST_SYLLABLE, LAST_SYLLABLE, FINALS, RIEUL = 0xAC00, 0xD7A3, 28, 8
SPOKEN = dict(zip("0123456789lmnr", "영일이삼사오육칠팔구엘엠엔알", strict=True))


class Word(str):
    """Text that takes its Korean particle in a template: `{name:을/를}`."""

    def __format__(self, particles: str) -> str:
        if "/" not in particles:
            return str(self)
        after_consonant, after_vowel = particles.split("/")
        final = _final(self)
        needs_consonant_form = final and not (after_vowel == "로" and final == RIEUL)
        return f"{self}{after_consonant if needs_consonant_form else after_vowel}"


def _final(word: str) -> int:
    """Return the final consonant's index of the word as it is pronounced, 0 for none."""
    spoken = [SPOKEN.get(letter, letter) for letter in word.lower() if letter.isalnum()]
    last = ord(spoken[-1]) if spoken else 0
    return (last - FIRST_SYLLABLE) % FINALS if FIRST_SYLLABLE <= last <= LAST_SYLLABLE else 0
