"""What was answered and written stays on record."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from storage.db import Sessions, writing
from storage.shop.audit import Answer, Audit, add_audit, find_audit
from storage.tokens import Caller


async def add_answer(sessions: Sessions, confirmation: str | None, answer: Answer = Answer.YES) -> Audit:
    async with writing(sessions) as session:
        return add_audit(
            session,
            confirmation=confirmation,
            answer=answer,
            caller=Caller("olivia_brown_1001", staff=False, scopes=frozenset()),
            tool="cancel_order",
            arguments={"order_id": "#W1042", "reason": "no longer needed"},
            summary="Cancel order #W1042",
            changes=[{"table": "orders", "key": "#W1042", "before": {"status": "pending"}, "after": None}],
        )


async def test_an_answered_question_is_found_again(sessions: Sessions) -> None:
    row = await add_answer(sessions, "a question", Answer.NO)

    async with sessions() as session:
        found = await find_audit(session, "a question")
        missing = await find_audit(session, "another question")

    assert found is not None
    assert (found.id, found.answer, found.changes) == (row.id, Answer.NO, row.changes)
    assert missing is None


async def test_a_question_is_answered_once(sessions: Sessions) -> None:
    await add_answer(sessions, "a question", Answer.NO)

    with pytest.raises(IntegrityError, match=r"audit\.confirmation|uq_audit_confirmation"):
        await add_answer(sessions, "a question", Answer.YES)


async def test_writes_that_asked_nothing_do_not_collide(sessions: Sessions) -> None:
    for _ in range(2):
        await add_answer(sessions, None, Answer.NOT_ASKED)

    async with sessions() as session:
        assert len((await session.scalars(select(Audit))).all()) == 2


@pytest.mark.parametrize("change", [update(Audit).values(summary="Nothing happened"), delete(Audit)])
async def test_the_audit_is_append_only(sessions: Sessions, change: object) -> None:
    row = await add_answer(sessions, "a question")

    with pytest.raises(IntegrityError, match=r"the audit is append-only"):
        async with writing(sessions) as session:
            await session.execute(change)  # type: ignore[call-overload] # update or delete, by the parameters above

    async with sessions() as session:
        kept = await find_audit(session, "a question")
        assert kept is not None
        assert kept.summary == row.summary
