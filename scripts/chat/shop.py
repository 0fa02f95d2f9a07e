"""The running shop as seen from a terminal: the page's own HTTP API."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from storage.db import open_sessions
from storage.migrate import require_shop
from storage.people.accounts import Account, find_account
from storage.settings import CannotStartError, Settings
from ui.logins.cookies import cookie_name
from ui.logins.login import COOKIE, login_token

TIMEOUT = httpx2.Timeout(30, connect=5)
STREAM_TIMEOUT = httpx2.Timeout(10, read=40)
"""The page sends a ping every 15 seconds: a stream that is silent for longer is broken."""
AGAIN_S = 1.0
TRIES = 10

Step = tuple[str, dict[str, Any]]
"""A step in a conversation: its kind and its data."""


class NoShopError(CannotStartError):
    """No shop answers."""

    def __init__(self, url: str) -> None:
        super().__init__(f"No shop answers at {url}. Start it with `shopdesk up` in another terminal.")


class NoAccountError(CannotStartError):
    """No account has this email."""

    def __init__(self, email: str) -> None:
        super().__init__(f"No account in this shop has the email {email}. `shopdesk user list` shows all accounts.")


class NotTakenError(CannotStartError):
    """The shop rejects this login."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"The shop at {url} rejected the login: {reason} It must be running on this SHOPDESK_HOME.")


class LoginNeededError(CannotStartError):
    """The shop does not allow visitors."""

    def __init__(self) -> None:
        super().__init__("This shop does not allow visitors: choose an account with --email.")


class RefusedError(Exception):
    """The shop rejected a request; `code` says why."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Shop:
    """A shop, and the person logged in there."""

    http: httpx2.AsyncClient
    me: dict[str, Any]
    stand_in: bool
    shows_steps: bool

    async def start(self) -> str:
        """Start a conversation and return its id."""
        return str((await self._post("/api/conversations"))["id"])

    async def send(self, conversation: str, text: str, image_ids: Sequence[str]) -> None:
        """Send the team a message."""
        await self._post(f"/api/conversations/{conversation}/messages", {"text": text, "image_ids": list(image_ids)})

    async def answer(self, conversation: str, question: str, yes: bool) -> None:
        """Answer an open question, as the button does."""
        await self._post(f"/api/conversations/{conversation}/confirmations/{question}", {"yes": yes})

    async def stop(self, conversation: str) -> None:
        """Stop the running turn."""
        await self._post(f"/api/conversations/{conversation}/stop")

    async def upload(self, picture: Path) -> str:
        """Send a picture and return its id."""
        content = await asyncio.to_thread(picture.read_bytes)
        return str((await self._request("POST", "/api/images", content=content))["image_id"])

    async def steps(self, conversation: str) -> AsyncIterator[Step]:
        """Yield each step of a conversation, resuming a broken stream where it broke off.

        Raises:
            NoShopError: the shop has been unreachable for too long.
            RefusedError: the shop does not show them.
        """
        last, failed = 0, 0
        while failed < TRIES:
            try:
                async with _stream(self.http, conversation, last) as events:
                    async for event in events:
                        step = json.loads(event.data)
                        last, failed = step["seq"] or last, 0
                        yield event.event, step
            except httpx2.TransportError:
                failed += 1
            await asyncio.sleep(AGAIN_S)
        raise NoShopError(str(self.http.base_url))

    async def _post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return await self._request("POST", path, json=body)

    async def _request(self, method: str, path: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx2's own
        try:
            response = await self.http.request(method, path, **rest)
        except httpx2.TransportError as error:
            raise RefusedError("unreachable", f"The shop cannot be reached: {type(error).__name__}.") from error
        return read_response(response)


@asynccontextmanager
async def open_shop(settings: Settings, email: str | None) -> AsyncIterator[Shop]:
    """Open the shop that runs at `PUBLIC_UI_URL`, as the account with this email, or as a visitor.

    Raises:
        NoShopError: it is not running.
        NoAccountError: there is no such account.
        NotTakenError: it runs on different data from ours.
        LoginNeededError: it does not allow visitors.
    """
    url = settings.public_ui_url
    async with httpx2.AsyncClient(base_url=url, timeout=TIMEOUT) as http:
        try:
            stand_in = read_response(await http.get("/health"))["stand_in"]
            await _log_in(settings, http, email)
            me = read_response(await http.get("/auth/me"))
            steps = read_response(await http.get("/api/steps"))
        except (httpx2.TransportError, KeyError) as error:
            raise NoShopError(url) from error
        except RefusedError as error:
            if error.code == "visitors_not_welcome":
                raise LoginNeededError from error
            raise NotTakenError(url, str(error)) from error
        yield Shop(http, me, stand_in, steps["shown"])


async def _log_in(settings: Settings, http: httpx2.AsyncClient, email: str | None) -> None:
    if email is None:
        read_response(await http.post("/auth/visit"))
        return
    # Anyone who can read the key in SHOPDESK_HOME is the shop's owner and needs no password.
    token = login_token(await _account(settings, email), settings.secret)
    http.cookies.set(cookie_name(settings, COOKIE), token)


async def _account(settings: Settings, email: str) -> Account:
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions, sessions() as session:
        account = await find_account(session, email)
    if account is None:
        raise NoAccountError(email)
    return account


@asynccontextmanager
async def _stream(
    http: httpx2.AsyncClient, conversation: str, after: int
) -> AsyncIterator[AsyncIterator[httpx2.ServerSentEvent]]:
    path = f"/api/conversations/{conversation}/events"
    async with http.stream("GET", path, params={"after": after}, timeout=STREAM_TIMEOUT) as response:
        if not response.is_success:
            await response.aread()
            read_response(response)
        yield events_of(response)


async def events_of(response: httpx2.Response) -> AsyncIterator[httpx2.ServerSentEvent]:
    """Yield the steps of a stream."""
    async for event in httpx2.EventSource(response):
        # The stream starts with the reconnection delay, which is not a step.
        if event.data:
            yield event


def read_response(response: httpx2.Response) -> dict[str, Any]:
    """Return the body of a response.

    Raises:
        RefusedError: it is a refusal.
    """
    body: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        body = response.json()
    if not response.is_success:
        raise RefusedError(body.get("code", ""), body.get("error", f"The shop returned {response.status_code}."))
    return body
