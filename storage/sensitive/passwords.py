"""Passwords that somebody writes down: a name for one, and what follows it or stands before it.

"My password is not accepted" tells none, and the code of a parcel locker opens no account.
"""

import re
from collections.abc import Iterator

from storage.sensitive.numbers import Place
from storage.sensitive.words import any_of, words_in

NAME = re.compile(any_of("password", "names"))
DOORS = re.compile(any_of("password", "doors"))
ACCOUNTS = re.compile(any_of("password", "accounts"))
NOT_SECRETS = words_in("password", "not_secrets")

QUOTED = re.compile(r"[\"'“‘`「«]([^\"'”’`」»\n]{3,64})[\"'”’`」»]")
MARKED = re.compile(
    r"(?:[ \t]for[ \t](?:my|the|our)[ \t](?:account|login))?"
    rf"[ \t]{{0,2}}(?:{any_of('password', 'topics')})?[ \t]{{0,2}}(?::|=|->|→)[ \t]{{0,2}}"
)
"""After a colon anything is the password."""

SAYS = re.compile(
    r"(?:[ \t](?:for|on|to|of)(?:[ \t](?:my|the|your|this))?[ \t](?:account|login|site|shop|app|page|email))?"
    r"(?:[ \t](?:that[ \t])?(?:i|we)[ \t](?:use|used|set|chose|have|had|typed|type|entered|enter|put|picked))?"
    rf"(?:'s[ \t]|[ \t,(]{{0,2}}(?:{any_of('password', 'links')})[ \t]{{1,2}}"
    r"|[ \t](?=\S{0,63}\d)|[ \t](?=[\"'“‘`「]))"
    rf"(?:(?:{any_of('password', 'adverbs')})[ \t])?"
)
WORD = re.compile(r"[^\s\"“”‘`「」<>]{3,64}")
ENDING = re.compile(rf"(?:{any_of('password', 'endings')})?[.,?;)~]{{0,3}}\Z")
ENDS = re.compile(rf"[ \t]{{0,2}}(?:[.,;!?)\n]|\Z|{any_of('password', 'ends')})")
CHANGED_TO = re.compile(rf"[\"'”’)]?[ \t]?(?:{any_of('password', 'changes')})[ \t]")
BEHIND = re.compile(
    rf"(?<!\S)([^\s<>]{{3,64}}?)[ \t]{{0,2}}(?:{any_of('password', 'tells_behind')})[ \t]{{0,2}}"
    rf"(?:{any_of('password', 'names')})"
)
LETS_IN = re.compile(any_of("password", "lets_in"))
SHAPED = re.compile(r"(?<![^\s:=(\"'“‘])(?=[^\s<>]{0,31}[a-z])(?=[^\s<>]{0,31}\d)[a-z\d!$%^&*~?@#+=_.-]{6,32}")
"""A word of letters, digits and signs; one of the signs must be in it that only passwords have."""

SIGNS = re.compile(r"(?<=[a-z\d])[!$%^&*~?#+=](?=[a-z\d!$%^&*~?#+=])")
PAIR = re.compile(r"[^\s@]{1,64}@[^\s@/|:]{1,64}\.[a-z]{2,12}[ \t]{0,2}[/|:][ \t]{0,2}([^\s<>@/|]{4,64})")
"""An email, and behind a stroke or a colon what opens its account."""

ANNOUNCED = re.compile(
    rf"(?:{any_of('password', 'names')})[^.:!?\n]{{0,20}}(?:{any_of('password', 'announces')})"
    r"[^.:!?\n]{0,12}[.:,!\n]\s{0,2}"
    r"(?=[!-~]{0,31}[a-z])(?=[!-~]{0,31}\d)([!-~]{4,64})"
)
"""A password that comes in the next sentence."""

ORDER = re.compile(r"\A#?[a-z]{0,2}\d+[.,!?]{0,2}\Z")
LONGEST_PHRASE = 128
PHRASE = re.compile(rf"\A[a-z\d' -]{{0,60}}(?:{any_of('password', 'spelled')})[^.!?;,\n]{{0,60}}")
STATE = ("ed", "ing")
"""How a word ends that says what happened to a password, such as "expired"."""

MIXED = re.compile(r"[\d@#$%^&*_+=!~]")
HIDDEN = "●●●●●●●●"
LOOKED_BACK = 48
CLAUSE = re.compile(r"[.!?;\n]")
FEWEST = 3
"""Characters of the shortest password that is one."""


def passwords_in(text: str) -> Iterator[Place]:
    """Yield the passwords in a plain text, each with nothing of itself shown."""
    for name in NAME.finditer(text):
        if _opens_a_door(text, name):
            continue
        span = _secret(text, name.end())
        if span is not None:
            yield Place(*span, "password", HIDDEN)
            if (changed := CHANGED_TO.match(text, span[1])) is not None and (new := _word(text, changed.end())):
                yield Place(*new, "password", HIDDEN)
    yield from _by_shape(text)
    for told in BEHIND.finditer(text):
        secret = told[1].strip("\"'“”‘’`.,;:")
        start = told.start(1) + told[1].index(secret)
        if len(secret) >= FEWEST and MIXED.search(secret) and secret.isascii() and not DOORS.search(told[0]):
            yield Place(start, start + len(secret), "password", HIDDEN)


def _by_shape(text: str) -> Iterator[Place]:
    """Yield what nobody calls a password, but stands where one is given away."""
    for pair in PAIR.finditer(text):
        if MIXED.search(pair[1]) and not ORDER.match(pair[1]):
            yield Place(*pair.span(1), "password", HIDDEN)
    for told in ANNOUNCED.finditer(text):
        if not ORDER.match(told[1]):
            yield Place(*told.span(1), "password", HIDDEN)
    if LETS_IN.search(text) is None or DOORS.search(text) is not None:
        return
    for word in SHAPED.finditer(text):
        secret = word[0].rstrip(".,?")
        if SIGNS.search(secret) and "@" not in secret:
            yield Place(word.start(), word.start() + len(secret), "password", HIDDEN)


def _opens_a_door(text: str, name: re.Match[str]) -> bool:
    clause = CLAUSE.split(text[max(0, name.start() - LOOKED_BACK) : name.start()])[-1]
    *_, last = [None, *DOORS.finditer(clause)]
    if last is not None and ACCOUNTS.search(clause, last.end()) is None:
        return True
    return DOORS.search(_until(text, name.end())) is not None


def _until(text: str, start: int) -> str:
    """The few words after a name in which "for the locker" may stand."""
    said = re.match(r"[ \t](?:for|of|to|on|at)[^.!?;:\n]{0,30}", text[start : start + LOOKED_BACK])
    return said[0] if said else ""


def _secret(text: str, at: int) -> tuple[int, int] | None:
    marked, says = MARKED.match(text, at), SAYS.match(text, at)
    found = marked or says
    if found is None:
        return None
    if (quoted := QUOTED.match(text, found.end())) is not None:
        return quoted.span(1)
    if (phrase := _phrase(text, found.end())) is not None:
        return phrase
    return _word(text, found.end(), is_marked=marked is not None)


def _phrase(text: str, at: int) -> tuple[int, int] | None:
    """Where a password is told in several words: "tulip, then seventy seven"."""
    phrase = PHRASE.match(text[at : at + LONGEST_PHRASE])
    if phrase is None or phrase[0].split()[0] in NOT_SECRETS or len(phrase[0].split()) == 1:
        return None
    return at, at + len(phrase[0].rstrip())


def _word(text: str, at: int, *, is_marked: bool = False) -> tuple[int, int] | None:
    word = WORD.match(text, at)
    if word is None:
        return None
    secret = ENDING.sub("", word[0]) if not word[0].isascii() else word[0].rstrip(".,?;)")
    end = word.start() + len(secret)
    if len(secret) < FEWEST or not _is_secret(secret, text, end, is_marked=is_marked):
        return None
    return word.start(), end


def _is_secret(secret: str, text: str, end: int, *, is_marked: bool) -> bool:
    if secret in NOT_SECRETS or not secret.isascii():
        return False
    if MIXED.search(secret):
        return True
    if is_marked:
        return secret.isalpha()
    return secret.isalpha() and not secret.endswith(STATE) and ENDS.match(text, end) is not None
