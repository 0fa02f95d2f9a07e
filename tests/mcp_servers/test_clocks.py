"""Clocks that differ: a token, a question or a confirmation is good 30 s around its times, and no longer."""

import httpx2
import pytest
from mcp import MCPError
from mcp.types import CallToolResult

from mcp_servers.runtime.serving.serve import build_app
from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.clock import clock_off
from tests.factories import add_customer, add_order, credit_card
from tests.mcp_servers.issuer import open_issuer
from tests.mcp_servers.orders.asked import answer, ask
from tests.mcp_servers.raw_calls import RawCaller
from tests.tools_process import token_of

GOOD_FOR_S, ANSWERED_WITHIN_S = 60, 600
CALL = {"order_id": "#W1042", "reason": "ordered by mistake"}

# Of the machine that wrote the token, so that it expired, or begins, this long before or after now.
AROUND_ITS_TIME = pytest.mark.parametrize(
    ("off", "status_"),
    [(-GOOD_FOR_S - 25, 200), (-GOOD_FOR_S - 35, 401), (25, 200), (40, 401)],
    ids=["just expired", "expired", "a little ahead", "far ahead"],
)


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia", email="olivia@example.com", payment_methods=[credit_card("card")])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    return sessions


async def status(settings: Settings, sessions: Sessions, token: str) -> int:
    """What the tool servers answer to this token."""
    app = build_app(["orders"], settings, sessions)
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as http:
        orders = RawCaller(http, f"{settings.public_mcp_url}/orders/mcp", token)
        return (await orders.post("tools/list", {})).status_code


@AROUND_ITS_TIME
async def test_a_token_of_the_shop_is_read_with_30_seconds_of_leeway(
    settings: Settings, shop: Sessions, off: float, status_: int
) -> None:
    with clock_off(off):
        token = token_of(settings, caller("olivia"), expires_s=GOOD_FOR_S)

    assert await status(settings, shop, token) == status_


@AROUND_ITS_TIME
async def test_a_token_of_an_outside_issuer_is_read_with_30_seconds_of_leeway(
    settings: Settings, shop: Sessions, off: float, status_: int
) -> None:
    claims = {"email": "olivia@example.com", "email_verified": True}
    async with open_issuer() as issuer:
        trusting = settings.model_copy(update={"oidc_issuer": issuer.url})
        with clock_off(off):
            token = issuer.token(f"{settings.public_mcp_url}/orders/mcp", claims)

        assert await status(trusting, shop, token) == status_


@pytest.mark.parametrize(("late", "said"), [(25, "done"), (35, "This confirm_token has expired; nothing was changed.")])
async def test_a_confirm_token_is_read_with_30_seconds_of_leeway(
    settings: Settings, shop: Sessions, late: float, said: str
) -> None:
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        with clock_off(-ANSWERED_WITHIN_S - late):
            proposed = await client.call_tool("cancel_order", CALL)
        assert proposed.structured_content is not None
        result = await client.call_tool(
            "cancel_order", CALL | {"confirm_token": proposed.structured_content["confirm_token"]}
        )

    assert said in text_of(result)


async def test_a_sealed_question_is_read_with_30_seconds_of_leeway(settings: Settings, shop: Sessions) -> None:
    async with client_of(server_for(settings, shop, caller("olivia")), Customer(says_yes=True)) as client:
        with clock_off(-ANSWERED_WITHIN_S - 35):
            expired = await ask(client, "cancel_order", CALL)
        with clock_off(-ANSWERED_WITHIN_S - 25):
            asked = await ask(client, "cancel_order", CALL)

        with pytest.raises(MCPError):
            await answer(client, "cancel_order", CALL, expired)
        done = await answer(client, "cancel_order", CALL, asked)

    assert isinstance(done, CallToolResult)
    assert done.structured_content is not None
    assert done.structured_content["status"] == "done"
