"""One tool server as declared by its folder: a name, and its tools, divided into reads and writes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.offers import Prompt, Resource
from storage.settings import Toolset
from storage.tokens import Caller

ToolFunction = Callable[..., Any]
AsStored = Callable[[AsyncSession, Caller, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
SERVER = "shopdesk/server"
"""Names the server in the `_meta` of everything it lists."""


class Plan(Protocol):
    """What a write that asks yields: a planned change, with the text for before and after it."""

    def question(self, language: str) -> str:
        """Return what it will do, as the question to the customer."""

    def done(self, language: str) -> str:
        """Return what it has done, as told to the customer. Called before the change is made."""


@dataclass(frozen=True)
class ToolServer:
    """What a `server.py` gives to the runtime, which turns it into an MCP server.

    A read returns a model. A write is either an async generator that yields its Plan, or its question alone, and
    asks (what stands after the `yield` runs only after the customer's yes), or a coroutine that returns an Outcome and
    does not ask. A tool that is also in `staff_only` is neither shown to customers nor run for them.

    Clients are told the `instructions`, and after them the `write_instructions` where a write is offered. The toolset
    `all` has every tool of every server; `toolsets` says which of them a smaller one has (and which prompts, by
    their functions; a resource goes with the function that reads it), "*" for all of the server.

    `as_stored` returns a write's arguments with the ids that the shop stores for those that somebody typed, so that the
    same call in another spelling is known as the same; without it, a call is the same if it is spelled the same.

    `icon` is one character that clients show beside the server's name and its tools.
    """

    name: str
    title: str
    instructions: str
    reads: Sequence[ToolFunction]
    writes: Sequence[ToolFunction] = ()
    staff_only: Sequence[ToolFunction] = ()
    write_instructions: str = ""
    toolsets: Mapping[Toolset, Sequence[ToolFunction] | Literal["*"]] = field(default_factory=dict)
    resources: Sequence[Resource] = ()
    prompts: Sequence[Prompt] = ()
    as_stored: AsStored | None = None
    icon: str = ""
