"""The demo shop's data files."""

import tomllib
from pathlib import Path
from typing import Any


def read(name: str) -> dict[str, Any]:
    """Return the content of one of the files next to this module."""
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
