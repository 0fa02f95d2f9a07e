"""`/tools`: every MCP tool of the shop by its own name, listed and called."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.tokens import Caller
from team.tools.client import ServerUnreachableError
from team.tools.servers import ShopTool
from ui.logins.person import caller_of
from ui.logins.visits import person_of
from ui.parts import parts_of
from ui.rest.calling import call_tool, find_tool, scope_of
from ui.rest.given import json_object
from ui.rest.idempotency import once
from ui.rest.refusals import ToolServersAwayError, UnknownFieldError


async def listing(request: Request) -> Response:
    """List the tools that this caller may call, each with its schemas."""
    caller = caller_of(await person_of(request))
    tools = await offered_to(request, caller)
    return JSONResponse({"tools": [_view(tool) for tool in tools.values()]})


async def offered_to(request: Request, caller: Caller) -> dict[str, ShopTool]:
    """Return what the caller may call."""
    try:
        return (await parts_of(request).tool_servers.connect(caller)).tools
    except ServerUnreachableError as error:
        raise ToolServersAwayError from error


async def call(request: Request) -> Response:
    """Call a tool with the body's fields as its arguments, and return its structured result."""
    parts, person = parts_of(request), await person_of(request)
    arguments = await json_object(request)
    path = request.path_params
    tool = await find_tool(parts, caller_of(person), path.get("server", ""), path["tool"])
    known = list(tool.properties)
    unknown = [name for name in arguments if name not in known]
    if unknown:
        raise UnknownFieldError(unknown[0], known)
    return (await call_tool(parts, tool, arguments, program=person.program)).response()


def _view(tool: ShopTool) -> dict[str, Any]:
    return {
        "name": tool.tool.name,
        "server": tool.server,
        "title": tool.tool.title,
        "description": tool.tool.description,
        "scope": scope_of(tool),
        "changes": not tool.reads,
        "asks": asks(tool),
        "url": f"/tools/{tool.server}/{tool.tool.name}",
        "input_schema": tool.tool.input_schema,
        "output_schema": tool.tool.output_schema,
    }


def asks(tool: ShopTool) -> bool:
    """Return whether a call is answered with a question first: the shop marks such tools as destructive."""
    hints = tool.tool.annotations
    return not tool.reads and hints is not None and hints.destructive_hint is True


ROUTES = [
    Route("/tools", listing),
    Route("/tools/{tool}", once(call), methods=["POST"]),
    Route("/tools/{server}/{tool}", once(call), methods=["POST"]),
]
