"""What a program cannot ask for, register, or be sent back to."""

import pytest
from sqlalchemy import func, select

from storage.db import Sessions, now, writing
from storage.people import oauth_clients
from storage.people.oauth_clients import OAuthClient, add_client
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.ui.oauth.oauth_shop import BACK
from tests.ui.oauth.oauth_steps import CHALLENGE, connecting
from tests.ui.visitor import visitor
from ui.app import build_app

ELSEWHERE = "https://evil.example/mcp"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"resource": None}, "invalid_target"),
        ({"resource": ELSEWHERE}, "invalid_target"),
        ({"resource": "{tools}.evil.example/mcp"}, "invalid_target"),
        ({"resource": "{tools}@evil.example/mcp"}, "invalid_target"),
        ({"resource": "{tools}/orders/../mcp"}, "invalid_target"),
        ({"resource": "{tools}/nothing/mcp"}, "invalid_target"),
        ({"scope": "orders:admin"}, "invalid_scope"),
        ({"resource": "{tools}/products/mcp", "scope": "orders:read"}, "invalid_scope"),
    ],
)
async def test_a_request_for_what_is_not_to_be_had_is_told_on_the_shop_s_own_page_and_leads_nowhere_else(
    settings: Settings, sessions: Sessions, changed: dict[str, str | None], error: str
) -> None:
    async with connecting(settings, sessions) as steps:
        tools = steps.shop.public_mcp_url
        filled = {name: value and value.replace("{tools}", tools) for name, value in changed.items()}
        answer = await steps.http.get(steps.link(**filled))

    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert answer.headers["content-type"].startswith("text/html")
    assert f'<code id="error">{error}</code>' in answer.text
    assert 'data-i18n="refused_request"' in answer.text


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"redirect_uri": ELSEWHERE},
        {"redirect_uri": f"{BACK}/more"},
        {"redirect_uri": BACK.replace("http", "https")},
        {"redirect_uri": "http://127.0.0.1.evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1:1@evil.example/callback"},
        {"redirect_uri": "http://localhost.evil.example/callback"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": f"{BACK}#here"},
        {"redirect_uri": f"{BACK}#"},
        {"redirect_uri": BACK.replace("127.0.0.1", "user@127.0.0.1")},
        {"redirect_uri": BACK.replace("127.0.0.1", "@127.0.0.1")},
        {"redirect_uri": BACK.replace("127.0.0.1", ":password@127.0.0.1")},
        {"redirect_uri": BACK.replace("/callback", "\\callback")},
        {"redirect_uri": BACK.replace("/callback", "/call\tback")},
        {"redirect_uri": f" {BACK}"},
        {"redirect_uri": BACK.replace("127", "\uff11\uff12\uff17")},
        {"redirect_uri": ELSEWHERE, "code_challenge": None},
    ],
)
async def test_a_browser_is_never_sent_to_an_address_that_the_program_did_not_register(
    settings: Settings, sessions: Sessions, changed: dict[str, str | None]
) -> None:
    async with connecting(settings, sessions) as steps:
        answer = await steps.http.get(steps.link(**changed))

    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_shop_whose_tools_are_away_asks_on_its_own_page_to_try_again(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions) as steps:
        away = steps.shop.model_copy(update={"public_mcp_url": "http://127.0.0.1:1"})
        link = steps.link(resource="http://127.0.0.1:1/mcp").removeprefix(steps.shop.public_ui_url)
        async with open_desk(away, sessions) as desk, visitor(build_app(away, sessions, desk)) as browser:
            answer = await browser.get(link)

    assert (answer.status_code, "location" in answer.headers) == (503, False)
    assert 'data-i18n="refused_again"' in answer.text


async def test_a_page_that_tells_of_a_wrong_request_shows_its_words_as_words(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions) as steps:
        answer = await steps.http.get(steps.link(client_id="<img src=x>$words"))

    assert "Client ID &#x27;&lt;img src=x&gt;$words&#x27; not found" in answer.text


async def test_a_program_on_this_computer_may_listen_on_any_port(settings: Settings, sessions: Sessions) -> None:
    other = BACK.replace("33418", "50123")
    async with connecting(settings, sessions) as steps:
        code = await steps.code(redirect_uri=other)
        wrong, right = await steps.exchange(code), await steps.exchange(code, redirect_uri=other)

    assert (wrong.status_code, right.status_code) == (400, 200)


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": ["javascript://localhost/%0aalert(1)"]},
        {"redirect_uris": ["data:text/html,x"]},
        {"redirect_uris": ["http://evil.example/cb"]},
        {"redirect_uris": ["https://shop@evil.example/cb"]},
        {"redirect_uris": ["https://evil.example/cb#here"]},
        {"redirect_uris": ["https://evil.example/cb#"]},
        {"redirect_uris": [f"{BACK}#here"]},
        {"redirect_uris": ["http://user@127.0.0.1/cb"]},
        {"redirect_uris": ["http://@127.0.0.1/cb"]},
        {"redirect_uris": ["http://127.0.0.1@evil.example/cb"]},
        {"redirect_uris": ["http://localhost.evil.example/cb"]},
        {"redirect_uris": ["http://localhost\\@evil.example/cb"]},
        {"redirect_uris": ["https://claude.ai\\.evil.example/cb"]},
        {"redirect_uris": ["http://127.0.0.1\t/cb"]},
        {"redirect_uris": ["http://127.0.0.1%2eevil.example/cb"]},
        {"redirect_uris": ["https://cl\u0430ude.ai/cb"]},
        {"redirect_uris": ["cursor://user@anysphere/cb"]},
        {"redirect_uris": ["vbscript:x"]},
        {"redirect_uris": ["blob:https://claude.ai/x"]},
        {"redirect_uris": [5]},
        {"redirect_uris": "https://claude.ai/cb"},
        {"redirect_uris": ["file:///etc/passwd"]},
        {"redirect_uris": ["search-ms:query=x"]},
        {"redirect_uris": [f"https://a.example/{'x' * 1000}"]},
        {"redirect_uris": [f"https://a.example/{number}" for number in range(11)]},
        {"redirect_uris": [BACK, "javascript:alert(1)"]},
        {"redirect_uris": []},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"scope": "orders:read " * 200},
        {"grant_types": ["client_credentials"]},
    ],
)
async def test_a_program_that_could_harm_is_not_registered(
    settings: Settings, sessions: Sessions, changed: dict[str, object]
) -> None:
    async with connecting(settings, sessions) as steps:
        answer = await steps.register(**changed)

    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_redirect_uri", "invalid_client_metadata"}
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(OAuthClient)) == 1


@pytest.mark.parametrize(
    "redirect",
    ["https://claude.ai/api/mcp/auth_callback", "http://[::1]/cb", "cursor://anysphere/cb", "com.example.app:/cb"],
)
async def test_programs_on_the_web_and_on_people_s_computers_are_registered(
    settings: Settings, sessions: Sessions, redirect: str
) -> None:
    async with connecting(settings, sessions) as steps:
        answer = await steps.register(redirect_uris=[redirect])

    assert (answer.status_code, answer.json()["redirect_uris"]) == (201, [redirect])


async def test_one_address_can_register_only_so_many_programs_and_huge_ones_are_refused(
    settings: Settings, sessions: Sessions
) -> None:
    async with connecting(settings, sessions) as steps:
        huge = await steps.register(client_name="x" * 100_000)
        answers = [(await steps.register()).status_code for _ in range(30)]

    assert huge.status_code == 413
    assert (answers[0], answers[-1]) == (201, 429)


async def test_programs_that_nobody_let_in_are_forgotten_when_they_are_too_many(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oauth_clients, "MOST_UNUSED", 3)
    for number in range(5):
        async with writing(sessions) as session:
            client = OAuthClient(
                id=f"p{number}",
                name="",
                redirect_uris=[BACK],
                auth_method="none",
                grant_types=[],
                scope=None,
                created_at=now(),
            )
            await add_client(session, client)

    async with sessions() as session:
        assert list(await session.scalars(select(OAuthClient.id).order_by(OAuthClient.id))) == ["p2", "p3", "p4"]
