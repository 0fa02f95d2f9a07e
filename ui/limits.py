"""What a person, and everybody at their address, may do on the page; each refusal says when to come back."""

import math
from collections.abc import Container, Iterator
from contextlib import contextmanager

from storage.pictures.pictures import DAY_S, PicturesFullError
from storage.process.limits import ADDRESS_SHARE, ConcurrencyLimiter, LimitReachedError, RateLimiter, TokenBuckets
from storage.settings import Settings

COME_BACK_S = 5
KB = 1_000


class TooManyConversationsError(LimitReachedError):
    """Too many conversations were started."""

    limit = "conversations"

    def __init__(self, wait_s: int) -> None:
        super().__init__("Too many conversations were started.", wait_s)


class TooManyMessagesError(LimitReachedError):
    """Too many messages, answers and pictures were sent."""

    limit = "messages"

    def __init__(self, wait_s: int) -> None:
        super().__init__("Too many messages were sent.", wait_s)


class TooManyTurnsError(LimitReachedError):
    """Too many conversations are being answered at once."""

    limit = "turns"

    def __init__(self) -> None:
        super().__init__("Too many conversations are being answered at once.", COME_BACK_S)


class Limits:
    """The limiters of everybody who uses this page."""

    def __init__(self, settings: Settings) -> None:
        self._conversations = RateLimiter(settings.conversations_per_minute)
        self._messages = RateLimiter(settings.messages_per_minute)
        # In KB, since a token for each byte would be more than a limiter counts exactly.
        self._picture_kb = TokenBuckets(ADDRESS_SHARE * settings.picture_mb_per_day * KB, DAY_S)
        self._turns = ConcurrencyLimiter(settings.turns_at_once)
        self._running: dict[str, tuple[str, str]] = {}

    def take_conversation(self, person: str, address: str) -> None:
        """Count a conversation that is started.

        Raises:
            TooManyConversationsError: there were too many.
        """
        if wait_s := self._conversations.take(person, address):
            raise TooManyConversationsError(wait_s)

    def take_message(self, person: str, address: str) -> None:
        """Count a message, an answer to a question, or a picture.

        Raises:
            TooManyMessagesError: there were too many.
        """
        if wait_s := self._messages.take(person, address):
            raise TooManyMessagesError(wait_s)

    def take_picture(self, address: str, size: int) -> None:
        """Count the bytes of a picture that is about to be kept; the database counts those of its owner.

        Raises:
            PicturesFullError: too many are kept for this address.
        """
        if wait_s := self._picture_kb.take(address, math.ceil(size / KB)):
            raise PicturesFullError(wait_s)

    @contextmanager
    def turn(self, conversation_id: str, person: str, address: str, running: Container[str]) -> Iterator[None]:
        """Count a message whose turn is begun inside; it counts until the desk no longer runs it.

        Args:
            conversation_id: the conversation.
            person: who begins the turn.
            address: where they are.
            running: the conversations that the desk answers at this moment.

        Raises:
            TooManyMessagesError: there were too many.
            TooManyTurnsError: too many others are running.
        """
        self._give_back(running)
        self.take_message(person, address)
        if not self._turns.acquire(person, address):
            raise TooManyTurnsError
        begun = False
        try:
            yield
            begun = True
        finally:
            if not begun or conversation_id in self._running:
                self._turns.release(person, address)
            else:
                self._running[conversation_id] = (person, address)

    def _give_back(self, running: Container[str]) -> None:
        for conversation_id in [one for one in self._running if one not in running]:
            self._turns.release(*self._running.pop(conversation_id))
