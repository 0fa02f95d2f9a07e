"""Korean words for tau-bench's products, which have English names only: customers search in both languages."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def _words() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "keywords.toml").read_text(encoding="utf-8"))


def keywords_of(name: str) -> str:
    """Return the words a product of this name is found by besides the name; none for a name we do not know."""
    return _words().get(name, "")
