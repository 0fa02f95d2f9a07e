"""Draft, then check: what a second model does not confirm is not sent, not even while it is written."""

import asyncio
import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from team.turn.steps import Step
from tests.factories import add_conversation, add_order
from tests.team.faulty import Fault, Pair, calls, in_turn, says, status
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

ORDER = "#W0000077"
TRUE = f"Your order {ORDER} is still pending."
FALSE = f"Your order {ORDER} is no longer pending."
LOOK_UP = calls("get_order", f'{{"order_id": "{ORDER}"}}')
PLAIN = '[roles.orders]\nendpoint = "slice2"\n'
CHECKED = f'{PLAIN}check = "slice1"\n'


def confirms(*claims: str) -> Fault:
    """Say yes to these claims and no to others; what is no check goes to the stand-in."""

    async def check(request: Request) -> Response | None:
        body: dict[str, Any] = await request.json()
        said = str(body["messages"][-1]["content"])
        if "<passages>" not in said:
            return None
        claim = said.partition("Sentence: ")[2].splitlines()[0]
        reply = "yes" if claim in claims else "no"
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": reply}}
        usage = {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101}
        return JSONResponse(
            {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}
        )

    return check


async def _asked(
    settings: Settings, sessions: Sessions, drafts: Fault, check: Fault, roles: str = CHECKED
) -> tuple[list[Step], str]:
    """Ask for an order in a shop where answers on orders are checked; return the steps, and what was shown of them."""
    pair = Pair()
    order = await add_order(sessions, id=ORDER, status=OrderStatus.PENDING)
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        path = settings.shopdesk_home / "models.toml"
        path.write_text(path.read_text().replace(PLAIN, roles))
        pair.slices[2].fault, pair.slices[1].fault = drafts, check
        shown: list[str] = []
        following = asyncio.create_task(_tokens(floor, chat.id, shown))
        await asyncio.sleep(0)
        steps = await floor.say(chat.id, f"Where is my order {ORDER}?")
        following.cancel()
    return steps, json.dumps(shown)


async def _tokens(floor: Shopfloor, chat: str, shown: list[str]) -> None:
    async for step in floor.desk.follow(chat, 0):
        if step.kind == "token":
            shown.append(step.data["text"])


async def test_a_claim_that_is_not_confirmed_is_written_anew_and_never_shown(
    settings: Settings, sessions: Sessions
) -> None:
    steps, shown = await _asked(settings, sessions, in_turn(LOOK_UP, says(FALSE), says(TRUE)), confirms(TRUE))

    assert answer_of(steps) == TRUE
    assert "no longer" not in shown
    checked = [one for one in only(steps, "model") if "checked" in one]
    assert [(one["endpoint"], one["confirmed"]) for one in checked] == [("slice1", False), ("slice1", True)]
    refused = [one for one in only(steps, "model") if one.get("error_code") == "not_confirmed"]
    assert [one["error_facts"] for one in refused] == [{"what": [FALSE]}]


@pytest.mark.parametrize("check", [confirms(), status(500)], ids=["it says no", "it does not answer"])
async def test_without_a_confirmation_nothing_is_sent_and_the_failure_is_told(
    settings: Settings, sessions: Sessions, check: Fault
) -> None:
    steps, shown = await _asked(settings, sessions, in_turn(LOOK_UP, says(TRUE)), check)

    assert only(steps, "turn_ended")[0]["status"] == "failed"
    assert "pending" not in answer_of(steps) + shown


async def test_a_role_without_a_check_is_not_checked(settings: Settings, sessions: Sessions) -> None:
    steps, _ = await _asked(settings, sessions, in_turn(LOOK_UP, says(TRUE)), confirms(), PLAIN)

    assert answer_of(steps) == TRUE
    assert not any("checked" in one for one in only(steps, "model"))
