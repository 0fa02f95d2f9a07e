"""The stock way to answer the same messages: AutoGen's own selector, its workbench, and an agent that reflects.

It runs in a separate environment with mcp 1 (see `turn_sides.py`), reads one line of JSON per conversation and per
message, and writes one line with the seconds it took and the answer.
"""

import asyncio
import json
import sys
import time
from typing import Any


async def converse(told: dict[str, Any]) -> None:
    """Open the workbench and the team of one conversation, then answer messages until it is over."""
    from autogen_agentchat.agents import AssistantAgent
    from autogen_agentchat.teams import SelectorGroupChat
    from autogen_ext.models.openai import OpenAIChatCompletionClient
    from autogen_ext.tools.mcp import McpWorkbench, StreamableHttpServerParams

    started, used = time.perf_counter(), time.process_time()
    info: Any = {"vision": False, "function_calling": True, "json_output": False, "structured_output": False}
    info["family"] = "unknown"
    model = OpenAIChatCompletionClient(model="scripted", base_url=told["model"], api_key="none", model_info=info)
    headers = {"Authorization": f"Bearer {told['token']}"}
    async with McpWorkbench(StreamableHttpServerParams(url=told["tools"], headers=headers)) as workbench:
        agents = [
            AssistantAgent(
                one["name"],
                model_client=model,
                description=one["description"],
                system_message=one["prompt"],
                workbench=workbench,
                reflect_on_tool_use=True,
            )
            for one in told["agents"]
        ]
        # One turn of the group per customer message: the leanest of the ways in AutoGen's guide.
        team = SelectorGroupChat([*agents], model_client=model, max_turns=1, allow_repeated_speaker=True)
        opening, opening_used = time.perf_counter() - started, time.process_time() - used
        while text := (await _line() or {}).get("text"):
            started, used = time.perf_counter(), time.process_time()
            result = await team.run(task=text)
            took = {
                "seconds": opening + time.perf_counter() - started,
                "processor": opening_used + time.process_time() - used,
            }
            _write({**took, "answer": result.messages[-1].to_text()})
            opening = opening_used = 0.0
    await model.close()


async def _line() -> dict[str, Any] | None:
    line = await asyncio.to_thread(sys.stdin.readline)
    return json.loads(line) if line else None


def _write(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Run one conversation after another."""
    while (told := await _line()) is not None:
        await converse(told)


if __name__ == "__main__":
    asyncio.run(main())
