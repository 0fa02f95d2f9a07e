"""The page, the victim of an attempt, and the customer who tries to be them."""

import time
from dataclasses import dataclass
from typing import Any

import httpx2
from sqlalchemy import func, select
from starlette.applications import Starlette

from storage.chats.conversations import Conversation
from storage.db import Sessions
from storage.people.accounts import Account
from tests.conftest import SECRET
from tests.ui.doors.programs import program
from ui.logins.login import (
    ACCESS_AUDIENCE,
    ISSUER,
    new_login_id,
    password_mark,
)


@dataclass(frozen=True)
class Stage:
    """The page, the victim, and a customer who tries to be them."""

    app: Starlette
    sessions: Sessions
    victim: Account
    attacker: Account

    def claims(self, **change: str | int | None) -> dict[str, Any]:
        """The claims of a good access token of the victim's, but for these."""
        at = int(time.time())
        good = {
            "iss": ISSUER,
            "aud": ACCESS_AUDIENCE,
            "sub": self.victim.id,
            "iat": at,
            "exp": at + 600,
            "jti": new_login_id(),
            "pwd": password_mark(self.victim, SECRET),
        }
        return {name: value for name, value in (good | change).items() if value is not None}

    async def begin(self, bearer: str, **headers: str) -> httpx2.Response:
        """Start a conversation with a bearer."""
        async with program(self.app, bearer) as client:
            return await client.post("/api/conversations", headers=headers)


async def conversations(stage: Stage) -> int:
    async with stage.sessions() as session:
        return await session.scalar(select(func.count()).select_from(Conversation)) or 0
