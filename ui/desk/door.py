"""Who comes to the desk: staff; everybody else is refused, and whoever is nobody yet may log in."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.owners import Staff
from storage.people.accounts import Account
from ui.logins.bearers import BadBearerError, NotLoggedInError
from ui.logins.visits import person_of
from ui.screens.screen import screen

FORBIDDEN = 403


async def names_of_staff(session: AsyncSession) -> dict[str, str]:
    """Return what each member of staff is called, by the id under which they act."""
    found = await session.execute(select(Account.id, Account.name, Account.email).where(Account.staff))
    return {account_id: name or email for account_id, name, email in found}


async def page(request: Request) -> Response:
    """Return the page: it asks whoever is nobody yet to log in, and tells a customer that it is not for them."""
    try:
        person = await person_of(request)
    except (NotLoggedInError, BadBearerError):
        person = None
    may = person is None or person.visitor_id is not None or isinstance(person.whose, Staff)
    return screen("desk", 200 if may else FORBIDDEN)


ROUTES = [Route("/desk", page)]
