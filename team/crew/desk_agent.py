"""The desk's own agent in the group chat: it speaks the lines that code writes."""

from collections import deque
from collections.abc import Sequence

from autogen_agentchat.agents import BaseChatAgent
from autogen_agentchat.base import Response
from autogen_agentchat.messages import BaseChatMessage, TextMessage
from autogen_core import CancellationToken

DESK = "desk"
REST = "customer"
"""Source of a repeated part of the customer's message; the message itself is from `CUSTOMER` (team/crew/memory.py)."""


class DeskAgent(BaseChatAgent):
    """Speaks the agenda's lines, one at a time: what comes next in the turn, or why it ends here."""

    def __init__(self) -> None:
        super().__init__(DESK, "Tells the specialists what comes next.")
        self._lines: deque[TextMessage] = deque()

    def say(self, text: str) -> None:
        """Queue this text as the next line."""
        self._lines.append(TextMessage(content=text, source=DESK))

    def repeat(self, text: str) -> None:
        """Queue the customer's own words as the next line."""
        self._lines.append(TextMessage(content=text, source=REST))

    @property
    def produced_message_types(self) -> Sequence[type[BaseChatMessage]]:
        """Text messages only."""
        return (TextMessage,)

    async def on_messages(self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken) -> Response:
        """Speak the next line; the desk ignores what others say."""
        return Response(chat_message=self._lines.popleft())

    async def on_reset(self, cancellation_token: CancellationToken) -> None:
        """Clear the queue."""
        self._lines.clear()
