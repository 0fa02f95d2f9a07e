"""Ids as people type them: in lower case, with spaces, in full-width letters, with characters that nobody sees."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import InstrumentedAttribute

MARK = "#"
"""Begins an order's id; people leave it out, or add it to another one."""

SPACES = " \u00a0\u3000"
GAPS = re.compile(r"[\s\-\u2010-\u2015]+")


def without_unseen(text: str) -> str:
    """Return a text without format characters, such as zero-width spaces and byte order marks, nor spaces around it."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf").strip(SPACES)


def spellings(typed: str) -> list[str]:
    """Return how the shop may store an id that somebody typed: as it is first, then ever freer readings of it."""
    plain = unicodedata.normalize("NFKC", without_unseen(typed))
    forms = dict.fromkeys((typed, plain, re.sub(r"\s+", "", plain), GAPS.sub("", plain)))
    return list(dict.fromkeys(each for form in forms for each in _marked_or_not(form)))


def likeliest(column: InstrumentedAttribute[str], candidates: Sequence[str]) -> ColumnElement[int]:
    """Return what to order by, so that of several rows with these ids the likeliest is the first."""
    return case({each: rank for rank, each in enumerate(candidates)}, value=column)


def _marked_or_not(form: str) -> Iterator[str]:
    bare = form.removeprefix(MARK).lstrip()
    marks = (MARK, "") if form.startswith(MARK) else ("", MARK)
    yield from (f"{mark}{cased}" for cased in (bare, bare.upper(), bare.lower()) for mark in marks)
