"""A card's file is put together from what it names, and refused where it would be large or ask anybody for anything."""

import json
import re
from pathlib import Path

import pytest

from storage.cards.building import (
    LARGEST,
    PLACES,
    AsksOutsideError,
    CardError,
    CardTooLargeError,
    NoSuchPartError,
    NotAPageError,
    built,
)
from storage.settings import REPOSITORY

OURS = sorted((REPOSITORY / "mcp_servers").glob("*/cards/*.html"))
PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8">{}</head><body>{}</body></html>'
SCRIPT = '<script type="module">\nimport {{ say }} from "./words.js";\n{}\n</script>'


def card(folder: Path, body: str = "", head: str = "") -> Path:
    (folder / "cards").mkdir(exist_ok=True)
    path = folder / "cards" / "get_points.html"
    path.write_text(PAGE.format(head, body))
    return path


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_every_card_of_the_shop_is_small_and_closed(path: Path) -> None:
    html = built(path)

    assert len(html.encode()) <= LARGEST == 30_000
    assert re.findall(r"^import |^export |<link|innerHTML", html, re.MULTILINE) == []
    assert "default-src 'none'" in html.split("<style>")[0]


def test_the_page_and_other_programs_share_what_draws_and_not_what_asks() -> None:
    frame, shared = ({path.name for path in place.iterdir()} for place in PLACES)
    page = {path.name for path in (REPOSITORY / "ui/static").iterdir()}

    assert frame & page == {"place.js"}
    assert shared & (page | frame) == set()


def test_a_card_has_the_words_it_says_in_every_language_and_its_servers_own(tmp_path: Path) -> None:
    (tmp_path / "en.ftl").write_text("points = { $count } points\nunsaid = Other\norder_title = Mine\n")
    (tmp_path / "ko.ftl").write_text("points = { $count }점\nunsaid = Other\norder_title = Mine\n")

    html = built(card(tmp_path, SCRIPT.format('say(document.body, "points"); say(document.body, "order_title");')))

    data = re.findall(r'<script type="application/json" id="words">(.*?)</script>', html)
    messages = {language: told["messages"] for language, told in json.loads(data[0]).items()}
    assert messages == {
        "en": {"points": "{count} points", "order_title": "Order {order}"},
        "ko": {"points": "{count}점", "order_title": "주문 {order}"},
    }


def test_names_of_a_card_and_of_its_parts_do_not_meet(tmp_path: Path) -> None:
    html = built(card(tmp_path, SCRIPT.format("const pattern = 1;\nconst words = `\n  kept`;")))

    script = re.findall(r'<script type="module">(.*?)</script>', html, re.DOTALL)[0]
    assert script.endswith("const { say } = $words;\nconst pattern = 1;\nconst words = `\n  kept`;\n")
    assert script.count("function pattern(") == 1


@pytest.mark.parametrize(
    ("body", "head", "error", "told"),
    [
        ('<img src="https://cdn.example/x.png">', "", AsksOutsideError, "cdn.example"),
        ('<a href="/orders">x</a>', "", AsksOutsideError, "/orders"),
        (SCRIPT.format('fetch("/api");'), "", AsksOutsideError, "fetch("),
        (SCRIPT.format('new WebSocket("wss:x");'), "", AsksOutsideError, "WebSocket"),
        (SCRIPT.format('import("./x.js");'), "", AsksOutsideError, "import("),
        ("", "<style>b { background: url(//cdn.example/x) }</style>", AsksOutsideError, "url("),
        ("", "<style>@import 'x.css';</style>", AsksOutsideError, "@import"),
        ("", '<link rel="stylesheet" href="mine.css">', NoSuchPartError, "mine.css"),
        (SCRIPT.format("").replace("words.js", "mine.js"), "", NoSuchPartError, "mine.js"),
        ("x" * LARGEST, "", CardTooLargeError, "over 30,000"),
    ],
)
def test_a_card_that_would_be_large_or_ask_for_something_is_refused(
    tmp_path: Path, body: str, head: str, error: type[CardError], told: str
) -> None:
    with pytest.raises(error, match=re.escape(told)) as refused:
        built(card(tmp_path, body, head))

    assert refused.value.mend


def test_a_file_that_is_no_page_is_no_card(tmp_path: Path) -> None:
    path = card(tmp_path)
    path.write_text("<p>Hello</p>")

    with pytest.raises(NotAPageError):
        built(path)


def test_pictures_within_a_card_are_its_own(tmp_path: Path) -> None:
    html = built(card(tmp_path, '<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'))

    assert "data:image/gif" in html
