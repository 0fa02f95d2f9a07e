"""Postcodes that lost the zero at their start in a spreadsheet: told, and never guessed."""

import tomllib
from functools import cache
from pathlib import Path

from storage.shop.spelling import folded_label, folded_postcode


def lost_zero(postcode: str, country: str) -> str | None:
    """Return what is wrong with a postcode that is a number too short for its country; None where nothing is."""
    wanted = _digits().get(folded_label(country))
    plain = folded_postcode(postcode)
    if wanted is None or not plain or not plain.isdecimal() or len(plain) >= wanted:
        return None
    return (
        f"{postcode!r} has {len(plain)} digits, and postcodes there have {wanted}; a spreadsheet drops zeros at the "
        "start, so write it in full, as text"
    )


@cache
def _digits() -> dict[str, int]:
    found = tomllib.loads(Path(__file__).with_name("postcodes.toml").read_text("utf-8"))
    return {folded_label(name): each["digits"] for each in found["countries"] for name in each["names"]}
