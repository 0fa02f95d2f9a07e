"""Five of the staff and fifty customers at once: no comment is lost, histories are in order, one has each ticket."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import httpx2
import pytest

from storage.owners import Staff
from storage.people.accounts import Account
from storage.shop.ticket_notes import list_notes
from storage.shop.tickets import Ticket, get_ticket
from tests.factories import add_account, add_customer, add_ticket
from tests.postgres import BOTH
from tests.ui.desk.conftest import Served, add_staff

pytestmark = pytest.mark.slow
CUSTOMERS, STAFF, COMMENTS = 50, 5, 2
BUSY, TRIES = {429, 503}, 500


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass(frozen=True)
class Complaint:
    """A customer with a ticket."""

    account: Account
    ticket_id: str


async def complain(served: Served) -> Complaint:
    customer = await add_customer(served.sessions)
    account = await add_account(served.sessions, email=customer.email, customer_id=customer.id)
    return Complaint(account, (await add_ticket(served.sessions, customer_id=customer.id)).id)


async def persist(client: httpx2.AsyncClient, path: str, body: dict[str, str]) -> httpx2.Response:
    """Send a request until the shop is not too busy for it any more; it says each time that nothing was done."""
    for _ in range(TRIES):
        answer = await client.post(path, json=body)
        if answer.status_code not in BUSY:
            break
        await asyncio.sleep(0.2)
    return answer


async def insist(served: Served, complaint: Complaint) -> None:
    """A customer comments again and again."""
    async with served.client(complaint.account) as client:
        for number in range(COMMENTS):
            body = {"body": f"Comment {number} of {complaint.ticket_id}"}
            answer = await persist(client, f"/tickets/{complaint.ticket_id}/comments", body)
            assert answer.status_code == 200, answer.text


async def look_after(client: httpx2.AsyncClient, complaints: list[Complaint], who: int) -> list[str]:
    """A member of staff tries to take every ticket, answers and notes on those they have; return which those are."""
    own = []
    for complaint in complaints[who * 10 :] + complaints[: who * 10]:
        path = f"/api/desk/tickets/{complaint.ticket_id}"
        taken = await persist(client, f"{path}/take", {})
        assert taken.status_code in {200, 409}, taken.text
        if taken.status_code == httpx2.codes.CONFLICT:
            continue
        own.append(complaint.ticket_id)
        for deed in ("reply", "notes"):
            answer = await persist(client, f"{path}/{deed}", {"text": f"{deed} by {who}"})
            assert answer.status_code == 200, answer.text
    return own


async def test_nothing_is_lost_or_held_twice(served: Served) -> None:
    complaints = [await complain(served) for _ in range(CUSTOMERS)]
    staff = [served.client(await add_staff(served.sessions, f"Staff {who}")) for who in range(STAFF)]

    insisting = asyncio.gather(*(insist(served, complaint) for complaint in complaints))
    taken = await asyncio.gather(*(look_after(client, complaints, who) for who, client in enumerate(staff)))
    await insisting
    for client in staff:
        await client.aclose()

    holders = Counter(ticket_id for own in taken for ticket_id in own)
    assert holders == Counter({complaint.ticket_id: 1 for complaint in complaints})
    for complaint in complaints:
        await require_whole(served, complaint, next(who for who, own in enumerate(taken) if complaint.ticket_id in own))


async def require_whole(served: Served, complaint: Complaint, holder: int) -> None:
    """The ticket has every comment once, in the order in which each was made."""
    async with served.sessions() as session:
        ticket: Ticket = await get_ticket(session, complaint.ticket_id, Staff())
        notes = await list_notes(session, complaint.ticket_id, Staff())
    entries = ticket.history[1:]
    assert [entry.number for entry in entries] == list(range(2, COMMENTS + 3))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    own = [entry.text for entry in entries if entry.by == ticket.customer_id]
    assert own == [f"Comment {number} of {ticket.id}" for number in range(COMMENTS)]
    assert [entry.text for entry in entries if entry.by != ticket.customer_id] == [f"reply by {holder}"]
    assert [note.text for note in notes] == [f"notes by {holder}"]
