"""The words of `words.toml`, as patterns."""

import re
import tomllib
from pathlib import Path
from typing import Any

_LISTS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))

SPACE = re.compile(r" (\??)")


def any_of(section: str, name: str) -> str:
    """Return a pattern for any of these words; a Latin one begins at a word's beginning and ends at its end."""
    words = [SPACE.sub(_gap, one) for one in _LISTS[section][name]]
    latin, others = [one for one in words if one.isascii()], [one for one in words if not one.isascii()]
    # In one group, whose first letters the engine looks for at once.
    whole = rf"(?<![a-z])(?:{'|'.join(latin)})(?![a-z])"
    return "|".join([*([whole] if latin else []), *([f"(?:{'|'.join(others)})"] if others else [])])


def _gap(space: re.Match[str]) -> str:
    return r"[ \t\n]?" if space[1] else r"[ \t\n]{1,2}"


def words_in(section: str, name: str) -> frozenset[str]:
    """Return a plain list of words."""
    return frozenset(str(_LISTS[section][name]).split())


def table_of(section: str, name: str) -> dict[str, str]:
    """Return a table of words and what each stands for."""
    table: dict[str, str] = _LISTS[section][name]
    return table


APART = r"[ \t\n\"'(\[*:=#,-]"
LINK = rf"(?>(?:{APART}{{0,3}}+(?:{any_of('ours', 'between')})){{0,4}}+){APART}{{0,3}}+\Z"
"""What may stand between a word that names a number and the number itself."""
