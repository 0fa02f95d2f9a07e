"""Names, emails and postcodes compared as people mean them, whoever typed them and on whatever machine.

The same letters may be stored composed or decomposed (macOS decomposes Hangul and accents), in capitals or not, with
one space or three: none of this makes another person. A name is stored as it was typed, and goes out again as it came;
an email is stored in one form.
"""

import re
import unicodedata

_APART = re.compile(r"[\s\-\u2010-\u2015]+")


def stored_email(typed: str) -> str:
    """Return an email as the shop stores and looks it up: composed, lower case, no spaces around it.

    Look-alike letters stay what they are: folding them would make two mailboxes one.
    """
    return unicodedata.normalize("NFC", typed).strip("\ufeff \t\r\n\u00a0\u3000").lower()


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are the same to a person."""
    return _plain(one) == _plain(other)


def plain_postcode(typed: str) -> str:
    """Return a postcode's letters, in capitals, and digits: people write what is between them in many ways."""
    return _APART.sub("", unicodedata.normalize("NFKC", typed)).upper()


def _plain(name: str) -> str:
    # Folding can decompose a letter, so it comes before composing.
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold()).split())
