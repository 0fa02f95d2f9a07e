"""Browsers that have logged in before: wrong passwords tried elsewhere do not make them wait.

Anyone who knows an email can fail on purpose. So a browser keeps a signed cookie of the accounts that have logged in on
it (OWASP's device cookies), and its attempts at these are counted separately; all others share one count per email.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

import jwt
from starlette.requests import Request
from starlette.responses import Response

from storage.people.accounts import Account
from storage.tokens import ALGORITHM
from ui.logins.cookies import find_cookie, set_cookie
from ui.logins.login import ISSUER
from ui.parts import parts_of

DEVICE_COOKIE = "shopdesk_device"
AUDIENCE = "shopdesk-device"
KEPT_S = 180 * 24 * 3600
MOST_ACCOUNTS = 5


@dataclass(frozen=True)
class Device:
    """A browser, and the accounts that have logged in on it, most recent last."""

    id: str
    account_ids: Sequence[str]

    def knows(self, account: Account | None) -> bool:
        """Return whether this account has logged in here before."""
        return account is not None and account.id in self.account_ids


def device_of(request: Request) -> Device:
    """Return the browser that sent the request; one that has never logged in is a new one."""
    settings = parts_of(request).settings
    try:
        claims = jwt.decode(
            find_cookie(request, settings, DEVICE_COOKIE) or "",
            settings.secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["iss", "aud", "sub", "exp", "accounts"]},
        )
    except jwt.InvalidTokenError:
        return Device(secrets.token_urlsafe(12), [])
    return Device(claims["sub"], claims["accounts"])


def remember(response: Response, request: Request, account: Account) -> None:
    """Have the browser remember that this account has logged in on it."""
    settings, device = parts_of(request).settings, device_of(request)
    others = [account_id for account_id in device.account_ids if account_id != account.id]
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": device.id,
        "exp": int(time.time()) + KEPT_S,
        "accounts": [*others, account.id][-MOST_ACCOUNTS:],
    }
    token = jwt.encode(claims, settings.secret, algorithm=ALGORITHM)
    set_cookie(response, settings, DEVICE_COOKIE, token, max_age_s=KEPT_S)
