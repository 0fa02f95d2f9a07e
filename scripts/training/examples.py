"""What is learnt from a conversation: its tokens as the model's own chat template writes them, and whose they are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOT_LEARNT = -100
"""The label of a token that the model only reads."""

Json = dict[str, Any]


class NotUsableError(Exception):
    """The data, the model or an earlier run's folder cannot be used; the message is one line."""


@dataclass(frozen=True)
class Example:
    """One conversation: what its prompt shares with others, the rest, and which of that is the model's to learn."""

    shared: tuple[int, ...]
    rest: tuple[int, ...]
    labels: tuple[int, ...]


def read_lines(path: Path) -> list[Json]:
    """Read the data, one JSON object a line with its `messages`, and `tools` where it has any."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise NotUsableError(f"{path} cannot be read as JSON lines: {error}") from error
    if not lines or any("messages" not in line for line in lines):
        raise NotUsableError(f"{path} has no line, or one without `messages`. Make it: shopdesk export training-data")
    return lines


def render(tokenizer: Any, messages: Sequence[Json], tools: object, *, answering: bool = False) -> str:  # noqa: ANN401
    """Return messages as the model reads them; with `answering`, up to where it writes."""
    text: str = tokenizer.apply_chat_template(
        [_parsed(one) for one in messages], tools=tools, tokenize=False, add_generation_prompt=answering
    )
    return text


def _parsed(message: Json) -> Json:
    """Return a message whose calls have their arguments as an object, which is what chat templates expect."""
    calls = [
        {**one, "function": {**one["function"], "arguments": json.loads(one["function"]["arguments"])}}
        for one in message.get("tool_calls", ())
    ]
    return {**message, "tool_calls": calls} if calls else message


def example_of(tokenizer: Any, line: Json, shared: str) -> Example:  # noqa: ANN401
    """Return a line as tokens; what the assistant wrote is learnt, from where its turn begins to its end mark.

    Raises:
        NotUsableError: the model's template changes what it has already shown, so nothing can be told apart.
    """
    messages, tools, at = line["messages"], line.get("tools"), len(shared)
    rest: list[int] = []
    labels: list[int] = []

    def add(text: str, *, learnt: bool) -> None:
        tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
        rest.extend(tokens)
        labels.extend(tokens if learnt else [NOT_LEARNT] * len(tokens))

    for number, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        before = render(tokenizer, messages[:number], tools, answering=True)
        after = render(tokenizer, messages[: number + 1], tools)
        if not after.startswith(before) or len(before) < at:
            raise NotUsableError("this model's chat template rewrites earlier turns; use one that does not")
        add(before[at:], learnt=False)
        add(after[len(before) :].rstrip("\n"), learnt=True)
        at = len(before) + len(after[len(before) :].rstrip("\n"))
    return Example(tuple(tokenizer(shared, add_special_tokens=False)["input_ids"]), tuple(rest), tuple(labels))


def examples_of(tokenizer: Any, lines: Sequence[Json], longest: int) -> tuple[list[Example], int]:  # noqa: ANN401
    """Return every line as an example, and how many are longer than the model may read."""
    found = []
    for line in lines:
        first = line["messages"][0]
        shared = render(tokenizer, [first], line.get("tools")) if first["role"] == "system" else ""
        found.append(example_of(tokenizer, line, shared))
    short = [one for one in found if len(one.shared) + len(one.rest) <= longest]
    return short, len(found) - len(short)
