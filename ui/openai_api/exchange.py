"""One message of a program and its answer: the limits, the turn at the desk, and what is kept of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from storage.characters import is_blank
from storage.chats.api_turns import ApiTurn, forget_api_turn, keep_told
from storage.chats.conversations import add_conversation, forget_conversation
from storage.db import hold, writing
from storage.process.addresses import address_of
from team.turn.turn import Turn
from ui.conversations import MAX_MESSAGE
from ui.logins.person import Person
from ui.openai_api.continuing import (
    Hint,
    Told,
    add_turn,
    find_place,
    find_told,
    keep_question_shown,
    of_its_own,
)
from ui.openai_api.history import ASSISTANT, History, link
from ui.openai_api.pictures import keep_pictures
from ui.openai_api.refusals import ProgramError
from ui.openai_api.shapes import Message
from ui.openai_api.side_prompts import customers_words
from ui.openai_api.telling import Account, Telling
from ui.parts import Parts, parts_of

SOON_S = 0.05
"""Before a turn that is about to begin is looked for once more."""


@dataclass
class Exchange:
    """A message whose answer is on its way, or was given before.

    `running` is the turn that this request began, which stops when its client leaves.
    """

    parts: Parts
    turn: ApiTurn
    telling: Telling
    running: Turn | None = None

    @property
    def account(self) -> Account:
        """What the turn has come to so far."""
        return self.telling.account

    async def pieces(self) -> AsyncIterator[str]:
        """Yield the answer as it comes; once it is whole, that the client has it is kept."""
        async for piece in self.telling.pieces():
            yield piece
        await self._keep()

    async def whole(self) -> str:
        """Return the answer when it is whole."""
        text = await self.telling.whole()
        await self._keep()
        return text

    async def _keep(self) -> None:
        async with writing(self.parts.sessions) as session:
            await keep_told(session, self.turn.id, link(self.turn.asked, ASSISTANT, self.telling.sent))

    async def left(self) -> None:
        """Stop the turn: its client has gone. The next one of the conversation is another request's."""
        conversation_id, desk = self.turn.conversation_id, self.parts.desk
        if self.running is not None and desk.running().get(conversation_id) is self.running:
            await desk.stop(conversation_id)


async def begin(request: Request, person: Person, history: History, hint: Hint) -> Exchange:
    """Begin the turn that answers the newest message of a history, or find the one that did.

    Raises:
        ShopError: a limit is reached, the conversation answers another message, or is not theirs.
    """
    parts = parts_of(request)
    kept = await _pictures(request, person, history.said_since(0))
    while isinstance(found := await _find(request, person, history, hint), Told):
        if not found.runs:
            await asyncio.sleep(SOON_S)
            continue
        parts.limits.take_message(person.id, address_of(request.scope))
        telling = Telling(parts.desk, found.turn.conversation_id, found.turn.after, found.account)
        if not found.account.ended:
            # Whoever asked for it first may leave, and then it is done anew.
            telling = Telling(parts.desk, found.turn.conversation_id, found.turn.after)
            await telling.whole()
        if not telling.account.came_to_nothing:
            return Exchange(parts, found.turn, telling)
    await _send(request, person, found, kept)
    conversation_id = found.turn.conversation_id
    telling = Telling(parts.desk, conversation_id, found.turn.after)
    return Exchange(parts, found.turn, telling, parts.desk.running().get(conversation_id))


async def _pictures(request: Request, person: Person, said: Sequence[Message]) -> dict[str, str]:
    """Store the pictures of what the customer says now, before anything is begun; return their ids by address."""
    urls = list(dict.fromkeys(url for message in said for url in message.pictures))
    return dict(zip(urls, await keep_pictures(request, person, urls), strict=True))


@dataclass(frozen=True)
class _New:
    """A turn that is stored, and that the desk does not have yet."""

    turn: ApiTurn
    said: Sequence[Message]
    begins_conversation: bool

    @property
    def text(self) -> str:
        """The customer's words."""
        return _words(self.said)


async def _find(request: Request, person: Person, history: History, hint: Hint) -> Told | _New:
    """Return the turn that did what a message asks for, or store the one that shall."""
    asker = f"{person.id} {person.key_id or ''}"
    async with writing(parts_of(request).sessions) as session:
        # Of the same message sent twice at once, one begins a turn.
        await hold(session, f"turns of {asker}")
        place = await find_place(session, person, asker, history, hint)
        told = await find_told(session, place)
        if told is not None:
            return told
        place = of_its_own(place, hint)
        said = place.history.said_since(0 if place.repeats else place.at)
        _require_words(said)
        conversation_id = place.conversation_id or await _start(session, request, person)
        await keep_question_shown(session, conversation_id, place)
        turn = await add_turn(session, conversation_id, asker, place, hint)
        return _New(turn, said, place.conversation_id is None)


async def _start(session: AsyncSession, request: Request, person: Person) -> str:
    parts_of(request).limits.take_conversation(person.id, address_of(request.scope))
    made = await add_conversation(
        session, person.customer_id, person.account_id, visitor_id=person.visitor_id, key_id=person.key_id
    )
    return made.id


async def _send(request: Request, person: Person, new: _New, kept: Mapping[str, str]) -> None:
    parts, conversation_id = parts_of(request), new.turn.conversation_id
    address = address_of(request.scope)
    images = [kept[url] for message in new.said for url in message.pictures]
    try:
        with parts.limits.turn(conversation_id, person.id, address, parts.desk.running()):
            await parts.desk.send(conversation_id, new.text, images, address=address or None)
    except BaseException:
        async with writing(parts.sessions) as session:
            await forget_api_turn(session, new.turn.id)
            if new.begins_conversation:
                await forget_conversation(session, conversation_id)
        raise


def _words(said: Sequence[Message]) -> str:
    return "\n".join(filter(None, (customers_words(message.text) for message in said))).strip()


def _require_words(said: Sequence[Message]) -> None:
    """Do nothing where the customer says something that is not too long.

    Raises:
        ProgramError: otherwise.
    """
    text = _words(said)
    if is_blank(text) and not any(message.pictures for message in said):
        raise ProgramError("The user's message is empty.", "invalid_value", "messages")
    if len(text) > MAX_MESSAGE:
        told = f"The user's message has {len(text):,} characters; the limit is {MAX_MESSAGE:,}."
        raise ProgramError(told, "string_above_max_length", "messages")
