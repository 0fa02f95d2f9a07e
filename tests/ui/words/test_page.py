"""The words of the page, as a browser gets them."""

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette

from storage.words.catalogue import Catalogue, CatalogueError
from storage.words.patterns import patterns_in
from tests.ui.visitor import visitor


@pytest.mark.parametrize(
    ("named", "language", "send"), [("ko-KR", "ko", "보내기"), ("en", "en", "Send"), ("fr", "en", "Send")]
)
async def test_a_page_gets_the_words_of_its_language_and_the_names_of_all(
    app: Starlette, named: str, language: str, send: str
) -> None:
    async with visitor(app) as client:
        answer = await client.get(f"/words/{named}")

    told = json.loads(answer.content)
    assert (answer.status_code, told["language"], told["messages"]["send"]) == (200, language, send)
    assert told["languages"] == {"en": "English", "ko": "한국어"}
    assert {"reason_late", "error_failed"} <= set(told["messages"])


async def test_words_that_did_not_change_are_not_sent_again(app: Starlette) -> None:
    async with visitor(app) as client:
        first = await client.get("/words/en")
        again = await client.get("/words/en", headers={"If-None-Match": first.headers["ETag"]})
        other = await client.get("/words/ko", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_places_and_plural_forms_are_as_the_page_fills_them(tmp_path: Path) -> None:
    (tmp_path / "en.ftl").write_text(
        "plain = { $who } waits { NUMBER($seconds) } s\n"
        "counted = { $left ->\n    [one] one left\n   *[other] { $left } left\n}\n"
    )

    assert patterns_in(Catalogue(tmp_path), "en") == {
        "plain": "{who} waits {seconds} s",
        "counted": {"by": "left", "one": "one left", "other": "{left} left"},
    }


@pytest.mark.parametrize(
    "message",
    [
        "{ other }",
        "{ $at ->\n    [0] none\n   *[other] some\n}",
        "Left: { $left ->\n    [one] one\n   *[other] some\n}",
        "{ DATETIME($at) }",
    ],
)
def test_what_a_page_cannot_fill_is_an_error(tmp_path: Path, message: str) -> None:
    (tmp_path / "en.ftl").write_text(f"other = Other\nmessage = {message}\n")

    with pytest.raises(CatalogueError, match="message"):
        patterns_in(Catalogue(tmp_path), "en")
