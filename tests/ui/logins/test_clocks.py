"""Clocks that differ: what the page signed is good 30 s longer than it says, and no longer."""

import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from tests.clock import clock_off
from tests.conftest import SECRET
from tests.ui.visitor import add_customer_account, visitor
from ui.logins.login import COOKIE, HOURS, VISITOR_COOKIE, login_token
from ui.logins.visits import visitor_token
from ui.oauth.requests import DECIDED_WITHIN_S, ConsentRequest, RequestExpiredError, opened, seal

REQUEST = ConsentRequest(
    client_id="c",
    redirect_uri="http://127.0.0.1/back",
    redirect_uri_given=True,
    resource="http://127.0.0.1/mcp",
    scopes=["orders:read"],
    code_challenge="x" * 43,
    state=None,
)


@pytest.mark.parametrize(
    ("off", "status"), [(-HOURS * 3600 - 25, 200), (-HOURS * 3600 - 35, 401), (25, 200), (40, 401)]
)
async def test_a_login_and_a_visit_are_read_with_30_seconds_of_leeway(
    app: Starlette, sessions: Sessions, off: float, status: int
) -> None:
    account = await add_customer_account(sessions)
    with clock_off(off):
        cookies = {
            COOKIE: login_token(account, SECRET),
            VISITOR_COOKIE: visitor_token("v_somebody", SECRET),
        }

    answers = {}
    for name, value in cookies.items():
        async with visitor(app) as client:
            client.cookies.set(name, value)
            answers[name] = (await client.get("/auth/me")).status_code

    assert answers == dict.fromkeys(cookies, status)


def test_a_request_for_consent_is_read_with_30_seconds_of_leeway() -> None:
    with clock_off(-DECIDED_WITHIN_S - 25):
        late = seal(REQUEST, SECRET)
    with clock_off(-DECIDED_WITHIN_S - 35):
        too_late = seal(REQUEST, SECRET)

    assert opened(late, SECRET) == REQUEST
    with pytest.raises(RequestExpiredError):
        opened(too_late, SECRET)
