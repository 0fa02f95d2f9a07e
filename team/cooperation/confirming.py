"""A change that the person said yes to: made once, in whichever process, and however often the yes arrives."""

from typing import Any

from mcp import MCPError
from mcp.types import CallToolResult, ElicitRequest, ElicitResult, InputRequiredResult, TextContent

from storage.cooperation.writes import TaskWrite, WriteStatus
from team.crew.tool_call import DECLINED, INVALID_STATE
from team.tools.client import CustomerClient, ServerUnreachableError

LONGEST = 4_000


async def carry_out(client: CustomerClient, write: TaskWrite, *, yes: bool) -> None:
    """Make a change, or tell its server the no; what came of it is set on `write`.

    A change with a question of its server's is safe to repeat: the server makes it once for one answer. Any other is
    never repeated. Where the sealed question has expired, it is asked again.
    """
    if not yes and write.sealed is None:
        write.status, write.result = WriteStatus.DECLINED, DECLINED
        return
    try:
        result = await _called(client, write, yes=yes)
    except ServerUnreachableError:
        write.status = WriteStatus.ASKED if write.sealed is not None else WriteStatus.UNKNOWN
        return
    except MCPError as error:
        if not _expired(error):
            write.status, write.result = WriteStatus.REFUSED, error.message[:LONGEST]
        elif yes:
            await _ask_again(client, write)
        else:
            write.status, write.result = WriteStatus.DECLINED, DECLINED
        return
    if isinstance(result, InputRequiredResult):
        _asks(write, result)
        return
    write.result = "\n".join(part.text for part in result.content if isinstance(part, TextContent))[:LONGEST]
    write.status = WriteStatus.DECLINED if not yes else WriteStatus.REFUSED if result.is_error else WriteStatus.DONE


async def _called(client: CustomerClient, write: TaskWrite, *, yes: bool) -> CallToolResult | InputRequiredResult:
    if write.sealed is None:
        return await client.call_tool(write.tool, write.arguments)
    said = ElicitResult(action="accept", content={"confirm": True}) if yes else ElicitResult(action="decline")
    return await client.call_tool(
        write.tool, write.arguments, request_state=write.sealed, input_responses=dict.fromkeys(write.names, said)
    )


async def _ask_again(client: CustomerClient, write: TaskWrite) -> None:
    result = await client.call_tool(write.tool, write.arguments)
    if isinstance(result, InputRequiredResult):
        _asks(write, result)
    else:
        # The shop has changed since: there is nothing to ask about any more.
        text = "\n".join(part.text for part in result.content if isinstance(part, TextContent))
        write.status, write.result = WriteStatus.REFUSED, text[:LONGEST]


def _asks(write: TaskWrite, result: InputRequiredResult) -> None:
    asked: dict[str, Any] = dict(result.input_requests or {})
    write.status, write.sealed, write.names = WriteStatus.ASKED, result.request_state, list(asked)
    write.question = "\n".join(one.params.message for one in asked.values() if isinstance(one, ElicitRequest))


def _expired(error: MCPError) -> bool:
    return isinstance(error.data, dict) and error.data.get("reason") == INVALID_STATE
