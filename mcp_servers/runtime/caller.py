"""Who is calling: from the bearer token over HTTP, from the environment over stdio, never from an argument."""

from dataclasses import dataclass
from typing import Annotated

from mcp import MCPError
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.mcpserver import Context, Resolve
from sqlalchemy.ext.asyncio import AsyncSession

from storage.errors import WrongRequestError
from storage.owners import CustomerOnly, Nobody, Staff, Whose
from storage.shop.customers import CustomerNotFoundError, find_customer_meant
from storage.shop.spelling import plain_id
from storage.tokens import Caller

NOT_AUTHENTICATED = -32001


class ShopToken(AccessToken):
    """A verified bearer token and the caller it identifies; valid until `expires_at`, leeway included."""

    caller: Caller
    expires_at: int


@dataclass(frozen=True)
class Local:
    """The caller on a connection without tokens, such as stdio; None if a token is required."""

    caller: Caller | None


def caller_of(local: Local) -> Caller:
    """Return who is calling.

    Raises:
        MCPError: the request has no token on a transport that requires one.
    """
    token = get_access_token()
    if isinstance(token, ShopToken):
        return token.caller
    if local.caller is None:
        raise MCPError(code=NOT_AUTHENTICATED, message="A bearer token is required. Create one with `shopdesk token`.")
    return local.caller


def is_local(local: Local) -> bool:
    """Return whether the caller is on this machine, as over stdio, and not at the other end of a network."""
    return local.caller is not None and get_access_token() is None


async def current_caller(ctx: Context[Local]) -> Caller:
    """Resolve a tool's `caller` parameter, so that it is not in the schema and no model can fill it in."""
    return caller_of(ctx.request_context.lifespan_context)


CurrentCaller = Annotated[Caller, Resolve(current_caller)]


async def whose_for(session: AsyncSession, caller: Caller, customer_id: str | None) -> Whose:
    """Return whose rows a call is about: the caller's own or, for staff, those of the customer named, or all.

    A customer is named by an id as somebody typed it.

    Raises:
        CustomerNotFoundError: a customer named somebody else; the text is the same as for a nonexistent one.
    """
    if customer_id is None:
        return caller.whose
    match caller.whose:
        case CustomerOnly(customer_id=own) if plain_id(own) == plain_id(customer_id):
            return caller.whose
        case Staff():
            found = await find_customer_meant(session, customer_id)
            return CustomerOnly(customer_id if found is None else found.id)
    raise CustomerNotFoundError(customer_id)


class CustomerNeededError(WrongRequestError):
    """Staff called a tool that is about one customer without saying which."""

    def __init__(self, tool: str) -> None:
        super().__init__(f"{tool} is about one customer. Give the customer_id.")


async def one_customer(session: AsyncSession, caller: Caller, customer_id: str | None, tool: str) -> str:
    """Return the one customer a call is about.

    Raises:
        CustomerNeededError: staff did not name one.
        CustomerNotFoundError: a customer named somebody else, or the caller is a visitor.
    """
    match await whose_for(session, caller, customer_id):
        case CustomerOnly(customer_id=customer):
            return customer
        case Staff():
            raise CustomerNeededError(tool)
        case Nobody():
            raise CustomerNotFoundError(caller.subject)
