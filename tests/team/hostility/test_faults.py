"""Replies that are wrong on their way: what a turn makes of them."""

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.standin.completion import Reply
from team.standin.hostility.breaks import broken
from team.standin.hostility.said import said_by
from team.standin.mind import answer
from team.standin.raw import Raw
from team.standin.wire import ChatRequest
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Mind, answer_of, only, open_shopfloor


def once(code: str, *, of_router: bool = False) -> Mind:
    """A mind whose first reply, as a specialist or as the router, is broken in this way."""
    left = [code]

    def mind(request: ChatRequest) -> Reply | Raw:
        usual = answer(request)
        if bool(request.structured_outputs) is of_router and left:
            return broken(left.pop(), request, said_by(request, usual))
        return usual

    return mind


@pytest.mark.filterwarnings("ignore:No text content or tool calls:UserWarning")
@pytest.mark.parametrize("of_router", [True, False])
@pytest.mark.parametrize("code", ["error_inside", "null_usage", "no_usage", "half", "no_choices", "html", "no_body"])
async def test_one_broken_reply_costs_a_customer_nothing(
    settings: Settings, sessions: Sessions, code: str, of_router: bool
) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)

    async with open_shopfloor(settings, sessions, once(code, of_router=of_router)) as floor:
        steps = await floor.say(chat.id, "Where is my order #W1042?")

    assert "#W1042" in answer_of(steps)
    assert only(steps, "turn_ended")[0]["status"] == "done"
