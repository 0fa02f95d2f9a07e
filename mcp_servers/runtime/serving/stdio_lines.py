"""The length limit of lines on stdio: a longer line is discarded and answered with one error."""

import os
import re
from io import TextIOWrapper
from typing import Any, BinaryIO, Protocol

from anyio import AsyncFile, to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import INVALID_REQUEST, ErrorData, JSONRPCError

from mcp_servers.runtime.serving.body import LARGEST_BODY

LARGEST_LINE = LARGEST_BODY
TOLD = f"The message is too large: at most {LARGEST_LINE // 1024} KiB. It was discarded; the connection stays open."
# SDKs write the id before the params; further in, it could belong to an argument.
REQUEST_ID = re.compile(
    rb'\A\s*+\{(?:\s*+"(?:jsonrpc|method)"\s*+:\s*+"[^"\\]*+"\s*+,)*+\s*+"id"\s*+:\s*+(?:(\d{1,15})|"([^"\\]{1,200})")\s*,'
)


class Answers(Protocol):
    """Where an answer to the client goes."""

    async def send(self, item: SessionMessage) -> None:
        """Send one."""


class BoundedLines(AsyncFile[str]):
    """The lines of stdin that are within the limit."""

    def __init__(self, wire: BinaryIO) -> None:
        super().__init__(TextIOWrapper(wire, encoding="utf-8", errors="replace"))
        self._wire = wire
        self.answers: Answers | None = None

    async def readline(self) -> str:
        """Return the next line; nothing at the end."""
        while True:
            line = await to_thread.run_sync(self._wire.readline, LARGEST_LINE + 1)
            if len(line) <= LARGEST_LINE:
                return line.decode("utf-8", "replace")
            await to_thread.run_sync(self._skip, line)
            if self.answers is not None:
                await self.answers.send(_refusal(line))

    def _skip(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self._wire.readline(LARGEST_LINE)


def _refusal(line: bytes) -> SessionMessage:
    found = REQUEST_ID.match(line)
    number, name = found.groups() if found else (None, None)
    request_id = int(number) if number else name.decode("utf-8", "replace") if name else None
    error = ErrorData(code=INVALID_REQUEST, message=TOLD)
    return SessionMessage(JSONRPCError(jsonrpc="2.0", id=request_id, error=error))


async def serve_bounded_stdio(server: Server[Any]) -> None:
    """Serve the client on stdin and stdout until it disconnects."""
    # As the SDK does with its own stdin: child processes must not read the client's messages.
    wire = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # A thread may still be waiting for a line at the end, so its descriptor is never closed.
    lines = BoundedLines(os.fdopen(wire, "rb", closefd=False))
    async with stdio_server(stdin=lines) as (messages, answers):
        lines.answers = answers
        await server.run(messages, answers, server.create_initialization_options())
