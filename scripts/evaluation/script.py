"""A scripted conversation as written in its YAML file; tests/team/conversations/README.md explains each field."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from storage.settings import CannotStartError
from storage.words.languages import LanguageCode

VISITOR = "visitor"
Fields = dict[str, Any]
Rows = dict[str, dict[str, Fields]]
"""Table, then key (the parts of a composite one joined by "/"), then columns and their values."""

Words = list[str | list[str]]
"""Each must occur; of a nested list, at least one."""


class BadScriptError(CannotStartError):
    """A file is not a conversation."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} is not a valid conversation: {problem}.")


class Part(BaseModel):
    """A part of the file; unknown fields are rejected as typos."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(Part):
    """What the customer does and what the turn should do in response; or what happens in between."""

    say: str | None = None
    pictures: tuple[str, ...] = ()
    press: bool | None = None
    stop: bool = False
    meanwhile: Rows = Field(default_factory=dict)
    minutes_pass: int = 0

    specialist: str | None = None
    calls: list[str | dict[str, Fields]] = Field(default_factory=list)
    asks: str | None = None
    ended: Literal["done", "asked", "stopped", "failed"] | None = None
    words: Words = Field(default_factory=list)
    never_words: list[str] = Field(default_factory=list)
    language: LanguageCode | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Step":
        done = [self.say is not None, self.press is not None, bool(self.meanwhile), bool(self.minutes_pass)]
        if sum(done) != 1:
            raise ValueError("a step has exactly one of say, press, meanwhile and minutes_pass")
        return self

    def expected_calls(self) -> list[tuple[str, Fields]]:
        """The calls that must be made, in this order; others may come between them."""
        return [(call, {}) if isinstance(call, str) else next(iter(call.items())) for call in self.calls]


class Script(Part):
    """One conversation."""

    about: str
    customer: str
    given: Rows = Field(default_factory=dict)
    pictures: dict[str, str] = Field(default_factory=dict)
    steps: list[Step] = Field(min_length=1)
    rows: Rows = Field(default_factory=dict)
    new_rows: dict[str, list[Fields]] = Field(default_factory=dict)
    audit: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    never_words: list[str] = Field(default_factory=list)


def load_script(path: Path) -> Script:
    """Read a conversation.

    Raises:
        BadScriptError: the file is not one; the message names the first mistake.
    """
    # Only this command needs the YAML parser.
    import yaml  # type: ignore[import-untyped]  # it has no types of its own

    try:
        return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadScriptError(path, " ".join(str(error).split())) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise BadScriptError(path, f"{where or 'the file'}: {first['msg'].lower()}") from error


def find_scripts(path: Path) -> list[Path]:
    """Return the file, or every conversation in the folder and its subfolders, in order.

    Raises:
        BadScriptError: there is none.
    """
    found = [path] if path.is_file() else sorted(path.rglob("*.yaml"))
    if not found:
        raise BadScriptError(path, "there is no .yaml file")
    return found
