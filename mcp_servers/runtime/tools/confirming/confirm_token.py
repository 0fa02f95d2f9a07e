"""The signed, single-use token for clients that cannot show a question: their approval of the call is the yes."""

import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import jwt

from storage.errors import ShopError
from storage.tokens import ALGORITHM, LEEWAY_S

AUDIENCE = "shopdesk/confirm"
EXPIRES_S = 600


class ConfirmTokenError(ShopError):
    """The token is not, or no longer, valid for this call."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This confirm_token {reason}; nothing was changed. Call again without it for a new one.")


class SpentError(ShopError):
    """A used yes was sent for something else.

    Args:
        what: the form of the yes.
        used_for: what it was used for.
    """

    def __init__(self, what: str, used_for: str) -> None:
        super().__init__(
            f"This {what} has already been used for this: {used_for.rstrip('.')}. It allows nothing else, and nothing "
            "was changed now. Call again without it to ask once more."
        )


@dataclass(frozen=True)
class Question:
    """What a token is bound to: who was asked what, about which call."""

    subject: str
    tool: str
    arguments: dict[str, Any]
    sentence: str

    @property
    def digest(self) -> str:
        """A hash of all of it."""
        parts = [self.subject, self.tool, self.arguments, self.sentence]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def sign_token(question: Question, secret: str) -> str:
    """Return a token that says yes to this question once, within ten minutes."""
    claims = {
        "aud": AUDIENCE,
        "jti": secrets.token_urlsafe(18),
        "question": question.digest,
        "exp": int(time.time()) + EXPIRES_S,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read_token(token: str, secret: str) -> dict[str, str]:
    """Return a token's claims: `jti`, its id in the audit log, and `question`, the digest it is bound to.

    Raises:
        ConfirmTokenError: it is not ours, or has expired.
    """
    try:
        claims: dict[str, str] = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=LEEWAY_S,
            options={"require": ["jti", "question", "exp"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise ConfirmTokenError("has expired") from error
    except (jwt.InvalidTokenError, UnicodeEncodeError) as error:
        raise ConfirmTokenError("is not valid") from error
    return claims
