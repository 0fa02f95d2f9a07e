"""What was asked in vain is gathered by subject, in both languages together, and drafted for a person to complete."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import anyio
from typer.testing import CliRunner

from knowledge.gaps.drafts import name_of, write_drafts
from knowledge.gaps.subjects import Subject, subjects_of
from scripts.cli import build
from storage.db import Sessions, writing
from storage.handbook.in_vain import Gap, keep_in_vain
from storage.settings import Settings
from tests.factories import add_conversation, add_customer
from tests.knowledge.handbook import ask, open_handbook, take_in, today, write_policy

WRAPPING = [
    ("Do you offer gift wrapping?", "en", 4),
    ("can you wrap it as a present with gift wrap", "en", 1),
    ("선물 포장 되나요?", "ko", 3),
]
CRYPTO = ("Can I pay with bitcoin?", "en", 2)


def gap(question: str, language: str, times: int) -> Gap:
    return Gap(question, language, times, 1, datetime(2026, 3, 2, tzinfo=UTC))


async def test_questions_that_mean_the_same_are_one_subject_in_both_languages(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, sessions, write_policy(tmp_path, "## Presents\n\nWe send presents to friends.", id="gifts"))
    gaps = [gap(*one) for one in sorted([*WRAPPING, CRYPTO], key=lambda one: -one[2])]
    async with sessions() as session:
        subjects = await subjects_of(session, open_handbook(settings), gaps, today=today())

    assert [[one.question for one in subject.gaps] for subject in subjects] == [
        [WRAPPING[0][0], WRAPPING[2][0], WRAPPING[1][0]],
        [CRYPTO[0]],
    ]
    assert subjects[0].times == 8
    assert subjects[0].nearest is not None
    assert subjects[0].nearest.document.key == "gifts:en"


async def test_a_draft_is_refused_until_somebody_writes_the_answer_and_then_answers(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    subject = Subject([gap(*one) for one in WRAPPING])
    written = write_drafts(subject, tmp_path / "missing")
    refused = await take_in(settings, sessions, tmp_path / "missing")
    english = tmp_path / "missing" / f"{name_of(subject)}.en.md"
    english.write_text(english.read_text() + "\nWrapping costs 3 dollars.\n")

    taken = await take_in(settings, sessions, tmp_path / "missing")

    assert [path.name for path in written] == ["offer-gift-wrapping.en.md", "offer-gift-wrapping.ko.md"]
    assert (len(refused.refused), refused.added) == (2, [])
    assert (len(taken.refused), taken.added) == (1, ["offer-gift-wrapping:en"])
    answer = await ask(open_handbook(settings), sessions, WRAPPING[1][0], today=today())
    assert (answer.found[0].passage.text, answer.answered) == ("Wrapping costs 3 dollars.", True)
    assert write_drafts(subject, tmp_path / "missing") == []


async def test_the_command_lists_subjects_and_writes_drafts(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, sessions, write_policy(tmp_path, "## Presents\n\nWe send presents to friends.", id="gifts"))
    customer = await add_customer(sessions)
    chat = await add_conversation(sessions, customer_id=customer.id)
    async with writing(sessions) as session:
        await keep_in_vain(session, chat.id, "en", [WRAPPING[0][0]])

    env = {"SHOPDESK_HOME": str(settings.shopdesk_home)}
    arguments = ["handbook", "gaps", "--drafts", str(tmp_path / "new")]
    shown = await anyio.to_thread.run_sync(partial(CliRunner().invoke, build(["handbook"]), arguments, env=env))

    assert shown.exit_code == 0, shown.output
    assert shown.output.splitlines() == [
        "1. asked once",
        "     1 × “Do you offer gift wrapping?”",
        "   nearest: gifts:en, Presents",
        f"   draft: {tmp_path / 'new' / 'offer-gift-wrapping.en.md'}",
    ]
