"""The table of misbehaviours, one row each: its name, what it does, and what of its output no customer may read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from team.standin.wire import Json

HERE = Path(__file__).parent
KINDS = ("route", "text", "written", "call", "wire")
"""A choice of specialist, a text, a call written out as text, a call, and the sending of the reply."""


@dataclass(frozen=True)
class Row:
    """One misbehaviour.

    A text is given as `en` and `ko` (without `ko`, `en` serves for both), a written call as its `form`, anything else
    as
    `code`, the name of a function. `never` lists strings that no customer may read, and `spoils` says what they are.
    `times` repeats a text, `weight` makes a row rarer, `beside` puts the text next to the call instead of replacing it.
    """

    name: str
    kind: str
    en: str = ""
    ko: str = ""
    form: str = ""
    code: str = ""
    fields: Json = field(default_factory=dict)
    finish: str = "stop"
    times: int = 1
    weight: float = 1.0
    spoils: str = ""
    never: tuple[str, ...] = ()

    def text(self, language: str) -> str:
        """Return the text in a language, with its braces not filled in yet."""
        return (self.ko if language == "ko" and self.ko else self.en) * self.times


@dataclass(frozen=True)
class Target:
    """What a written call is for: the call that is due, or this tool with these arguments."""

    name: str
    tool: str = ""
    arguments: Json = field(default_factory=dict)


@cache
def rows() -> tuple[Row, ...]:
    """Return every row of every kind."""
    found = []
    for kind in KINDS:
        for one in _read(f"{kind}.toml")["row"]:
            found.append(Row(kind=kind, **{**one, "never": tuple(one.get("never", ()))}))
    return tuple(found)


@cache
def targets() -> tuple[Target, ...]:
    """Return what a written call can be for."""
    return tuple(Target(**one) for one in _read("written.toml")["target"])


@cache
def words() -> Mapping[str, str]:
    """Return the default meanings of the braces: another customer's things."""
    found: dict[str, str] = _read("text.toml")["words"]
    return found


@cache
def _read(name: str) -> Json:
    return tomllib.loads(HERE.joinpath(name).read_text(encoding="utf-8"))
