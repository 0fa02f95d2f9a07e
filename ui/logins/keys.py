"""Requests that come with an API key: whose they are, and for whom a trusted front makes them."""

import logging

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from storage.db import Sessions, reading, writing
from storage.errors import ShopError
from storage.outages import DatabaseBusyError, DiskFullError
from storage.people.accounts import Account
from storage.people.api_keys import find_key, is_use_due, keep_use
from storage.shop.customers import find_by_id_or_email, language_of
from ui.logins.bearers import BadBearerError
from ui.logins.person import NobodyNamedError, Person, of_customer, of_key
from ui.parts import parts_of

logger = logging.getLogger(__name__)


class CustomerUnknownError(ShopError):
    """A trusted front named somebody who is no customer of the shop."""

    def __init__(self, named: str) -> None:
        super().__init__(f"{named!r} is no customer of this shop. Name one by their id or email.")


async def person_by_key(request: Request, key: str) -> Person:
    """Return who an API key is, or whom a trusted front's header names; its use is kept, at most once a minute.

    A front that names nobody yet may do nothing but what anybody may.

    Raises:
        BadBearerError: the key is unknown or revoked.
        CustomerUnknownError: no customer of the shop has the id or email that the header holds.
    """
    sessions = parts_of(request).sessions
    async with reading(sessions) as session:
        found = await find_key(session, key)
        if found is None:
            raise BadBearerError
        account = await _account(session, found.customer_id)
        person = of_key(found, account, await language_of(session, found.customer_id))
    if is_use_due(found):
        await _keep_use(sessions, found.id)
    return await _speaking_for(request, person, None)


async def on_behalf_of(request: Request, person: Person, user: str | None) -> Person:
    """Return the customer for whom a trusted front makes this request; anybody else is who they are.

    The header that `TRUSTED_FRONT_HEADER` names decides, since the front itself sets it; `user`, the field of OpenAI's
    API, counts where there is no such header.

    Raises:
        CustomerUnknownError: no customer of the shop has this id or email.
        NobodyNamedError: the front names nobody.
    """
    return require_somebody(request, await _speaking_for(request, person, user))


async def _speaking_for(request: Request, person: Person, user: str | None) -> Person:
    if person.key is None or not person.key.trusted_front:
        return person
    parts = parts_of(request)
    named = (request.headers.get(parts.settings.trusted_front_header) or user or "").strip()
    if not named:
        return person
    async with reading(parts.sessions) as session:
        customer = await find_by_id_or_email(session, named)
        if customer is None:
            raise CustomerUnknownError(named)
        return of_customer(customer.id, await _account(session, customer.id), customer.language, person.key)


def require_somebody(request: Request, person: Person) -> Person:
    """Return the person, unless it is a front that speaks for nobody yet.

    Raises:
        NobodyNamedError: it is.
    """
    if person.names_nobody:
        raise NobodyNamedError(parts_of(request).settings.trusted_front_header)
    return person


async def _account(session: AsyncSession, customer_id: str | None) -> Account | None:
    if customer_id is None:
        return None
    return (await session.scalars(select(Account).where(Account.customer_id == customer_id))).first()


async def _keep_use(sessions: Sessions, key_id: str) -> None:
    try:
        async with writing(sessions) as session:
            await keep_use(session, key_id)
    except (DatabaseBusyError, DiskFullError):
        # Whoever only reads may do so while nothing can be written.
        logger.warning("That the API key %s was used could not be kept", key_id, exc_info=True)
