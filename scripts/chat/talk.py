"""A conversation in the terminal: input goes to the shop, and what comes back to the screen."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Iterator
from pathlib import Path

from scripts.chat.input import Reader, path_of, reader, without_pictures, yes_or_no
from scripts.chat.screen import Screen
from scripts.chat.shop import RefusedError, Shop, open_shop
from scripts.chat.words import Words, language_of_terminal
from storage.settings import Settings
from storage.words.languages import LANGUAGES

TURN_S = 150
"""A turn has 90 seconds; if its end has not arrived by then, it never will."""
LEFT_BY_SIGNAL = 130


async def talk(settings: Settings, email: str | None, language: str | None, *, trace: bool) -> int:
    """Chat until the input ends, and return the exit code.

    Raises:
        CannotStartError: there is no shop to chat with, it rejects this person, or it became unreachable.
    """
    async with open_shop(settings, email) as shop:
        theirs = shop.me["language"] if shop.me["language"] in LANGUAGES else language_of_terminal()
        words = Words(language or theirs)
        screen = Screen(words, live=sys.stdin.isatty() and sys.stdout.isatty(), trace=trace and shop.shows_steps)
        if screen.live:
            screen.remark(words("as" if email else "visitor", name=shop.me.get("name", ""), url=settings.public_ui_url))
        if trace and not shop.shows_steps:
            screen.remark(words("no_trace"))
        if shop.stand_in:
            screen.remark(words("stand_in"))
        with contextlib.closing(Talk(shop, screen, reader())) as chat:
            try:
                await chat.go_on()
            except asyncio.CancelledError:
                # The second Ctrl-C arrived.
                return LEFT_BY_SIGNAL
        if screen.live:
            screen.remark(words("bye"))
    return 1 if screen.failed else 0


class Talk:
    """One person's conversation; `/new` starts another."""

    def __init__(self, shop: Shop, screen: Screen, ask: Reader) -> None:
        self.shop = shop
        self.screen = screen
        self.words = screen.words
        self._ask = ask
        self._conversation: str | None = None
        self._follower: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._pictures: list[Path] = []

    async def go_on(self) -> None:
        """Process line after line until the input ends or a line quits."""
        while (line := await self._next()) is not None:
            try:
                if not await self._command(line):
                    await self._take(line)
            except RefusedError as refusal:
                self.screen.failed = True
                self.screen.remark(self.words.of_refusal(refusal.code, str(refusal)))

    def close(self) -> None:
        """Stop reading the conversation's steps."""
        if self._follower is not None:
            self._follower.cancel()

    async def _next(self) -> str | None:
        if self.screen.question is not None:
            self.screen.remark(self.words("confirm"))
        line = await self._ask("y/n" if self.screen.question else self.words("you"))
        return None if line is None or line.strip() == "/quit" else line.strip()

    async def _command(self, line: str) -> bool:
        """Run a slash command; return whether the line was one."""
        name, _, rest = line.partition(" ")
        if name == "/help":
            self.screen.remark(self.words("help"))
        elif name == "/new":
            self.close()
            self._conversation, self.screen.question, self._pictures = None, None, []
            self.screen.remark(self.words("new"))
        elif name == "/image":
            self._attach(rest.strip())
        elif name[:1] == "/" and "/" not in name[1:] and not path_of(line).exists():
            self.screen.remark(self.words("no_command", name=name))
        else:
            return False
        return True

    def _attach(self, named: str) -> None:
        path = path_of(named)
        if not named:
            self.screen.remark(self.words("which_file"))
        elif path.is_file():
            self._pictures.append(path)
            self.screen.remark(self.words("attached", name=path.name))
        else:
            self.screen.failed = True
            self.screen.remark(self.words("no_file", path=named))

    async def _take(self, line: str) -> None:
        """Answer the open question, or send a message with its pictures; an empty line does neither."""
        question, yes = self.screen.question, yes_or_no(line)
        if self._conversation is not None and question is not None and yes is not None:
            await self._turn(self.shop.answer(self._conversation, question, yes))
            return
        text, named = without_pictures(line)
        if text or named or (self._pictures and question is None):
            await self._send(text, [*self._pictures, *named])

    async def _send(self, text: str, pictures: list[Path]) -> None:
        # A rejected picture must not block every later message.
        self._pictures = []
        image_ids = [await self.shop.upload(picture) for picture in pictures]
        if self._conversation is None:
            self._conversation = await self.shop.start()
            self._follower = asyncio.create_task(self._follow(self._conversation))
        await self._turn(self.shop.send(self._conversation, text, image_ids))

    async def _follow(self, conversation: str) -> None:
        async for kind, data in self.shop.steps(conversation):
            self.screen.take(kind, data)
            if kind == "turn_ended":
                self._ended.set()

    async def _turn(self, begun: Awaitable[None]) -> None:
        """Start a turn and wait for its end."""
        self._ended.clear()
        with self._stopped_by_ctrl_c():
            await begun
            self.screen.working()
            assert self._follower is not None  # noqa: S101 - a conversation is followed from its start
            ended = asyncio.ensure_future(self._ended.wait())
            await asyncio.wait({ended, self._follower}, timeout=TURN_S, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
        if self._follower.done():
            await self._follower
        if not self._ended.is_set():
            self.screen.failed = True
            self.screen.remark(self.words("too_late"))

    async def _stop(self, conversation: str) -> None:
        # If the shop cannot be reached, nothing is stopped; another Ctrl-C quits.
        with contextlib.suppress(RefusedError):
            await self.shop.stop(conversation)

    @contextlib.contextmanager
    def _stopped_by_ctrl_c(self) -> Iterator[None]:
        loop, me, stops = asyncio.get_running_loop(), asyncio.current_task(), list[asyncio.Task[None]]()
        conversation = self._conversation
        assert me is not None and conversation is not None  # noqa: S101, PT018 - this is a task, with a conversation

        def stop() -> None:
            if stops:
                me.cancel()
                return
            self.screen.working("stopping")
            stops.append(asyncio.create_task(self._stop(conversation)))

        before = signal.getsignal(signal.SIGINT)
        loop.add_signal_handler(signal.SIGINT, stop)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            signal.signal(signal.SIGINT, before)
