"""What customers ask about a section, told in front matter: found by it, never shown, kept up to date."""

from pathlib import Path

from knowledge.taking_in.report import Report
from storage.db import Sessions, now
from storage.handbook.passages import get_document
from storage.settings import Settings
from tests.knowledge.handbook import ask, open_handbook, places, take_in

PLANTS = "## Watering\n\nTwice a week.\n\n## Light\n\nNo direct sun."


def write(folder: Path, asked: str) -> Path:
    path = folder / "plants.en.md"
    path.write_text(f"---\nid: plants\ntitle: Plants\nlanguage: en\n{asked}---\n\n{PLANTS}\n")
    return path


async def test_a_section_is_found_by_what_customers_ask_about_it_and_does_not_show_it(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, sessions, write(tmp_path, 'asked:\n  Light:\n    - "may it stand at the window"\n'))

    answer = await ask(open_handbook(settings), sessions, "may my cactus stand at a window?")

    assert places(answer)[0] == "plants:en Light"
    assert answer.found[0].passage.text == "No direct sun."
    async with sessions() as session:
        document = await get_document(session, "plants", "en", today=now().date())
    assert "window" not in document.text


async def test_a_section_whose_questions_changed_is_indexed_again_and_the_others_are_not(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    await take_in(settings, sessions, write(tmp_path, ""))

    report = await take_in(settings, sessions, write(tmp_path, 'asked:\n  Light:\n    - "at the window?"\n'))

    assert report == Report([], ["plants:en"], [], [], unchanged=0, indexed=1)
    assert places(await ask(open_handbook(settings), sessions, "window"))[0] == "plants:en Light"


async def test_questions_about_a_section_that_is_not_there_are_refused(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    report = await take_in(settings, sessions, write(tmp_path, 'asked:\n  Feeding:\n    - "how often"\n'))

    assert report.refused == ["plants.en.md: front matter, asked: there is no text under the heading Feeding"]
