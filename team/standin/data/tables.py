"""The files beside this one, read: `en/` and `ko/` hold the same ones."""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LEARNT = HERE / "learnt.npz"


def tables(*name: str) -> dict[str, Any]:
    """The tables of one file, such as `tables("en", "replies")`."""
    return tomllib.loads(HERE.joinpath(*name).with_suffix(".toml").read_text(encoding="utf-8"))
