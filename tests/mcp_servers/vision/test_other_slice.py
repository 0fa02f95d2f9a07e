"""A picture is looked at by the other slice where the role's own model does not answer."""

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
from storage.process.breaker import FAILURES
from storage.settings import Settings
from tests.clients import caller, client_of, server_for, text_of
from tests.mcp_servers.vision.models import Scripted, not_looked_at, saying, seen_by_both
from tests.mcp_servers.vision.pictures import as_jpeg, parcel
from tests.mcp_servers.vision.test_inspect_image import inspect, olivias

OWN, OTHER = "Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct"
SEEN = {"description": "A brown parcel.", "text": ""}


async def never(_: Request) -> Response:
    await asyncio.Event().wait()
    return Response()


def calls_of(result: CallToolResult) -> list[tuple[str, str, str]]:
    """Which endpoint was asked, in whose place, and what was wrong with it."""
    calls = (result.meta or {})["shopdesk/model_calls"]
    return [(call["endpoint"], call.get("in_place_of", ""), call.get("error", "")) for call in calls]


@pytest.mark.parametrize(
    ("own", "error"),
    [
        (Scripted(lambda: Response(status_code=503)).app, "status 503"),
        (saying("A box.").app, "an unreadable reply (ValidationError)"),
        (Starlette(routes=[Route("/v1/chat/completions", never, methods=["POST"])]), "no answer in time"),
    ],
)
async def test_the_other_slice_looks_where_the_roles_own_fails_and_the_result_says_so(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, own: Starlette, error: str
) -> None:
    monkeypatch.setattr(model, "ANSWER_WITHIN_S", 2)
    await olivias(sessions, as_jpeg(parcel()))
    other = saying(SEEN)

    async with seen_by_both(own, other.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert not result.is_error
    assert "A brown parcel." in text_of(result)
    first, second = calls_of(result)
    assert first[:2] == ("slice1", "")
    assert error in first[2]
    assert second == ("slice2", "slice1", "")
    assert [asked["model"] for asked in other.asked] == [OTHER]


@pytest.mark.parametrize(("change", "asked_at_last"), [("", 0), ('fallback = ""\n', 1)], ids=["another", "no other"])
async def test_an_endpoint_that_fails_again_and_again_is_not_waited_for_where_another_can_look(
    settings: Settings, sessions: Sessions, change: str, asked_at_last: int
) -> None:
    path = settings.shopdesk_home / FILE
    path.write_text(path.read_text().replace("[roles.vision]\n", f"[roles.vision]\n{change}"))
    await olivias(sessions, as_jpeg(parcel()))
    own, other = Scripted(lambda: Response(status_code=503)), saying(SEEN)

    async with (
        seen_by_both(own.app, other.app, settings) as seen,
        client_of(server_for(seen, sessions, caller("olivia"), ["vision"])) as client,
    ):
        for _ in range(FAILURES):
            await client.call_tool("inspect_image", {"image_id": "img_1"})
        before = len(own.asked)
        await client.call_tool("inspect_image", {"image_id": "img_1"})

    assert (before, len(own.asked) - before) == (FAILURES, asked_at_last)


async def test_a_result_tells_no_model_which_endpoint_looked(settings: Settings, sessions: Sessions) -> None:
    await olivias(sessions, as_jpeg(parcel()))

    async with seen_by_both(saying(SEEN).app, Starlette(), settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert calls_of(result) == [("slice1", "", "")]
    assert OWN not in text_of(result)
    assert OWN not in str(result.structured_content)


@pytest.mark.parametrize(
    "change",
    [("[roles.vision]\n", '[roles.vision]\nfallback = ""\n'), ("slice = 2\n", "slice = 2\nvision = false\n")],
    ids=["told to stay", "blind"],
)
async def test_a_picture_goes_to_no_endpoint_that_may_not_have_it(
    settings: Settings, sessions: Sessions, change: tuple[str, str]
) -> None:
    path = settings.shopdesk_home / FILE
    path.write_text(path.read_text().replace(*change))
    await olivias(sessions, as_jpeg(parcel()))
    own, other = Scripted(lambda: Response(status_code=500)), saying(SEEN)

    async with seen_by_both(own.app, other.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert text_of(result) == not_looked_at("status 500")
    assert other.asked == []


@pytest.mark.parametrize(
    "said",
    [
        "At most 0 image(s) may be provided in one prompt.",
        "Qwen/Qwen3-8B is not a multimodal model",
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
        "Invalid content type. image_url is only supported by certain models.",
    ],
)
async def test_a_model_that_only_reads_says_that_it_cannot_see_and_nobody_is_told_to_try_again(
    settings: Settings, sessions: Sessions, said: str
) -> None:
    await olivias(sessions, as_jpeg(parcel()))
    own = Scripted(lambda: JSONResponse({"error": {"message": said}}, status_code=400))

    async with seen_by_both(own.app, Starlette(), settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert result.is_error
    assert f"The picture cannot be inspected: the model {OWN} takes no pictures." in text_of(result)
    assert "ry again" not in text_of(result)


async def test_where_the_roles_own_model_only_reads_the_other_slice_looks(
    settings: Settings, sessions: Sessions
) -> None:
    await olivias(sessions, as_jpeg(parcel()))
    own = Scripted(lambda: JSONResponse({"error": {"message": "At most 0 image(s) may be provided"}}, status_code=400))

    async with seen_by_both(own.app, saying(SEEN).app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    assert [error for *_, error in calls_of(result)] == [f"{OWN} takes no pictures", ""]


async def test_of_two_endpoints_of_the_role_the_one_with_fewer_open_calls_looks(
    settings: Settings, sessions: Sessions
) -> None:
    path = settings.shopdesk_home / FILE
    both = '[roles.vision]\nendpoint = ["slice1", "slice2"]'
    path.write_text(path.read_text().replace('[roles.vision]\nendpoint = "slice1"', both))
    await olivias(sessions, as_jpeg(parcel()))
    meeting, asked = asyncio.Barrier(2), list[str]()

    def looking(name: str) -> Starlette:
        async def look(_: Request) -> Response:
            asked.append(name)
            await meeting.wait()
            return saying(SEEN).answer()

        return Starlette(routes=[Route("/v1/chat/completions", look, methods=["POST"])])

    async with (
        seen_by_both(looking("slice1"), looking("slice2"), settings) as seen,
        client_of(server_for(seen, sessions, caller("olivia"), ["vision"])) as client,
    ):
        calls = [client.call_tool("inspect_image", {"image_id": "img_1"}) for _ in range(2)]
        results = await asyncio.gather(*calls)

    assert sorted(asked) == ["slice1", "slice2"]
    assert [calls_of(result)[0][1:] for result in results] == [("", ""), ("", "")]
