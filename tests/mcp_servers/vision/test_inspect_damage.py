"""Judging damage: whose order and item it is, what the picture allows, and how sure the model was."""

from typing import Any

import pytest
from mcp.types import CallToolResult
from PIL import Image
from starlette.responses import Response

from mcp_servers.runtime.untrusted import NOTE
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import Caller
from team.standin.server import build_app
from tests import factories
from tests.clients import caller, client_of, server_for, text_of
from tests.mcp_servers.vision.models import NO_IMAGE, Scripted, not_looked_at, saying, seen_by
from tests.mcp_servers.vision.pictures import as_jpeg, blurred, darkened, parcel, washed_out

CALL = {"image_id": "img_1", "order_id": "#W1", "item_id": "1001"}
SEEN = {"verdict": "damaged", "confidence": 0.9, "evidence": "The left corner is crushed."}


def shown(damage: dict[str, Any]) -> dict[str, Any]:
    """What a tool shows of a model's verdict: its evidence is text of others."""
    return damage | {"evidence": f"⟦{damage['evidence']}⟧", "about_marks": NOTE}


async def ordered(sessions: Sessions, picture: Image.Image) -> None:
    """Olivia has an order with a lamp in it, and sent a picture; Mina has an order of her own."""
    await factories.add_customer(sessions, id="olivia")
    await factories.add_customer(sessions, id="mina")
    line = factories.line("1001", name="Desk Lamp", options={"color": "black", "power": "usb"})
    await factories.add_order(sessions, id="#W1", customer_id="olivia", lines=[line])
    await factories.add_order(sessions, id="#W2", customer_id="mina", lines=[factories.line("1001")])
    await factories.add_image(sessions, as_jpeg(picture), id="img_1", customer_id="olivia", content_type="image/jpeg")


async def inspect(settings: Settings, sessions: Sessions, who: Caller, **arguments: str) -> CallToolResult:
    async with client_of(server_for(settings, sessions, who, ["vision"])) as client:
        return await client.call_tool("inspect_damage", CALL | arguments)


@pytest.mark.parametrize(
    ("language", "asked"), [("en", "Is the item or its parcel damaged?"), ("ko", "파손되었습니까?")]
)
async def test_a_sure_model_gives_the_verdict_on_the_item_it_was_told_of(
    settings: Settings, sessions: Sessions, language: str, asked: str
) -> None:
    await ordered(sessions, parcel())
    scripted = saying(SEEN)

    async with seen_by(scripted.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia", language=language))

    assert result.structured_content == shown(SEEN), text_of(result)
    question = scripted.asked[0]["messages"][1]["content"][1]["text"]
    assert "'Desk Lamp' (color: black, power: usb)" in question
    assert asked in question


@pytest.mark.parametrize(("confidence", "verdict"), [(0.6, "damaged"), (0.59, "unclear"), (0.0, "unclear")])
async def test_an_unsure_model_leaves_it_unclear(
    settings: Settings, sessions: Sessions, confidence: float, verdict: str
) -> None:
    await ordered(sessions, parcel())

    async with seen_by(saying(SEEN | {"confidence": confidence}).app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert result.structured_content == shown(SEEN | {"verdict": verdict, "confidence": confidence})


@pytest.mark.parametrize(
    ("picture", "language", "evidence"),
    [
        (blurred(parcel()), "en", "The picture is too blurry to judge by; a sharp one is needed."),
        (darkened(parcel()), "ko", "사진이 너무 어두워 판단할 수 없습니다. 더 밝은 곳에서 찍은 사진이 필요합니다."),
        (washed_out(parcel()), "en", "The picture is too bright to judge by; one with less light is needed."),
        (
            parcel((150, 200)),
            "ko",
            "사진이 너무 작아(150 x 200 픽셀) 판단할 수 없습니다. 더 큰 사진이 필요합니다.",
        ),
    ],
)
async def test_a_poor_picture_is_unclear_and_the_model_is_not_asked(
    settings: Settings, sessions: Sessions, picture: Image.Image, language: str, evidence: str
) -> None:
    await ordered(sessions, picture)
    scripted = saying(SEEN)

    async with seen_by(scripted.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia", language=language))

    assert result.structured_content == shown({"verdict": "unclear", "confidence": 0, "evidence": evidence})
    assert scripted.asked == []


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"image_id": "img_2"}, NO_IMAGE.format("img_2")),
        ({"order_id": "#W2"}, "No order #W2 was found. Check the order id, or list the orders."),
        ({"order_id": "#W3"}, "No order #W3 was found. Check the order id, or list the orders."),
        ({"item_id": "1002"}, "Order #W1 does not contain item 1002. Its items are: 1001."),
    ],
)
async def test_what_is_not_the_customers_or_not_in_the_order_is_refused_before_the_model_is_asked(
    settings: Settings, sessions: Sessions, arguments: dict[str, str], refusal: str
) -> None:
    await ordered(sessions, parcel())
    scripted = saying(SEEN)

    async with seen_by(scripted.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"), **arguments)

    assert (result.is_error, text_of(result), scripted.asked) == (True, refusal, [])


@pytest.mark.parametrize("seen", [SEEN | {"verdict": "refund"}, SEEN | {"confidence": 95}, SEEN | {"evidence": ""}])
async def test_a_verdict_of_the_models_own_is_an_error(
    settings: Settings, sessions: Sessions, seen: dict[str, object]
) -> None:
    await ordered(sessions, parcel())

    async with seen_by(saying(seen).app, settings) as shown:
        result = await inspect(shown, sessions, caller("olivia"))

    expected = not_looked_at("an unreadable reply (ValidationError)")
    assert (result.is_error, text_of(result)) == (True, expected)


async def test_a_model_that_fails_gives_no_verdict(settings: Settings, sessions: Sessions) -> None:
    await ordered(sessions, parcel())

    async with seen_by(Scripted(lambda: Response(status_code=503)).app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    expected = not_looked_at("status 503")
    assert (result.is_error, text_of(result)) == (True, expected)


async def test_the_stand_in_cannot_tell_damage(settings: Settings, sessions: Sessions) -> None:
    await ordered(sessions, parcel())

    async with seen_by(build_app("Qwen/Qwen3-VL-8B-Instruct"), settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert result.structured_content is not None, text_of(result)
    assert result.structured_content["verdict"] == "unclear"
