"""What people mean by a name, an email, an id: the one place that says which spellings of each kind are the same.

Everything below takes composed and decomposed letters (macOS decomposes Hangul and accents), full-width and usual ones,
and characters that nobody sees as the same.

| kind | the same | not the same |
|---|---|---|
| email | capitals | look-alike letters, `ß` and `ss`, `a+b@` and `a@`: these are other mailboxes |
| name | capitals (`ß` and `SS`, the Turkish `İ`, `I`, `ı` and `i`), gaps, kinds of apostrophe and hyphen | accents |
| postcode | capitals, and whatever stands between its letters and digits | a zero that is missing |
| id, tracking number | capitals, a leading `#`, gaps and hyphens, unless two stored ids differ in them | `O` and `0` |
| label: a column, an option, a country | capitals, gaps | |

What the shop stores stays as it came, but for emails, which are stored folded. Tables have a column with an id's or a
name's key beside it, which an index finds; change a key here, and a migration has to make those columns anew (0018).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from storage.characters import UNSEEN

if TYPE_CHECKING:
    from sqlalchemy.engine.default import DefaultExecutionContext

MARK = "#"
"""Begins an order's id; people leave it out, or add it to another one."""

SPACES = " \u00a0\u3000"
GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
"""Spaces, hyphens, dashes, and the minus sign that Japanese keyboards write for one."""
BREAKS = {"Cc", "Cs", "Zl", "Zp"}
APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`"), "'")
HYPHENS = dict.fromkeys(range(0x2010, 0x2016), "-")
NARROW = {ord("！") + place: ord("!") + place for place in range(ord("~") - ord("!") + 1)} | {ord("\u3000"): " "}
"""What Korean and Japanese keyboards write full-width, such as `＃Ｗ１０４２`, as the usual characters."""
TURKISH = {"i\u0307": "i", "ı": "i"}
"""What capitals make of the Turkish letters, whose case no program folds without knowing the language."""

T = TypeVar("T")


def without_unseen(text: str) -> str:
    """Return a text without the characters that nobody sees, nor spaces around it.

    Such are zero-width spaces, byte order marks, fillers, variation selectors; control characters inside it stay.
    """
    return "".join(each for each in text if each.isascii() or not _is_unseen(each)).strip(SPACES)


def stored_email(typed: str) -> str:
    """Return an email as the shop stores and looks it up: composed, lower case, of usual width, no spaces around it.

    Look-alike letters stay what they are: folding them would make two mailboxes one.
    """
    return unicodedata.normalize("NFC", without_unseen(typed).translate(NARROW)).strip().lower()


def folded_name(*parts: str) -> str:
    """Return the key of a person's name, whichever of its parts says what."""
    text = _folded(" ".join(parts)).translate(APOSTROPHES | HYPHENS)
    for written, letter in TURKISH.items():
        text = text.replace(written, letter)
    return text


def folded_label(name: str) -> str:
    """Return the key of a column's name, an option's name or value, or a country: without case and gaps."""
    return _folded(name).replace(" ", "")


def folded_options(options: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of options and their values."""
    return {folded_label(name): folded_label(value) for name, value in options.items()}


def folded_postcode(typed: str) -> str:
    """Return a postcode's letters and digits: people write what is between them in many ways."""
    return "".join(filter(str.isalnum, _folded(typed)))


def plain_id(typed: str) -> str:
    """Return an id as it is told apart from others at an import: without case, width and characters nobody sees."""
    return _folded(typed)


def folded_id(typed: str) -> str:
    """Return the key under which an id is looked up; `meant` says which of several that have it is meant."""
    return GAPS.sub("", _bare(_folded(typed)))


def meant(typed: str, stored: Iterable[str]) -> str | None:
    """Return the stored id that somebody typed: as it is, or else in the nearest reading that only one of them has.

    None where no reading finds one, and where two are as near: one is never taken for the other.
    """
    ids = list(dict.fromkeys(stored))
    for reading in READINGS:
        wanted = reading(typed)
        if same := [each for each in ids if reading(each) == wanted]:
            return same[0] if len(same) == 1 else None
    # Gaps in other places make another number of it: 1-11 is not 11-1.
    ungapped = [each for each in ids if folded_id(each) == folded_id(typed) and not (_gapped(each) and _gapped(typed))]
    return ungapped[0] if len(ungapped) == 1 else None


def find_meant(typed: str, by_id: Mapping[str, T]) -> T | None:
    """Return what stands under the id that somebody typed, as `meant` reads it."""
    found = typed if typed in by_id else meant(typed, by_id)
    return None if found is None else by_id[found]


def alike(ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each id that people could not tell from an earlier, different one, after that one."""
    first: dict[str, str] = {}
    for each in ids:
        earlier = first.setdefault(plain_id(each), each)
        if earlier != each:
            yield earlier, each


def as_stored(typed: Iterable[str], stored: Iterable[str]) -> dict[str, str]:
    """Return for each id the stored one that it is, or that people could not tell from it; others are left out."""
    return _one_of(typed, stored, plain_id)


def as_meant(typed: Iterable[str], stored: Iterable[str]) -> dict[str, str]:
    """Return for each id, of which one has to be stored, the stored one that `meant` finds; others are left out."""
    return _one_of(typed, stored, folded_id)


def _one_of(typed: Iterable[str], stored: Iterable[str], fold: Callable[[str], str]) -> dict[str, str]:
    by_key = defaultdict[str, list[str]](list)
    for each in stored:
        by_key[fold(each)].append(each)
    found = {each: meant(each, by_key[fold(each)]) for each in typed}
    return {each: one for each, one in found.items() if one is not None}


def key_of(fold: Callable[..., str], *columns: str) -> Callable[["DefaultExecutionContext"], str]:
    """Return the default of a key's column: what `fold` makes of other columns of the row that is written."""

    def key(context: "DefaultExecutionContext") -> str:
        row = context.get_current_parameters()  # type: ignore[no-untyped-call] # SQLAlchemy's own is untyped
        return fold(*(row[each] for each in columns))

    return key


def _is_unseen(character: str) -> bool:
    category = unicodedata.category(character)
    return category == "Cf" or (UNSEEN.match(character) is not None and category not in BREAKS)


def _folded(text: str) -> str:
    # Folding can decompose a letter, so it comes before composing.
    seen = unicodedata.normalize("NFKC", without_unseen(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def _as_seen(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", without_unseen(text)).split())


def _bare(text: str) -> str:
    return text.removeprefix(MARK).lstrip()


def _gapped(text: str) -> bool:
    return GAPS.search(_bare(_folded(text))) is not None


def _as_is(text: str) -> str:
    return text


READINGS: tuple[Callable[[str], str], ...] = (
    _as_is,
    _as_seen,
    lambda text: _bare(_as_seen(text)),
    plain_id,
    lambda text: _bare(plain_id(text)),
    lambda text: GAPS.sub(" ", _bare(plain_id(text))),
)
"""Ever freer readings of an id."""
