"""The demo shop's data files."""

import tomllib
from pathlib import Path
from typing import Any


def read(name: str) -> dict[str, Any]:
    """Return what one of the files beside this module says."""
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
