"""Order numbers as people type them."""

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, server_for
from tests.factories import add_order

TYPED = [
    "w1042",
    " #W1042 ",
    "# W1042",
    "＃Ｗ1042",
    "W1042\u200b",
    "\ufeffW1042",
    "W1042\ufe0f",
    "\u3164W1042",
]


@pytest.mark.parametrize("typed", TYPED, ids=ascii)
async def test_an_id_is_taken_as_people_type_it(settings: Settings, sessions: Sessions, typed: str) -> None:
    order = await add_order(sessions, id="#W1042")

    async with client_of(server_for(settings, sessions, caller(order.customer_id))) as client:
        result = await client.call_tool("get_order", {"order_id": typed})

    assert result.structured_content is not None
    assert result.structured_content["order_id"] == "#W1042"
