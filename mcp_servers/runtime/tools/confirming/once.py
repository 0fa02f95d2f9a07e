"""A confirmed write, done once: in one transaction with its audit row, whoever brings its yes, and how often."""

import logging
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.server import Plan, ToolFunction
from mcp_servers.runtime.signature import CALLER, Parameters, parameters_of
from mcp_servers.runtime.tools.confirming.answers import FactsChangedError
from mcp_servers.runtime.tools.confirming.confirm_token import SpentError
from mcp_servers.runtime.tools.confirming.question import words_said
from storage.characters import cleaned
from storage.db import hold
from storage.process.logs import tell
from storage.shop.audit import Answer, Answerer, Audit, add_audit, find_audit
from storage.shop.changes import watch_changes

logger = logging.getLogger(__name__)

TOKEN = "confirm_token"  # noqa: S105 - the name of an argument


@dataclass(frozen=True)
class OnceOnly:
    """A write that yields its plan once. It runs up to its `yield` to get the question, and again to write."""

    write: ToolFunction

    @cached_property
    def name(self) -> str:
        """The tool's name."""
        return str(self.write.__name__)

    @cached_property
    def parameters(self) -> Parameters:
        """The write's parameters."""
        return parameters_of(self.write)

    def arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what the model filled in."""
        return {name: given[name] for name in self.parameters.arguments}

    async def question(self, given: dict[str, Any], session: AsyncSession) -> str:
        """Return the question, from the facts as they are now."""
        async with aclosing(self.write(**self.parameters.own(given, session))) as running:
            return _asked(await anext(running), given[CALLER].language)

    async def find(self, given: dict[str, Any], confirmation: str, session: AsyncSession) -> Audit | None:
        """Return the row of this call's answer if it was given before.

        Raises:
            SpentError: it was given to another call.
        """
        # Another replica may be writing the same answer right now.
        await hold(session, confirmation)
        row = await find_audit(session, confirmation)
        return None if row is None else self._of_this_call(row, given)

    async def answered(
        self,
        given: dict[str, Any],
        session: AsyncSession,
        *,
        confirmation: str,
        question: str,
        answer: Answer,
        answerer: Answerer,
    ) -> Audit:
        """Write what was answered yes, or record the no; or return the row of the same answer given before.

        Raises:
            SpentError: the answer was given to another call.
            FactsChangedError: the facts are no longer those of the question; nothing was written.
        """
        row = await self.find(given, confirmation, session)
        if row is not None:
            return row
        changes = watch_changes(session)
        summary = await self._run(given, question, session) if answer is Answer.YES else question
        return add_audit(
            session,
            confirmation=confirmation,
            answer=answer,
            caller=given[CALLER],
            tool=self.name,
            arguments=self.arguments(given),
            summary=summary,
            changes=list(changes),
            said=words_said(),
            answerer=answerer,
        )

    async def _run(self, given: dict[str, Any], question: str, session: AsyncSession) -> str:
        language = given[CALLER].language
        async with aclosing(self.write(**self.parameters.own(given, session))) as running:
            plan: Plan | str = await anext(running)
            if _asked(plan, language) != question:
                raise FactsChangedError
            # The write may change the rows that the sentence describes.
            done = plan if isinstance(plan, str) else cleaned(plan.done(language))
            async for _ in running:
                raise RuntimeError(f"{self.name} yields more than one question")
        await session.flush()
        return done

    def _of_this_call(self, row: Audit, given: dict[str, Any]) -> Audit:
        """Return the row of an answer if it was given to this very call; it allows and reveals no other."""
        own = row.caller == given[CALLER].subject
        if own and (row.tool, row.arguments) == (self.name, self.arguments(given)):
            return row
        # What another caller changed must not be revealed.
        raise SpentError("confirm_token" if given.get(TOKEN) else "answer", row.summary if own else "another call")


def _asked(plan: Plan | str, language: str) -> str:
    """Return the question; a write may yield only its question, which then also reports what was done."""
    return cleaned(plan if isinstance(plan, str) else plan.question(language))


def tell_of(row: Audit, kind: str) -> None:
    """Log that a question was answered, and how."""
    how, answer = row.answered_how, row.answer.value
    tell(logger, "write", tool=row.tool, caller=kind, answer=answer, how=how, audit=row.id)
