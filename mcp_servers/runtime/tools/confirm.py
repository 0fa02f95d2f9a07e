"""No write without the customer's own yes: a write yields its plan, and continues only after the answer."""

import logging
import secrets
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any

from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult, Resolve
from mcp.types import CallToolResult
from pydantic import BaseModel, Field, create_model
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.caller import CurrentCaller, Local
from mcp_servers.runtime.limits.limits import ToolLimits
from mcp_servers.runtime.results import Outcome, as_result
from mcp_servers.runtime.server import Plan, ToolFunction
from mcp_servers.runtime.signature import CALLER, Parameters, keyword, parameters_of, shaped
from mcp_servers.runtime.tools.confirm_token import (
    ConfirmTokenError,
    Question,
    SpentError,
    read_token,
    sign_token,
)
from mcp_servers.runtime.tools.question import (
    STATELESS_SINCE,
    TokenRefusedError,
    came_unclear,
    can_be_asked,
    sealed_question,
    words_said,
)
from mcp_servers.runtime.words import WORDS
from storage.characters import cleaned
from storage.db import Sessions, hold, writing
from storage.errors import ShopError
from storage.process.logs import tell
from storage.settings import Settings
from storage.shop.audit import Answer, Audit, add_audit, find_audit
from storage.shop.changes import watch_changes

logger = logging.getLogger(__name__)

TOKEN = "confirm_token"  # noqa: S105 - the name of an argument


class NotConfirmedError(ShopError):
    """The customer said no, or closed the question."""

    def __init__(self) -> None:
        super().__init__("The customer did not confirm; nothing was changed. Do not repeat the call unless they ask.")


class CannotBeAskedError(ShopError):
    """The client cannot show the question, and the shop does not accept a token instead."""

    def __init__(self) -> None:
        super().__init__(
            "This shop asks its customers directly, but this client cannot show the question. Use the shop's page."
        )


class FactsChangedError(ShopError):
    """Between the question and the write, what the question said ceased to be true."""

    def __init__(self) -> None:
        super().__init__("The facts changed after the question was asked; nothing was changed. Call the tool again.")


class UnclearAnswerError(ShopError):
    """The client says that its customer accepted, but without the requested yes or no."""

    def __init__(self) -> None:
        super().__init__(
            "The answer came without a yes (confirm: true), which counts as a no; nothing was changed. "
            "Call the tool again to ask the customer once more."
        )


class Yes(BaseModel):
    """What the customer's client sends back. A word or a number does not count as a yes: it could mean anything."""

    confirm: bool = Field(strict=True)


@cache
def yes_in(language: str) -> type[Yes]:
    """Return the form of a yes, labelled in a language."""
    label = Field(strict=True, description=WORDS.say("confirm", language))
    return create_model("Yes", __base__=Yes, __doc__=Yes.__doc__, confirm=(bool, label))


@dataclass(frozen=True)
class Unclear:
    """The client accepted without saying yes or no."""


@dataclass(frozen=True)
class Answered:
    """The question was answered before: a confirmed write is done only once."""

    row: Audit


@dataclass(frozen=True)
class Proposal:
    """For a client that cannot show questions: the question, and the token to send back."""

    sentence: str
    token: str


@dataclass(frozen=True)
class Confirmed:
    """The client sent back its token; this is the token's id."""

    confirmation: str


Asked = Answered | Confirmed | Proposal | Unclear | ElicitationResult[Yes]


@dataclass(frozen=True)
class AskingWrite:
    """A write that yields its plan once. It runs up to its `yield` to get the question, and again to write."""

    write: ToolFunction
    sessions: Sessions
    settings: Settings
    limits: ToolLimits

    @cached_property
    def name(self) -> str:
        """The tool's name."""
        return str(self.write.__name__)

    @cached_property
    def parameters(self) -> Parameters:
        """The write's parameters."""
        return parameters_of(self.write)

    async def plan(self, given: dict[str, Any]) -> str | Answered:
        """Resolve the question from the current facts, or the answer that was already given."""
        confirmation = sealed_question()
        if confirmation is None and given.get(TOKEN) is not None:
            confirmation = read_token(given[TOKEN], self.settings.secret)["jti"]
        async with self.limits.work() as ends, self.sessions() as session:
            with ends.kept():
                return await self._plan(given, confirmation, session)

    async def _plan(self, given: dict[str, Any], confirmation: str | None, session: AsyncSession) -> str | Answered:
        if confirmation is not None:
            # Another replica may be writing the same answer right now.
            await hold(session, confirmation)
            row = await find_audit(session, confirmation)
            if row is not None:
                return Answered(self._of_this_call(row, given))
        async with aclosing(self.write(**self.parameters.own(given, session))) as running:
            plan: Plan | str = await anext(running)
            return _question(plan, given[CALLER].language)

    def _of_this_call(self, row: Audit, given: dict[str, Any]) -> Audit:
        """Return the row of an answer if it was given to this very call; it allows and reveals no other."""
        own = row.caller == given[CALLER].subject
        if own and (row.tool, row.arguments) == (self.name, self._arguments(given)):
            return row
        # What another caller changed must not be revealed.
        raise SpentError("confirm_token" if given.get(TOKEN) else "answer", row.summary if own else "another call")

    async def ask(self, given: dict[str, Any]) -> Asked | Elicit[Yes]:
        """Resolve the customer's answer, in the way their client allows."""
        planned: str | Answered = given["planned"]
        if isinstance(planned, Answered):
            return planned
        if can_be_asked(given["ctx"]):
            if given.get(TOKEN) is not None:
                raise TokenRefusedError
            return await _elicited(given["ctx"], planned, yes_in(given[CALLER].language))
        if not self.settings.confirm_tokens:
            raise CannotBeAskedError
        question = Question(given[CALLER].subject, self.name, self._arguments(given), planned)
        if given[TOKEN] is None:
            return Proposal(planned, sign_token(question, self.settings.secret))
        claims = read_token(given[TOKEN], self.settings.secret)
        if claims["question"] != question.digest:
            raise ConfirmTokenError("is for another call, or the facts changed since")
        return Confirmed(claims["jti"])

    async def finish(self, given: dict[str, Any]) -> CallToolResult:
        """Act on the answer: write, return the proposal, or record the no."""
        match given["answer"]:
            case AcceptedElicitation(data=Answered(row=row)):
                return _told(row)
            case AcceptedElicitation(data=Proposal(sentence=sentence, token=token)):
                return as_result(Outcome(status="needs_confirmation", summary=sentence, confirm_token=token))
            case AcceptedElicitation(data=Confirmed(confirmation=confirmation)):
                return _told(await self._commit(given, confirmation, Answer.YES))
            case AcceptedElicitation(data=AcceptedElicitation(data=Yes(confirm=True)) | Yes(confirm=True)):
                return _told(await self._commit(given, sealed_question() or secrets.token_urlsafe(18), Answer.YES))
            case AcceptedElicitation(data=Unclear()):
                await self._commit(given, sealed_question() or secrets.token_urlsafe(18), Answer.NO)
                raise UnclearAnswerError
            case _:
                return _told(await self._commit(given, sealed_question() or secrets.token_urlsafe(18), Answer.NO))

    async def _commit(self, given: dict[str, Any], confirmation: str, answer: Answer) -> Audit:
        async with self.limits.work() as ends, writing(self.sessions) as session:
            with ends.kept():
                row = await self._written(given, confirmation, answer, session)
            is_new = row in session.new
        if is_new:
            told = {"tool": self.name, "caller": given[CALLER].kind, "answer": row.answer.value, "audit": row.id}
            tell(logger, "write", **told)
        return row

    async def _written(self, given: dict[str, Any], confirmation: str, answer: Answer, session: AsyncSession) -> Audit:
        await hold(session, confirmation)
        row = await find_audit(session, confirmation)
        if row is not None:
            return self._of_this_call(row, given)
        changes = watch_changes(session)
        summary = await self._run(given, session) if answer is Answer.YES else given["planned"]
        return add_audit(
            session,
            confirmation=confirmation,
            answer=answer,
            caller=given[CALLER],
            tool=self.name,
            arguments=self._arguments(given),
            summary=summary,
            changes=list(changes),
            said=words_said(),
        )

    async def _run(self, given: dict[str, Any], session: AsyncSession) -> str:
        language = given[CALLER].language
        async with aclosing(self.write(**self.parameters.own(given, session))) as running:
            plan: Plan | str = await anext(running)
            if _question(plan, language) != given["planned"]:
                raise FactsChangedError
            # The write may change the rows that the sentence describes.
            done = plan if isinstance(plan, str) else cleaned(plan.done(language))
            async for _ in running:
                raise RuntimeError(f"{self.name} yields more than one question")
        await session.flush()
        return done

    def _arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        return {name: given[name] for name in self.parameters.arguments}


def asking(write: ToolFunction, sessions: Sessions, settings: Settings, limits: ToolLimits) -> ToolFunction:
    """Return the tool for a write that asks, with the resolvers that plan it and ask."""
    steps = AskingWrite(write, sessions, settings, limits)
    token = [keyword(TOKEN, str | None, None)] if settings.confirm_tokens else []
    shown = [*steps.parameters.besides_caller, keyword(CALLER, CurrentCaller), *token]
    # A resolver takes the tool's arguments by name, and may not have defaults of its own.
    required = [parameter.replace(default=parameter.empty) for parameter in shown]
    plan = shaped(steps.plan, like=write, name=f"plan_{steps.name}", parameters=required, returns=str | Answered)
    planned = keyword("planned", Annotated[str | Answered, Resolve(plan)])
    ask = shaped(
        steps.ask,
        like=write,
        name=f"ask_{steps.name}",
        parameters=[*required, planned, keyword("ctx", Context[Local])],
        returns=Asked | Elicit[Yes],
    )
    answer = keyword("answer", Annotated[ElicitationResult[Yes], Resolve(ask)])
    returns = Annotated[CallToolResult, Outcome]
    return shaped(steps.finish, like=write, name=steps.name, parameters=[*shown, planned, answer], returns=returns)


def _question(plan: Plan | str, language: str) -> str:
    """Return the question; a write may yield only its question, which then also reports what was done."""
    return cleaned(plan if isinstance(plan, str) else plan.question(language))


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
        raise NotConfirmedError
    return as_result(Outcome(status="done", summary=row.summary), audit_id=row.id)
