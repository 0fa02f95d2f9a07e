"""What waits for somebody: counted as it stands, and never what was answered, expired or given back."""

from datetime import timedelta

from storage.chats.backlog import Backlog, count_backlog
from storage.chats.conversations import Conversation
from storage.chats.handovers import give_back, hand_over
from storage.db import Sessions, now, reading, writing
from storage.owners import Staff
from storage.shop.tickets import EntryKind, add_entry, get_ticket
from tests.factories import add_conversation, add_customer

EXPIRE = timedelta(minutes=10)
NOTHING = Backlog(open_questions=0, cut_off=0, handovers=0, waiting=0, oldest_wait_s=0)


async def backlog(sessions: Sessions) -> Backlog:
    async with reading(sessions) as session:
        return await count_backlog(session, EXPIRE)


async def handed_over(sessions: Sessions, waits: timedelta) -> str:
    """Hand a customer over, so long ago."""
    customer = await add_customer(sessions)
    chat = await add_conversation(sessions, customer_id=customer.id)
    async with writing(sessions) as session:
        ticket = await hand_over(session, customer.id, "A person, please", by=customer.id, conversation_id=chat.id)
        ticket.history[0].at = now() - waits
    return ticket.id


async def comment(sessions: Sessions, ticket_id: str, *, by: str | None) -> None:
    """Add a comment of staff, or where nobody is named, of the ticket's customer."""
    async with writing(sessions) as session:
        ticket = await get_ticket(session, ticket_id, Staff(), lock=True)
        add_entry(ticket, EntryKind.COMMENT, "Hello", by=by or str(ticket.customer_id))


async def test_in_a_quiet_shop_nothing_waits(sessions: Sessions) -> None:
    await add_conversation(sessions, customer_id=(await add_customer(sessions)).id)

    assert await backlog(sessions) == NOTHING


async def test_a_question_waits_until_it_is_answered_or_expires(sessions: Sessions) -> None:
    for left in (timedelta(minutes=5), timedelta(seconds=-5), None):
        chat = await add_conversation(sessions, customer_id=(await add_customer(sessions)).id)
        expires = None if left is None else (now() + left).isoformat().replace("+00:00", "Z")
        async with writing(sessions) as session:
            conversation = await session.get_one(Conversation, chat.id)
            conversation.updated_at = now() - timedelta(minutes=5)
            conversation.open_question = None if expires is None else {"id": "q", "expires_at": expires}

    assert (await backlog(sessions)).open_questions == 1


async def test_a_turn_whose_lease_ran_out_waits_for_a_process(sessions: Sessions) -> None:
    for left in (timedelta(seconds=5), timedelta(seconds=-5)):
        chat = await add_conversation(sessions, customer_id=(await add_customer(sessions)).id)
        async with writing(sessions) as session:
            (await session.get_one(Conversation, chat.id)).lease_until = now() + left

    assert (await backlog(sessions)).cut_off == 1


async def test_a_customer_waits_for_a_person_from_their_first_word_that_nobody_answered(sessions: Sessions) -> None:
    await handed_over(sessions, timedelta(minutes=3))
    ticket = await handed_over(sessions, timedelta(hours=1))
    unanswered = await backlog(sessions)
    await comment(sessions, ticket, by="staff_1")
    answered = await backlog(sessions)
    await comment(sessions, ticket, by=None)
    asked_again = await backlog(sessions)

    assert (unanswered.handovers, unanswered.waiting, round(unanswered.oldest_wait_s / 60)) == (2, 2, 60)
    assert (answered.handovers, answered.waiting, round(answered.oldest_wait_s / 60)) == (2, 1, 3)
    assert (asked_again.handovers, asked_again.waiting, round(asked_again.oldest_wait_s / 60)) == (2, 2, 3)


async def test_a_chat_that_was_given_back_waits_no_more(sessions: Sessions) -> None:
    ticket_id = await handed_over(sessions, timedelta(hours=1))
    async with writing(sessions) as session:
        await give_back(session, await get_ticket(session, ticket_id, Staff(), lock=True))

    assert await backlog(sessions) == NOTHING
