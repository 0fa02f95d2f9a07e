"""Reads a specialist's request as a conversation: who said what, and what was done since the customer spoke."""

import json
import re
from dataclasses import dataclass
from functools import cached_property

from team.standin.understanding.language import Language, language_of, plain_width
from team.standin.understanding.words import says, without
from team.standin.wire import ChatRequest, Function, FunctionCall, Json, Message

CUSTOMER_NAMES = {None, "", "user", "customer", "visitor"}
IMAGE_MARK = re.compile(r"\[(?:image|photo|사진)[\s:]+([\w-]+)[^\]]*\]|\b(img_[\w-]+)\b")
MARKS = dict.fromkeys(map(ord, "⟦⟧"))
"""Marks around untrusted text in a tool's result; customers get the words only."""
NOTE = "about_marks"
ORDERED = re.compile(r"answer (?:only )?in (korean|english)", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One thing said before the customer's last message."""

    by_customer: bool
    text: str
    speaker: str = ""


@dataclass(frozen=True)
class Done:
    """A tool call of this turn and the text it returned."""

    name: str
    arguments: Json
    text: str

    @cached_property
    def data(self) -> Json | None:
        """The result as an object; None if the tool answered with a sentence."""
        start = self.text.find("{")
        try:
            found, _ = json.JSONDecoder().raw_decode(self.text, start) if start >= 0 else (None, 0)
        except ValueError:
            return None
        return {name: value for name, value in found.items() if name != NOTE} if isinstance(found, dict) else None

    @property
    def outcome(self) -> str:
        """`ok`, `waiting`, `declined` or `refused`."""
        if self.data is not None:
            status = str(self.data.get("status", ""))
            return "declined" if says(status, "outcome", "declined") else "ok"
        kinds = ("waiting", "declined")
        return next((kind for kind in kinds if says(self.text, "outcome", kind)), "refused")

    @property
    def sentence(self) -> str:
        """A tool's plain text, without the protocol's prefix."""
        return without(self.text, "outcome", "prefix")


@dataclass(frozen=True)
class Conversation:
    """What the request says, in the shop's terms."""

    system: str
    history: tuple[Line, ...]
    message: str
    image_ids: tuple[str, ...]
    pictures: tuple[str, ...]
    spoken: tuple[Line, ...]
    done: tuple[Done, ...]
    tools: dict[str, Function]

    @cached_property
    def language(self) -> Language:
        """The language that the system prompt demands, or else the customer's own."""
        if ordered := ORDERED.search(self.system):
            return "ko" if ordered[1].lower() == "korean" else "en"
        return language_of(self.message, *(line.text for line in reversed(self.history) if line.by_customer))

    @property
    def has_picture(self) -> bool:
        """Whether the customer's last message came with a picture."""
        return bool(self.pictures or self.image_ids)

    def results(self, tool: str) -> list[Done]:
        """Return this turn's calls of one tool, latest first."""
        return [done for done in reversed(self.done) if done.name == tool]


def read(request: ChatRequest) -> Conversation:
    """Read a request as a conversation."""
    last = max((at for at, message in enumerate(request.messages) if by_customer(message)), default=-1)
    asked = request.messages[last] if last >= 0 else Message(role="user", content="")
    return Conversation(
        system="\n".join(message.text for message in request.messages if message.role in ("system", "developer")),
        history=tuple(_lines(request.messages[: max(last, 0)])),
        message=" ".join(IMAGE_MARK.sub(" ", plain_width(asked.text)).split()),
        image_ids=tuple(first or second for first, second in IMAGE_MARK.findall(asked.text)),
        pictures=tuple(asked.images),
        spoken=tuple(_lines(request.messages[last + 1 :])),
        done=tuple(_done(request.messages[last + 1 :])),
        tools={tool.function.name: tool.function for tool in request.tools or [] if request.tool_choice != "none"},
    )


def by_customer(message: Message) -> bool:
    """Whether the customer wrote it: AutoGen passes on what others said as user messages with their name."""
    return message.role == "user" and (message.name or "").lower() in CUSTOMER_NAMES


def _lines(messages: list[Message]) -> list[Line]:
    spoken = [message for message in messages if message.role in ("user", "assistant") and message.text.strip()]
    return [Line(by_customer(message), plain_width(message.text.strip()), message.name or "") for message in spoken]


def _done(messages: list[Message]) -> list[Done]:
    calls = {call.id: call.function for message in messages for call in message.tool_calls or []}
    results = [message for message in messages if message.role == "tool" and message.tool_call_id in calls]
    return [_one_done(calls[message.tool_call_id or ""], message.text) for message in results]


def _one_done(call: FunctionCall, text: str) -> Done:
    arguments = json.loads(call.arguments or "{}")
    return Done(call.name, arguments if isinstance(arguments, dict) else {}, text.translate(MARKS))
