"""Reads the data files in this folder; `en/` and `ko/` contain the same ones."""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LEARNT = HERE / "learnt.npz"


def tables(*name: str) -> dict[str, Any]:
    """Return the tables of one file, such as `tables("en", "replies")`."""
    return tomllib.loads(HERE.joinpath(*name).with_suffix(".toml").read_text(encoding="utf-8"))
