"""Documents: read, refused with a reason, and cut into passages with lasting ids."""

import re
from pathlib import Path, PurePath

import pytest

from knowledge.reading.documents import HANDBOOK, DocumentRefusedError, Draft, Source, source_of
from knowledge.reading.pieces import PASSAGE_COST
from knowledge.reading.reader import Request, read_source
from knowledge.reading.text import cost
from tests.knowledge.handbook import write_policy

POLICIES = sorted(path.stem for path in (HANDBOOK / "en").glob("*.md"))


def read(path: Path) -> Source:
    return read_source(Request(path, str(path)))


def test_the_handbook_has_the_same_policies_in_both_languages() -> None:
    assert len(POLICIES) >= 12
    assert sorted(path.stem for path in (HANDBOOK / "ko").glob("*.md")) == POLICIES


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_says_the_same_numbers_in_both_languages_section_by_section(policy: str) -> None:
    english, korean = (read(HANDBOOK / language / f"{policy}.md") for language in ("en", "ko"))

    assert (english.heading.id, korean.heading.id) == (policy, policy)
    assert english.heading.effective_date == korean.heading.effective_date
    assert english.heading.category == korean.heading.category
    # Korean tells a month by its number, English by its name.
    numbers = [
        [set(re.findall(r"\d+(?![\d월])", piece.text)) for piece in source.pieces] for source in (english, korean)
    ]
    assert numbers[0] == numbers[1]


def test_a_passage_keeps_its_id_when_another_section_changes(tmp_path: Path) -> None:
    before = read(write_policy(tmp_path, "## Who pays\n\nWe do.\n\n## When\n\nAt once.")).pieces
    after = read(write_policy(tmp_path, "## New\n\nThis is new.\n\n## Who pays\n\nWe do.\n\n## When\n\nSoon.")).pieces

    assert before[0].id == after[1].id
    assert before[1].id not in {piece.id for piece in after}


def test_the_same_words_twice_in_one_section_are_two_passages(tmp_path: Path) -> None:
    pieces = read(write_policy(tmp_path, "## A\n\nSame.\n\n## A\n\nSame.")).pieces

    assert [piece.text for piece in pieces] == ["Same.", "Same."]
    assert pieces[0].id != pieces[1].id


@pytest.mark.parametrize("wall", ["We take it back. " * 300, "반품해 드려요. " * 300, "가" * 3000, "x" * 9000])
def test_a_long_section_is_cut_into_passages_that_fit_a_result_and_loses_nothing(tmp_path: Path, wall: str) -> None:
    pieces = read(write_policy(tmp_path, f"## Long\n\n{wall}")).pieces

    assert len(pieces) > 1
    assert all(cost(piece.text) <= PASSAGE_COST + 1 for piece in pieces)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(wall.split())


def test_invisible_characters_are_taken_out(tmp_path: Path) -> None:
    source = read(write_policy(tmp_path, "## A\n\nRe\u200bturn\u202e it\u00a0now."))

    assert source.pieces[0].text == "Return it now."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"# nothing but a heading", "it has headings but no text under them"),
        (b"---\nid: [\n---\ntext", "its front matter is not YAML"),
        (b"---\nid: A B\ntitle: t\nlanguage: en\neffective_date: 2025-01-01\n---\ntext", "front matter, id:"),
        (b"---\nid: a\ntitle: t\nlanguage: en\neffective_date: soon\n---\ntext", "front matter, effective_date:"),
        (b"---\nid: a\ntitle: t\nlanguage: en\neffective_date: 2025-01-01\n---\n\n", "it has no text"),
        (b"---\nid: a\nreplaces: a\n---\ntext", "it says that it replaces a, which is its own id"),
        (b"\x00\x01\x02", "it is not text"),
        (b"", "it is empty"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "broken.md"
    path.write_bytes(content)

    with pytest.raises(DocumentRefusedError, match=f"^{re.escape(why)}"):
        read(path)


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        (
            "# Help\n\n## Guitars\n\n### Returns\n\nA.\n\n## Pianos\n\n### Returns\n\nB.",
            ["Guitars: Returns", "Pianos: Returns"],
        ),
        (
            "## Guitars\n\nA.\n\n### Care\n\nB.\n\n## Pianos\n\nC.\n\n### Sound\n\nD.",
            ["Guitars", "Care", "Pianos", "Sound"],
        ),
        ("# Help\n\n## Returns\n\nA.\n\n## FAQ\n\n### Who pays?\n\nB.", ["Returns", "FAQ: Who pays?"]),
    ],
)
def test_a_heading_that_stands_over_others_alone_is_told_with_them(text: str, sections: list[str]) -> None:
    told = source_of("here", PurePath("help.md"), Draft(text, {"title": "Help"}))

    assert [piece.section for piece in told.pieces] == sections


def test_questions_name_a_section_by_its_heading_alone_too() -> None:
    asked = {"Who pays?": ["do I pay"]}

    told = source_of(
        "here", PurePath("help.md"), Draft("## FAQ\n\n### Who pays?\n\nB.", {"title": "Help", "asked": asked})
    )

    assert [piece.asked for piece in told.pieces] == ["do I pay"]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("terms.docx", b"PK\x03\x04", "are supported: open it in its program and save it as PDF"),
        ("terms.hwp", b"\xd0\xcf\x11\xe0", "are supported: open it in its program and save it as PDF"),
        ("terms.mhtml", b"From: a", "are supported: save the page as “Webpage, complete” in the browser"),
        ("prices.xlsx", b"PK\x03\x04", "are supported: save its sheet as a web page"),
        ("terms.txt", b"{\\rtf1 30 days.}", "it is a rich text file .RTF.: open it in its program and save it as PDF"),
        ("terms.pdf", b"PK\x03\x04rest", "it is a Word, Hangul or ZIP file: open it in its program and save it as PDF"),
        ("app.html", b"<div id=__next></div><script>x</script>", "a script writes its text, .* save the page in the"),
    ],
)
def test_a_file_of_another_program_is_refused_with_the_way_out(
    tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(data)

    with pytest.raises(DocumentRefusedError, match=why):
        read(tmp_path / name)
