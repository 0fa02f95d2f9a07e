"""Codes and refresh tokens: each is good once, for one program, and never for more than was allowed."""

from datetime import timedelta

import httpx2
import jwt
import pytest
from sqlalchemy import func, select, update

from storage.db import Sessions, now, writing
from storage.people.accounts import get_account
from storage.people.oauth_grants import OAuthGrant
from storage.settings import Settings
from storage.tokens import verify
from tests.conftest import SECRET
from tests.factories import add_account
from tests.ui.oauth.oauth_shop import open_shop
from tests.ui.oauth.oauth_steps import Steps, connecting


def errors(*answers: httpx2.Response) -> list[str]:
    return [answer.json().get("error", "") for answer in answers]


async def grants(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(OAuthGrant)) or 0


async def test_a_code_is_good_once_and_its_second_use_ends_what_came_of_it(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions) as steps:
        code = await steps.code()
        first = await steps.exchange(code)
        second = await steps.exchange(code)
        after = await steps.refresh(first.json()["refresh_token"])

    assert (first.status_code, errors(second, after)) == (200, ["invalid_grant", "invalid_grant"])
    assert await grants(sessions) == 0


async def test_a_code_needs_its_verifier_its_address_and_its_own_program(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions) as steps:
        code = await steps.code()
        verifier = await steps.exchange(code, code_verifier="w" * 64)
        place = await steps.exchange(code, redirect_uri="http://127.0.0.1:33418/other")
        other = (await steps.register()).json()["client_id"]
        stolen = await steps.exchange(code, client_id=other)
        right = await steps.exchange(code)

    assert errors(verifier, place, stolen) == ["invalid_grant", "invalid_request", "invalid_grant"]
    assert right.status_code == 200


async def test_a_code_expires(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps:
        code = await steps.code()
        async with writing(sessions) as session:
            await session.execute(update(OAuthGrant).values(expires_at=now() - timedelta(seconds=1)))
        late = await steps.exchange(code)

    assert errors(late) == ["invalid_grant"]


async def test_a_refresh_token_is_good_once_and_its_second_use_ends_the_connection(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions) as steps:
        old = (await steps.tokens())["refresh_token"]
        new = (await steps.refresh(old)).json()["refresh_token"]
        again = await steps.refresh(old)
        after = await steps.refresh(new)

    assert errors(again, after) == ["invalid_grant", "invalid_grant"]
    assert await grants(sessions) == 0


async def test_refreshing_can_narrow_what_is_allowed_and_never_widen_it(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps:
        tokens = await steps.tokens(scope="orders:read products:read")
        wider = await steps.refresh(tokens["refresh_token"], scope="orders:read orders:write")
        narrow = await steps.refresh(tokens["refresh_token"], scope="orders:read")
        address = f"{steps.shop.public_mcp_url}/mcp"

    assert tokens["scope"] == "orders:read products:read"
    assert errors(wider) == ["invalid_scope"]
    assert verify(SECRET, narrow.json()["access_token"], audience=address).scopes == {"orders:read"}


async def test_a_refresh_token_is_of_no_use_to_another_program(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps:
        token = (await steps.tokens())["refresh_token"]
        other = (await steps.register()).json()["client_id"]
        form = {"client_id": other, "grant_type": "refresh_token", "refresh_token": token}
        stolen = await steps.http.post("/token", data=form)
        await steps.http.post("/revoke", data={"client_id": other, "token": token})
        own = await steps.refresh(token)

    assert (errors(stolen), own.status_code) == (["invalid_grant"], 200)


async def test_the_token_is_for_the_one_address_that_was_asked_for(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps:
        base = steps.shop.public_mcp_url
        token = (await steps.tokens(resource=f"{base}/orders/mcp"))["access_token"]
        claims = jwt.decode(token, options={"verify_signature": False})

    assert claims["aud"] == [f"{base}/orders/mcp"]
    assert claims["scope"] == "orders:read orders:write"
    assert claims["sub"] == steps.person.account.customer_id


async def test_staff_is_let_in_as_staff_and_a_removed_login_no_more(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps:
        steps.person.account = await add_account(sessions, email="staff@shop.example")
        tokens = await steps.tokens()
        caller = verify(SECRET, tokens["access_token"], audience=f"{steps.shop.public_mcp_url}/mcp")
        async with writing(sessions) as session:
            await session.delete(await get_account(session, steps.person.account.id))
        after = await steps.refresh(tokens["refresh_token"])

    assert (caller.staff, caller.subject) == (True, steps.person.account.id)
    assert errors(after) == ["invalid_grant"]


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
async def test_a_program_with_a_secret_gets_nothing_without_it(
    settings: Settings, sessions: Sessions, method: str
) -> None:
    async with connecting(settings, sessions, token_endpoint_auth_method=method) as steps:
        code = await steps.code()
        without, wrong = await steps.exchange(code), await _with_secret(steps, code, "0" * 64, method)
        right = await _with_secret(steps, code, steps.client["client_secret"], method)

    assert [without.status_code, wrong.status_code, right.status_code] == [401, 401, 200]
    async with sessions() as session:
        kept = str((await session.execute(select("*").select_from(OAuthGrant))).all())
    assert right.json()["refresh_token"] not in kept
    assert code not in kept


async def _with_secret(steps: Steps, code: str, secret: str, method: str) -> httpx2.Response:
    if method == "client_secret_post":
        return await steps.exchange(code, client_secret=secret)
    steps.http.auth = httpx2.BasicAuth(steps.client["client_id"], secret)
    return await steps.exchange(code)


async def test_a_connection_outlives_a_restart_and_goes_on_at_any_replica(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions, token_endpoint_auth_method="client_secret_post") as steps:
        code = await steps.code()
        secret = steps.client["client_secret"]
    async with open_shop(settings, sessions) as again, httpx2.AsyncClient(base_url=again.public_ui_url) as http:
        steps.http = http
        tokens = (await steps.exchange(code, client_secret=secret)).json()
        renewed = await steps.refresh(tokens["refresh_token"], client_secret=secret)

    assert renewed.status_code == 200


async def test_a_program_in_a_page_of_another_site_can_ask_for_tokens_but_never_with_a_cookie(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions) as steps:
        headers = {"Origin": "http://localhost:6274", "Sec-Fetch-Site": "cross-site"}
        form = {"grant_type": "refresh_token", "refresh_token": "x", "client_id": steps.client["client_id"]}
        answer = await steps.http.post("/token", data=form, headers=headers)

    assert errors(answer) == ["invalid_grant"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
