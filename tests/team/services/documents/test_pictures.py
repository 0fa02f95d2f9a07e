"""A picture of a document: a model reads it, and what is said of it stands at its place in what was read."""

import base64
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from knowledge.reading.documents import HANDBOOK
from knowledge.taking_in.ingest import ingest
from storage.db import Sessions
from storage.settings import Settings
from tests.mcp_servers.vision.pictures import as_jpeg, page
from tests.team.services.documents.made import CONTRACT, KOREAN, ORDERS
from tests.team.services.documents.test_documents import model, quotes
from tests.team.services.scripted import scripted
from tests.team.shopfloor import MODELS, NAMES
from tests.ui.inside.staffed import staffed

PICTURE = base64.b64encode(as_jpeg(page())).decode()
ONE = '[roles.vision]\nendpoint = "slice1"\n'
VOTING = '[roles.vision]\nendpoint = ["slice1", "slice2"]\nmode = "vote"\n'


async def see(client: httpx2.AsyncClient, content: str = PICTURE, **parameters: str) -> httpx2.Response:
    given = {"format": "picture", **parameters}
    return await client.post(
        "/service", json={"service_type": "document_analysis", "content": content, "parameters": given}
    )


def set_vision(settings: Settings, role: str) -> None:
    """Write the role that looks at pictures into the models.toml of a shop that is open."""
    path: Path = settings.shopdesk_home / "models.toml"
    written = path.read_text(encoding="utf-8")
    assert ONE in written
    path.write_text(written.replace(ONE, role), encoding="utf-8")


@pytest.mark.parametrize("text", [CONTRACT, KOREAN, ORDERS], ids=["a contract", "a Korean one", "orders to the model"])
@pytest.mark.parametrize("head", ["", "data:image/jpeg;base64,"], ids=["base64", "a data URL"])
async def test_what_a_model_reads_in_a_picture_is_said_with_its_place(
    settings: Settings, sessions: Sessions, text: str, head: str
) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])
    async with scripted(settings, sessions, model, lambda _: text) as client:
        told = (await see(client, head + PICTURE)).json()
        same = (
            await client.post("/service", json={"service_type": "document_analysis", "content": text.strip()})
        ).json()

    read = told["text"]
    assert read == text.strip()
    assert [one for one in quotes(told) if read[one["place"]["start"] : one["place"]["end"]] != one["text"]] == []
    assert (told["read_by"], told["unsure"], same["read_by"]) == (["slice1"], [], [])
    found = ("summary", "obligations", "dates", "amounts", "periods", "contradictions", "answer")
    assert [told[name] for name in found] == [same[name] for name in found]


async def test_lines_that_voting_models_read_differently_are_told(settings: Settings, sessions: Sessions) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])
    other = CONTRACT.replace("1,200.50 USD", "1,280.50 USD").replace("\n", "  ")
    reads = dict(zip(NAMES, (CONTRACT, other), strict=True))
    async with scripted(settings, sessions, model, reads.__getitem__) as client:
        set_vision(settings, VOTING)
        told = (await see(client, analysis_type="code")).json()

    assert told["read_by"] == ["slice1", "slice2"]
    [unsure] = told["unsure"]
    assert unsure["text"] == "The shop shall pay 1,200.50 USD a month, by 5 March 2026 for the first time."
    assert told["text"][unsure["place"]["start"] : unsure["place"]["end"]] == unsure["text"]


async def test_where_a_voting_model_reads_nothing_no_line_is_sure(settings: Settings, sessions: Sessions) -> None:
    await ingest(settings, sessions, [HANDBOOK / "en" / "returns.md"])
    reads = dict(zip(NAMES, (CONTRACT, ""), strict=True))
    async with scripted(settings, sessions, model, reads.__getitem__) as client:
        set_vision(settings, VOTING)
        told = (await see(client, analysis_type="code")).json()

    assert [one["text"] for one in told["unsure"]] == [line for line in CONTRACT.splitlines() if line]


REFUSED: Mapping[str, tuple[str, int, str]] = {
    "no base64": ("a picture", 400, "document"),
    "no picture": (base64.b64encode(b"%PDF-1.7").decode(), 400, "picture_not_an_image"),
    "too small": (base64.b64encode(as_jpeg(Image.new("RGB", (8, 8)))).decode(), 400, "picture_too_small"),
    "half of one": (base64.b64encode(as_jpeg(page())[:4_000]).decode(), 400, "picture_damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_picture_is_refused_with_its_reason(settings: Settings, sessions: Sessions, name: str) -> None:
    content, status, code = REFUSED[name]
    async with scripted(settings, sessions, model, lambda _: CONTRACT) as client:
        answer = await see(client, content)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_picture_without_text_is_refused_and_so_is_one_at_which_nobody_looks(
    settings: Settings, sessions: Sessions
) -> None:
    async with scripted(settings, sessions, model, lambda _: " … ") as client:
        empty = await see(client)
        path = settings.shopdesk_home / "models.toml"
        path.write_text(MODELS.read_text().replace("slice = ", "vision = false\nslice = "))
        blind = await see(client)

    assert empty.json()["error"] == "The document cannot be read: no text can be read in the picture."
    assert blind.json()["error"] == "The document cannot be read: no model of the role vision looks at pictures."


async def test_the_stand_in_reads_nothing_and_makes_nothing_up(settings: Settings, sessions: Sessions) -> None:
    async with staffed(settings, sessions) as (_, client):
        answer = await see(client)

    assert answer.json()["error"] == "The document cannot be read: no text can be read in the picture."
