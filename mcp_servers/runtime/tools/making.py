"""Turning the functions in a `server.py` into MCP tools."""

import inspect
import logging
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import BaseModel

from mcp_servers.runtime.caller import Local, caller_of
from mcp_servers.runtime.icons import icons_of
from mcp_servers.runtime.limits.limits import Limits, ToolLimits
from mcp_servers.runtime.past import reading_as, require_now
from mcp_servers.runtime.results import Outcome, as_result
from mcp_servers.runtime.server import SERVER, ToolFunction, ToolServer
from mcp_servers.runtime.signature import CALLER, CONTEXT, Parameters, keyword, parameters_of, returned_by, shaped
from mcp_servers.runtime.tools.confirming.confirm import asking
from mcp_servers.runtime.tools.confirming.page import Page
from mcp_servers.runtime.tools.confirming.ways import Ways
from mcp_servers.runtime.tools.progress import ticking
from storage.db import Sessions, writing
from storage.process.logs import tell
from storage.settings import CannotStartError, Settings
from storage.shop.audit import Answer, add_audit
from storage.shop.changes import watch_changes

logger = logging.getLogger(__name__)

INJECTED = "shopdesk/injected"
READ = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
WRITE = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False)
ASKING_WRITE = WRITE.model_copy(update={"destructive_hint": True})


class UnusableToolError(CannotStartError):
    """Models or clients would fail on a tool's schema."""

    def __init__(self, tool: str, problem: str) -> None:
        super().__init__(f"The tool {tool} cannot be offered: {problem}.")


class Toolbox:
    """The tools that a process serves: each is made once, however many of its servers offer it."""

    def __init__(self, settings: Settings, sessions: Sessions, limits: Limits, *, over_http: bool) -> None:
        self.limits, self.ways = limits, Ways(settings, Page(settings), over_http=over_http)
        self._settings, self._sessions = settings, sessions
        self._made: dict[str, list[Tool]] = {}

    def of(self, server: ToolServer) -> list[Tool]:
        """Return the tools of a server.

        Raises:
            UnusableToolError: models or clients would fail on one.
        """
        if server.name not in self._made:
            self._made[server.name] = tools_of(server, self._sessions, self._settings, self.limits, self.ways)
        return self._made[server.name]


def tools_of(server: ToolServer, sessions: Sessions, settings: Settings, limits: Limits, ways: Ways) -> list[Tool]:
    """Return a server's MCP tools; the writes that ask do so in one of these ways.

    Raises:
        UnusableToolError: a tool has no description, a nested schema, or shows an injected parameter.
    """
    reads = [_tool(server, read, showing(read, sessions, limits.of(server.name, read)), READ) for read in server.reads]
    asked = [write for write in server.writes if inspect.isasyncgenfunction(write)]
    plain = [write for write in server.writes if write not in asked]
    return [
        *reads,
        *(
            _tool(server, write, asking(write, server, sessions, settings, held, ways), ASKING_WRITE)
            for write, held in ((write, limits.of(server.name, write)) for write in asked)
        ),
        *(_tool(server, write, recording(write, sessions, limits.of(server.name, write)), WRITE) for write in plain),
    ]


def showing(read: ToolFunction, sessions: Sessions, limits: ToolLimits) -> ToolFunction:
    """Return the tool for a read, with its own session, deadline, progress, and result as JSON.

    A read that returns its own CallToolResult, such as a picture, has no output schema.
    """
    parameters = parameters_of(read)
    shows = returned_by(read)
    model = isinstance(shows, type) and issubclass(shows, BaseModel) and not issubclass(shows, CallToolResult)

    async def body(given: dict[str, Any]) -> CallToolResult | InputRequiredResult:
        given = _with_caller(given)
        async with (
            _ticking(parameters, given[CONTEXT]),
            limits.work() as ends,
            reading_as(sessions, given[CALLER]) as session,
        ):
            with ends.kept():
                shown = await read(**parameters.own(given, session))
                return as_result(shown) if model else shown

    returns = Annotated[CallToolResult, shows] if model else shows
    return shaped(body, like=read, name=_name(read), parameters=_shown(parameters), returns=returns)


def recording(write: ToolFunction, sessions: Sessions, limits: ToolLimits) -> ToolFunction:
    """Return the tool for a write that does not ask: one transaction with its audit row."""
    parameters = parameters_of(write)

    async def body(called: dict[str, Any]) -> CallToolResult:
        given = _with_caller(called)
        require_now(given[CALLER], _name(write))
        async with limits.work() as ends, writing(sessions) as session:
            with ends.kept():
                changes = watch_changes(session)
                outcome: Outcome = await write(**parameters.own(given, session))
                await session.flush()
            row = add_audit(
                session,
                confirmation=None,
                answer=Answer.NOT_ASKED,
                caller=given[CALLER],
                tool=_name(write),
                arguments={name: given[name] for name in parameters.arguments},
                summary=outcome.summary,
                changes=list(changes),
            )
        told = {"tool": _name(write), "caller": given[CALLER].kind, "answer": row.answer.value, "audit": row.id}
        tell(logger, "write", **told)
        return as_result(outcome, audit_id=row.id)

    returns = Annotated[CallToolResult, Outcome]
    return shaped(body, like=write, name=_name(write), parameters=_shown(parameters), returns=returns)


def _shown(parameters: Parameters) -> list[inspect.Parameter]:
    # The SDK's resolvers are for questions; a caller known from the token comes with the context, at a third the cost.
    return [*parameters.besides_caller, keyword(CONTEXT, Context[Local])]


def _with_caller(given: dict[str, Any]) -> dict[str, Any]:
    return given | {CALLER: caller_of(given[CONTEXT].request_context.lifespan_context)}


def _ticking(parameters: Parameters, ctx: Context[Local]) -> AbstractAsyncContextManager[None]:
    # A tool that takes the context reports its own progress.
    return nullcontext() if parameters.context else ticking(ctx)


def _name(function: ToolFunction) -> str:
    return str(function.__name__)


def _tool(
    server: ToolServer, function: ToolFunction, shaped_function: ToolFunction, annotations: ToolAnnotations
) -> Tool:
    name = _name(function)
    tool = Tool.from_function(
        shaped_function,
        title=name.replace("_", " ").capitalize(),
        description=inspect.cleandoc(function.__doc__ or ""),
        annotations=annotations,
        icons=icons_of(server.icon) or None,
        meta={SERVER: server.name, INJECTED: list(parameters_of(function).injected)},
    )
    if not tool.description:
        raise UnusableToolError(name, "it has no docstring, which is what a model reads")
    if "$ref" in str(tool.parameters):
        raise UnusableToolError(name, "its arguments are nested; use str, int, bool, list[str] or Literal")
    shown = set(tool.parameters["properties"]) & set(parameters_of(function).injected)
    if shown:
        raise UnusableToolError(name, f"its schema shows {sorted(shown)}, which the runtime fills in")
    tool.parameters = _slim(tool.parameters)
    # A result is already one of our models, so the SDK need not validate it again; its schema stays published.
    tool.fn_metadata.output_model = None
    tool.fn_metadata.output_schema = _slim(tool.fn_metadata.output_schema)
    return tool


def _slim(schema: Any) -> Any:  # noqa: ANN401 - a JSON schema is any JSON
    """Drop redundant parts, since every model that lists the tools pays for them.

    A generated title repeats the name; "or null" and "default: null" say that an argument may be left out, which its
    absence from `required` says already. A result has no nulls: what is unset is left out of it.
    """
    if isinstance(schema, list):
        return [_slim(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _slim(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
    match kept.pop("anyOf", None):
        case [dict() as only, {"type": "null"}]:
            return only | kept
        case None:
            return kept
        case several:
            return kept | {"anyOf": several}
