"""What may be said without looking anything up: greetings, thanks, questions, offers, and "I cannot".

Every other sentence states something about the shop, an order or the speaker, and needs a result to rely on. The lists
in `talk.toml` are closed on purpose: a sentence they miss costs the model one more attempt.
"""

import re
import tomllib
import unicodedata
from pathlib import Path

from team.words.sentences import sentences

_LISTS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("talk.toml").read_text(encoding="utf-8")
)


FIRST, INITIALS, VOWELS, FINALS = 0xAC00, 19, 21, 28
"""How Unicode orders Korean syllables: by their initial, then by their vowel, then by their final consonant."""

ADVERB = chr(FIRST + 5 * FINALS)
"""The syllable that makes an adverb, which has such a vowel too."""

VERB = "".join(
    chr(FIRST + (initial * VOWELS + vowel) * FINALS)
    for initial in range(INITIALS)
    for vowel in (0, 1, 2, 4, 5, 6, 9, 10, 14, 15)
).replace(ADVERB, "")
"""The syllables that end a Korean verb in its -아/-어 form: open, with a vowel that holds ㅏ or ㅓ."""


def _any(language: str, *kinds: str) -> str:
    found = "|".join(one for kind in kinds for one in _LISTS[language][kind])
    return f"(?:{found.replace('<verb>', f'[{VERB}]')})"


OPENING = re.compile(rf"\A(?>{_any('en', 'opening')}(?:[ ,]++[A-Z][\w'-]++)?\s*+[,:;!—–-]++\s*+)++", re.IGNORECASE)
GREETING = re.compile(rf"\A{_any('en', 'greeting')}\b", re.IGNORECASE)
SPEECH = re.compile(rf"\A{_any('en', 'request', 'offer', 'unable', 'myself')}\b", re.IGNORECASE)
CLAIM = re.compile(_any("en", "claim"), re.IGNORECASE)
ASKS_KO = re.compile(_any("ko", "question"))
SPEECH_KO = re.compile(_any("ko", "greeting", "request", "offer", "unable", "myself"))
CLAIM_KO = re.compile(_any("ko", "claim"))

DECLINES = re.compile(rf"{_any('en', 'declines')}|{_any('ko', 'declines')}", re.IGNORECASE)
APOLOGY = re.compile(rf"{_any('en', 'apology')}|{_any('ko', 'apology')}", re.IGNORECASE)

IDLE = re.compile(rf"{_any('en', 'idle')}|{_any('ko', 'idle')}", re.IGNORECASE)
WISHLESS = re.compile(rf"{_any('en', 'wishless')}|{_any('ko', 'wishless')}", re.IGNORECASE)
GREETING_KO = re.compile(_any("ko", "greeting"))

UNABLE = re.compile(rf"\A{_any('en', 'unable')}\b", re.IGNORECASE)
PROTECTED = re.compile(rf"{_any('en', 'protected')}|{_any('ko', 'protected')}", re.IGNORECASE)
UNABLE_KO = re.compile(_any("ko", "unable"))

LONGEST_GREETING = 9
"""Words in a clause; a longer one says more than a greeting."""

ROW = re.compile(r"\A\s*+(?:[-*•]|\d{1,2}[.)])\s")
CLAUSE = re.compile(r"[,;:—–]\s+(?:and |but |so )?")
HANGUL = re.compile(r"[가-힣]")


def only_talks(text: str) -> bool:
    """Whether no part of a text needs a result to rely on; list items count like the sentence before the list."""
    before = False
    for sentence in sentences(unicodedata.normalize("NFKC", text).replace("’", "'")):
        plain = sentence.strip(" \t\n*_>`#")
        if not plain or (before and ROW.match(sentence)):
            continue
        before = _talks_korean(plain) if HANGUL.search(plain) else _talks(plain)
        if not before:
            return False
    return True


def only_declines(text: str, *, tried: bool) -> bool:
    """Whether a text says that the speaker cannot help, and nothing else: not even with what.

    As long as nothing was `tried`, naming what one cannot do is no answer either.
    """
    said = [part for part in _parts(text) if APOLOGY.fullmatch(part) is None]
    return bool(said) and all(DECLINES.fullmatch(part) or (not tried and _is_unable(part)) for part in said)


def only_offers(text: str) -> bool:
    """Whether a text offers help, or says that something will be looked at, and neither asks nor tells anything.

    To somebody who wished for something, that is no answer: see `has_a_wish`.
    """
    parts = _parts(text)
    return any(map(IDLE.fullmatch, parts)) and all(
        IDLE.fullmatch(part) or APOLOGY.fullmatch(part) or _greets(part) for part in parts
    )


def has_a_wish(message: str) -> bool:
    """Whether a customer's message is more than a greeting, thanks, or a call for attention."""
    return not all(_greets(part) or WISHLESS.fullmatch(part.rstrip("?")) for part in _parts(message))


def _parts(text: str) -> list[str]:
    """Return a text's clauses without the marks around them."""
    clauses = (
        part.strip(" \t\n*_>`#.!,~")
        for sentence in sentences(unicodedata.normalize("NFKC", text).replace("’", "'"))
        for part in CLAUSE.split(sentence)
    )
    return [part for part in clauses if part]


def _greets(part: str) -> bool:
    if len(part.split()) > LONGEST_GREETING or part.endswith("?"):
        return False
    return (GREETING_KO.match(part) if HANGUL.search(part) else GREETING.match(part)) is not None


def _is_unable(part: str) -> bool:
    if part.endswith("?") or PROTECTED.search(part):
        return False
    return (UNABLE_KO.search(part) if HANGUL.search(part) else UNABLE.match(part)) is not None


def _talks(sentence: str) -> bool:
    rest = OPENING.sub("", sentence)
    if not re.search(r"\w", rest) or rest.endswith(("?", '?"')):
        return True
    if CLAIM.search(rest):
        return False
    first, *more = CLAUSE.split(rest)
    is_greeting = GREETING.match(first) is not None and len(first.split()) <= LONGEST_GREETING
    return SPEECH.match(rest) is not None or (is_greeting and all(map(_talks, more)))


def _talks_korean(sentence: str) -> bool:
    if ASKS_KO.search(sentence):
        return True
    return CLAIM_KO.search(sentence) is None and SPEECH_KO.search(sentence) is not None
