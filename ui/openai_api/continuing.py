"""Which conversation a request goes on with, and whether its message is a new one.

A client says so by an id, or by sending back all that was said: then it is the longest conversation of this key that is
the beginning of that. A message that was sent before is not done twice where it changed something or asked: its answer
is given again. What only read is answered anew, and so is what was stopped or failed.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.api_turns import ApiTurn, find_api_turn, find_last, find_last_of_chat, list_known, new_api_turn
from storage.chats.conversations import ConversationBusyError, get_conversation
from storage.chats.events import list_events, list_latest_events
from storage.db import now
from storage.owners import TheShop
from team.turn.confirmations import OpenQuestion
from team.turn.steps import as_step
from ui.logins.person import Person
from ui.openai_api.history import History, plain
from ui.openai_api.refusals import NoSuchResponseError
from ui.openai_api.telling import Account, account_of, how_to_answer

SAME_CHAT = timedelta(hours=1)
"""How long a conversation's first message, sent alone once more, can be the same and not another chat's."""

BEGINS_WITHIN = timedelta(seconds=10)
"""How long a turn that was stored may take until the desk has it; after that its process must have ended."""


@dataclass(frozen=True)
class Hint:
    """What a client says about the conversation, besides its messages."""

    conversation_id: str = ""
    previous: str = ""
    """The response that its message follows."""
    chat: str = ""
    """Its own id of the chat."""
    retried: bool = False
    """Whether it says itself that it sends the request once more."""


@dataclass(frozen=True)
class Place:
    """Where a message belongs: after this place of the history in a conversation, or in a new one.

    `last` is the turn of it that a message may repeat. `sees_all` is set where the client need not show a question that
    its message answers, since it keeps no history of its own.
    """

    history: History
    conversation_id: str | None = None
    at: int = 0
    last: ApiTurn | None = None
    sees_all: bool = False

    @property
    def repeats(self) -> ApiTurn | None:
        """The turn that had the same message, after the same ones."""
        return self.last if self.last is not None and self.last.asked == self.history.asked else None


async def find_place(session: AsyncSession, person: Person, asker: str, history: History, hint: Hint) -> Place:
    """Return where the newest message of a history belongs.

    Raises:
        ConversationNotFoundError: a conversation is named that is not theirs.
        NoSuchResponseError: so is a response.
    """
    if hint.previous:
        return await _after_response(session, asker, history, hint)
    if hint.conversation_id:
        return await _in_conversation(session, person, asker, history, hint)
    place = await _by_messages(session, asker, history, hint.chat)
    if place.conversation_id is None and hint.chat and (last := await find_last_of_chat(session, asker, hint.chat)):
        return Place(history, last.conversation_id)
    return place


async def _after_response(session: AsyncSession, asker: str, history: History, hint: Hint) -> Place:
    turn = await find_api_turn(session, asker, hint.previous)
    if turn is None:
        raise NoSuchResponseError(hint.previous)
    following = history.based_on(turn.told or turn.asked)
    last = await find_last(session, asker, turn.conversation_id)
    return Place(following, turn.conversation_id, 0, last, sees_all=last is not None and last.id == turn.id)


async def _in_conversation(session: AsyncSession, person: Person, asker: str, history: History, hint: Hint) -> Place:
    await get_conversation(session, hint.conversation_id, person.id)
    last = await find_last(session, asker, hint.conversation_id)
    if not history.is_one_message:
        return Place(history, hint.conversation_id, 0 if last is None else history.place_of(last.asked), last)
    if last is None:
        return Place(history, hint.conversation_id, sees_all=True)
    # It sends what is new alone, so the same words are another message, unless it says that they are not.
    again = history.based_on(last.before)
    if again.asked == last.asked and hint.retried:
        return Place(again, hint.conversation_id, 0, last, sees_all=True)
    return Place(history.based_on(last.told or last.asked), hint.conversation_id, 0, last, sees_all=True)


async def _by_messages(session: AsyncSession, asker: str, history: History, chat: str) -> Place:
    """Find the conversation whose messages are the longest beginning of those that were sent."""
    known = await list_known(session, asker, history.looked_for, chat)
    # Of equal ones the newest, which stands first.
    for turn in sorted(known, key=lambda one: _place(one, history), reverse=True):
        at = _place(turn, history)
        if turn.asked == history.asked:
            if chat or not history.is_one_message or turn.at > now() - SAME_CHAT:
                return Place(history, turn.conversation_id, at, turn)
        elif at and (last := await find_last(session, asker, turn.conversation_id)) and last.asked == turn.asked:
            return Place(history, turn.conversation_id, at, last)
    return Place(history)


def _place(turn: ApiTurn, history: History) -> int:
    """Return up to which place a turn's messages are those of the history; 0 where the client was told otherwise."""
    if turn.told and (at := history.place_of(turn.told)):
        return at
    at = history.place_of(turn.asked)
    if at and at < len(history.messages) and turn.told and not history.is_followed_by_the_customer(at):
        return 0
    return at


@dataclass(frozen=True)
class Told:
    """A message that was answered before, or is being answered: its turn, and what that came to so far.

    Until it `runs`, the request that began it has not told the desk yet.
    """

    turn: ApiTurn
    account: Account
    runs: bool = True


async def find_told(session: AsyncSession, place: Place) -> Told | None:
    """Return the turn that already does what a message asks for; None where a turn has to begin."""
    turn = place.repeats
    if turn is None:
        return None
    conversation = await get_conversation(session, turn.conversation_id, TheShop())
    account = account_of(map(as_step, await list_events(session, turn.conversation_id, after=turn.after)))
    if not account.ended:
        runs = conversation.lease_holder is not None
        return Told(turn, account, runs) if runs or turn.at > now() - BEGINS_WITHIN else None
    if account.changed:
        return Told(turn, account)
    return Told(turn, account) if _is_open(conversation.open_question, account.question_id) else None


def _is_open(question: dict[str, Any] | None, question_id: str) -> bool:
    if question is None or question["id"] != question_id:
        return False
    return OpenQuestion.model_validate(question).expires_at > now()


def of_its_own(place: Place, hint: Hint) -> Place:
    """Return where a message that changed nothing is answered anew: a chat's first one begins another conversation."""
    if place.repeats is not None and place.history.is_one_message and not (hint.chat or place.sees_all):
        return replace(place, conversation_id=None, at=0, last=None)
    return place


async def keep_question_shown(session: AsyncSession, conversation_id: str, place: Place) -> None:
    """Have an open question asked once more before a yes is taken, where the client does not show it.

    An edited message, or one from before the question, is no answer to it.

    Raises:
        ConversationBusyError: a turn is running, which may end with a question that the client cannot know.
    """
    conversation = await get_conversation(session, conversation_id, TheShop(), lock=True)
    if conversation.lease_until is not None and conversation.lease_until >= now():
        raise ConversationBusyError(conversation_id)
    question = conversation.open_question
    if question is None or place.sees_all:
        return
    asked = f"{question['text']}{how_to_answer(question['language'])}"
    if not plain(place.history.shown or "").endswith(plain(asked)):
        conversation.open_question = {**question, "passed": True}


async def add_turn(session: AsyncSession, conversation_id: str, asker: str, place: Place, hint: Hint) -> ApiTurn:
    """Store a turn that is about to begin, after all that the client was told before."""
    ended = await list_latest_events(session, conversation_id, "turn_ended", limit=1)
    after = ended[0].seq if ended else 0
    history = place.history
    turn = new_api_turn(conversation_id, asker, hint.chat, history.before, history.asked, after)
    session.add(turn)
    await session.flush()
    return turn
