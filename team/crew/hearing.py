"""Reads a model's reply: its words as they stream in, then the line that AutoGen continues with."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from autogen_core.models import CreateResult, RequestUsage

from storage.characters import cleaned
from storage.reasons import Code, Reason
from team.crew.reply import ReplyCheck, answered
from team.models.cached import hearing_cached
from team.models.fault import Fault, UnreadableReplyError, UnusableReplyError, parsed
from team.models.models import Model, Models
from team.models.recording import Exchange, recording
from team.roster import Specialist
from team.turn.turn import Turn, since
from team.words.guardrails import MARKS
from team.words.markup import NAME, markup_in, settled
from team.words.reasoning import BEGINS_ALOUD, parted
from team.words.sentences import whole_part

LONGEST_THOUGHT = 4_000
"""How many characters of a thought are kept for whoever inspects the turn."""


class LiveWords:
    """What the page shows of a reply while it is being written.

    `show` adds text, `withdraw` removes all of it. `speaks_plainly` says whether the model starts with its answer: if
    it may start with a thought, nothing is shown until that thought has ended.
    """

    def __init__(
        self,
        check: ReplyCheck,
        show: Callable[[str], None],
        withdraw: Callable[[], None],
        speaks_plainly: Callable[[], Awaitable[bool]],
    ) -> None:
        self.check = check
        self.show = show
        self.withdraw = withdraw
        self.speaks_plainly = speaks_plainly
        self.written = ""
        self.shown = ""
        self.over = False

    async def hear(self, piece: str) -> None:
        """Take the next piece of the reply."""
        self.written += piece
        if self.over:
            return
        reply = parted(cleaned(self.written))
        ready = await self.check.evidence.unlinked(settled(reply.answer))
        if markup_in(reply.answer) or NAME.search(reply.answer) or not ready.startswith(self.shown):
            self.take_back()
            return
        # While a thought is being written, only the answer before it remains.
        await self._show(whole_part(ready), thought=bool(reply.thought), begins_aloud=BEGINS_ALOUD.match(ready))

    async def end(self, text: str) -> None:
        """Show the rest: the reply is complete, and `text` is what the customer may read of it."""
        if self.over or NAME.search(text) or not text.startswith(self.shown):
            return
        if self.shown or await self.speaks_plainly():
            self._more(text)

    def take_back(self) -> None:
        """Withdraw what was shown, and show nothing more of this reply."""
        self.over = True
        if self.shown:
            self.withdraw()
            self.shown = ""

    async def _show(self, text: str, *, thought: bool, begins_aloud: object) -> None:
        if len(text) <= len(self.shown):
            return
        if not thought and (begins_aloud or not await self.speaks_plainly()):
            return
        if await self.check.refusal(text) is not None:
            self.take_back()
        else:
            self._more(text)

    def _more(self, text: str) -> None:
        more = text[len(self.shown) :]
        if more:
            self.show(more)
            self.shown = text


class Hearing:
    """Listens to one specialist's model. `beside` is the text in the same reply as its last call."""

    def __init__(self, specialist: Specialist, models: Models, turn: Turn) -> None:
        self.agent = specialist.name
        self.role = specialist.role
        self.models = models
        self.turn = turn
        self.beside = ""
        self._asked_at = 0.0
        self._thought = ""
        self._cached = 0
        self._exchange = Exchange()

    async def heard(
        self, model: Model, asked: AsyncGenerator[str | CreateResult, None], check: ReplyCheck
    ) -> CreateResult:
        """Return the model's reply if it is a tool call or text a customer may read.

        Raises:
            UnusableReplyError: it is neither.
            UnreadableReplyError, TimeoutError: the reply never ended, or has an unexpected shape.
        """
        self._asked_at, self._thought, self._cached = time.monotonic(), "", 0
        live = self._live(model, check)
        try:
            with hearing_cached() as cached, recording() as self._exchange:
                heard = await self.turn.unless_stopped(self._read(asked, live))
            self._cached = cached.tokens
            line = await self._checked(answered(heard, check.offered), check)
        except BaseException:
            live.take_back()
            raise
        finally:
            reply = parted(live.written)
            self._thought = reply.thought[:LONGEST_THOUGHT]
        if isinstance(line.content, str):
            await live.end(line.content)
            self.models.note_speech(model.endpoint, plain=not reply.unopened)
        else:
            self.turn.log.tried = True
        await self._record(model, line.usage, {"stand_in": await self.models.is_stand_in(model.endpoint)})
        return line

    async def _checked(self, line: CreateResult, check: ReplyCheck) -> CreateResult:
        """Refuse text that is not for the customer; next to a tool call, drop the text and keep the call.

        Raises:
            UnusableReplyError: such text is the whole reply.
        """
        if isinstance(line.content, str):
            text = await check.evidence.unlinked(line.content)
            if (refusal := await check.last_refusal(text, whole=True)) is not None:
                raise UnusableReplyError(refusal.reason, refusal.nudge, line)
            return line.model_copy(update={"content": text})
        beside = await check.evidence.unlinked(parted(line.thought or "").answer)
        self.beside = beside if beside and await check.last_refusal(beside, whole=False) is None else ""
        return line.model_copy(update={"thought": self.beside or None})

    def _live(self, model: Model, check: ReplyCheck) -> LiveWords:
        log = self.turn.log

        def show(text: str) -> None:
            log.write(text)
            log.show("token", agent=self.agent, text=text.translate(MARKS))

        def withdraw() -> None:
            log.show("token", agent=self.agent, text="", withdrawn=True)

        async def speaks_plainly() -> bool:
            # Text next to a question is shown only after anything that invites an answer has been removed, and what a
            # second model checks only once it has.
            return log.question is None and not check.checker.key and await self.models.speaks_plainly(model.endpoint)

        log.begin_line()
        return LiveWords(check, show, withdraw, speaks_plainly)

    async def _read(self, asked: AsyncGenerator[str | CreateResult, None], live: LiveWords) -> CreateResult:
        """Read a reply to its end and let the page show it as it streams; AutoGen gets the complete line.

        Raises:
            TimeoutError: nothing arrived for longer than the role's timeout.
            RepeatsError: it repeats itself.
            UnreadableReplyError: the reply never ended, or has an unexpected shape.
        """
        line = None
        async for heard in parsed(asked):
            if isinstance(heard, str):
                await live.hear(heard)
            else:
                line = heard
        if line is None:
            raise UnreadableReplyError(Reason(Code.ENDLESS))
        return line

    async def failed(self, model: Model, fault: Fault) -> None:
        """Record a call that failed."""
        await self._record(model, fault.usage, {"stand_in": False, **fault.reason.as_fields("error")})

    async def _record(self, model: Model, usage: RequestUsage, more: dict[str, Any]) -> None:
        self.turn.log.spend(usage.prompt_tokens, usage.completion_tokens)
        self.turn.log.record(
            "model",
            agent=self.agent,
            role=self.role,
            **model.as_event(),
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            ms=since(self._asked_at),
            **self.turn.log.keep(self._exchange.as_record(), self._exchange.first_ms),
            **({"cached_tokens": self._cached} if self._cached else {}),
            **({"thought": self._thought} if self._thought else {}),
            **more,
        )
