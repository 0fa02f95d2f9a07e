"""What every page of a site says around its own text."""

from pathlib import Path

from knowledge.taking_in.ingest import ingest
from storage.db import Sessions
from storage.settings import Settings

PAGE = """<html lang="en"><body><div class="bar"><p>{bar}</p></div>
<main><h1>{name}</h1><p>The {name} rule holds for every order, on every day of the year.</p></main></body></html>"""


def write_pages(folder: Path, bars: dict[str, str]) -> None:
    for name, bar in bars.items():
        (folder / f"{name}.html").write_text(PAGE.format(name=name, bar=bar))


async def test_what_three_pages_say_around_their_text_is_said_once_and_loses_nothing(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    bar = "Delivery is free from 35 dollars on."
    write_pages(tmp_path, dict.fromkeys(("returns", "delivery", "payment"), bar))

    report = await ingest(settings, sessions, [tmp_path])

    assert report.left_out == (f"3 pages, outside the page's main part: “{bar}”",)
    assert not report.lost


async def test_what_one_page_says_around_its_text_is_lost_and_said(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    write_pages(tmp_path, {"returns": "This page is only about returns of 2026.", "delivery": "", "payment": ""})

    report = await ingest(settings, sessions, [tmp_path])

    assert [line.split(":")[0] for line in report.left_out] == ["returns.html"]
    assert report.lost
