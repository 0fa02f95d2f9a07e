"""The words by which a sentence invites an answer, in English and Korean, from `inviting.toml`."""

import tomllib
import unicodedata
from pathlib import Path

_LISTS: dict[str, str] = tomllib.loads(Path(__file__).with_name("inviting.toml").read_text(encoding="utf-8"))


def _words(name: str) -> frozenset[str]:
    # Normalized like the sentences they are compared with: single Korean letters have two encodings.
    return frozenset(unicodedata.normalize("NFC", unicodedata.normalize("NFKD", _LISTS[name])).split())


YES = _words("yes")
NAMED = _words("named")
SAYING = _words("saying")
ORDERS = _words("orders")
BEFORE_AN_ORDER = _words("before_an_order")
ASK_FIRST = _words("ask_first")
ASKING = frozenset(tuple(phrase.split()) for phrase in _LISTS["asking"].split(","))
ASKING_KO = _words("asking_ko")
SAYING_KO = _words("saying_ko")
WANTED_KO = _words("wanted_ko")
DICTATED_KO = frozenset(f"{yes}{said}" for yes in _words("yes_ko") for said in _words("said_ko"))

ALIKE = str.maketrans(
    {
        **dict(zip("авеіјкмнорсѕтухαβεικνορτυχ0", "abeijkmhopcstyxabeikvoptyxo", strict=True)),
        "*": None,
        "~": None,
        "👍": " yes ",
        "👌": " ok ",
    }
)
"""Look-alike letters of other scripts, marks of emphasis, and signs that mean yes."""
