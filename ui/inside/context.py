"""What a model call's context was made of, and how large each part was."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from team.crew.context import tokens_in

CUSTOMER, DESK = "user", "desk"
PARTS = ("instructions", "tools", "notes", "earlier", "message", "calls", "results")


def context_of(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of a request that take room, each with its characters and its tokens as the desk estimates them.

    The server counts tokens in its own way: its count of the whole prompt is in the reply's usage.
    """
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    if tools := request.get("tools"):
        found["tools"].append(json.dumps(tools, ensure_ascii=False))
    for part, text in _parts(request.get("messages") or []):
        found[part].append(text)
    return [
        {"part": part, "characters": sum(map(len, texts)), "tokens": sum(map(tokens_in, texts)), "pieces": len(texts)}
        for part, texts in found.items()
        if texts
    ]


def _parts(messages: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each message's part and text; from the last message of the customer on, it is this turn."""
    theirs = [at for at, one in enumerate(messages) if one.get("role") == "user" and one.get("name") != DESK]
    last = theirs[-1] if theirs else 0
    for at, message in enumerate(messages):
        text = _text(message)
        match message.get("role"):
            case "system":
                yield "instructions", text
            case "tool":
                yield "results", text
            case "assistant" if message.get("tool_calls"):
                yield "calls", text
            case "user" if message.get("name") == DESK:
                yield "notes", text
            case _:
                yield ("message" if at == last else "earlier"), text


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, list):
        content = "\n".join(str(part.get("text") or part.get("type") or "") for part in content)
    calls = message.get("tool_calls")
    return f"{content}{json.dumps(calls, ensure_ascii=False)}" if calls else str(content)
