"""Questions behind a link: what the tool servers tell a client of one, and what they keep of its answer."""

from dataclasses import dataclass
from typing import Any, Final

from mcp.types import CallToolResult, InputRequiredResult
from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.runtime.results import Confirmable
from mcp_servers.runtime.tools.confirming.answers import FactsChangedError, NotPossibleError, Settled
from mcp_servers.runtime.tools.confirming.page import Page
from storage.people.asked_changes import (
    AskedChange,
    NoSuchChangeError,
    QuestionExpiredError,
    Wanted,
    ask,
    find_answered,
    find_expired,
)
from storage.shop.audit import Answer, Answerer, Audit, How, find_audit

OK, CONFLICT = 200, 409
ASKING: Final = "needs_confirmation"
PAGE = "page"
"""Where such a question is answered, in the audit."""

NEXT = (
    "Nothing has changed yet. Give the person this link: there, logged in to the shop, they say yes or no, and nobody "
    "can do that for them. Then call the tool again with the same arguments to learn what came of it."
)
LATE = "The earlier question was not answered in time; nothing was changed. "
CHANGED = "The person said yes, but the facts had changed by then; nothing was changed, and this is the new question. "


@dataclass(frozen=True)
class Open:
    """A question that waits for its person; `before` says what came of an earlier one."""

    row: AskedChange
    before: str = ""

    def outcome(self, link: str) -> Confirmable:
        """Return what the client is told."""
        return Confirmable(status=ASKING, summary=self.row.text, confirm_url=link, next_step=f"{self.before}{NEXT}")


async def find_settled(session: AsyncSession, wanted: Wanted, change_id: str | None) -> Settled | None:
    """Return this call's answered question if there is nothing left to plan: a no, a failure, or a write that is done.

    Args:
        session: to read with.
        wanted: the call.
        change_id: the question whose answer is carried out, if the page calls.

    Raises:
        NoSuchChangeError: the question named is not an answered one of this call.
        QuestionExpiredError: it was answered so long ago that its answer no longer counts.
    """
    row = await find_answered(session, wanted, change_id)
    if row is None:
        if change_id is not None:
            raise NoSuchChangeError
        return None
    if row.answer is Answer.NO or row.has_failed or await find_audit(session, row.id) is not None:
        return Settled(row.id)
    if not row.can_be_carried_out:
        raise QuestionExpiredError
    return None


async def asked_anew(
    session: AsyncSession, wanted: Wanted, question: str, answered: AskedChange | None, page: Page
) -> Open:
    """Return the open question of this call; `answered` is one whose yes was for facts that have changed since."""
    late = await find_expired(session, wanted) if answered is None else None
    row = await ask(session, wanted, question)
    if answered is not None:
        told = {"error": str(FactsChangedError()), "code": "facts_changed", "confirm_url": page.link_of(row.id)}
        answered.status, answered.outcome = CONFLICT, told
        return Open(row, CHANGED)
    if late is None:
        return Open(row)
    late.told = True
    return Open(row, LATE)


def answerer_of(row: AskedChange) -> Answerer:
    """Return who answered a question: on the page or, with a no, in the client that would have opened it."""
    if row.answered_by is None:
        return Answerer(row.asked_by, row.program or "", How.LINK)
    return Answerer(row.answered_by, PAGE, How.LINK)


def keep(row: AskedChange, audit: Audit) -> None:
    """Keep with a question what came of it."""
    done: dict[str, Any] = {"status": "done", "summary": audit.summary}
    row.status, row.outcome = OK, done if audit.answer is Answer.YES else {"status": "declined", "summary": row.text}


def refusal_of(row: AskedChange) -> NotPossibleError:
    """Return why a yes could not be carried out, as its person was told."""
    return NotPossibleError(str((row.outcome or {}).get("error", "")))


def is_question(result: CallToolResult | InputRequiredResult) -> bool:
    """Return whether a call was answered with a question, in whatever way its person says yes."""
    if isinstance(result, InputRequiredResult):
        return True
    return isinstance(result.structured_content, dict) and result.structured_content.get("status") == ASKING
