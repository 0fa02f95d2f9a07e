"""No write without the customer's own yes: a write yields its plan, and continues only after the answer."""

import secrets
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult, Resolve
from mcp.types import CallToolResult
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.caller import CurrentCaller, Local
from mcp_servers.runtime.limits.limits import ToolLimits
from mcp_servers.runtime.past import reading_as, require_now
from mcp_servers.runtime.results import Confirmable, as_result
from mcp_servers.runtime.server import AsStored, ToolFunction, ToolServer
from mcp_servers.runtime.signature import CALLER, CONTEXT, keyword, shaped
from mcp_servers.runtime.tools.confirming.answers import (
    Answered,
    ByLink,
    Confirmed,
    DeclinedError,
    NotConfirmedError,
    NotPossibleError,
    Proposal,
    Settled,
    Unclear,
    UnclearAnswerError,
    Yes,
    yes_in,
)
from mcp_servers.runtime.tools.confirming.by_link import Open, answerer_of, asked_anew, find_settled, keep, refusal_of
from mcp_servers.runtime.tools.confirming.confirm_token import ConfirmTokenError, Question, read_token, sign_token
from mcp_servers.runtime.tools.confirming.once import TOKEN, OnceOnly, tell_of
from mcp_servers.runtime.tools.confirming.question import (
    STATELESS_SINCE,
    TokenRefusedError,
    came_unclear,
    sealed_question,
    words_said,
)
from mcp_servers.runtime.tools.confirming.ways import Way, Ways, asked_by, program_of
from storage.db import Sessions, hold, writing
from storage.people.asked_changes import Wanted, find_answered
from storage.settings import Settings
from storage.shop.audit import Answer, Answerer, Audit, How

Planned = str | Answered | Settled
Asked = Answered | Settled | ByLink | Confirmed | Proposal | Unclear | ElicitationResult[Yes]


@dataclass(frozen=True)
class AskingWrite:
    """A write of a server that asks first, in the way the caller's client allows."""

    once: OnceOnly
    server: str
    sessions: Sessions
    secret: str
    limits: ToolLimits
    ways: Ways
    as_stored: AsStored | None

    async def plan(self, given: dict[str, Any]) -> Planned:
        """Resolve the question from the current facts, or the answer that was already given."""
        if given[CALLER].as_of is not None:
            async with self.limits.work() as ends, reading_as(self.sessions, given[CALLER]) as session:
                with ends.kept():
                    return await self.once.question(given, session)
        way = await self.ways.of(given[CONTEXT])
        confirmation = sealed_question()
        if confirmation is None and way is not Way.LINK and given.get(TOKEN) is not None:
            confirmation = read_token(given[TOKEN], self.secret)["jti"]
        async with self.limits.work() as ends, self.sessions() as session:
            with ends.kept():
                if way is Way.LINK:
                    read = await self._read(given, session)
                    found = await find_settled(session, self._wanted(read), asked_by(given[CONTEXT]))
                    return found or await self.once.question(read, session)
                row = None if confirmation is None else await self.once.find(given, confirmation, session)
                return await self.once.question(given, session) if row is None else Answered(row)

    async def ask(self, given: dict[str, Any]) -> Asked | Elicit[Yes]:
        """Resolve the customer's answer, in the way their client allows."""
        planned: Planned = given["planned"]
        if not isinstance(planned, str):
            return planned
        way = await self.ways.of(given[CONTEXT])
        if way is not Way.TOKEN and given.get(TOKEN) is not None:
            raise TokenRefusedError
        match way:
            case Way.QUESTION:
                return await _elicited(given[CONTEXT], planned, yes_in(given[CALLER].language))
            case Way.LINK:
                return ByLink()
            case Way.TOKEN:
                return self._by_token(given, planned)

    def _by_token(self, given: dict[str, Any], planned: str) -> Proposal | Confirmed:
        question = Question(given[CALLER].subject, self.once.name, self.once.arguments(given), planned)
        if given[TOKEN] is None:
            return Proposal(planned, sign_token(question, self.secret))
        claims = read_token(given[TOKEN], self.secret)
        if claims["question"] != question.digest:
            raise ConfirmTokenError("is for another call, or the facts changed since")
        return Confirmed(claims["jti"])

    async def finish(self, given: dict[str, Any]) -> CallToolResult:
        """Act on the answer: write, return the proposal, or record the no."""
        require_now(given[CALLER], self.once.name)
        match given["answer"]:
            case AcceptedElicitation(data=Answered(row=row)):
                return _told(row)
            case AcceptedElicitation(data=Settled() | ByLink()):
                return await self._by_link(given)
            case AcceptedElicitation(data=Proposal(sentence=sentence, token=token)):
                return as_result(Confirmable(status="needs_confirmation", summary=sentence, confirm_token=token))
            case AcceptedElicitation(data=Confirmed(confirmation=confirmation)):
                return _told(await self._commit(given, confirmation, Answer.YES, How.TOKEN))
            case AcceptedElicitation(data=AcceptedElicitation(data=Yes(confirm=True)) | Yes(confirm=True)):
                return _told(await self._commit(given, _question_id(), Answer.YES, How.QUESTION))
            case AcceptedElicitation(data=Unclear()):
                await self._commit(given, _question_id(), Answer.NO, How.QUESTION)
                raise UnclearAnswerError
            case _:
                return _told(await self._commit(given, _question_id(), Answer.NO, How.QUESTION))

    async def _commit(self, given: dict[str, Any], confirmation: str, answer: Answer, how: How) -> Audit:
        answerer = Answerer(given[CALLER].subject, program_of(given[CONTEXT]), how)
        async with self.limits.work() as ends, writing(self.sessions) as session:
            with ends.kept():
                row = await self.once.answered(
                    given,
                    session,
                    confirmation=confirmation,
                    question=given["planned"],
                    answer=answer,
                    answerer=answerer,
                )
            is_new = row in session.new
        if is_new:
            tell_of(row, given[CALLER].kind)
        return row

    async def _by_link(self, given: dict[str, Any]) -> CallToolResult:
        """Carry out what was answered on the page, in one transaction with what is kept of it; or ask there."""
        async with self.limits.work() as ends, writing(self.sessions) as session:
            with ends.kept():
                done = await self._settled(await self._read(given, session), session)
            is_new = done in session.new
        match done:
            case Open():
                return as_result(done.outcome(self.ways.page.link_of(done.row.id)))
            case NotPossibleError():
                raise done
        if is_new:
            tell_of(done, given[CALLER].kind)
        return _told(done)

    async def _settled(self, given: dict[str, Any], session: AsyncSession) -> Audit | Open | NotPossibleError:
        wanted, planned, by_page = self._wanted(given), given["planned"], asked_by(given[CONTEXT])
        await hold(session, f"asked {wanted.digest}")
        named = planned.change_id if isinstance(planned, Settled) else by_page
        row = await find_answered(session, wanted, named)
        if row is None:
            return await asked_anew(session, wanted, planned, None, self.ways.page)
        row.told = row.told or by_page is None
        if row.has_failed:
            return refusal_of(row)
        answer = row.answer or Answer.NO
        if answer is Answer.YES and isinstance(planned, str) and planned != row.text:
            return await asked_anew(session, wanted, planned, row, self.ways.page)
        audit = await self.once.answered(
            given, session, confirmation=row.id, question=row.text, answer=answer, answerer=answerer_of(row)
        )
        keep(row, audit)
        return audit

    async def _read(self, given: dict[str, Any], session: AsyncSession) -> dict[str, Any]:
        """Return what was given, in the shop's own spelling: the client's next call may be in another one."""
        if self.as_stored is None:
            return given
        return {**given, **await self.as_stored(session, given[CALLER], self.once.arguments(given))}

    def _wanted(self, given: dict[str, Any]) -> Wanted:
        named = {name: value for name, value in self.once.arguments(given).items() if value is not None}
        program = program_of(given[CONTEXT]) or None
        return Wanted(given[CALLER], self.server, self.once.name, named, words_said(), program)


def asking(
    write: ToolFunction, server: ToolServer, sessions: Sessions, settings: Settings, limits: ToolLimits, ways: Ways
) -> ToolFunction:
    """Return the tool for a write that asks, with the resolvers that plan it and ask."""
    once = OnceOnly(write)
    steps = AskingWrite(once, server.name, sessions, settings.secret, limits, ways, server.as_stored)
    token = [keyword(TOKEN, str | None, None)] if ways.may_take_tokens else []
    context = keyword(CONTEXT, Context[Local])
    shown = [*once.parameters.besides_caller, keyword(CALLER, CurrentCaller), *token]
    # A resolver takes the tool's arguments by name, and may not have defaults of its own.
    required = [*(parameter.replace(default=parameter.empty) for parameter in shown), context]
    plan = shaped(steps.plan, like=write, name=f"plan_{once.name}", parameters=required, returns=Planned)
    planned = keyword("planned", Annotated[Planned, Resolve(plan)])
    asked = [*required, planned]
    ask = shaped(steps.ask, like=write, name=f"ask_{once.name}", parameters=asked, returns=Asked | Elicit[Yes])
    answer = keyword("answer", Annotated[ElicitationResult[Yes], Resolve(ask)])
    returns = Annotated[CallToolResult, Confirmable]
    whole = [*shown, planned, answer, context]
    return shaped(steps.finish, like=write, name=once.name, parameters=whole, returns=returns)


def _question_id() -> str:
    """Return the id of the question that this request answers; one of its own for a client that answers at once."""
    return sealed_question() or secrets.token_urlsafe(18)


async def _elicited(
    ctx: Context[Local], question: str, form: type[Yes]
) -> Unclear | ElicitationResult[Yes] | Elicit[Yes]:
    """Ask. A response without a yes or no is reported in our words; the SDK's are for server authors."""
    if (ctx.protocol_version or "") >= STATELESS_SINCE:
        return Unclear() if came_unclear(ctx, form) else Elicit(question, form)
    try:
        return await ctx.elicit(question, form)
    except ValueError:
        return Unclear()


def _told(row: Audit) -> CallToolResult:
    if row.answer is Answer.NO:
        raise DeclinedError if row.answered_how == How.LINK else NotConfirmedError
    return as_result(Confirmable(status="done", summary=row.summary), audit_id=row.id)
