"""A draft of an answer for the person who has a chat: the team looks everything up, writes, and changes nothing.

It is a turn that nobody follows and nothing of which is stored. Its tools only read, as the customer would.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from storage.chats.conversations import Conversation
from storage.chats.events import Event
from storage.errors import ShopError
from storage.tokens import Caller
from team.desk.answering import Answering
from team.turn.journal import Journal
from team.turn.request import Request
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.turn import Turn


class NoDraftError(ShopError):
    """The team could not write one."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The team could not write a draft: {why}")


class NothingStored(Journal):
    """Stores nothing, so that a step is settled as soon as it is recorded."""

    def add(self, conversation_id: str, kind: str, data: dict[str, Any]) -> asyncio.Future[None]:
        """Forget a step."""
        forgotten: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        forgotten.set_result(None)
        return forgotten

    async def withdraw(self, conversation_id: str) -> list[Event]:
        """Return nothing: there is nothing to store."""
        return []


class Unseen(Steps):
    """The steps of a turn that nobody follows; its calls of models and tools are counted as any other's."""

    def __init__(self, steps: Steps) -> None:
        super().__init__(steps.sessions)
        self.metrics = steps.metrics
        self.journal = NothingStored(steps.sessions, lambda _: None)

    def show(self, conversation_id: str, kind: str, data: dict[str, Any]) -> None:
        """Show nobody a step."""


async def draft(
    answering: Answering,
    steps: Steps,
    deadline_s: float,
    *,
    customer_id: str,
    language: str,
    text: str,
    image_ids: Sequence[str] = (),
    conversation: Conversation | None,
) -> str:
    """Return what the team would answer a customer.

    Args:
        answering: the team.
        steps: of the desk, whose metrics count the calls.
        deadline_s: how long it may take, in seconds.
        customer_id: whose rows its tools may read.
        language: of the answer.
        text: what the customer wrote.
        image_ids: the pictures that came with it.
        conversation: where it was written; the team remembers what was said there.

    Raises:
        NoDraftError: no model answered, or what it wrote may not be told to a customer.
        ServerUnreachableError: the tool servers do not answer.
    """
    reads = frozenset(f"{server}:read" for server in await answering.servers.servers())
    request = Request(
        "" if conversation is None else conversation.id,
        "",
        Caller(customer_id, False, reads, language=language),
        language,
        text=text,
        image_ids=tuple(image_ids),
        state=None if conversation is None else conversation.state,
    )
    turn = Turn(request, Unseen(steps), deadline_s)
    expiry = asyncio.get_running_loop().call_later(turn.left_s, turn.stop, Trouble.TOO_SLOW)
    try:
        outcome = await answering.answer(turn)
    finally:
        expiry.cancel()
    if turn.log.trouble is not None or not outcome.text.strip():
        raise NoDraftError(outcome.text or "it said nothing.")
    return outcome.text
