"""A shop's own handbook: in the place of the built-in one, from saved pages, with policies that replace others."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.taking_in.ingest import ingest, ingest_handbook
from storage.db import Sessions
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, places, take_in, write_policy
from tests.scripts.command import shopdesk

FAQ = "<html lang={language}><body><h1>FAQ</h1><h2>{question}</h2><p>{answer}</p></body></html>"


async def test_a_handbook_of_its_own_alone_stays_alone(settings: Settings, sessions: Sessions, tmp_path: Path) -> None:
    await ingest_handbook(settings, sessions)
    own = write_policy(tmp_path / "own", "## Postage\n\nReturn postage is free.")

    report = await ingest(settings, sessions, [tmp_path / "own"], only=True)
    started = await ingest_handbook(settings, sessions)

    assert (report.changed, len(report.removed) > 20) == (["returns:en"], True)
    assert (started.added, started.removed, started.unchanged) == ([], [], 1)
    assert own.exists()
    assert places(await ask(open_handbook(settings), sessions, "is return postage free")) == ["returns:en Postage"]


async def test_saved_faq_pages_in_two_languages_are_one_policy_with_a_passage_a_question(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    for language, question, answer in (
        ("en", "Who pays the return postage?", "We do."),
        ("ko", "반품 배송비는 누가 내나요?", "저희가 냅니다."),
    ):
        (tmp_path / language).mkdir()
        page = FAQ.format(language=language, question=question, answer=answer)
        (tmp_path / language / "faq.html").write_text(page)

    report = await ingest(settings, sessions, [tmp_path], as_faq=True)
    answer_found = await ask(open_handbook(settings), sessions, "who pays return postage", language="ko")

    assert report.added == ["faq:en", "faq:ko"]
    assert places(answer_found) == ["faq:ko 반품 배송비는 누가 내나요?"]
    assert answer_found.found[0].document.category == "faq"


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 3, 1), ["returns:en Postage"]),
        (date(2026, 3, 2), ["free-returns:en Postage"]),
        (date(2026, 3, 9), ["returns:en Postage"]),
    ],
)
async def test_a_policy_stands_in_the_place_of_another_as_long_as_it_holds(
    settings: Settings, sessions: Sessions, tmp_path: Path, day: date, found: list[str]
) -> None:
    write_policy(tmp_path, "## Postage\n\nReturn postage is 3 dollars.")
    week = write_policy(
        tmp_path,
        "## Postage\n\nReturn postage is free.",
        id="free-returns",
        effective_date="2026-03-02",
        expires="2026-03-08",
    )
    week.write_text(week.read_text().replace("title:", "replaces: returns\ntitle:"))
    await take_in(settings, sessions, tmp_path)

    assert places(await ask(open_handbook(settings), sessions, "what is the return postage", today=day)) == found


@pytest.mark.parametrize("name", ["our-returns.md", "our-returns.txt", "our-returns.en.html"])
async def test_a_document_that_says_nothing_of_itself_is_known_by_its_name_and_always_held(
    settings: Settings, sessions: Sessions, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("Return postage is free of charge.")

    report = await take_in(settings, sessions, tmp_path / name)
    answer = await ask(open_handbook(settings), sessions, "is return postage free", today=date(1999, 1, 1))

    assert report.added == ["our-returns:en"]
    assert places(answer) == ["our-returns:en our-returns"]


async def test_the_command_says_what_it_took_in_and_what_it_refused_and_why(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "faq.html").write_text(FAQ.format(language="en", question="Free?", answer="Yes."))
    (pages / "about.html").write_text("<p>About us.</p>")

    ended = await shopdesk("ingest", "--site", str(pages))

    assert ended.code == 1
    assert ended.said.splitlines() == [
        "note: sections without questions that customers ask: 1; search finds them less often. Give a model the role "
        "handbook to have them written (docs/handbook.md)",
        "added: faq:en",
        "refused: about.html: no question with an answer was found in it: take it in without --site",
        "1 added, 0 changed, 0 removed, 0 unchanged, 1 refused; 1 passages indexed",
    ]


@pytest.mark.parametrize(
    ("path", "way_out"), [("/no/policies", "Nothing was changed."), ("www.a.example", "write https://www.a.example.")]
)
async def test_a_folder_that_is_not_there_removes_nothing(
    settings: Settings, sessions: Sessions, tmp_path: Path, path: str, way_out: str
) -> None:
    await ingest(settings, sessions, [write_policy(tmp_path, "## Postage\n\nReturn postage is free.")])

    ended = await shopdesk("ingest", path, "--only")

    assert ended.code == 2
    assert ended.complained.startswith(f"shopdesk: There is no file or folder {path}. ")
    assert ended.complained.endswith(f"{way_out}\n")
    assert places(await ask(open_handbook(settings), sessions, "is return postage free")) == ["returns:en Postage"]


async def test_a_folder_of_which_nothing_can_be_taken_in_removes_nothing(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await ingest(settings, sessions, [write_policy(tmp_path / "own", "## Postage\n\nReturn postage is free.")])
    (tmp_path / "new").mkdir()

    report = await ingest(settings, sessions, [tmp_path / "new"], only=True)

    assert (report.removed, report.refused) == ([], ["no file could be taken in, so no policy was removed"])
    assert places(await ask(open_handbook(settings), sessions, "is return postage free")) == ["returns:en Postage"]


async def test_an_option_that_needs_files_says_so(settings: Settings, sessions: Sessions) -> None:
    ended = await shopdesk("ingest", "--only")

    assert (ended.code, ended.complained) == (
        2,
        "shopdesk: --site and --only need files or folders: shopdesk ingest --site faq.html\n",
    )
