"""`shopdesk chat --trace`: each step of the team as one line, using the API's names."""

import json
from collections.abc import Callable
from typing import Any

from scripts.chat.words import Words

LONGEST = 400
"""Characters shown of a tool's result, or of a step without its own format."""

HIDDEN = {"token", "message", "turn_started"}
"""Steps that are the conversation itself, or carry no information."""

REASONS = ("reason", "error")
"""Fields that give the reason in words; the trace words the code and facts next to them instead."""


def trace_of(kind: str, data: dict[str, Any], words: Words) -> str | None:
    """Return a step's line; None if the chat shows it anyway."""
    if kind in HIDDEN:
        return None
    data |= {field: words.of_reason(data, field) for field in REASONS if f"{field}_code" in data}
    said = LINES[kind](data) if kind in LINES else _json({key: data[key] for key in data if key not in ("seq", "at")})
    return f"{kind:<12}{said}"


def _guard(data: dict[str, Any]) -> str:
    return _joined(f"{data['name']}: {data['verdict']}", data.get("reason"))


def _router(data: dict[str, Any]) -> str:
    return _joined(f"-> {data['choice']}", f"by {data['by']}", data["reason"], _likely(data), *_model_parts(data))


def _likely(data: dict[str, Any]) -> str:
    return " ".join(f"{name} {logprob}" for name, logprob in data.get("logprobs", {}).items())


def _model(data: dict[str, Any]) -> str:
    return _joined(data["agent"], f"role {data['role']}", *_model_parts(data), data.get("error"), _thought(data))


def _thought(data: dict[str, Any]) -> str:
    return f"thought: {' '.join(data['thought'].split())[:LONGEST]}" if "thought" in data else ""


def _model_parts(data: dict[str, Any]) -> list[str]:
    if not data["model"]:
        return [_ms(data)]
    where = f"{data['model']} (slice {data['slice']})" if data["slice"] else f"{data['model']} ({data['endpoint']})"
    tokens = f"{data['prompt_tokens']}+{data['completion_tokens']} tokens"
    instead = f"instead of {data['in_place_of']}" if "in_place_of" in data else ""
    return [where, instead, tokens, _ms(data), "stand-in" if data["stand_in"] else ""]


def _ticket(data: dict[str, Any]) -> str:
    return _joined(f"{data['ticket_id']} {'opened' if data['opened'] else 'continued'}", data.get("reason"))


def _tool_call(data: dict[str, Any]) -> str:
    injected = f"injected: {', '.join(data['injected'])}" if data["injected"] else ""
    return _joined(f"{data['server']}.{data['tool']} {_json(data['arguments'])}", injected)


def _tool_result(data: dict[str, Any]) -> str:
    outcome = "error" if data["is_error"] else "ok"
    audited = f"audit {data['audit_id']}: {_json(data['changes'])}" if "audit_id" in data else ""
    return _joined(f"{data['tool']} {outcome}", _ms(data), audited, " ".join(data["text"].split())[:LONGEST])


def _question(data: dict[str, Any]) -> str:
    return _joined(f"{data['server']}.{data['tool']}", f"open until {data['expires_at']}")


def _answer(data: dict[str, Any]) -> str:
    return f"{'yes' if data['yes'] else 'no'}, by {data['by']}"


def _turn_ended(data: dict[str, Any]) -> str:
    tokens = f"{data['prompt_tokens']}+{data['completion_tokens']} tokens"
    return _joined(data["status"], _ms(data), f"{data['model_calls']} model calls", tokens)


LINES: dict[str, Callable[[dict[str, Any]], str]] = {
    "guard": _guard,
    "router": _router,
    "model": _model,
    "tool_call": _tool_call,
    "tool_result": _tool_result,
    "question": _question,
    "answer": _answer,
    "ticket": _ticket,
    "turn_ended": _turn_ended,
}


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _ms(data: dict[str, Any]) -> str:
    return f"{data['ms']} ms"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:LONGEST]
