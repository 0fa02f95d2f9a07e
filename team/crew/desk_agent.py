"""The desk's own seat at the table: code's lines, between those of the specialists."""

from collections import deque
from collections.abc import Sequence

from autogen_agentchat.agents import BaseChatAgent
from autogen_agentchat.base import Response
from autogen_agentchat.messages import BaseChatMessage, TextMessage
from autogen_core import CancellationToken

DESK = "desk"
REST = "customer"
"""Whose words a handed over part is in; the message it is of comes from the `CUSTOMER` of team/crew/memory.py."""


class DeskAgent(BaseChatAgent):
    """Speaks what the agenda gave it, one line at a time: what comes next in the turn, or why it ends here."""

    def __init__(self) -> None:
        super().__init__(DESK, "Tells the specialists what comes next.")
        self._lines: deque[TextMessage] = deque()

    def say(self, text: str) -> None:
        """Let this be the next line."""
        self._lines.append(TextMessage(content=text, source=DESK))

    def repeat(self, text: str) -> None:
        """Let the next line be the customer's own words."""
        self._lines.append(TextMessage(content=text, source=REST))

    @property
    def produced_message_types(self) -> Sequence[type[BaseChatMessage]]:
        """Text alone."""
        return (TextMessage,)

    async def on_messages(self, messages: Sequence[BaseChatMessage], cancellation_token: CancellationToken) -> Response:
        """Speak the next line; what others say is nothing to the desk."""
        return Response(chat_message=self._lines.popleft())

    async def on_reset(self, cancellation_token: CancellationToken) -> None:
        """Forget the lines."""
        self._lines.clear()
