"""Two real servers, one a slice: many conversations at once, a picture, one server that dies, and what they say."""

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.serve import build_app as build_tools
from storage.db import Sessions, writing
from storage.pictures.pictures import keep_picture, read_picture
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.factories import add_account, add_conversation, add_customer, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Shopfloor, answer_of, only
from tests.vllm.conftest import DEADLINE_S, made, write_models
from tests.vllm.environment import make_vision_model
from tests.vllm.served import SEEING, Served, serve
from tests.vllm.test_road import AFTER_A_TOOL, ROUTED, TOLD, WITH_TOOLS, call

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(2_400)]

CONVERSATIONS = 20
CALLS_OF_A_TURN = 3
WRITTEN = "vllm:generation_tokens_total"
LONG = " ".join(map("".join, itertools.permutations("abcdef", 3)))
"""It takes a while to write, and repeats nothing, which would end it earlier."""

SEEN = '{"description": "a blue square", "text": ""}'


@pytest.fixture(scope="session")
def seeing(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A real server of a model that sees, in the place of slice 1."""
    with serve(environment, made(make_vision_model), tmp_path_factory.mktemp("seeing"), options=SEEING) as served:
        yield served


async def opened(settings: Settings, sessions: Sessions, first: str, second: str) -> AsyncIterator[Shopfloor]:
    tools = listening()
    urls = {"public_mcp_url": address(tools), "model1_base_url": first, "model2_base_url": second}
    settings = settings.model_copy(update={**urls, "turn_deadline_s": DEADLINE_S})
    write_models(settings)
    async with (
        serving((build_tools(server_names(), settings, sessions), tools)),
        open_desk(settings, sessions) as desk,
    ):
        yield Shopfloor(settings, sessions, desk, patience_s=DEADLINE_S + 10)


@pytest.fixture
async def two(settings: Settings, sessions: Sessions, seeing: Served, vllm: Served) -> AsyncIterator[Shopfloor]:
    """A shop with a real server for each slice."""
    async for floor in opened(settings, sessions, seeing.url, vllm.url):
        yield floor


def counted(served: Served, name: str) -> float:
    """A counter of a server's `/metrics`, over all of its labels."""
    text = httpx2.get(served.url.removesuffix("/v1") + "/metrics").text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return sum(sample.value for sample in samples if sample.name == name)


async def test_twenty_conversations_at_once_are_answered_each_with_its_own_order(
    two: Shopfloor, seeing: Served, vllm: Served
) -> None:
    orders = [f"#W55{number:02}" for number in range(CONVERSATIONS)]
    chats = []
    for order in orders:
        customer = (
            await add_order(two.sessions, id=order, customer_id=(await add_customer(two.sessions)).id)
        ).customer_id
        account = await add_account(two.sessions, customer_id=customer)
        chats.append((await add_conversation(two.sessions, customer_id=customer, account_id=account.id)).id)
    seeing.says((ROUTED, "OrderTracker"))
    vllm.says(
        *((rf"{order}.*{AFTER_A_TOOL}", f"Your order {order} is pending.") for order in orders),
        *((rf"{WITH_TOOLS}.*{order}", call("get_order", order_id=order)) for order in orders),
    )
    before = [counted(one, "vllm:request_success_total") for one in (seeing, vllm)]

    turns = await asyncio.gather(
        *(two.say(chat, f"Where is my order {order}?") for chat, order in zip(chats, orders, strict=True))
    )

    for order, steps in zip(orders, turns, strict=True):
        assert [one["arguments"] for one in only(steps, "tool_call")] == [{"order_id": order}]
        assert answer_of(steps) == f"Your order {order} is pending."
        [ended] = only(steps, "turn_ended")
        assert (ended["status"], ended["model_calls"]) == ("done", CALLS_OF_A_TURN)
    after = [counted(one, "vllm:request_success_total") for one in (seeing, vllm)]
    assert [late - early for late, early in zip(after, before, strict=True)] == [CONVERSATIONS, 2 * CONVERSATIONS]


async def test_a_picture_reaches_the_model_that_sees(two: Shopfloor, seeing: Served) -> None:
    order = await add_order(two.sessions, id="#W1042")
    chat = await add_conversation(two.sessions, customer_id=order.customer_id)
    file = io.BytesIO()
    Image.new("RGB", (320, 240), (30, 60, 200)).save(file, "PNG")
    async with writing(two.sessions) as session:
        picture = await read_picture(file.getvalue())
        image = await keep_picture(session, picture, owner=chat.account_id or "", customer_id=order.customer_id)
    seeing.says(
        (r"image_pad", SEEN),
        (ROUTED, "ProductAdvisor"),
        (AFTER_A_TOOL, "It shows a blue square."),
        (WITH_TOOLS, call("inspect_image", image_id=image.id)),
    )

    steps = await two.say(chat.id, "What does this picture show?", image.id)

    [called], [result] = only(steps, "tool_call"), only(steps, "tool_result")
    assert (called["tool"], called["arguments"]) == ("inspect_image", {"image_id": image.id})
    assert result.get("structured", {}).get("description") == "⟦a blue square⟧", result["text"]
    looked = [one for one in only(steps, "model") if one["role"] == "vision"]
    assert [(one["slice"], one["stand_in"]) for one in looked] == [(1, False)]
    assert answer_of(steps) == "It shows a blue square."


async def test_what_a_real_server_counts_reaches_the_page(two: Shopfloor, seeing: Served, vllm: Served) -> None:
    order = await add_order(two.sessions, id="#W1042")
    chat = (await add_conversation(two.sessions, customer_id=order.customer_id)).id
    seeing.says((ROUTED, "OrderTracker"))
    vllm.says((AFTER_A_TOOL, TOLD), (WITH_TOOLS, call("get_order", order_id="#W1042")))

    await two.say(chat, "Where is my order #W1042?")
    await two.say(chat, "Where is my order #W1042?")
    models = two.desk.answering.models
    loads = await models.loads.read(models.endpoints.endpoints)

    second = loads["slice2"]
    assert (second.reachable, second.stand_in, second.waiting) == (True, False, 0)
    assert second.kv_cache is not None
    assert second.prefix_queries == counted(vllm, "vllm:prefix_cache_queries_total")
    assert second.prefix_hits == counted(vllm, "vllm:prefix_cache_hits_total")
    assert second.prefix_hits > 0


async def test_a_server_that_dies_in_mid_turn_is_stood_in_for_by_the_other_slice_and_gets_its_role_back(
    settings: Settings, sessions: Sessions, environment: Path, seeing: Served, vllm: Served, tmp_path: Path
) -> None:
    with ExitStack() as servers:
        (tmp_path / "dying").mkdir()
        dying = servers.enter_context(serve(environment, vllm.model, tmp_path / "dying"))
        async for floor in opened(settings, sessions, seeing.url, dying.url):
            order = await add_order(sessions, id="#W1042")
            chat = (await add_conversation(sessions, customer_id=order.customer_id)).id
            said = ((AFTER_A_TOOL, TOLD), (WITH_TOOLS, call("get_order", order_id="#W1042")))
            seeing.says((ROUTED, "OrderTracker"), *said)
            dying.says((WITH_TOOLS, f"I will look. {LONG}"))
            before = counted(dying, WRITTEN)

            turn = asyncio.create_task(floor.say(chat, "Where is my order #W1042?"))
            while await asyncio.to_thread(counted, dying, WRITTEN) == before:
                assert not turn.done()
            dying.kill()
            killed = await turn
            servers.pop_all().close()
            back = servers.enter_context(serve(environment, vllm.model, tmp_path / "dying", port=dying.port))
            back.says(*said)
            # Whoever failed is left alone for a while, and then probed.
            await asyncio.sleep(11)
            returned = await floor.say(chat, "Where is my order #W1042?")

    answered = [one for one in only(killed, "model") if "error" not in one]
    assert [(one["slice"], one["in_place_of"]) for one in answered] == [(1, "slice2")] * 2
    assert (answer_of(killed), only(killed, "turn_ended")[0]["status"]) == (TOLD, "done")
    again = [one for one in only(returned, "model") if "error" not in one]
    assert [(one["slice"], one.get("in_place_of")) for one in again] == [(2, None)] * 2
