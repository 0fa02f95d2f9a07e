"""A program's request while its user logs in and decides: sealed and carried by the browser, not stored."""

import hmac
import time

import jwt
from pydantic import BaseModel, ConfigDict

from storage.errors import ShopError
from storage.tokens import ALGORITHM, LEEWAY_S

AUDIENCE = "shopdesk-consent"
DECIDED_WITHIN_S = 1_800


class RequestExpiredError(ShopError):
    """The request is not one of this shop's, or too old."""

    def __init__(self) -> None:
        super().__init__("This request has expired. Go back to the program and connect again.")


class ConsentRequest(BaseModel):
    """What a program asks for, already checked."""

    model_config = ConfigDict(frozen=True)

    client_id: str
    redirect_uri: str
    redirect_uri_given: bool
    resource: str
    scopes: list[str]
    code_challenge: str
    state: str | None


def seal(request: ConsentRequest, key: str) -> str:
    """Return the request as text that nobody else can forge."""
    expires = int(time.time()) + DECIDED_WITHIN_S
    return jwt.encode({"aud": AUDIENCE, "exp": expires, "request": request.model_dump()}, key, algorithm=ALGORITHM)


def opened(sealed: str, key: str) -> ConsentRequest:
    """Return a sealed request.

    Raises:
        RequestExpiredError: it is not one, or it is too old.
    """
    try:
        claims = jwt.decode(
            sealed,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY_S,
            options={"require": ["aud", "exp", "request"]},
        )
    except jwt.InvalidTokenError as error:
        raise RequestExpiredError from error
    return ConsentRequest.model_validate(claims["request"])


def shown_to(sealed: str, login: str, key: str) -> str:
    """Return proof that this login was shown this request; a decision must include it."""
    return hmac.new(key.encode(), f"{AUDIENCE} {login} {sealed}".encode(), "sha256").hexdigest()
