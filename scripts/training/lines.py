"""A conversation as lines of training data: what each model was asked in it, and what it answered.

The format is OpenAI's for fine-tuning: `messages` with `tool_calls`, `tools`, and `weight: 0` on what an assistant said
before, which is there to be read and not to be learnt. `role` says which of models.toml's roles a line is for.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.chats.events import Event, read_of
from team.crew.likelihoods import labels_of
from team.crew.memory import REMEMBERED, reminder
from team.crew.router import ROLE, asked_of, instructions
from team.desk.answering import RECENT, as_recent
from team.roster import Specialist
from team.turn.handoff import HAND_OVER, PROMPT
from team.turn.request import task_of

Json = dict[str, Any]
READ_ONLY = {"weight": 0}


@dataclass
class Turn:
    """One turn: what was said before it, the customer's message, and its steps in order."""

    before: list[Json]
    said: Json | None = None
    steps: list[Event] = field(default_factory=list)

    def of(self, kind: str) -> list[Json]:
        """Return the data of its steps of one kind."""
        return [event.data for event in self.steps if event.kind == kind]


def turns_of(events: Sequence[Event]) -> list[Turn]:
    """Return a conversation's turns."""
    turns: list[Turn] = []
    messages: list[Json] = []
    for event in events:
        if event.kind == "turn_started":
            turns.append(Turn(list(messages)))
        elif turns:
            turns[-1].steps.append(event)
        if event.kind == "message":
            messages.append(event.data)
            if turns and event.data["role"] == "customer":
                turns[-1].said = event.data
    return turns


def lines_of(turn: Turn, roster: Mapping[str, Specialist], tools: Mapping[str, Sequence[Json]]) -> Iterator[Json]:
    """Yield what a turn teaches: the router's choice, then what each specialist did; `tools` are theirs, by name."""
    handed = [step for step in turn.of("handoff") if not step["answered"]]
    for choice in turn.of("router"):
        # One who handed all of it on at once was the wrong choice.
        if choice["by"] == "model" and turn.said is not None and not handed:
            yield _routing(turn, turn.said, choice["choice"], roster)
    for name in dict.fromkeys(step["agent"] for step in turn.of("model") if step["agent"] in roster):
        messages = [*_prompt(turn, roster[name]), *_done_by(turn, name)]
        if any(message["role"] == "assistant" and "weight" not in message for message in messages):
            yield {"role": roster[name].role, "messages": messages, "tools": list(tools[name])}


def _routing(turn: Turn, said: Json, choice: str, roster: Mapping[str, Specialist]) -> Json:
    labels = {name: label for label, name in labels_of(roster).items()}
    recent = [as_recent(message) for message in turn.before[-RECENT:]]
    asked = asked_of(read_of(said), said["language"], recent, pictured=bool(said["image_ids"]))
    messages = [
        {"role": "system", "content": instructions(roster)},
        {"role": "user", "content": asked},
        {"role": "assistant", "content": labels[choice]},
    ]
    return {"role": ROLE, "messages": messages}


def _prompt(turn: Turn, specialist: Specialist) -> list[Json]:
    messages: list[Json] = [{"role": "system", "content": f"{specialist.prompt}\n{PROMPT}"}]
    for message in turn.before[-REMEMBERED:]:
        theirs = message["role"] == "customer"
        messages.append(
            {"role": "user" if theirs else "assistant", "content": read_of(message), **({} if theirs else READ_ONLY)}
        )
    if turn.said is None:
        return messages
    images = tuple(turn.said["image_ids"])
    messages.append({"role": "user", "content": task_of(read_of(turn.said), images)})
    told = "" if turn.of("answer") else reminder(specialist.reminders, read_of(turn.said), pictures=bool(images))
    return [*messages, {"role": "user", "content": told}] if told else messages


def _done_by(turn: Turn, name: str) -> Iterator[Json]:
    """Yield a specialist's calls, their results and what they said; a call that code repeated is not learnt."""
    by_code = bool(turn.of("answer"))
    for event in turn.steps:
        data = event.data
        if event.kind == "tool_call" and data["agent"] == name:
            yield _call(data["call_id"], data["tool"], data["arguments"]) | (READ_ONLY if by_code else {})
            by_code = False
        elif event.kind == "tool_result" and data["agent"] == name:
            yield {"role": "tool", "tool_call_id": data["call_id"], "content": data["text"]}
        elif event.kind == "handoff" and data["from"] == name:
            given = {"specialist": data["to"], "answer_so_far": data["answered"], "remaining": data["remaining"]}
            yield _call(HAND_OVER, HAND_OVER, given)
        elif event.kind == "message" and data.get("agent") == name and "question_id" not in data:
            # Where several specialists answered, the whole answer is no single one's.
            alone = len({step["agent"] for step in turn.of("model")} - {ROLE}) == 1
            yield {"role": "assistant", "content": data["text"], **({} if alone else READ_ONLY)}


def _call(call_id: str, tool: str, arguments: Json) -> Json:
    function = {"name": tool, "arguments": json.dumps(arguments, ensure_ascii=False)}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": call_id, "type": "function", "function": function}],
    }
