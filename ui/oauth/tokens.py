"""The access token a program gets: the shop's own kind, for one address, acting as the user who approved it."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.people.accounts import get_account
from storage.people.oauth_grants import OAuthGrant
from storage.settings import Settings
from storage.shop.customers import get_customer
from storage.tokens import Caller, mint

ACCESS_S = 600
"""Lifetime of an access token. Nothing ends one sooner, so a revoked program keeps access for at most this long."""


async def access_token(session: AsyncSession, settings: Settings, grant: OAuthGrant, scopes: list[str]) -> str | None:
    """Return a new access token for a grant, or None if its account is gone."""
    account = await get_account(session, grant.account_id)
    if account is None:
        return None
    if account.customer_id is None:
        caller = Caller(account.id, staff=True, scopes=frozenset(scopes))
    else:
        customer = await get_customer(session, account.customer_id)
        caller = Caller(customer.id, staff=False, scopes=frozenset(scopes), language=customer.language)
    return mint(settings.secret, caller, audience=[grant.resource], expires_s=ACCESS_S)
