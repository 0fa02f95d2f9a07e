"""The MCP Inspector's command line: one request to one server, and what it made of the answer."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from typing import Any

from tests.node.programs import NodePrograms

ENDS_WITHIN_S = 60


@dataclass(frozen=True)
class Seen:
    """How the Inspector ended (5: a tool's error; 6: a schema that is not portable), and what it printed."""

    code: int
    answer: dict[str, Any]
    complaints: str


@dataclass(frozen=True)
class Inspector:
    """The Inspector, speaking one protocol era: legacy (2025-11-25) or modern (2026-07-28)."""

    programs: NodePrograms
    era: str

    async def list_tools(self, *target: str) -> Seen:
        """List the tools, and hold each schema against what clients are known to fail on."""
        return await self._run("--method", "tools/list", "--strict", *target)

    async def call_tool(self, tool: str, arguments: dict[str, Any], *target: str) -> Seen:
        """Call one tool."""
        call = ["--method", "tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments)]
        return await self._run(*call, *target)

    async def _run(self, *arguments: str) -> Seen:
        command = self.programs.command("inspector", "--cli", "--protocol-era", self.era, *arguments)
        running = await asyncio.create_subprocess_exec(*command, env=os.environ, stdout=PIPE, stderr=PIPE)
        output, complaints = await asyncio.wait_for(running.communicate(), ENDS_WITHIN_S)
        answer = json.loads(output) if output.strip() else {}
        return Seen(running.returncode or 0, answer, complaints.decode())
