"""Questions that a model writes about policies: checked, kept beside them, redone only where the text changed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from knowledge.questions.checks import parsed
from storage.db import Sessions
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, places
from tests.scripts.command import shopdesk
from tests.team.serving import address, listening, serving

ENDPOINT = """[endpoints.writer]
base_url = "{address}/v1"
model = "writer-1"
[roles.handbook]
endpoint = "writer"
"""
POSTAGE = "The shop bears the cost of sending a parcel back."
GIFTS = "Paper and ribbon come for 3 euros."


class Writer:
    """A model that writes what it is told to about a section, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked = list[str]()
        self.fails_after = 1000
        self.held_to = set[str]()
        self.writes = True
        self.in_vain: str | None = None
        self.app = Starlette(routes=[Route("/v1/chat/completions", self.answer, methods=["POST"])])

    async def answer(self, request: Request) -> Response:
        told: dict[str, Any] = await request.json()
        shown = told["messages"][-1]["content"]
        self.held_to.add(told.get("response_format", {}).get("type", ""))
        if len(self.asked) == self.fails_after:
            return JSONResponse({"error": {"message": "no money left"}}, 402)
        self.asked.append(shown)
        if not self.writes:
            return _said(self.in_vain)
        text = shown.rpartition("\n")[2]
        about = "parcel" if "parcel" in text else "ribbon"
        questions = [
            ("en", f"Is the {about} on me or on you guys?", text),
            ("ko", f"{'반송 소포' if about == 'parcel' else '리본'} 비용은 제가 내나요?", text),
            ("en", f"Is the {about} on me or on you guys??", text),
            ("en", "Can I pay the parcel and ribbon with bitcoin?", "Bitcoin is accepted everywhere."),
            ("ko", f"How much is the {about}?", text),
            ("en", "Who won the cup?", text),
            ("en", "<script>parcel</script>", text),
        ]
        written = [{"language": language, "question": one, "quote": quote} for language, one, quote in questions]
        reply = f"Sure! Here they are:\n```json\n{json.dumps(written, ensure_ascii=False)}\n```\nAnything else?"
        return _said(reply)


def _said(content: str | None) -> Response:
    return JSONResponse({"choices": [{"message": {"role": "assistant", "content": content}}]})


@asynccontextmanager
async def writing(settings: Settings) -> AsyncIterator[Writer]:
    """A writer that has the role `handbook` in this shop."""
    writer, listener = Writer(), listening()
    (settings.shopdesk_home / "models.toml").write_text(ENDPOINT.format(address=address(listener)))
    async with serving((writer.app, listener)):
        yield writer


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.en.md").write_text(f"# {name.title()}\n\n## Rules\n\n{text}\n")


async def test_written_questions_are_checked_kept_and_redone_only_where_the_text_changed(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    write(folder, "postage", POSTAGE)
    write(folder, "gifts", GIFTS)
    async with writing(settings) as writer:
        first = await shopdesk("ingest", str(folder), "--only")
        again = await shopdesk("ingest", str(folder), "--only")
        write(folder, "gifts", "Paper and ribbon come for 4 euros.")
        changed = await shopdesk("ingest", str(folder), "--only")
        asked = len(writer.asked)

    file = folder / "questions.toml"
    assert (first.code, first.said.splitlines()[0]) == (
        0,
        "questions: 4 for 2 sections by writer-1 (2 asked already, 2 no question, 2 not about the section, "
        f"2 not answered by the section, 2 not in its language dropped); read and change them in {file}",
    )
    assert "0 added, 0 changed, 0 removed, 2 unchanged" in again.said
    assert "1 changed" in changed.said
    assert (asked, writer.held_to) == (3, {"json_schema"})
    assert file.read_text().count("?") == 4
    answer = await ask(open_handbook(settings), sessions, "is it on me or on you guys if I return a parcel")
    assert places(answer)[0] == "postage:en Rules"


async def test_what_a_person_changed_in_the_file_stays(settings: Settings, sessions: Sessions, tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    write(folder, "postage", POSTAGE)
    async with writing(settings) as writer:
        await shopdesk("ingest", str(folder), "--only")
        file = folder / "questions.toml"
        file.write_text(
            file.read_text().replace("Is the parcel on me or on you guys?", "Do I have to pay for the boomerang?")
        )
        ended = await shopdesk("ingest", str(folder), "--only")
        file.write_text("[broken")
        broken = await shopdesk("ingest", str(folder), "--only")

    assert (len(writer.asked), "1 changed" in ended.said) == (1, True)
    assert places(await ask(open_handbook(settings), sessions, "do I pay for the boomerang")) == ["postage:en Rules"]
    assert (broken.code, broken.complained.startswith(f"shopdesk: {file} cannot be used: ")) == (2, True)


async def test_a_model_that_fails_is_named_what_it_wrote_stays_and_the_policies_are_taken_in(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    for number in range(6):
        write(folder, f"p{number}", f"The parcel number {number} is free.")
    async with writing(settings) as writer:
        writer.fails_after = 5
        ended = await shopdesk("ingest", str(folder), "--only")
        writer.fails_after = 1000
        again = await shopdesk("ingest", str(folder), "--only")

    assert ended.code == 1
    assert "it answers 402, no money left. Correct model of [endpoints.writer] in models.toml or base_url" in ended.said
    assert "sections that have no questions yet: 1;" in ended.said
    assert "6 added" in ended.said
    assert (again.code, len(writer.asked)) == (0, 6)


@pytest.mark.parametrize("reply", [None, "<think>The customer", "I am a web developer [1]."])
async def test_a_model_that_writes_no_question_is_asked_no_more_and_its_sections_again_by_another(
    settings: Settings, sessions: Sessions, tmp_path: Path, reply: str | None
) -> None:
    folder = tmp_path / "policies"
    for number in range(20):
        write(folder, f"p{number}", f"The parcel number {number} is free.")
    async with writing(settings) as writer:
        writer.writes, writer.in_vain = False, reply
        ended = await shopdesk("ingest", str(folder), "--only")
        asked = len(writer.asked)
        writer.writes = True
        again = await shopdesk("ingest", str(folder), "--only")

    assert (ended.code, asked) == (1, 8)
    assert "none of the first 8 replies of writer-1 held one in the form asked for" in ended.said
    assert "sections that have no questions yet: 20;" in ended.said
    assert "20 added" in ended.said
    assert (again.code, len(writer.asked)) == (0, 28)


WHOLE = '{"language": "en", "question": "Is it free?", "quote": "free of {charge}"}'


@pytest.mark.parametrize(
    "reply",
    [
        f"<think>A list [of six] in {{braces}}.</think>[{WHOLE}, {WHOLE}]",
        f'[{WHOLE}, {WHOLE}, {{"language": "ko", "question": "무료',
        f"{WHOLE}\n{WHOLE}",
        f'{{"questions": [{WHOLE}, {WHOLE},]}}',
        f'{{"en": [{WHOLE}], "more": {{"ko": [{WHOLE}, {{"question": "No quote?"}}]}}}}',
    ],
)
def test_each_whole_question_of_a_reply_is_read_whatever_stands_around_it(reply: str) -> None:
    assert [(one.language, one.question, one.quote) for one in parsed(reply)] == [
        ("en", "Is it free?", "free of {charge}")
    ] * 2


@pytest.mark.parametrize("reply", ["", "{" * 5_000, '{"a":' * 5_000, '{"question": "Free?"}', "[]", "{}"])
def test_a_reply_without_a_whole_question_has_none(reply: str) -> None:
    assert parsed(reply) == []


async def test_without_a_model_the_report_says_what_is_missing(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    write(tmp_path / "policies", "postage", POSTAGE)

    ended = await shopdesk("ingest", str(tmp_path / "policies"), "--only")

    assert ended.code == 0
    assert "note: sections without questions that customers ask: 1; search finds them less often." in ended.said
