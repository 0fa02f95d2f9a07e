"""The desk: takes a customer's message, has the team answer it, and ends every turn."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from storage.chats.events import Event, add_events
from storage.chats.leases import ask_to_stop, pass_on_lease, stamp_lease
from storage.db import Sessions, writing
from storage.outages import OUTAGES
from storage.process.logs import about, tell
from storage.settings import Settings
from storage.tokens import Caller, mint
from storage.traces.tracing import span
from storage.turns.keeping import keeping_of
from storage.words import shop
from team.cooperation.tasks import Tasks
from team.crew.router import Router
from team.desk.account import LEFT, NOT_KEPT, SPAN, attributes_of, begun, facts_of, status_in
from team.desk.answering import Answering, sorry
from team.desk.beginning import Beginning
from team.desk.hearing import hear_message
from team.desk.identity import Identity
from team.desk.traced import trace_lost
from team.desk.turns import begin_turn, end_turn, resume_turn
from team.desk.watch import watch
from team.models.models import Models
from team.models.slices.samples import Samples
from team.pool import open_pool
from team.roster import load_roster
from team.tools.servers import ToolServers
from team.turn.outcome import Outcome
from team.turn.steps import Step, Steps
from team.turn.trouble import Trouble
from team.turn.turn import Turn
from team.words.answer_words import lexicon
from team.words.language import WORDS, say

logger = logging.getLogger(__name__)

GRACE_S = 5
"""How long a turn that was told to stop may still run before it is cancelled."""

ENDING_S = 15
"""How long to keep trying to store a turn's end; a single try can already spend time waiting for a lock."""

PAUSE_S = 0.5


class Desk:
    """All turns that run in this process."""

    def __init__(
        self, sessions: Sessions, steps: Steps, answering: Answering, samples: Samples, deadline_s: float
    ) -> None:
        self.samples = samples
        self.tasks = Tasks(sessions, answering.models, answering.servers, steps)
        self.deadline_s = deadline_s
        self.sessions = sessions
        self.steps = steps
        self.answering = answering
        self._running: dict[str, tuple[Turn, asyncio.Task[None]]] = {}
        # The lease holders of this process's turns, from before each turn is stored until it has ended here.
        self._own: set[str] = set()

    async def send(
        self, conversation_id: str, text: str, image_ids: Sequence[str] = (), *, address: str | None = None
    ) -> None:
        """Store a customer's message and start its turn.

        Args:
            conversation_id: the conversation.
            text: what the customer wrote.
            image_ids: the pictures they uploaded with it.
            address: the network address it came from; a visitor's failed attempts are counted against it.

        Raises:
            ConversationBusyError: another turn of the conversation is running.
            ConversationNotFoundError: there is no such conversation.
        """
        message = hear_message(text, image_ids)

        async def heard(session: AsyncSession) -> Beginning:
            beginning = await begin_turn(session, conversation_id, address, own=self._own)
            await beginning.hear(message)
            return beginning

        await self._begin(heard)

    async def answer(self, conversation_id: str, question_id: str, yes: bool) -> None:
        """Start the turn that answers an open question; the page's buttons call this.

        Raises:
            ConversationBusyError: another turn of the conversation is running.
            ConversationNotFoundError: there is no such conversation.
            NoSuchQuestionError: this question is not open.
        """

        async def answered(session: AsyncSession) -> Beginning:
            beginning = await begin_turn(session, conversation_id, own=self._own)
            beginning.press(question_id, yes)
            return beginning

        await self._begin(answered)

    async def stop(self, conversation_id: str) -> bool:
        """Stop the conversation's turn, in whichever process it runs; return whether there is one."""
        if conversation_id in self._running:
            self._running[conversation_id][0].stop(Trouble.STOPPED)
            return True
        async with writing(self.sessions) as session:
            return await ask_to_stop(session, conversation_id)

    async def resume(self, conversation_id: str) -> None:
        """Take over a turn whose process died.

        Raises:
            ConversationBusyError: another process took it first, or it runs in this one.
        """

        async def resumed(session: AsyncSession) -> Beginning | None:
            return await resume_turn(session, conversation_id, self._own)

        await self._begin(resumed, takes_up=True)

    def running(self) -> dict[str, Turn]:
        """Return the turns running in this process, by conversation."""
        return {conversation_id: turn for conversation_id, (turn, _) in self._running.items()}

    def follow(self, conversation_id: str, after: int) -> AsyncIterator[Step]:
        """Yield the stored steps after number `after`, then live ones, until the consumer stops."""
        return self.steps.follow(conversation_id, after)

    async def idle(self, conversation_id: str) -> None:
        """Wait until no turn of the conversation runs in this process."""
        while conversation_id in self._running:
            await asyncio.wait({self._running[conversation_id][1]})

    async def close(self) -> None:
        """Leave every turn to other processes, or to this one when it next starts."""
        for turn, _ in self._running.values():
            turn.leave()
        tasks = [task for _, task in self._running.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.steps.journal.close()
        await self.steps.records.close()

    async def _begin(
        self, begun: Callable[[AsyncSession], Awaitable[Beginning | None]], *, takes_up: bool = False
    ) -> None:
        """Take a turn in one transaction and start it; registered before it is stored, it is not resumed here."""
        holder = ""
        try:
            # The lease is stamped at the end: until then nothing has to be written.
            async with writing(self.sessions) as session:
                with session.no_autoflush:
                    beginning = await begun(session)
                if beginning is None:
                    return
                await beginning.store()
                if (lost := beginning.cut_off) is not None:
                    keeping, last = self.steps.records.keeping, beginning.stored[0].seq
                    await trace_lost(session, keeping, lost, beginning.request, last)
                holder = beginning.request.holder
                self._own.add(holder)
                # The transaction may have waited for other rows since the lease was taken.
                stamp_lease(beginning.conversation)
            if takes_up and beginning.cut_off is not None:
                beginning.take_up(beginning.cut_off)
            self._start(beginning)
        except BaseException:
            self._own.discard(holder)
            raise

    def _start(self, beginning: Beginning) -> None:
        conversation_id = beginning.conversation.id
        turn = Turn(beginning.request, self.steps, self.deadline_s)
        self.steps.publish(conversation_id, beginning.stored)
        self.steps.records.add(conversation_id, beginning.request.as_record(), beginning.request.turn_id)
        task = asyncio.create_task(self._run(turn))
        self._running[conversation_id] = (turn, task)
        task.add_done_callback(partial(self._ended, turn))

    def _ended(self, turn: Turn, task: asyncio.Task[None]) -> None:
        self._own.discard(turn.request.holder)
        # The next turn may have begun between this one's last transaction and the end of its task.
        if self._running.get(turn.request.conversation_id, (None, None))[1] is task:
            del self._running[turn.request.conversation_id]

    async def _run(self, turn: Turn) -> None:
        request = turn.request
        expiry = asyncio.get_running_loop().call_later(turn.left_s, turn.stop, Trouble.TOO_SLOW)
        with about(request.conversation_id), span(SPAN, begun(request)) as whole:
            try:
                status = await self._to_its_end(turn)
            except Exception:
                # The database itself failed: the lease will expire, and then the next message works again.
                logger.exception("The end of turn %s could not be stored", request.turn_id)
                _show_not_kept(turn)
                status = NOT_KEPT
            finally:
                expiry.cancel()
            whole.tell(attributes_of(turn, status))
            tell(logger, "turn", **facts_of(turn, status))

    async def _to_its_end(self, turn: Turn) -> str:
        """Answer, store the outcome, and return how the turn ended."""
        with span("answer"):
            outcome, unstored = await self._answered(turn)
        with span("store"):
            if turn.left:
                await self._pass_on(turn, unstored)
                return LEFT
            stored = await self._stored(turn, outcome, unstored)
        self.steps.publish(turn.request.conversation_id, stored)
        if turn.log.trouble is not None:
            self.steps.metrics.troubles.labels(turn.log.trouble).inc()
        return status_in(stored)

    async def _pass_on(self, turn: Turn, unstored: Sequence[Event]) -> None:
        async with writing(self.sessions) as session:
            await add_events(session, unstored)
            await pass_on_lease(session, turn.request.holder)

    @retry(
        retry=retry_if_exception_type(OUTAGES),
        stop=stop_after_delay(ENDING_S),
        wait=wait_fixed(PAUSE_S),
        reraise=True,
    )
    async def _stored(self, turn: Turn, outcome: Outcome, unstored: Sequence[Event]) -> list[Step]:
        """Store the turn's end; wait out a database that is briefly locked, unreachable or full."""
        async with writing(self.sessions) as session:
            return await end_turn(session, turn, outcome, unstored)

    async def _answered(self, turn: Turn) -> tuple[Outcome, Sequence[Event]]:
        """Return the turn's outcome and its last steps, which are stored together with its end."""
        try:
            async with asyncio.timeout(turn.left_s + GRACE_S):
                outcome = await self.answering.answer(turn)
                return outcome, await turn.log.take_unstored()
        except Exception:
            # Whatever failed, tell the customer; the conversation continues from its last stored state.
            logger.exception("Turn %s failed", turn.request.turn_id)
            turn.log.fail(Trouble.FAILED)
            await turn.log.settle_steps()
            return sorry(turn.log.trouble or Trouble.FAILED, turn), ()


def _show_not_kept(turn: Turn) -> None:
    """Show whoever is following the conversation live what could not be stored."""
    text = say("not_kept", turn.language)
    turn.log.show("message", role="assistant", text=text, image_ids=[], language=turn.language, agent="")
    turn.log.show("turn_ended", turn=turn.request.turn_id, status="failed", ms=turn.ms, **asdict(turn.log.spent))


@asynccontextmanager
async def open_desk(settings: Settings, sessions: Sessions) -> AsyncIterator[Desk]:
    """Open the desk. It connects to models and tool servers only when a turn needs them."""

    def minted(caller: Caller, audience: Sequence[str], expires_s: float) -> str:
        return mint(settings.secret, caller, audience=audience, expires_s=expires_s)

    # Load these now, so that no customer waits for it.
    lexicon()
    for words in (WORDS, shop.WORDS):
        words.read()
    async with open_pool() as pool:
        models = Models(settings, pool)
        servers = ToolServers(settings.public_mcp_url, pool, minted)
        roster = load_roster()
        answering = Answering(roster, models, Router(models, roster), servers, Identity(settings.secret))
        samples = Samples(models)
        desk = Desk(sessions, Steps(sessions, keeping_of(settings)), answering, samples, settings.turn_deadline_s)
        watching = [asyncio.create_task(work) for work in (watch(desk), samples.run(), desk.tasks.worker.run())]
        try:
            yield desk
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            await desk.tasks.worker.close()
            await desk.close()
            await servers.close()
            await models.close()
