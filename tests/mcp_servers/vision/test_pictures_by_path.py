"""Over stdio a picture may be named by its path, in folders the owner allows and nowhere else; over HTTP never."""

import os
from pathlib import Path

import pytest
from mcp.types import CallToolResult
from sqlalchemy import func, select

from storage.db import Sessions
from storage.pictures.images import Image
from storage.pictures.pictures import MAX_BYTES
from storage.settings import Settings, SettingsError, load_settings
from tests.clients import caller, client_of, server_for, text_of
from tests.factories import add_customer
from tests.mcp_servers.vision.models import saying, seen_by
from tests.mcp_servers.vision.pictures import as_jpeg, parcel

SEEN = {"description": "A box.", "text": ""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An allowed folder with a picture in it, and a picture beside it that is not allowed."""
    allowed = tmp_path / "pictures"
    (allowed / "more").mkdir(parents=True)
    (allowed / "box.jpg").write_bytes(as_jpeg(parcel()))
    (tmp_path / "secret.jpg").write_bytes(as_jpeg(parcel()))
    return allowed


async def inspect(settings: Settings, sessions: Sessions, given: str, folders: str) -> CallToolResult:
    """What a customer on this machine is told of a picture, where these folders are allowed."""
    await add_customer(sessions, id="olivia")
    allowing = settings.model_copy(update={"picture_folders": folders})
    async with (
        seen_by(saying(SEEN).app, allowing) as seen,
        client_of(server_for(seen, sessions, caller("olivia"), ["vision"])) as client,
    ):
        return await client.call_tool("inspect_image", {"image_id": given})


@pytest.mark.parametrize("given", ["{folder}/box.jpg", "box.jpg", "more/../box.jpg", "~/pictures/box.jpg"])
async def test_a_picture_in_an_allowed_folder_is_looked_at_and_not_stored(
    settings: Settings, sessions: Sessions, folder: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))

    result = await inspect(settings, sessions, given.format(folder=folder), f"/nowhere{os.pathsep}{folder}")

    assert not result.is_error, text_of(result)
    assert (result.structured_content or {})["description"] == "⟦A box.⟧"
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Image)) == 0


@pytest.mark.parametrize(
    "given",
    [
        "{folder}/../secret.jpg",
        "../secret.jpg",
        "{folder}/link.jpg",
        "{folder}/linked/secret.jpg",
        "{folder}/none.jpg",
        "{folder}",
        "{folder}/pipe.jpg",
        "{folder}/circle.jpg",
        "/etc/passwd",
        "/dev/zero",
        "{folder}/" + "x" * 300,
    ],
)
async def test_nothing_outside_of_the_folders_is_read_and_the_refusal_names_the_setting(
    settings: Settings, sessions: Sessions, folder: Path, given: str
) -> None:
    (folder / "link.jpg").symlink_to(folder.parent / "secret.jpg")
    (folder / "linked").symlink_to(folder.parent)
    (folder / "circle.jpg").symlink_to(folder / "circle.jpg")
    os.mkfifo(folder / "pipe.jpg")
    path = given.format(folder=folder)

    result = await inspect(settings, sessions, path, str(folder))

    assert result.is_error
    assert text_of(result) == (
        f"No image {path} was found. Give a picture's id, or the path of one in a folder that the setting "
        f"PICTURE_FOLDERS names ({folder})."
    )


async def test_a_path_is_refused_where_the_owner_allows_no_folder(
    settings: Settings, sessions: Sessions, folder: Path
) -> None:
    result = await inspect(settings, sessions, f"{folder}/box.jpg", "")

    assert text_of(result).endswith("in a folder that the setting PICTURE_FOLDERS names (none yet).")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("notes.txt", b"no picture", "is not a PNG, JPEG, WebP or GIF picture"),
        ("cut.jpg", as_jpeg(parcel())[:2000], "picture is damaged or incomplete"),
        ("huge.jpg", b"x" * (MAX_BYTES + 1), "The picture has 10,000,001 bytes; the limit is 10,000,000"),
    ],
)
async def test_a_file_is_checked_as_an_upload_is(
    settings: Settings, sessions: Sessions, folder: Path, name: str, content: bytes, told: str
) -> None:
    (folder / name).write_bytes(content)

    result = await inspect(settings, sessions, name, str(folder))

    assert result.is_error
    assert told in text_of(result)


def test_a_folder_that_is_not_absolute_is_named_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PICTURE_FOLDERS", f"~/pictures{os.pathsep}photos")

    with pytest.raises(
        SettingsError, match=r"^The setting PICTURE_FOLDERS is not valid: a folder in it is not absolut"
    ):
        load_settings()
