"""Hostile documents: refused with a reason, or taken in without what was hidden; nothing is lost of the others."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.reading.bounded import BoundedReader
from knowledge.reading.documents import DocumentRefusedError
from knowledge.reading.reader import Request
from storage.db import Sessions
from storage.handbook.passages import Document
from storage.settings import Settings
from tests.knowledge.handbook import take_in, write_policy
from tests.knowledge.reading.hostile import GOOD, HOSTILE, ORDERS, pdf_of, write_hostile


async def test_hostile_documents_are_refused_or_neutralised_and_the_others_are_taken_in(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    write_hostile(tmp_path / "pages")

    report = await take_in(settings, sessions, tmp_path / "pages")

    told = dict(line.split(": ", 1) for line in report.refused)
    expected = {each.name: each.reason for each in HOSTILE if each.reason}
    assert {name: told.get(name, "")[: len(why)] for name, why in expected.items()} == expected
    assert told.keys() == expected.keys()
    async with sessions() as session:
        texts = dict((await session.execute(select(Document.policy_id, Document.text))).all())
    assert {policy for policy, text in texts.items() if GOOD in text and ORDERS not in text} == {
        "a-good-one",
        "zz-good-one",
        "scripts",
        "hidden",
        "comments",
        "inkless",
        "drawn",
        "white",
        "covered",
    }


def test_a_pdf_is_read_with_its_large_lines_as_headings(tmp_path: Path) -> None:
    path = tmp_path / "terms.pdf"
    path.write_bytes(pdf_of("Postage", "We pay it.", "Effective date: 2025-03-01"))

    with BoundedReader() as reader:
        source = reader.read(Request(path, "here"))

    assert [(piece.section, piece.text) for piece in source.pieces] == [
        ("Postage", "We pay it. Effective date: 2025-03-01")
    ]
    assert (source.heading.title, str(source.heading.effective_date)) == ("Postage", "2025-03-01")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_text_is_read_whatever_encoding_it_was_saved_in(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "반품 안내.txt"
    path.write_bytes("반품은 7일 안에 해 주세요. 똠방각하도 됩니다.".encode(encoding))

    with BoundedReader() as reader:
        source = reader.read(Request(path, "here"))

    assert (source.key, source.text) == ("반품-안내:ko", "반품은 7일 안에 해 주세요. 똠방각하도 됩니다.")


def test_a_page_in_euc_kr_is_read_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "faq.html"
    path.write_bytes("<html><head><meta charset=euc-kr></head><body><p>한 주 안에</p></body></html>".encode("euc-kr"))

    with BoundedReader() as reader:
        assert reader.read(Request(path, "here")).text == "한 주 안에"


def test_what_takes_too_long_is_refused_and_the_next_document_is_read(tmp_path: Path) -> None:
    slow, good = tmp_path / "slow.html", tmp_path / "good.txt"
    slow.write_text(
        "<style>" + "".join(f"p:not(.a{n}) {{opacity:0}}" for n in range(2_000)) + "</style>" + "<p>x" * 90_000
    )
    good.write_text("We pay.")

    with BoundedReader(seconds=4) as reader:
        reader.read(Request(good, "here"))
        with pytest.raises(DocumentRefusedError, match="reading it takes longer than 4 seconds"):
            reader.read(Request(slow, "here"))
        assert reader.read(Request(good, "here")).text == "We pay."


async def test_links_pipes_and_folders_that_are_not_documents_are_refused_unread(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    write_policy(folder, "We pay.")
    secret = tmp_path / "secret.txt"
    secret.write_text("not for the handbook")
    (folder / "link.txt").symlink_to(secret)
    (folder / "away").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    (folder / "page_files").mkdir()
    (folder / "page.html").write_text("<p>We pay for all of it.</p>")
    (folder / "page_files" / "frame.html").write_text("<p>An advertisement.</p>")
    (folder / "style.css").write_text("p {}")

    report = await take_in(settings, sessions, folder, tmp_path / "missing.md", folder / ".." / "pages" / "style.css")

    assert report.added == ["page:en", "returns:en"]
    assert report.refused == [
        "away: it is a symlink: name the file itself",
        "link.txt: it is a symlink: name the file itself",
        "pipe.txt: it is not a file",
        "missing.md: there is no such file",
        "style.css: only Markdown (.md), HTML (.html), text (.txt) and PDF (.pdf) are supported",
    ]
