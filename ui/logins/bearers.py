"""The Authorization header, by which a program says who it is. A request that has one is judged by it alone."""

from typing import TypeGuard

from starlette.datastructures import Headers
from starlette.requests import Request

from storage.errors import ShopError
from storage.people.api_keys import BEGINNING

HEADER = "authorization"


class NotLoggedInError(ShopError):
    """There is no login, or it has expired."""

    def __init__(self, told: str = "You are not logged in. Log in, then try again.") -> None:
        super().__init__(told)


class BadBearerError(NotLoggedInError):
    """The header's key or token is none of ours, or is no longer valid. A cookie beside it changes nothing."""

    def __init__(self) -> None:
        super().__init__(
            "The Authorization header has no valid key or token: it is unknown, expired or revoked. "
            "Send `Authorization: Bearer` with an API key, or with the access token of a new login."
        )


class AccountNeededError(ShopError):
    """An API key was used where only a login with a password may decide."""

    def __init__(self) -> None:
        super().__init__("An API key cannot do this. Log in with an email and a password.")


def is_by_bearer(headers: Headers) -> bool:
    """Return whether a request says by a header who it is, whatever the header holds."""
    return HEADER in headers


def find_bearer(request: Request) -> str | None:
    """Return the request's bearer: an API key or an access token.

    Returns:
        None if there is no Authorization header; an empty text, which nothing accepts, if it holds anything else.
    """
    if not is_by_bearer(request.headers):
        return None
    scheme, _, bearer = request.headers[HEADER].partition(" ")
    one = len(request.headers.getlist(HEADER)) == 1
    return bearer.strip() if one and scheme.lower() == "bearer" else ""


def is_key(bearer: str | None) -> TypeGuard[str]:
    """Return whether a bearer is written like an API key."""
    return bearer is not None and bearer.startswith(BEGINNING)
