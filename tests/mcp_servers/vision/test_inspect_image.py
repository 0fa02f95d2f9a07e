"""Looking at a picture: what the model sees, what Pillow measures, and what happens when the model does not answer."""

import asyncio

import pytest
from mcp.types import CallToolResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mcp_servers.vision import model
from storage.db import Sessions
from storage.endpoints import FILE
from storage.pictures.images import Image
from storage.settings import Settings
from storage.tokens import Caller
from team.standin.server import build_app
from tests import factories
from tests.clients import caller, client_of, server_for, text_of
from tests.mcp_servers.vision.models import NO_IMAGE, Scripted, not_looked_at, saying, seen_by
from tests.mcp_servers.vision.pictures import as_jpeg, blurred, parcel
from tests.team.serving import listening

MODEL = "Qwen/Qwen3-VL-8B-Instruct"


async def olivias(sessions: Sessions, content: bytes) -> Image:
    await factories.add_customer(sessions, id="olivia")
    return await factories.add_image(
        sessions, content, id="img_1", customer_id="olivia", content_type="image/jpeg", width=1200, height=900
    )


async def inspect(settings: Settings, sessions: Sessions, who: Caller, **arguments: str) -> CallToolResult:
    async with client_of(server_for(settings, sessions, who, ["vision"])) as client:
        return await client.call_tool("inspect_image", {"image_id": "img_1", **arguments})


@pytest.mark.parametrize(("language", "words"), [("en", "mostly grey"), ("ko", "주로 회색")])
async def test_a_customers_picture_is_described_in_their_language_and_measured(
    settings: Settings, sessions: Sessions, language: str, words: str
) -> None:
    await olivias(sessions, as_jpeg(parcel()))

    async with seen_by(build_app(MODEL), settings) as seen:
        result = await inspect(seen, sessions, caller("olivia", language=language))

    assert result.structured_content is not None, text_of(result)
    assert words in result.structured_content["description"]
    assert result.structured_content["text"] == ""
    assert (
        result.structured_content["quality"] | {"verdict": "ok", "width": 1200, "height": 900}
        == (result.structured_content["quality"])
    )


async def test_the_model_gets_the_picture_the_question_and_a_schema_but_no_tools(
    settings: Settings, sessions: Sessions
) -> None:
    image = await olivias(sessions, as_jpeg(blurred(parcel())))
    scripted = saying({"description": "A box.", "text": "TO: MINA KIM"})

    async with seen_by(scripted.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"), question="Is the tape torn?")

    [request] = scripted.asked
    [_, user] = request["messages"]
    [picture, question] = user["content"]
    assert picture["image_url"]["url"].startswith("data:image/jpeg;base64,/9j/")
    assert len(picture["image_url"]["url"]) > len(image.content)
    assert question["text"].endswith("\nIs the tape torn?")
    assert request["response_format"]["json_schema"]["schema"]["required"] == ["description", "text"]
    assert "tools" not in request
    assert result.structured_content is not None
    assert (result.structured_content["description"], result.structured_content["text"]) == (
        "⟦A box.⟧",
        "⟦TO: MINA KIM⟧",
    )
    assert result.structured_content["quality"]["verdict"] == "blurry"


async def test_a_long_answer_is_cut_and_its_control_characters_are_blanked(
    settings: Settings, sessions: Sessions
) -> None:
    await olivias(sessions, as_jpeg(parcel()))

    async with seen_by(saying({"description": "가" * 3000, "text": "a\0b\x1b" + "x" * 3000}).app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert result.structured_content is not None
    assert result.structured_content["description"] == "⟦" + "가" * 799 + "…⟧"
    assert result.structured_content["text"] == "⟦a b " + "x" * 495 + "…⟧"


async def test_another_customers_picture_reads_like_one_that_does_not_exist(
    settings: Settings, sessions: Sessions
) -> None:
    await olivias(sessions, as_jpeg(parcel()))
    await factories.add_customer(sessions, id="mina")
    scripted = saying({"description": "A box.", "text": ""})

    async with seen_by(scripted.app, settings) as seen:
        foreign = await inspect(seen, sessions, caller("mina"))
        unknown = await inspect(seen, sessions, caller("mina"), image_id="img_2")
        staff = await inspect(seen, sessions, caller(None))

    assert foreign.is_error
    assert text_of(foreign) == NO_IMAGE.format("img_1")
    assert text_of(unknown) == text_of(foreign).replace("img_1", "img_2")
    assert not staff.is_error
    assert len(scripted.asked) == 1


@pytest.mark.parametrize(
    ("scripted", "reason"),
    [
        (Scripted(lambda: Response(status_code=500)), "status 500"),
        (Scripted(lambda: Response(b"<html>")), "an unreadable reply (ValidationError)"),
        (Scripted(lambda: JSONResponse({"choices": []})), "an unreadable reply (ValidationError)"),
        (saying("A box."), "an unreadable reply (ValidationError)"),
        (saying({"description": "\t", "text": ""}), "an unreadable reply (ValidationError)"),
        (saying({"description": "A box."}), "an unreadable reply (ValidationError)"),
        (
            saying({"description": "A box.", "text": "", "verdict": "ok"}),
            "an unreadable reply (ValidationError)",
        ),
    ],
)
async def test_an_answer_that_cannot_be_used_is_an_error_without_figures(
    settings: Settings, sessions: Sessions, scripted: Scripted, reason: str
) -> None:
    await olivias(sessions, as_jpeg(parcel()))

    async with seen_by(scripted.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert (result.is_error, result.structured_content, text_of(result)) == (True, None, not_looked_at(reason))


async def test_a_model_that_is_down_is_an_error(settings: Settings, sessions: Sessions) -> None:
    await olivias(sessions, as_jpeg(parcel()))
    closed = listening()
    at = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    down = settings.model_copy(update={"model1_base_url": at, "model2_base_url": at})
    closed.close()

    result = await inspect(down, sessions, caller("olivia"))

    assert (result.is_error, text_of(result)) == (True, not_looked_at("the connection failed"))


async def test_a_model_that_does_not_answer_in_time_is_an_error(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "ANSWER_WITHIN_S", 0.2)
    await olivias(sessions, as_jpeg(parcel()))

    async def never(_: Request) -> Response:
        await asyncio.Event().wait()
        return Response()

    silent = Starlette(routes=[Route("/v1/chat/completions", never, methods=["POST"])])
    async with seen_by(silent, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    expected = not_looked_at("no answer in time")
    assert (result.is_error, text_of(result)) == (True, expected)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("[roles.vision]", "[roles.unused]"), "no vision model is set up"),
        (("slice = 1", "slice = 1\nvision = false"), f"the model {MODEL} does not accept pictures"),
    ],
)
async def test_without_a_model_that_takes_pictures_there_is_an_error(
    settings: Settings, sessions: Sessions, change: tuple[str, str], reason: str
) -> None:
    await olivias(sessions, as_jpeg(parcel()))
    path = settings.shopdesk_home / FILE
    path.write_text(path.read_text().replace(*change))

    result = await inspect(settings, sessions, caller("olivia"))

    assert result.is_error
    assert text_of(result) == (
        f"The picture cannot be inspected: {reason}. What it shows is unknown. Ask the customer to describe it; "
        "the shop's owner can set a model for the role vision in models.toml, which `shopdesk up` creates."
    )
