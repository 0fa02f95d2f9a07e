"""The access token a program gets: the shop's own kind, for one address, as the person who let it in."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.people.accounts import get_account
from storage.people.oauth_grants import OAuthGrant
from storage.settings import Settings
from storage.shop.customers import get_customer
from storage.tokens import Caller, mint

ACCESS_S = 600
"""How long an access token is good. Nothing ends one sooner, so this is how long a revoked program goes on at most."""


async def access_token(session: AsyncSession, settings: Settings, grant: OAuthGrant, scopes: list[str]) -> str | None:
    """Return a new access token of a grant, or None when its account is gone."""
    account = await get_account(session, grant.account_id)
    if account is None:
        return None
    if account.customer_id is None:
        caller = Caller(account.id, staff=True, scopes=frozenset(scopes))
    else:
        customer = await get_customer(session, account.customer_id)
        caller = Caller(customer.id, staff=False, scopes=frozenset(scopes), language=customer.language)
    return mint(settings.secret, caller, audience=[grant.resource], expires_s=ACCESS_S)
