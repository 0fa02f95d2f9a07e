"""Whoever let a program in sees it, and can end it; nobody else does."""

from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_account
from tests.ui.oauth.oauth_shop import Person
from tests.ui.oauth.oauth_steps import connecting


async def test_a_program_that_was_let_in_is_listed_and_ended(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions, client_name="<b>Claude</b>") as steps, steps.person.browser() as browser:
        await steps.code()
        unused = (await browser.get("/api/programs")).json()
        tokens = await steps.tokens()
        (program,) = (await browser.get("/api/programs")).json()
        ended = await browser.delete(f"/api/programs/{program['id']}")
        again = await browser.delete(f"/api/programs/{program['id']}")
        refused = await steps.refresh(tokens["refresh_token"])
        left = (await browser.get("/api/programs")).json()

    assert unused == left == []
    assert program["client"] == "<b>Claude</b>"
    assert {"orders:read", "orders:write"} <= set(program["scopes"])
    assert program["since"] < program["until"]
    assert (ended.status_code, again.status_code, again.json()["code"]) == (204, 404, "no_such_program")
    assert refused.json()["error"] == "invalid_grant"


async def test_nobody_sees_or_ends_the_programs_of_another(settings: Settings, sessions: Sessions) -> None:
    other = await add_account(sessions, email="other@example.com")
    async with connecting(settings, sessions) as steps:
        tokens = await steps.tokens()
        async with steps.person.browser() as browser, Person(steps.shop, other).browser() as stranger:
            (program,) = (await browser.get("/api/programs")).json()
            seen = (await stranger.get("/api/programs")).json()
            ended = await stranger.delete(f"/api/programs/{program['id']}")
        without_login = await steps.http.get("/api/programs")
        from_another_site = await steps.http.delete(
            f"/api/programs/{program['id']}", headers={"Sec-Fetch-Site": "cross-site"}
        )
        renewed = await steps.refresh(tokens["refresh_token"])

    assert seen == []
    assert [answer.status_code for answer in (ended, without_login, from_another_site)] == [404, 401, 403]
    assert renewed.status_code == 200


async def test_each_client_s_lines_hold_the_address_of_the_tools(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps, steps.person.browser() as browser:
        clients = (await browser.get("/api/connect")).json()

    assert len(clients) == len({one["name"] for one in clients}) > 5
    for one in clients:
        assert f"{steps.shop.public_mcp_url}/mcp" in one["line"]
        assert "$" not in one["line"]
        assert set(one["where"]) == {"en", "ko"}
