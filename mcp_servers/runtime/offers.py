"""What a server.py declares besides its tools: resources, prompts, and completion for both."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tokens import Caller

Text = str | Callable[[str], str]
"""A text that clients show, or what says it in a language by its code, such as `Catalogue.text`."""

CompletionFunction = Callable[[AsyncSession, Caller, str, int], Awaitable[Sequence[str]]]
"""Returns values that match what was typed, up to a limit, among those that this caller may see."""


@dataclass(frozen=True)
class Listed:
    """One resource in a list: the variables of its URI, its title, and the position for the next page."""

    values: Mapping[str, str]
    title: str
    position: str


ListFunction = Callable[[AsyncSession, Caller, str, int], Awaitable[Sequence[Listed]]]
"""Returns a caller's resources after a position, up to a limit; the position is empty for the first page."""


@dataclass(frozen=True)
class Resource:
    """What can be read at one kind of URI, such as `order://{order_id}`.

    `read` takes the address's variables as arguments, and `session` and `caller` as a tool does; it returns a model
    (shown as JSON), text or bytes, and its docstring is the description, unless there is another one here. Without
    `listed` only the template is listed.
    """

    uri: str
    read: Callable[..., Any]
    title: Text
    description: Text = ""
    mime_type: str = "application/json"
    listed: ListFunction | None = None
    completions: Mapping[str, CompletionFunction] = field(default_factory=dict)
    fresh_ms: int = 0
    """How long a client may cache it."""


@dataclass(frozen=True)
class Prompt:
    """A prompt that a user can pick from their client's menu.

    `write` takes the prompt's arguments, and `session` and `caller` as a tool does; it returns the text of the
    request, or whole messages, and its docstring is what the menu says of it, unless there is another description
    here. One that asks for what only a tool that writes can do `changes` something, and is not offered in read-only
    mode.
    """

    write: Callable[..., Any]
    title: Text
    description: Text = ""
    completions: Mapping[str, CompletionFunction] = field(default_factory=dict)
    changes: bool = False


def text_in(text: Text, language: str) -> str:
    """Return a text in a caller's language, or as it is where it is in one alone."""
    return text if isinstance(text, str) else text(language)
