"""A program's side of the API: clients that say by a header who they are."""

import httpx2
from starlette.applications import Starlette

from storage.db import Sessions, writing
from storage.people.api_keys import make_key
from tests.ui.visitor import ADDRESS

FRONT_HEADER = "X-OpenWebUI-User-Email"


async def add_key(sessions: Sessions, customer_id: str | None = None, *, front: bool = False) -> str:
    """Add an API key of this customer, of a trusted front, or of staff, and return its text."""
    async with writing(sessions) as session:
        return (await make_key(session, customer_id, trusted_front=front))[1]


def program(app: Starlette, bearer: str, **headers: str) -> httpx2.AsyncClient:
    """Return a client that sends this key or access token with each request, and these headers."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=ADDRESS,
        headers={"Authorization": f"Bearer {bearer}", **headers},
    )
